-- posts.comments_count (comments and replies that are not deleted) and comments.replies_count (direct replies that are
-- shown). See README.md for the locks and for what a counter promises.
-- Most updates of a comment, those made below among them, leave every count as it is: they are netted first, so
-- that an edit locks no parent.

-- A deleted comment is shown, as a blank, while it has replies that are shown. So the last reply of a blank takes it
-- along when it goes, and this one perhaps the blank above it: the loop walks up as far as blanks come or go. What an
-- update below does to the parent is its own business, hence only deletions and moves are read from the rows.
CREATE OR REPLACE FUNCTION app.update_comment_replies_count() RETURNS trigger
LANGUAGE plpgsql
SET search_path = ''
AS $$
DECLARE
    ids bigint[];
    steps bigint[];
BEGIN
    IF TG_OP = 'UPDATE' THEN
        SELECT array_agg(net.parent_id), array_agg(net.step) INTO ids, steps
        FROM (
            SELECT side.parent_id, sum(side.step) AS step
            FROM old_rows AS was
            INNER JOIN new_rows AS now ON was.id = now.id
            CROSS JOIN LATERAL (
                SELECT now.parent_comment_id AS parent_id, 1 AS step
                WHERE now.deleted_at IS NULL OR now.replies_count > 0
                UNION ALL
                SELECT was.parent_comment_id, -1
                WHERE was.deleted_at IS NULL OR was.replies_count > 0
            ) AS side
            WHERE side.parent_id IS NOT NULL
                AND (
                    (was.deleted_at IS NULL) <> (now.deleted_at IS NULL)
                    OR was.parent_comment_id IS DISTINCT FROM now.parent_comment_id
                )
            GROUP BY side.parent_id
            HAVING sum(side.step) <> 0
        ) AS net;
    ELSE
        SELECT array_agg(net.parent_id), array_agg(net.step) INTO ids, steps
        FROM (
            SELECT parent_comment_id AS parent_id, TG_ARGV[0]::integer * count(*) AS step
            FROM changed
            WHERE parent_comment_id IS NOT NULL AND (deleted_at IS NULL OR replies_count > 0)
            GROUP BY parent_comment_id
        ) AS net;
    END IF;

    WHILE ids IS NOT NULL LOOP
        PERFORM FROM public.comments WHERE id = ANY(ids) ORDER BY id DESC FOR NO KEY UPDATE;

        WITH counted AS (
            UPDATE public.comments
            SET replies_count = greatest(comments.replies_count + change.step, 0)
            FROM unnest(ids, steps) AS change (id, step)
            WHERE comments.id = change.id
            RETURNING
                comments.parent_comment_id AS parent_id,
                comments.deleted_at,
                comments.replies_count > 0 AS is_answered,
                comments.replies_count - change.step > 0 AS was_answered
        )
        SELECT array_agg(net.parent_id), array_agg(net.step) INTO ids, steps
        FROM (
            SELECT parent_id, sum(is_answered::integer - was_answered::integer) AS step
            FROM counted
            WHERE parent_id IS NOT NULL AND deleted_at IS NOT NULL AND is_answered <> was_answered
            GROUP BY parent_id
            HAVING sum(is_answered::integer - was_answered::integer) <> 0
        ) AS net;
    END LOOP;
    RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER update_comment_replies_count_on_insert
AFTER INSERT ON public.comments REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION app.update_comment_replies_count('1');

CREATE OR REPLACE TRIGGER update_comment_replies_count_on_delete
AFTER DELETE ON public.comments REFERENCING OLD TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION app.update_comment_replies_count('-1');

CREATE OR REPLACE TRIGGER update_comment_replies_count_on_update
AFTER UPDATE ON public.comments REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT EXECUTE FUNCTION app.update_comment_replies_count();

-- comments.depth: how many comments lie above one. The lock on the parent, which the count of its replies takes anyway,
-- keeps its depth as it is until the reply is there to be found below it.
CREATE OR REPLACE FUNCTION app.stamp_comment_depth() RETURNS trigger
LANGUAGE plpgsql
SET search_path = ''
AS $$
BEGIN
    SELECT parent.depth + 1 INTO NEW.depth
    FROM public.comments AS parent
    WHERE parent.id = NEW.parent_comment_id
    FOR NO KEY UPDATE;
    NEW.depth := coalesce(NEW.depth, 0);
    RETURN NEW;
END
$$;

CREATE OR REPLACE TRIGGER stamp_comment_depth
BEFORE INSERT ON public.comments
FOR EACH ROW WHEN (NEW.parent_comment_id IS NOT NULL)
EXECUTE FUNCTION app.stamp_comment_depth();

-- A reply whose parent is gone begins a thread, and all that is below it rises: level by level, each locked before the
-- next one is looked for.
CREATE OR REPLACE FUNCTION app.update_comment_depth() RETURNS trigger
LANGUAGE plpgsql
SET search_path = ''
AS $$
DECLARE
    ids bigint[];
BEGIN
    SELECT array_agg(now.id) INTO ids
    FROM old_rows AS was
    INNER JOIN new_rows AS now ON was.id = now.id
    WHERE was.parent_comment_id IS DISTINCT FROM now.parent_comment_id;

    WHILE ids IS NOT NULL LOOP
        PERFORM FROM public.comments WHERE id = ANY(ids) ORDER BY id DESC FOR NO KEY UPDATE;

        UPDATE public.comments
        SET depth = coalesce(
            (SELECT parent.depth + 1 FROM public.comments AS parent WHERE parent.id = comments.parent_comment_id), 0
        )
        WHERE id = ANY(ids);

        SELECT array_agg(below.id) INTO ids
        FROM public.comments AS above
        INNER JOIN public.comments AS below ON below.parent_comment_id = above.id
        WHERE above.id = ANY(ids) AND below.depth <> above.depth + 1;
    END LOOP;
    RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER update_comment_depth
AFTER UPDATE ON public.comments REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT EXECUTE FUNCTION app.update_comment_depth();

-- comments.likes_count. Likes of comments that go with them find nothing to count.
CREATE OR REPLACE FUNCTION app.update_comment_likes_count() RETURNS trigger
LANGUAGE plpgsql
SET search_path = ''
AS $$
DECLARE
    ids bigint[];
    steps bigint[];
BEGIN
    SELECT array_agg(net.comment_id), array_agg(net.step) INTO ids, steps
    FROM (
        SELECT comment_id, TG_ARGV[0]::integer * count(*) AS step
        FROM changed
        GROUP BY comment_id
    ) AS net;

    PERFORM FROM public.comments WHERE id = ANY(ids) ORDER BY id DESC FOR NO KEY UPDATE;

    UPDATE public.comments
    SET likes_count = greatest(comments.likes_count + change.step, 0)
    FROM unnest(ids, steps) AS change (id, step)
    WHERE comments.id = change.id;
    RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER update_comment_likes_count_on_insert
AFTER INSERT ON app.comment_likes REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION app.update_comment_likes_count('1');

CREATE OR REPLACE TRIGGER update_comment_likes_count_on_delete
AFTER DELETE ON app.comment_likes REFERENCING OLD TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION app.update_comment_likes_count('-1');

CREATE OR REPLACE TRIGGER update_comment_likes_count_on_update_from
AFTER UPDATE ON app.comment_likes REFERENCING OLD TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION app.update_comment_likes_count('-1');

CREATE OR REPLACE TRIGGER update_comment_likes_count_on_update_to
AFTER UPDATE ON app.comment_likes REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION app.update_comment_likes_count('1');

CREATE OR REPLACE FUNCTION app.update_post_comments_count() RETURNS trigger
LANGUAGE plpgsql
SET search_path = ''
AS $$
DECLARE
    ids bigint[];
    steps bigint[];
BEGIN
    IF TG_OP = 'UPDATE' THEN
        SELECT array_agg(net.post_id), array_agg(net.step) INTO ids, steps
        FROM (
            SELECT side.post_id, sum(side.step) AS step
            FROM (
                SELECT post_id, 1 AS step FROM new_rows WHERE deleted_at IS NULL
                UNION ALL
                SELECT post_id, -1 FROM old_rows WHERE deleted_at IS NULL
            ) AS side
            GROUP BY side.post_id
            HAVING sum(side.step) <> 0
        ) AS net;
    ELSE
        SELECT array_agg(net.post_id), array_agg(net.step) INTO ids, steps
        FROM (
            SELECT post_id, TG_ARGV[0]::integer * count(*) AS step
            FROM changed
            WHERE deleted_at IS NULL
            GROUP BY post_id
        ) AS net;
    END IF;
    IF ids IS NULL THEN
        RETURN NULL;
    END IF;

    PERFORM FROM public.posts WHERE id = ANY(ids) ORDER BY id FOR NO KEY UPDATE;

    UPDATE public.posts
    SET comments_count = greatest(posts.comments_count + change.step, 0)
    FROM unnest(ids, steps) AS change (id, step)
    WHERE posts.id = change.id;
    RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER update_post_comments_count_on_insert
AFTER INSERT ON public.comments REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION app.update_post_comments_count('1');

CREATE OR REPLACE TRIGGER update_post_comments_count_on_delete
AFTER DELETE ON public.comments REFERENCING OLD TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION app.update_post_comments_count('-1');

CREATE OR REPLACE TRIGGER update_post_comments_count_on_update
AFTER UPDATE ON public.comments REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT EXECUTE FUNCTION app.update_post_comments_count();
