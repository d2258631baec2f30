-- name: posts_by_ids
-- The posts among these ids that the viewer may see, its own drafts and scheduled posts included, in no order.
SELECT
    p.id,
    p.user_id,
    p.type,
    p.status,
    p.visibility,
    p.title,
    p.content,
    p.tags,
    p.thumbnail_url,
    p.likes_count,
    p.comments_count,
    p.reposts_count,
    p.views_count,
    p.published_at,
    p.edited_at,
    p.created_at
FROM (
    SELECT vp.*
    FROM app.visible_posts(%(viewer)s) AS vp
    WHERE vp.id = any(%(ids)s::bigint[])
    UNION ALL
    SELECT own.*
    FROM public.posts AS own
    WHERE own.id = any(%(ids)s::bigint[]) AND own.user_id = %(viewer)s AND own.status IN ('draft', 'scheduled')
) AS p;

-- name: posts_by_user_ids
-- For each owner, its published posts that the viewer may see, newest first.
-- Private posts are in an index of their own for their owner alone: others never read past them.
-- keyset
SELECT
    page.id,
    page.user_id,
    page.type,
    page.status,
    page.visibility,
    page.title,
    page.content,
    page.tags,
    page.thumbnail_url,
    page.likes_count,
    page.comments_count,
    page.reposts_count,
    page.views_count,
    page.published_at,
    page.edited_at,
    page.created_at,
    o.owner_id,
    page.is_stop
FROM unnest(%(ids)s::bigint[]) AS o (owner_id)
INNER JOIN app.visible_profiles(%(viewer)s) AS author ON o.owner_id = author.user_id
CROSS JOIN LATERAL (
    SELECT
        candidate.created_at,
        candidate.id,
        candidate.nth = %(reach)s::integer AS is_stop,
        found.user_id,
        found.type,
        found.status,
        found.visibility,
        found.title,
        found.content,
        found.tags,
        found.thumbnail_url,
        found.likes_count,
        found.comments_count,
        found.reposts_count,
        found.views_count,
        found.published_at,
        found.edited_at
    FROM (
        SELECT
            either.created_at,
            either.id,
            row_number() OVER (ORDER BY either.created_at DESC, either.id DESC) AS nth
        FROM (
            (
                SELECT
                    shared.created_at,
                    shared.id
                FROM public.posts AS shared
                WHERE
                    shared.user_id = o.owner_id
                    AND shared.status = 'published'
                    AND shared.visibility <> 'private'
                    AND (o.owner_id = %(viewer)s) IS NOT TRUE
                    AND (shared.created_at, shared.id) < (%(after_created_at)s::timestamptz, %(after_id)s::bigint)
                    AND (shared.created_at, shared.id) > (%(before_created_at)s::timestamptz, %(before_id)s::bigint)
                ORDER BY shared.created_at DESC, shared.id DESC
                LIMIT %(reach)s::integer
            )
            UNION ALL
            (
                SELECT
                    own.created_at,
                    own.id
                FROM public.posts AS own
                WHERE
                    own.user_id = o.owner_id
                    AND own.status = 'published'
                    AND o.owner_id = %(viewer)s
                    AND (own.created_at, own.id) < (%(after_created_at)s::timestamptz, %(after_id)s::bigint)
                    AND (own.created_at, own.id) > (%(before_created_at)s::timestamptz, %(before_id)s::bigint)
                ORDER BY own.created_at DESC, own.id DESC
                LIMIT %(reach)s::integer
            )
        ) AS either
        ORDER BY either.created_at DESC, either.id DESC
        LIMIT %(reach)s::integer
    ) AS candidate
    LEFT JOIN
        LATERAL (
            SELECT vp.*
            FROM app.open_posts(%(viewer)s) AS vp
            WHERE vp.id = candidate.id
            LIMIT 1
        ) AS found
        ON TRUE
    WHERE found.id IS NOT NULL OR candidate.nth = %(reach)s::integer
    ORDER BY candidate.created_at DESC, candidate.id DESC
    LIMIT %(limit)s::integer
) AS page;

-- name: home_feed
-- The published posts of the people whom the viewer follows and has not muted, newest first.
-- keyset
WITH followed AS MATERIALIZED (
    SELECT f.following_id AS user_id
    FROM public.user_follows AS f
    WHERE
        f.follower_id = %(viewer)s
        AND (f.following_id IN (
            SELECT m.muted_id FROM app.user_mutes AS m
            WHERE m.muter_id = %(viewer)s
        )) IS NOT TRUE
),

-- Who follows many finds the page among the newest posts of all: as many as cost a fraction of asking each followed
-- author. They are read in order and no further than the page needs: `IS TRUE` keeps the follows a hash to look into,
-- where a join would read all of the posts first, and a LATERAL with a LIMIT cannot be turned into a join either.
recent AS MATERIALIZED (
    SELECT p.*
    FROM (
        SELECT
            posts.id,
            posts.user_id,
            posts.created_at
        FROM public.posts
        WHERE
            posts.status = 'published'
            AND (posts.created_at, posts.id) < (%(after_created_at)s::timestamptz, %(after_id)s::bigint)
            AND (posts.created_at, posts.id) > (%(before_created_at)s::timestamptz, %(before_id)s::bigint)
        ORDER BY posts.created_at DESC, posts.id DESC
        LIMIT (SELECT 10 * count(*) FROM followed)
    ) AS candidate
    CROSS JOIN
        LATERAL (
            SELECT vp.*
            FROM app.visible_posts(%(viewer)s) AS vp
            WHERE vp.id = candidate.id
            LIMIT 1
        ) AS p
    WHERE (candidate.user_id IN (SELECT f.user_id FROM followed AS f)) IS TRUE
    ORDER BY candidate.created_at DESC, candidate.id DESC
    LIMIT %(limit)s::integer
),

-- If that gives less than a page: its posts have at most as many authors as the page has posts, and each of them is
-- among the visible authors whose newest post is newest.
authors AS MATERIALIZED (
    SELECT
        candidate.user_id,
        candidate.created_at
    FROM (
        SELECT
            f.user_id,
            newest.created_at,
            newest.id
        FROM followed AS f
        CROSS JOIN
            LATERAL (
                SELECT
                    op.created_at,
                    op.id
                FROM app.open_posts(%(viewer)s) AS op
                WHERE
                    op.user_id = f.user_id
                    AND op.visibility <> 'private'
                    AND (op.created_at, op.id) < (%(after_created_at)s::timestamptz, %(after_id)s::bigint)
                    AND (op.created_at, op.id) > (%(before_created_at)s::timestamptz, %(before_id)s::bigint)
                ORDER BY op.created_at DESC, op.id DESC
                LIMIT 1
            ) AS newest
        WHERE (SELECT count(*) FROM recent) < %(limit)s::integer
        ORDER BY newest.created_at DESC, newest.id DESC
        OFFSET 0
    ) AS candidate
    CROSS JOIN
        LATERAL (
            SELECT vp.user_id
            FROM app.visible_profiles(%(viewer)s) AS vp
            WHERE vp.user_id = candidate.user_id
            LIMIT 1
        ) AS visible
    ORDER BY candidate.created_at DESC, candidate.id DESC
    LIMIT %(limit)s::integer
),

-- As many authors as the page has posts fill it: nothing beyond the last of these newest posts is on it. Both ends,
-- since the twin reads the other way; towards the near end there is nothing to leave out.
span AS MATERIALIZED (
    SELECT
        CASE WHEN count(*) < %(limit)s::integer THEN '-infinity' ELSE min(authors.created_at) END AS low,
        CASE WHEN count(*) < %(limit)s::integer THEN 'infinity' ELSE max(authors.created_at) END AS high
    FROM authors
)

SELECT
    p.id,
    p.user_id,
    p.type,
    p.status,
    p.visibility,
    p.title,
    p.content,
    p.tags,
    p.thumbnail_url,
    p.likes_count,
    p.comments_count,
    p.reposts_count,
    p.views_count,
    p.published_at,
    p.edited_at,
    p.created_at
FROM (
    SELECT r.*
    FROM recent AS r
    WHERE (SELECT count(*) FROM recent) >= %(limit)s::integer
    UNION ALL
    SELECT found.*
    FROM span
    CROSS JOIN authors
    CROSS JOIN
        LATERAL (
            SELECT op.*
            FROM app.open_posts(%(viewer)s) AS op
            WHERE
                op.user_id = authors.user_id
                AND op.visibility <> 'private'
                AND op.created_at BETWEEN span.low AND span.high
                AND (op.created_at, op.id) < (%(after_created_at)s::timestamptz, %(after_id)s::bigint)
                AND (op.created_at, op.id) > (%(before_created_at)s::timestamptz, %(before_id)s::bigint)
            ORDER BY op.created_at DESC, op.id DESC
            LIMIT %(limit)s::integer
        ) AS found
) AS p
ORDER BY p.created_at DESC, p.id DESC
LIMIT %(limit)s::integer;

-- name: reposts_by_user_ids
-- For each owner whose profile the viewer may see, the ids of the posts that it reposted and the viewer may see, the
-- latest repost first.
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
            WHERE vp.id = candidate.post_id OFFSET 0
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

-- name: insert_text_post
-- Publish a text post of the viewer; its id.
INSERT INTO public.posts (user_id, type, status, visibility, title, content, tags)
VALUES (
    %(viewer)s,
    %(type)s::public.post_type,
    'published',
    %(visibility)s::public.visibility,
    %(title)s,
    %(content)s,
    %(tags)s::text[]
)
RETURNING id;
