-- name: reposts_by_user_ids
-- For each owner whose profile the viewer may see, the ids of the posts that it reposted and the viewer may see, the
-- latest repost first; none by somebody across a block from the owner.
-- keyset
SELECT
    o.owner_id,
    r.created_at,
    r.id,
    r.post_id,
    r.is_stop
FROM unnest(%(ids)s::bigint[]) AS o (owner_id)
INNER JOIN app.visible_profiles(%(viewer)s) AS owner ON o.owner_id = owner.user_id
CROSS JOIN LATERAL (
    SELECT
        candidate.created_at,
        candidate.id,
        candidate.post_id,
        candidate.nth = %(reach)s::integer AS is_stop
    FROM (
        SELECT
            rp.created_at,
            rp.id,
            rp.post_id,
            row_number() OVER (ORDER BY rp.created_at DESC, rp.id DESC) AS nth
        FROM public.reposts AS rp
        WHERE
            rp.user_id = o.owner_id
            AND (rp.created_at, rp.id) < (%(after_created_at)s::timestamptz, %(after_id)s::bigint)
            AND (rp.created_at, rp.id) > (%(before_created_at)s::timestamptz, %(before_id)s::bigint)
        ORDER BY rp.created_at DESC, rp.id DESC
        LIMIT %(reach)s::integer
    ) AS candidate
    WHERE
        candidate.nth = %(reach)s::integer
        OR EXISTS (
            SELECT 1 FROM app.visible_posts(%(viewer)s) AS vp
            WHERE
                vp.id = candidate.post_id
                AND NOT EXISTS (SELECT FROM app.blocks_between(o.owner_id, vp.user_id) OFFSET 0)
            OFFSET 0
        )
    ORDER BY candidate.created_at DESC, candidate.id DESC
    LIMIT %(limit)s::integer
) AS r;

-- name: likers_by_post_ids
-- For each post, the ids of the visible users who like it, the latest like first.
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
        FROM public.post_interactions AS i
        WHERE
            i.post_id = o.owner_id
            AND i.type = 'like'
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

-- name: bookmarks_by_user_ids
-- For each user, if it is the viewer, the ids of the posts that it bookmarked and may see, the latest bookmark first.
-- keyset
SELECT
    o.owner_id,
    k.created_at,
    k.id,
    k.post_id,
    k.is_stop
FROM unnest(%(ids)s::bigint[]) AS o (owner_id)
CROSS JOIN LATERAL (
    SELECT
        candidate.created_at,
        candidate.id,
        candidate.post_id,
        candidate.nth = %(reach)s::integer AS is_stop
    FROM (
        SELECT
            i.created_at,
            i.id,
            i.post_id,
            row_number() OVER (ORDER BY i.created_at DESC, i.id DESC) AS nth
        FROM public.post_interactions AS i
        WHERE
            i.user_id = o.owner_id
            AND i.user_id = %(viewer)s
            AND i.type = 'bookmark'
            AND (i.created_at, i.id) < (%(after_created_at)s::timestamptz, %(after_id)s::bigint)
            AND (i.created_at, i.id) > (%(before_created_at)s::timestamptz, %(before_id)s::bigint)
        ORDER BY i.created_at DESC, i.id DESC
        LIMIT %(reach)s::integer
    ) AS candidate
    WHERE
        candidate.nth = %(reach)s::integer
        OR EXISTS (
            SELECT 1 FROM app.visible_posts(%(viewer)s) AS vp
            WHERE vp.id = candidate.post_id OFFSET 0
        )
    ORDER BY candidate.created_at DESC, candidate.id DESC
    LIMIT %(limit)s::integer
) AS k;

-- name: viewer_interactions_by_post_ids
-- What the viewer did with each of these posts: like, bookmark, share and repost, a row for each.
-- Asked of each post by itself: together, the planner takes the viewer for somebody who did little, and reads it all.
SELECT
    o.post_id,
    found.interaction
FROM unnest(%(ids)s::bigint[]) AS o (post_id)
CROSS JOIN LATERAL (
    SELECT i.type::text AS interaction
    FROM public.post_interactions AS i
    WHERE i.user_id = %(viewer)s AND i.post_id = o.post_id
    UNION ALL
    SELECT 'repost' AS interaction
    FROM public.reposts AS r
    WHERE r.user_id = %(viewer)s AND r.post_id = o.post_id
    LIMIT 4
) AS found;

-- name: like_post
-- Like a visible post; a row for a new like, none when it was there already or there is no such post.
INSERT INTO public.post_interactions (user_id, post_id, type)
SELECT
    %(viewer)s,
    p.id,
    'like'
FROM app.visible_posts(%(viewer)s) AS p
WHERE p.id = %(post_id)s
ON CONFLICT (user_id, post_id, type) DO NOTHING
RETURNING post_id;

-- name: unlike_post
-- Take a like back; a row when there was one.
DELETE FROM public.post_interactions
WHERE user_id = %(viewer)s AND post_id = %(post_id)s AND type = 'like'
RETURNING post_id;

-- name: bookmark_post
-- Bookmark a visible post; the bookmark, also when it was there already, or no row when there is no such post.
-- The update changes nothing: it locks the bookmark, so that nobody removes it meanwhile, and returns it.
INSERT INTO public.post_interactions (user_id, post_id, type)
SELECT
    %(viewer)s,
    p.id,
    'bookmark'
FROM app.visible_posts(%(viewer)s) AS p
WHERE p.id = %(post_id)s
ON CONFLICT (user_id, post_id, type) DO UPDATE
    SET type = excluded.type
RETURNING user_id AS owner_id, created_at, id, post_id;

-- name: remove_bookmark
-- Remove a bookmark; a row when there was one.
DELETE FROM public.post_interactions
WHERE user_id = %(viewer)s AND post_id = %(post_id)s AND type = 'bookmark'
RETURNING post_id;

-- name: share_post
-- Note that the viewer has shared a visible post; a row, also when that was noted already, or none when there is no
-- such post.
INSERT INTO public.post_interactions (user_id, post_id, type)
SELECT
    %(viewer)s,
    p.id,
    'share'
FROM app.visible_posts(%(viewer)s) AS p
WHERE p.id = %(post_id)s
ON CONFLICT (user_id, post_id, type) DO UPDATE
    SET type = excluded.type
RETURNING post_id;
