-- name: posts_by_ids
-- The posts among these ids that the viewer may see, in no order: the viewer's own drafts, scheduled posts and those
-- deleted within the grace are among them.
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
    p.created_at,
    p.scheduled_for,
    p.deleted_at,
    p.language,
    p.is_language_detected
FROM (
    SELECT vp.*
    FROM app.visible_posts(%(viewer)s) AS vp
    WHERE vp.id = any(%(ids)s::bigint[])
    UNION ALL
    SELECT own.*
    FROM public.posts AS own
    WHERE
        own.id = any(%(ids)s::bigint[])
        AND own.user_id = %(viewer)s
        AND (own.status IN ('draft', 'scheduled') OR own.deleted_at > now() - %(grace)s::interval)
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
    page.scheduled_for,
    page.deleted_at,
    page.language,
    page.is_language_detected,
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
        found.edited_at,
        found.scheduled_for,
        found.deleted_at,
        found.language,
        found.is_language_detected
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

-- name: add_views
-- Add to the views of posts that are still published.
WITH seen AS (
    SELECT
        p.id,
        o.views
    FROM unnest(%(ids)s::bigint[], %(counts)s::bigint[]) AS o (id, views)
    INNER JOIN public.posts AS p ON o.id = p.id
    WHERE p.status = 'published'
    ORDER BY p.id
    FOR NO KEY UPDATE OF p
)

UPDATE public.posts AS p
SET views_count = least(p.views_count + seen.views, 2147483647)
FROM seen
WHERE p.id = seen.id;
