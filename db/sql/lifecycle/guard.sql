-- Below head there are no triggers, and whatever the API wrote would leave counters, friendships and storage wrong: so
-- its connections write nothing there. Migrations and operators do. An upgrade to head drops this with all that is stale.
CREATE OR REPLACE FUNCTION app.refuse_below_head() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('application_name') = 'vrss' THEN
        RAISE EXCEPTION 'the database is below head: run alembic upgrade head' USING ERRCODE = 'undefined_function';
    END IF;
    RETURN NULL;
END
$$;

DO $$
DECLARE
    guarded regclass;
BEGIN
    FOR guarded IN
        SELECT c.oid
        FROM pg_class AS c
        WHERE c.relnamespace IN ('public'::regnamespace, 'app'::regnamespace)
            AND c.relkind = 'r'
            AND c.relname NOT IN ('alembic_version', 'replaceable_sql')
        ORDER BY c.oid
    LOOP
        EXECUTE format(
            'CREATE OR REPLACE TRIGGER refuse_below_head BEFORE INSERT OR UPDATE OR DELETE ON %s'
            ' FOR EACH STATEMENT EXECUTE FUNCTION app.refuse_below_head()', guarded
        );
    END LOOP;
END
$$;
