-- name: lists_by_ids
-- The lists among these ids that the viewer may see, in no order.
SELECT
    l.id,
    l.user_id,
    l.name,
    l.description,
    l.is_public,
    l.created_at,
    l.updated_at
FROM app.visible_lists(%(viewer)s) AS l
WHERE l.id = any(%(ids)s::bigint[]);

-- name: lists_by_names
-- The lists of these names, each of the owner of a folded name, that the viewer may see, in no order. `place` is where
-- they stand among the names, from 1.
SELECT
    o.place,
    l.id
FROM unnest(%(owners)s::text[], %(names)s::text[]) WITH ORDINALITY AS o (owner, name, place)
INNER JOIN public.users AS u ON lower(u.username) = o.owner
INNER JOIN app.visible_lists(%(viewer)s) AS l ON u.id = l.user_id AND lower(l.name) = lower(o.name);

-- name: lists_by_user_ids
-- For each user, those of their lists that the viewer may see, the latest first.
-- keyset
SELECT
    page.id,
    page.user_id,
    page.name,
    page.description,
    page.is_public,
    page.created_at,
    page.updated_at,
    o.owner_id,
    page.is_stop
FROM unnest(%(ids)s::bigint[]) AS o (owner_id)
CROSS JOIN LATERAL (
    SELECT
        candidate.id,
        candidate.created_at,
        candidate.nth = %(reach)s::integer AS is_stop,
        found.user_id,
        found.name,
        found.description,
        found.is_public,
        found.updated_at
    FROM (
        SELECT
            own.id,
            own.created_at,
            row_number() OVER (ORDER BY own.created_at DESC, own.id DESC) AS nth
        FROM public.user_lists AS own
        WHERE
            own.user_id = o.owner_id
            AND (own.created_at, own.id) < (%(after_created_at)s::timestamptz, %(after_id)s::bigint)
            AND (own.created_at, own.id) > (%(before_created_at)s::timestamptz, %(before_id)s::bigint)
        ORDER BY own.created_at DESC, own.id DESC
        LIMIT %(reach)s::integer
    ) AS candidate
    LEFT JOIN
        LATERAL (
            SELECT l.*
            FROM app.visible_lists(%(viewer)s) AS l
            WHERE l.id = candidate.id
            LIMIT 1
        ) AS found
        ON TRUE
    WHERE found.id IS NOT NULL OR candidate.nth = %(reach)s::integer
    ORDER BY candidate.created_at DESC, candidate.id DESC
    LIMIT %(limit)s::integer
) AS page;

-- name: viewer_lists_by_user_ids
-- For each user, the viewer's lists that they are on, the latest first; at most 100, as many as the viewer may have.
-- Each list is asked for each user: somebody may be on very many lists of others.
SELECT
    l.id,
    l.user_id,
    l.name,
    l.description,
    l.is_public,
    l.created_at,
    l.updated_at,
    o.owner_id
FROM unnest(%(ids)s::bigint[]) AS o (owner_id)
CROSS JOIN LATERAL (
    SELECT
        own.id,
        own.user_id,
        own.name,
        own.description,
        own.is_public,
        own.created_at,
        own.updated_at
    FROM public.user_lists AS own
    WHERE
        own.user_id = %(viewer)s
        AND EXISTS (
            SELECT 1 FROM public.list_members AS lm
            WHERE lm.list_id = own.id AND lm.user_id = o.owner_id OFFSET 0
        )
    ORDER BY own.created_at DESC, own.id DESC
    LIMIT 100
) AS l;

-- name: members_by_list_ids
-- For each list that the viewer may see, the ids of its visible members, the latest addition first.
-- keyset
SELECT
    o.owner_id,
    m.created_at,
    m.id,
    m.is_stop
FROM unnest(%(ids)s::bigint[]) AS o (owner_id)
INNER JOIN app.visible_lists(%(viewer)s) AS l ON o.owner_id = l.id
CROSS JOIN LATERAL (
    SELECT
        candidate.created_at,
        candidate.id,
        candidate.nth = %(reach)s::integer AS is_stop
    FROM (
        SELECT
            lm.created_at,
            lm.user_id AS id,
            row_number() OVER (ORDER BY lm.created_at DESC, lm.user_id DESC) AS nth
        FROM public.list_members AS lm
        WHERE
            lm.list_id = l.id
            AND (lm.created_at, lm.user_id) < (%(after_created_at)s::timestamptz, %(after_id)s::bigint)
            AND (lm.created_at, lm.user_id) > (%(before_created_at)s::timestamptz, %(before_id)s::bigint)
        ORDER BY lm.created_at DESC, lm.user_id DESC
        LIMIT %(reach)s::integer
    ) AS candidate
    WHERE
        candidate.nth = %(reach)s::integer
        OR EXISTS (
            SELECT 1 FROM app.visible_users(%(viewer)s) AS u
            WHERE u.id = candidate.id OFFSET 0
        )
    ORDER BY candidate.created_at DESC, candidate.id DESC
    LIMIT %(limit)s::integer
) AS m;

-- name: member_counts_by_list_ids
-- How many people are on each of these lists, counted to 1000.
SELECT
    o.list_id,
    n.total
FROM unnest(%(ids)s::bigint[]) AS o (list_id)
CROSS JOIN LATERAL (
    SELECT count(*) AS total
    FROM (
        SELECT 1 FROM public.list_members AS lm
        WHERE lm.list_id = o.list_id
        LIMIT 1000
    ) AS capped
) AS n;

-- name: lock_lists_of_user
-- Let nobody else create lists of the viewer until the transaction ends; their id.
SELECT u.id
FROM public.users AS u
WHERE u.id = %(viewer)s
FOR NO KEY UPDATE;

-- name: count_lists
-- How many lists the viewer has, counted to 101.
SELECT count(*) AS total
FROM (
    SELECT 1 FROM public.user_lists AS l
    WHERE l.user_id = %(viewer)s
    LIMIT 101
) AS capped;

-- name: create_list
-- Create a list of the viewer; its id.
INSERT INTO public.user_lists (user_id, name, description, is_public)
VALUES (%(viewer)s, %(name)s, %(description)s, %(is_public)s)
RETURNING id;

-- name: add_members
-- Put visible users on a new list of the viewer; their ids.
INSERT INTO public.list_members (list_id, user_id)
SELECT
    l.id AS list_id,
    u.id AS user_id
FROM app.visible_users(%(viewer)s) AS u
INNER JOIN public.user_lists AS l ON l.id = %(list_id)s AND l.user_id = %(viewer)s
WHERE u.id = any(%(ids)s::bigint[])
RETURNING user_id AS id;

-- name: update_list
-- Change a list of the viewer. NULL leaves things as they are, and no text takes the description away; its id.
UPDATE public.user_lists
SET
    name = coalesce(%(name)s::text, name),
    description = nullif(coalesce(%(description)s::text, description), ''),
    is_public = coalesce(%(is_public)s::boolean, is_public)
WHERE id = %(list_id)s AND user_id = %(viewer)s
RETURNING id;

-- name: delete_list
-- Delete a list of the viewer with its members; its id.
DELETE FROM public.user_lists
WHERE id = %(list_id)s AND user_id = %(viewer)s
RETURNING id;

-- name: lock_list
-- Let nobody else change the members of a list of the viewer until the transaction ends; its id.
SELECT l.id
FROM public.user_lists AS l
WHERE l.id = %(list_id)s AND l.user_id = %(viewer)s
FOR NO KEY UPDATE;

-- name: add_member
-- Put a visible user on a locked list of the viewer; since when they are on it. No row where there is no such user, or
-- where the list has a thousand members without them.
INSERT INTO public.list_members (list_id, user_id)
SELECT
    l.id AS list_id,
    u.id AS user_id
FROM app.visible_users(%(viewer)s) AS u
INNER JOIN public.user_lists AS l ON l.id = %(list_id)s AND l.user_id = %(viewer)s
WHERE
    u.id = %(user_id)s
    AND (
        EXISTS (
            SELECT 1 FROM public.list_members AS present
            WHERE present.list_id = l.id AND present.user_id = u.id
        )
        OR 1000 > (
            SELECT count(*) FROM public.list_members AS lm
            WHERE lm.list_id = l.id
        )
    )
ON CONFLICT (list_id, user_id) DO UPDATE SET created_at = list_members.created_at
RETURNING user_id AS id, created_at;

-- name: remove_member
-- Take a user from a list of the viewer; a row when they were on it.
DELETE FROM public.list_members AS lm
USING public.user_lists AS l
WHERE l.id = %(list_id)s AND l.user_id = %(viewer)s AND lm.list_id = l.id AND lm.user_id = %(user_id)s
RETURNING lm.user_id;
