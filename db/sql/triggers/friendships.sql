-- Two people who follow each other are friends, and cease to be when either stops. See README.md for the locks.
--
-- Two who follow each other at the same moment do not see each other's row. So both first take the lock of their
-- pair, and look in the next statement, whose snapshot is taken when the lock is held: the second sees the first.
-- That needs READ COMMITTED, which every writer here runs under.
--
-- Locks are taken by bucket of pairs: one lock for each pair would fill the server's lock table when somebody with
-- a hundred thousand followers leaves. Two pairs that share a bucket wait for each other, and nothing worse.
--
-- The counts of everybody concerned are locked next, all at once and in one order: friendships and follows are counted
-- one after the other, of people who need not be the same (user_counts.sql).

CREATE OR REPLACE FUNCTION app.create_friendship_on_mutual_follow() RETURNS trigger
LANGUAGE plpgsql
SET search_path = ''
AS $$
DECLARE
    lock_space constant integer := 1718186094;
    buckets constant integer := 1024;
BEGIN
    PERFORM pg_advisory_xact_lock(lock_space, pair.bucket)
    FROM (
        SELECT DISTINCT
            ((least(follower_id, following_id) * 31 + greatest(follower_id, following_id)) % buckets)::integer AS bucket
        FROM changed
        ORDER BY bucket
    ) AS pair;

    PERFORM FROM app.user_counts
    WHERE user_id = ANY(ARRAY(SELECT follower_id FROM changed UNION SELECT following_id FROM changed))
    ORDER BY user_id
    FOR NO KEY UPDATE;

    DELETE FROM public.friendships
    USING changed
    WHERE friendships.user_id_1 = least(changed.follower_id, changed.following_id)
        AND friendships.user_id_2 = greatest(changed.follower_id, changed.following_id)
        AND NOT EXISTS (
            SELECT FROM public.user_follows AS there
            INNER JOIN public.user_follows AS back
                ON there.follower_id = back.following_id AND there.following_id = back.follower_id
            WHERE there.follower_id = changed.follower_id AND there.following_id = changed.following_id
        );

    INSERT INTO public.friendships (user_id_1, user_id_2, created_at)
    SELECT
        there.follower_id,
        there.following_id,
        greatest(there.created_at, back.created_at)
    FROM (
        SELECT DISTINCT
            least(follower_id, following_id) AS user_id_1,
            greatest(follower_id, following_id) AS user_id_2
        FROM changed
    ) AS pair
    INNER JOIN public.user_follows AS there
        ON pair.user_id_1 = there.follower_id AND pair.user_id_2 = there.following_id
    INNER JOIN public.user_follows AS back
        ON pair.user_id_1 = back.following_id AND pair.user_id_2 = back.follower_id
    ON CONFLICT (user_id_1, user_id_2) DO NOTHING;
    RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER create_friendship_on_mutual_follow_on_insert
AFTER INSERT ON public.user_follows REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION app.create_friendship_on_mutual_follow();

CREATE OR REPLACE TRIGGER create_friendship_on_mutual_follow_on_delete
AFTER DELETE ON public.user_follows REFERENCING OLD TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION app.create_friendship_on_mutual_follow();

CREATE OR REPLACE TRIGGER create_friendship_on_mutual_follow_on_update_from
AFTER UPDATE ON public.user_follows REFERENCING OLD TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION app.create_friendship_on_mutual_follow();

CREATE OR REPLACE TRIGGER create_friendship_on_mutual_follow_on_update_to
AFTER UPDATE ON public.user_follows REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION app.create_friendship_on_mutual_follow();
