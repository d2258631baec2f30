-- name: reposts_by_ids
-- The reposts among these ids of posts that the viewer may see, by people whose profile it may see, in no order; none
-- with a block between them and the post's author.
SELECT
    r.id,
    r.user_id,
    r.post_id,
    r.comment,
    r.created_at
FROM public.reposts AS r
INNER JOIN app.visible_profiles(%(viewer)s) AS owner ON r.user_id = owner.user_id
INNER JOIN app.visible_posts(%(viewer)s) AS p ON r.post_id = p.id
WHERE
    r.id = any(%(ids)s::bigint[])
    AND NOT EXISTS (SELECT FROM app.blocks_between(r.user_id, p.user_id) OFFSET 0);

-- name: reposts_by_post_ids
-- For each post that the viewer may see, its reposts by people whose profile it may see, the latest first; none with
-- a block between them and the post's author.
-- keyset
SELECT
    page.id,
    page.user_id,
    o.owner_id AS post_id,
    page.comment,
    page.created_at,
    o.owner_id,
    page.is_stop
FROM unnest(%(ids)s::bigint[]) AS o (owner_id)
INNER JOIN app.visible_posts(%(viewer)s) AS p ON o.owner_id = p.id
CROSS JOIN LATERAL (
    SELECT
        candidate.created_at,
        candidate.id,
        candidate.user_id,
        candidate.comment,
        candidate.nth = %(reach)s::integer AS is_stop
    FROM (
        SELECT
            r.created_at,
            r.id,
            r.user_id,
            r.comment,
            row_number() OVER (ORDER BY r.created_at DESC, r.id DESC) AS nth
        FROM public.reposts AS r
        WHERE
            r.post_id = p.id
            AND (r.created_at, r.id) < (%(after_created_at)s::timestamptz, %(after_id)s::bigint)
            AND (r.created_at, r.id) > (%(before_created_at)s::timestamptz, %(before_id)s::bigint)
        ORDER BY r.created_at DESC, r.id DESC
        LIMIT %(reach)s::integer
    ) AS candidate
    WHERE
        candidate.nth = %(reach)s::integer
        OR (
            EXISTS (
                SELECT 1 FROM app.visible_profiles(%(viewer)s) AS owner
                WHERE owner.user_id = candidate.user_id OFFSET 0
            )
            AND NOT EXISTS (SELECT FROM app.blocks_between(candidate.user_id, p.user_id) OFFSET 0)
        )
    ORDER BY candidate.created_at DESC, candidate.id DESC
    LIMIT %(limit)s::integer
) AS page;

-- name: viewer_reposts_by_post_ids
-- The viewer's reposts of those of these posts that it may see. Asked of each by itself, as
-- viewer_interactions_by_post_ids is.
SELECT
    found.id,
    found.user_id,
    o.post_id,
    found.comment,
    found.created_at
FROM unnest(%(ids)s::bigint[]) AS o (post_id)
INNER JOIN app.visible_posts(%(viewer)s) AS p ON o.post_id = p.id
CROSS JOIN LATERAL (
    SELECT
        r.id,
        r.user_id,
        r.comment,
        r.created_at
    FROM public.reposts AS r
    WHERE r.user_id = %(viewer)s AND r.post_id = p.id
    LIMIT 1
) AS found;

-- name: repost
-- Repost a visible post, or put other words to the repost that is there; where none are given, those stay. The repost,
-- or no row when there is no such post. The update also locks the repost, so that nobody undoes it meanwhile.
INSERT INTO public.reposts (user_id, post_id, comment)
SELECT
    %(viewer)s,
    p.id,
    %(comment)s
FROM app.visible_posts(%(viewer)s) AS p
WHERE p.id = %(post_id)s
ON CONFLICT (user_id, post_id) DO UPDATE
    SET comment = coalesce(excluded.comment, reposts.comment)
RETURNING id, user_id, post_id, comment, created_at;

-- name: undo_repost
-- Undo a repost; its id when there was one.
DELETE FROM public.reposts
WHERE user_id = %(viewer)s AND post_id = %(post_id)s
RETURNING id;
