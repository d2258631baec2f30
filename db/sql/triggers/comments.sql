-- posts.comments_count (comments and replies) and comments.replies_count (direct replies); neither counts what is
-- deleted. See README.md for the locks and for what a counter promises.
-- Most updates of a comment, those made below among them, leave every count as it is: they are netted first, so
-- that an edit locks no parent.

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
            FROM (
                SELECT parent_comment_id AS parent_id, 1 AS step FROM new_rows WHERE deleted_at IS NULL
                UNION ALL
                SELECT parent_comment_id, -1 FROM old_rows WHERE deleted_at IS NULL
            ) AS side
            WHERE side.parent_id IS NOT NULL
            GROUP BY side.parent_id
            HAVING sum(side.step) <> 0
        ) AS net;
    ELSE
        SELECT array_agg(net.parent_id), array_agg(net.step) INTO ids, steps
        FROM (
            SELECT parent_comment_id AS parent_id, TG_ARGV[0]::integer * count(*) AS step
            FROM changed
            WHERE parent_comment_id IS NOT NULL AND deleted_at IS NULL
            GROUP BY parent_comment_id
        ) AS net;
    END IF;
    IF ids IS NULL THEN
        RETURN NULL;
    END IF;

    PERFORM FROM public.comments WHERE id = ANY(ids) ORDER BY id FOR NO KEY UPDATE;

    UPDATE public.comments
    SET replies_count = greatest(comments.replies_count + change.step, 0)
    FROM unnest(ids, steps) AS change (id, step)
    WHERE comments.id = change.id;
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
