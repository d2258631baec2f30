-- name: users_without_counts
-- Those of these users who have no row in user_counts, by id.
SELECT
    ARRAY[u.id] AS key,
    ARRAY[0]::bigint[] AS stored,
    ARRAY[1]::bigint[] AS counted
FROM public.users AS u
WHERE
    u.id = any(%(ids)s::bigint[])
    AND NOT EXISTS (
        SELECT FROM app.user_counts AS s
        WHERE s.user_id = u.id
    )
ORDER BY u.id;

-- name: lock_what_user_counts_count
-- Keep everybody from following, befriending and publishing until this transaction ends: what a writer adds to a row
-- that is missing is lost.
SELECT app.lock_what_user_counts_count();

-- name: add_user_counts
-- Count the followers, followed people, friends and published posts of those of these users who have no row yet.
INSERT INTO app.user_counts (user_id, followers_count, following_count, friends_count, posts_count)
SELECT
    u.id,
    (
        SELECT count(*) FROM public.user_follows AS f
        WHERE f.following_id = u.id
    ),
    (
        SELECT count(*) FROM public.user_follows AS f
        WHERE f.follower_id = u.id
    ),
    (
        SELECT count(*) FROM public.friendships AS f
        WHERE f.user_id_1 = u.id
    ) + (
        SELECT count(*) FROM public.friendships AS f
        WHERE f.user_id_2 = u.id
    ),
    (
        SELECT count(*) FROM public.posts AS p
        WHERE p.user_id = u.id AND p.status = 'published'
    )
FROM public.users AS u
WHERE
    u.id = any(%(ids)s::bigint[])
    AND NOT EXISTS (
        SELECT FROM app.user_counts AS s
        WHERE s.user_id = u.id
    )
ORDER BY u.id
ON CONFLICT (user_id) DO NOTHING;

-- name: drifted_user_counts
-- Those of these users whose counts a recount contradicts, by id: followers, followed people, friends, published posts.
SELECT
    ARRAY[s.user_id] AS key,
    ARRAY[s.followers_count, s.following_count, s.friends_count, s.posts_count]::bigint[] AS stored,
    ARRAY[r.n, d.n, m.n, p.n] AS counted
FROM app.user_counts AS s
CROSS JOIN
    LATERAL (
        SELECT count(*) AS n
        FROM public.user_follows AS f
        WHERE f.following_id = s.user_id
    ) AS r
CROSS JOIN
    LATERAL (
        SELECT count(*) AS n
        FROM public.user_follows AS f
        WHERE f.follower_id = s.user_id
    ) AS d
CROSS JOIN
    LATERAL (
        SELECT sum(side.n)::bigint AS n
        FROM (
            SELECT count(*) AS n
            FROM public.friendships AS f
            WHERE f.user_id_1 = s.user_id
            UNION ALL
            SELECT count(*)
            FROM public.friendships AS f
            WHERE f.user_id_2 = s.user_id
        ) AS side
    ) AS m
CROSS JOIN
    LATERAL (
        SELECT count(*) AS n
        FROM public.posts AS o
        WHERE o.user_id = s.user_id AND o.status = 'published'
    ) AS p
WHERE
    s.user_id = any(%(ids)s::bigint[])
    AND (s.followers_count, s.following_count, s.friends_count, s.posts_count) <> (r.n, d.n, m.n, p.n)
ORDER BY s.user_id;

-- name: lock_user_counts
-- Hold the counts of these users, by id, so that none of them changes; one row for each.
SELECT user_id AS id
FROM app.user_counts
WHERE user_id = any(%(ids)s::bigint[])
ORDER BY user_id
FOR NO KEY UPDATE;

-- name: heal_user_counts
-- Set the counts of these users.
UPDATE app.user_counts AS s
SET
    followers_count = counted.followers,
    following_count = counted.followed,
    friends_count = counted.friends,
    posts_count = counted.posts
FROM
    unnest(
        %(ids)s::bigint[],
        %(followers)s::bigint[],
        %(followed)s::bigint[],
        %(friends)s::bigint[],
        %(posts)s::bigint[]
    ) AS counted (id, followers, followed, friends, posts)
WHERE s.user_id = counted.id;
