-- app.user_counts: the followers, followed people, friends and published posts of each person. See README.md for the
-- locks and for what a counter promises.
-- A person whose row is missing has not been counted yet: nothing is added here, and whoever counts them keeps writers
-- out meanwhile (db/maintenance/user_counts.py).
-- Ids are passed on as arrays: for these the planner always takes the index, whatever the size of the first statement
-- that a session ran.

CREATE OR REPLACE FUNCTION app.create_user_counts() RETURNS trigger
LANGUAGE plpgsql
SET search_path = ''
AS $$
BEGIN
    INSERT INTO app.user_counts (user_id) SELECT id FROM changed;
    RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER create_user_counts
AFTER INSERT ON public.users REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION app.create_user_counts();

-- Keeps everybody from changing what is counted here until the transaction ends.
CREATE OR REPLACE FUNCTION app.lock_what_user_counts_count() RETURNS void
LANGUAGE plpgsql
SET search_path = ''
AS $$
BEGIN
    LOCK TABLE public.user_follows, public.friendships, public.posts IN SHARE ROW EXCLUSIVE MODE;
END
$$;

-- The rows are locked already, by app.create_friendship_on_mutual_follow, whose triggers come first by their names.
CREATE OR REPLACE FUNCTION app.update_user_follow_counts() RETURNS trigger
LANGUAGE plpgsql
SET search_path = ''
AS $$
DECLARE
    ids bigint[];
    followers bigint[];
    followed bigint[];
BEGIN
    IF TG_OP = 'UPDATE' THEN
        SELECT array_agg(net.user_id), array_agg(net.followers), array_agg(net.followed) INTO ids, followers, followed
        FROM (
            SELECT side.user_id, sum(side.followers) AS followers, sum(side.followed) AS followed
            FROM (
                SELECT following_id AS user_id, 1 AS followers, 0 AS followed FROM new_rows
                UNION ALL
                SELECT follower_id, 0, 1 FROM new_rows
                UNION ALL
                SELECT following_id, -1, 0 FROM old_rows
                UNION ALL
                SELECT follower_id, 0, -1 FROM old_rows
            ) AS side
            GROUP BY side.user_id
            HAVING sum(side.followers) <> 0 OR sum(side.followed) <> 0
        ) AS net;
    ELSE
        SELECT array_agg(net.user_id), array_agg(net.followers), array_agg(net.followed) INTO ids, followers, followed
        FROM (
            SELECT
                side.user_id,
                TG_ARGV[0]::integer * sum(side.followers) AS followers,
                TG_ARGV[0]::integer * sum(side.followed) AS followed
            FROM (
                SELECT following_id AS user_id, 1 AS followers, 0 AS followed FROM changed
                UNION ALL
                SELECT follower_id, 0, 1 FROM changed
            ) AS side
            GROUP BY side.user_id
        ) AS net;
    END IF;
    IF ids IS NULL THEN
        RETURN NULL;
    END IF;

    UPDATE app.user_counts
    SET followers_count = greatest(user_counts.followers_count + change.followers, 0),
        following_count = greatest(user_counts.following_count + change.followed, 0)
    FROM unnest(ids, followers, followed) AS change (user_id, followers, followed)
    WHERE user_counts.user_id = change.user_id;
    RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER update_user_follow_counts_on_insert
AFTER INSERT ON public.user_follows REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION app.update_user_follow_counts('1');

CREATE OR REPLACE TRIGGER update_user_follow_counts_on_delete
AFTER DELETE ON public.user_follows REFERENCING OLD TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION app.update_user_follow_counts('-1');

CREATE OR REPLACE TRIGGER update_user_follow_counts_on_update
AFTER UPDATE ON public.user_follows REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT EXECUTE FUNCTION app.update_user_follow_counts();

-- Of the rows themselves, however they change: the triggers on follows, a repair and a deleted account all end here.
CREATE OR REPLACE FUNCTION app.update_user_friends_count() RETURNS trigger
LANGUAGE plpgsql
SET search_path = ''
AS $$
DECLARE
    ids bigint[];
    steps bigint[];
BEGIN
    SELECT array_agg(net.user_id), array_agg(net.step) INTO ids, steps
    FROM (
        SELECT side.user_id, TG_ARGV[0]::integer * count(*) AS step
        FROM (
            SELECT user_id_1 AS user_id FROM changed
            UNION ALL
            SELECT user_id_2 FROM changed
        ) AS side
        GROUP BY side.user_id
    ) AS net;
    IF ids IS NULL THEN
        RETURN NULL;
    END IF;

    PERFORM FROM app.user_counts WHERE user_id = ANY(ids) ORDER BY user_id FOR NO KEY UPDATE;

    UPDATE app.user_counts
    SET friends_count = greatest(user_counts.friends_count + change.step, 0)
    FROM unnest(ids, steps) AS change (user_id, step)
    WHERE user_counts.user_id = change.user_id;
    RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER update_user_friends_count_on_insert
AFTER INSERT ON public.friendships REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION app.update_user_friends_count('1');

CREATE OR REPLACE TRIGGER update_user_friends_count_on_delete
AFTER DELETE ON public.friendships REFERENCING OLD TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION app.update_user_friends_count('-1');

CREATE OR REPLACE TRIGGER update_user_friends_count_on_update_from
AFTER UPDATE ON public.friendships REFERENCING OLD TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION app.update_user_friends_count('-1');

CREATE OR REPLACE TRIGGER update_user_friends_count_on_update_to
AFTER UPDATE ON public.friendships REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION app.update_user_friends_count('1');

-- Most updates of a post, every like among them, leave the number of published posts as it is: they are netted first,
-- so that they lock nothing here.
CREATE OR REPLACE FUNCTION app.update_user_posts_count() RETURNS trigger
LANGUAGE plpgsql
SET search_path = ''
AS $$
DECLARE
    ids bigint[];
    steps bigint[];
BEGIN
    IF TG_OP = 'UPDATE' THEN
        SELECT array_agg(net.user_id), array_agg(net.step) INTO ids, steps
        FROM (
            SELECT side.user_id, sum(side.step) AS step
            FROM (
                SELECT user_id, 1 AS step FROM new_rows WHERE status = 'published'
                UNION ALL
                SELECT user_id, -1 FROM old_rows WHERE status = 'published'
            ) AS side
            GROUP BY side.user_id
            HAVING sum(side.step) <> 0
        ) AS net;
    ELSE
        SELECT array_agg(net.user_id), array_agg(net.step) INTO ids, steps
        FROM (
            SELECT user_id, TG_ARGV[0]::integer * count(*) AS step
            FROM changed
            WHERE status = 'published'
            GROUP BY user_id
        ) AS net;
    END IF;
    IF ids IS NULL THEN
        RETURN NULL;
    END IF;

    PERFORM FROM app.user_counts WHERE user_id = ANY(ids) ORDER BY user_id FOR NO KEY UPDATE;

    UPDATE app.user_counts
    SET posts_count = greatest(user_counts.posts_count + change.step, 0)
    FROM unnest(ids, steps) AS change (user_id, step)
    WHERE user_counts.user_id = change.user_id;
    RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER update_user_posts_count_on_insert
AFTER INSERT ON public.posts REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION app.update_user_posts_count('1');

CREATE OR REPLACE TRIGGER update_user_posts_count_on_delete
AFTER DELETE ON public.posts REFERENCING OLD TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION app.update_user_posts_count('-1');

CREATE OR REPLACE TRIGGER update_user_posts_count_on_update
AFTER UPDATE ON public.posts REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT EXECUTE FUNCTION app.update_user_posts_count();
