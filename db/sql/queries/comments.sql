-- name: comments_by_ids
-- The comments among these ids that the viewer may see, in no order; the content of a deleted one is NULL.
SELECT
    c.id,
    c.post_id,
    c.user_id,
    c.parent_comment_id,
    c.depth,
    CASE WHEN c.deleted_at IS NULL THEN c.content END AS content,
    c.likes_count,
    c.replies_count,
    c.created_at,
    c.edited_at,
    c.deleted_at
FROM app.visible_comments(%(viewer)s) AS c
WHERE c.id = any(%(ids)s::bigint[]);

-- name: comments_by_post_ids
-- For each post, its visible comments that are no replies, newest first.
-- keyset
SELECT
    page.id,
    page.post_id,
    page.user_id,
    page.parent_comment_id,
    page.depth,
    page.content,
    page.likes_count,
    page.replies_count,
    page.created_at,
    page.edited_at,
    page.deleted_at,
    o.owner_id,
    page.is_stop
FROM unnest(%(ids)s::bigint[]) AS o (owner_id)
INNER JOIN app.visible_posts(%(viewer)s) AS p ON o.owner_id = p.id
CROSS JOIN LATERAL (
    SELECT
        candidate.created_at,
        candidate.id,
        candidate.nth = %(reach)s::integer AS is_stop,
        found.post_id,
        found.user_id,
        found.parent_comment_id,
        found.depth,
        CASE WHEN found.deleted_at IS NULL THEN found.content END AS content,
        found.likes_count,
        found.replies_count,
        found.edited_at,
        found.deleted_at
    FROM (
        SELECT
            thread.created_at,
            thread.id,
            row_number() OVER (ORDER BY thread.created_at DESC, thread.id DESC) AS nth
        FROM public.comments AS thread
        WHERE
            thread.post_id = p.id
            AND thread.parent_comment_id IS NULL
            AND (thread.deleted_at IS NULL OR thread.replies_count > 0)
            AND (thread.created_at, thread.id) < (%(after_created_at)s::timestamptz, %(after_id)s::bigint)
            AND (thread.created_at, thread.id) > (%(before_created_at)s::timestamptz, %(before_id)s::bigint)
        ORDER BY thread.created_at DESC, thread.id DESC
        LIMIT %(reach)s::integer
    ) AS candidate
    LEFT JOIN
        LATERAL (
            SELECT vp.*
            FROM app.open_comments(%(viewer)s) AS vp
            WHERE vp.id = candidate.id
            LIMIT 1
        ) AS found
        ON TRUE
    WHERE found.id IS NOT NULL OR candidate.nth = %(reach)s::integer
    ORDER BY candidate.created_at DESC, candidate.id DESC
    LIMIT %(limit)s::integer
) AS page;

-- name: replies_by_comment_ids
-- For each comment that the viewer sees, its visible replies, newest first: they are on the same post.
-- keyset
SELECT
    page.id,
    page.post_id,
    page.user_id,
    page.parent_comment_id,
    page.depth,
    page.content,
    page.likes_count,
    page.replies_count,
    page.created_at,
    page.edited_at,
    page.deleted_at,
    o.owner_id,
    page.is_stop
FROM unnest(%(ids)s::bigint[]) AS o (owner_id)
CROSS JOIN LATERAL (
    SELECT
        candidate.created_at,
        candidate.id,
        candidate.nth = %(reach)s::integer AS is_stop,
        found.post_id,
        found.user_id,
        found.parent_comment_id,
        found.depth,
        CASE WHEN found.deleted_at IS NULL THEN found.content END AS content,
        found.likes_count,
        found.replies_count,
        found.edited_at,
        found.deleted_at
    FROM (
        SELECT
            reply.created_at,
            reply.id,
            row_number() OVER (ORDER BY reply.created_at DESC, reply.id DESC) AS nth
        FROM public.comments AS reply
        WHERE
            reply.parent_comment_id = o.owner_id
            AND (reply.deleted_at IS NULL OR reply.replies_count > 0)
            AND (reply.created_at, reply.id) < (%(after_created_at)s::timestamptz, %(after_id)s::bigint)
            AND (reply.created_at, reply.id) > (%(before_created_at)s::timestamptz, %(before_id)s::bigint)
        ORDER BY reply.created_at DESC, reply.id DESC
        LIMIT %(reach)s::integer
    ) AS candidate
    LEFT JOIN
        LATERAL (
            SELECT vp.*
            FROM app.open_comments(%(viewer)s) AS vp
            WHERE vp.id = candidate.id
            LIMIT 1
        ) AS found
        ON TRUE
    WHERE found.id IS NOT NULL OR candidate.nth = %(reach)s::integer
    ORDER BY candidate.created_at DESC, candidate.id DESC
    LIMIT %(limit)s::integer
) AS page;

-- name: insert_comment
-- Comment on a visible post, or reply to a comment on it that is not deleted; no row when either is not there.
INSERT INTO public.comments (post_id, user_id, parent_comment_id, content, content_html)
SELECT
    p.id,
    %(viewer)s,
    %(parent_comment_id)s::bigint,
    %(content)s,
    %(content_html)s
FROM app.visible_posts(%(viewer)s) AS p
WHERE
    p.id = %(post_id)s
    AND (
        %(parent_comment_id)s::bigint IS NULL
        OR EXISTS (
            SELECT 1
            FROM app.visible_comments(%(viewer)s) AS c
            WHERE c.id = %(parent_comment_id)s::bigint AND c.post_id = p.id AND c.deleted_at IS NULL
        )
    )
RETURNING id;

-- name: ancestors_by_comment_ids
-- For each comment, the ids of so many comments above it, the nearest ones: from the top down, hidden ones included.
SELECT
    o.owner_id,
    above.id
FROM unnest(%(ids)s::bigint[]) AS o (owner_id)
CROSS JOIN
    LATERAL (
        WITH RECURSIVE step AS (
            SELECT
                c.parent_comment_id AS id,
                1 AS nth
            FROM public.comments AS c
            WHERE c.id = o.owner_id
            UNION ALL
            SELECT
                c.parent_comment_id,
                step.nth + 1
            FROM step
            INNER JOIN public.comments AS c ON step.id = c.id
            WHERE step.nth < %(limit)s::integer
        )

        SELECT
            step.id,
            step.nth
        FROM step
        WHERE step.id IS NOT NULL
    ) AS above
ORDER BY above.nth DESC;

-- name: edit_comment
-- Change the viewer's own comment, which it sees and has not deleted; its id, and whether it is another text: the same
-- again is no change.
UPDATE public.comments
SET
    content = %(content)s,
    content_html = CASE WHEN comments.content = %(content)s THEN comments.content_html ELSE %(content_html)s END,
    edited_at = CASE WHEN comments.content = %(content)s THEN comments.edited_at ELSE now() END
WHERE
    comments.user_id = %(viewer)s
    AND comments.deleted_at IS NULL
    AND comments.id IN (
        SELECT c.id FROM app.visible_comments(%(viewer)s) AS c
        WHERE c.id = %(id)s
    )
RETURNING comments.id, comments.edited_at IS NOT DISTINCT FROM now() AS is_changed;

-- name: delete_comment
-- Delete a comment that the viewer sees, its own or one on its own post; what it is on and what it replies to. One that
-- was deleted and stays as a blank is left as it is.
UPDATE public.comments
SET deleted_at = coalesce(comments.deleted_at, now())
FROM app.visible_comments(%(viewer)s) AS c
INNER JOIN public.posts AS p ON c.post_id = p.id
WHERE
    comments.id = c.id
    AND c.id = %(id)s
    AND (c.user_id = %(viewer)s OR p.user_id = %(viewer)s)
RETURNING comments.id, comments.post_id, comments.parent_comment_id;

-- name: likers_by_comment_ids
-- For each comment, the ids of the visible users who like it, the latest like first.
-- keyset
SELECT
    o.owner_id,
    l.created_at,
    l.id,
    l.user_id,
    l.is_stop
FROM unnest(%(ids)s::bigint[]) AS o (owner_id)
CROSS JOIN LATERAL (
    SELECT
        candidate.created_at,
        candidate.id,
        candidate.user_id,
        candidate.nth = %(reach)s::integer AS is_stop
    FROM (
        SELECT
            i.created_at,
            i.id,
            i.user_id,
            row_number() OVER (ORDER BY i.created_at DESC, i.id DESC) AS nth
        FROM app.comment_likes AS i
        WHERE
            i.comment_id = o.owner_id
            AND (i.created_at, i.id) < (%(after_created_at)s::timestamptz, %(after_id)s::bigint)
            AND (i.created_at, i.id) > (%(before_created_at)s::timestamptz, %(before_id)s::bigint)
        ORDER BY i.created_at DESC, i.id DESC
        LIMIT %(reach)s::integer
    ) AS candidate
    WHERE
        candidate.nth = %(reach)s::integer
        OR EXISTS (
            SELECT 1 FROM app.visible_users(%(viewer)s) AS u
            WHERE u.id = candidate.user_id OFFSET 0
        )
    ORDER BY candidate.created_at DESC, candidate.id DESC
    LIMIT %(limit)s::integer
) AS l;

-- name: viewer_likes_by_comment_ids
-- Those of these comments that the viewer likes. Asked of each by itself, as viewer_interactions_by_post_ids is.
SELECT o.comment_id
FROM unnest(%(ids)s::bigint[]) AS o (comment_id)
CROSS JOIN LATERAL (
    SELECT 1
    FROM app.comment_likes AS i
    WHERE i.user_id = %(viewer)s AND i.comment_id = o.comment_id
    LIMIT 1
) AS found;

-- name: like_comment
-- Like a visible comment that is not deleted; a row for a new like, none when it was there already or there is no such
-- comment.
INSERT INTO app.comment_likes (user_id, comment_id)
SELECT
    %(viewer)s,
    c.id
FROM app.visible_comments(%(viewer)s) AS c
WHERE c.id = %(id)s AND c.deleted_at IS NULL
ON CONFLICT (user_id, comment_id) DO NOTHING
RETURNING comment_id;

-- name: unlike_comment
-- Take a like of a comment back; a row when there was one.
DELETE FROM app.comment_likes
WHERE user_id = %(viewer)s AND comment_id = %(id)s
RETURNING comment_id;

-- name: texts_by_comment_ids
-- The texts of those of these comments that are not deleted as HTML, or as they were written where they have not been
-- rendered, in no order.
SELECT
    c.id,
    c.content_html,
    CASE WHEN c.content_html IS NULL THEN c.content END AS content
FROM public.comments AS c
WHERE c.id = any(%(ids)s::bigint[]) AND c.deleted_at IS NULL;

-- name: unrendered_comments
-- Texts of comments that have no HTML yet, locked, some of them, by id; those that others write now are skipped.
SELECT
    c.id,
    c.user_id,
    c.content
FROM public.comments AS c
WHERE c.content_html IS NULL
ORDER BY c.id
LIMIT %(limit)s::integer
FOR NO KEY UPDATE SKIP LOCKED;

-- name: set_comment_html
-- Store the HTML of comments.
UPDATE public.comments AS c
SET content_html = given.html
FROM unnest(%(ids)s::bigint[], %(htmls)s::text[]) AS given (id, html)
WHERE c.id = given.id;
