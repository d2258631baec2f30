-- Python folds what is stored (db/refolding.py), and a script cannot: this is all that it can do.
DO $$
BEGIN
    IF EXISTS (SELECT FROM public.users) THEN
        RAISE WARNING 'Run "vrss db refold": it folds e-mail addresses and tags that older versions have stored.';
    END IF;
END
$$;
