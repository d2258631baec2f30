-- name: counter_extents
-- The highest ids of posts, comments, users and notifications; zero where there are none.
SELECT
    (SELECT coalesce(max(id), 0) FROM public.posts) AS posts,
    (SELECT coalesce(max(id), 0) FROM public.comments) AS comments,
    (SELECT coalesce(max(id), 0) FROM public.users) AS users,
    (SELECT coalesce(max(id), 0) FROM public.notifications) AS notifications;

-- name: post_ids_after
-- The next ids of posts, ascending.
SELECT id
FROM public.posts
WHERE id > %(after)s
ORDER BY id
LIMIT %(size)s;

-- name: drifted_posts
-- Those of these posts whose counters a recount contradicts, by id: likes, comments that are not deleted, reposts.
SELECT
    ARRAY[p.id] AS key,
    ARRAY[p.likes_count, p.comments_count, p.reposts_count]::bigint[] AS stored,
    ARRAY[l.n, c.n, r.n] AS counted
FROM public.posts AS p
CROSS JOIN
    LATERAL (
        SELECT count(*) AS n
        FROM public.post_interactions AS i
        WHERE i.post_id = p.id AND i.type = 'like'
    ) AS l
CROSS JOIN
    LATERAL (
        SELECT count(*) AS n
        FROM public.comments AS o
        WHERE o.post_id = p.id AND o.deleted_at IS NULL
    ) AS c
CROSS JOIN
    LATERAL (
        SELECT count(*) AS n
        FROM public.reposts AS s
        WHERE s.post_id = p.id
    ) AS r
WHERE
    p.id = any(%(ids)s::bigint[])
    AND (p.likes_count, p.comments_count, p.reposts_count) <> (l.n, c.n, r.n)
ORDER BY p.id;

-- name: lock_posts
-- Hold these posts, by id, so that no counter of theirs changes; one row for each.
SELECT id
FROM public.posts
WHERE id = any(%(ids)s::bigint[])
ORDER BY id
FOR NO KEY UPDATE;

-- name: heal_posts
-- Set the counters of these posts.
UPDATE public.posts
SET
    likes_count = counted.likes,
    comments_count = counted.comments,
    reposts_count = counted.reposts
FROM
    unnest(%(ids)s::bigint[], %(likes)s::bigint[], %(comments)s::bigint[], %(reposts)s::bigint[])
        AS counted (id, likes, comments, reposts)
WHERE posts.id = counted.id;

-- name: comment_ids_after
-- The next ids of comments, ascending.
SELECT id
FROM public.comments
WHERE id > %(after)s
ORDER BY id
LIMIT %(size)s;

-- name: drifted_comments
-- Those of these comments whose counters a recount contradicts, by id: likes, and replies that are shown, which are
-- those that are not deleted or have replies themselves.
SELECT
    ARRAY[c.id] AS key,
    ARRAY[c.likes_count, c.replies_count]::bigint[] AS stored,
    ARRAY[l.n, r.n] AS counted
FROM public.comments AS c
CROSS JOIN
    LATERAL (
        SELECT count(*) AS n
        FROM app.comment_likes AS i
        WHERE i.comment_id = c.id
    ) AS l
CROSS JOIN
    LATERAL (
        SELECT count(*) AS n
        FROM public.comments AS o
        WHERE o.parent_comment_id = c.id AND (o.deleted_at IS NULL OR o.replies_count > 0)
    ) AS r
WHERE c.id = any(%(ids)s::bigint[]) AND (c.likes_count, c.replies_count) <> (l.n, r.n)
ORDER BY c.id;

-- name: lock_comments
-- Hold these comments, the highest id first, so that none gains or loses a reply or a like; one row for each.
SELECT id
FROM public.comments
WHERE id = any(%(ids)s::bigint[])
ORDER BY id DESC
FOR NO KEY UPDATE;

-- name: heal_comments
-- Set how many likes and replies these comments have.
UPDATE public.comments
SET
    likes_count = counted.likes,
    replies_count = counted.replies
FROM unnest(%(ids)s::bigint[], %(likes)s::bigint[], %(replies)s::bigint[]) AS counted (id, likes, replies)
WHERE comments.id = counted.id;

-- name: user_ids_after
-- The next ids of users, ascending.
SELECT id
FROM public.users
WHERE id > %(after)s
ORDER BY id
LIMIT %(size)s;

-- name: drifted_friendships
-- The pairs that are friends without following each other, or the other way round, by the ids of both; of each the
-- lower id is one of these.
SELECT
    ARRAY[pair.user_id_1, pair.user_id_2] AS key,
    ARRAY[sum(pair.stored)]::bigint[] AS stored,
    ARRAY[sum(pair.counted)]::bigint[] AS counted
FROM unnest(%(ids)s::bigint[]) AS u (id)
CROSS JOIN
    LATERAL (
        SELECT
            f.user_id_1,
            f.user_id_2,
            1 AS stored,
            0 AS counted
        FROM public.friendships AS f
        WHERE f.user_id_1 = u.id
        UNION ALL
        SELECT
            there.follower_id,
            there.following_id,
            0,
            1
        FROM public.user_follows AS there
        INNER JOIN public.user_follows AS back
            ON there.follower_id = back.following_id AND there.following_id = back.follower_id
        WHERE there.follower_id = u.id AND there.following_id > u.id
    ) AS pair
GROUP BY pair.user_id_1, pair.user_id_2
HAVING sum(pair.stored) <> sum(pair.counted)
ORDER BY pair.user_id_1, pair.user_id_2;

-- name: lock_pairs
-- Hold these pairs of people as db/sql/triggers/friendships.sql does, so that neither follows or unfollows the other;
-- one row for each lock.
SELECT pg_advisory_xact_lock(1718186094, bucket)
FROM (
    SELECT DISTINCT mod(pair.lower_id * 31 + pair.higher_id, 1024)::integer AS bucket
    FROM unnest(%(lower)s::bigint[], %(higher)s::bigint[]) AS pair (lower_id, higher_id)
    ORDER BY bucket
) AS buckets;

-- name: heal_friendships
-- Make these pairs friends where both follow each other, and strangers where not.
WITH pair AS (
    SELECT
        given.lower_id,
        given.higher_id,
        greatest(there.created_at, back.created_at) AS since,
        there.created_at IS NOT NULL AND back.created_at IS NOT NULL AS is_mutual
    FROM unnest(%(lower)s::bigint[], %(higher)s::bigint[]) AS given (lower_id, higher_id)
    LEFT JOIN public.user_follows AS there
        ON given.lower_id = there.follower_id AND given.higher_id = there.following_id
    LEFT JOIN public.user_follows AS back
        ON given.higher_id = back.follower_id AND given.lower_id = back.following_id
),

parted AS (
    DELETE FROM public.friendships
    USING pair
    WHERE friendships.user_id_1 = pair.lower_id AND friendships.user_id_2 = pair.higher_id AND NOT pair.is_mutual
)

INSERT INTO public.friendships (user_id_1, user_id_2, created_at)
SELECT
    lower_id,
    higher_id,
    since
FROM pair
WHERE is_mutual
ON CONFLICT (user_id_1, user_id_2) DO NOTHING;

-- name: notification_ids_after
-- The next ids of notifications, ascending.
SELECT id
FROM public.notifications
WHERE id > %(after)s
ORDER BY id
LIMIT %(size)s;

-- name: drifted_notifications
-- Those of these notifications, by id, whose act was undone while they were not withdrawn.
SELECT
    ARRAY[n.id] AS key,
    ARRAY[1]::bigint[] AS stored,
    ARRAY[0]::bigint[] AS counted
FROM public.notifications AS n
WHERE
    n.id = any(%(ids)s::bigint[])
    AND n.withdrawn_at IS NULL
    AND n.actor_id IS NOT NULL
    AND (
        (
            n.type = 'follow'
            AND NOT EXISTS (
                SELECT 1 FROM public.user_follows AS uf
                WHERE uf.follower_id = n.actor_id AND uf.following_id = n.user_id
            )
            AND NOT EXISTS (
                SELECT 1 FROM app.follow_requests AS r
                WHERE r.requester_id = n.actor_id AND r.target_id = n.user_id
            )
        )
        OR (
            n.type = 'friend_request'
            AND NOT EXISTS (
                SELECT 1 FROM public.friendships AS f
                WHERE f.user_id_1 = least(n.user_id, n.actor_id) AND f.user_id_2 = greatest(n.user_id, n.actor_id)
            )
        )
        OR (
            n.type = 'like'
            AND n.comment_id IS NULL
            AND NOT EXISTS (
                SELECT 1 FROM public.post_interactions AS i
                WHERE i.user_id = n.actor_id AND i.post_id = n.post_id AND i.type = 'like'
            )
        )
        OR (
            n.type = 'like'
            AND n.comment_id IS NOT NULL
            AND NOT EXISTS (
                SELECT 1 FROM app.comment_likes AS i
                WHERE i.user_id = n.actor_id AND i.comment_id = n.comment_id
            )
        )
        OR (
            n.type = 'repost'
            AND NOT EXISTS (
                SELECT 1 FROM public.reposts AS s
                WHERE s.user_id = n.actor_id AND s.post_id = n.post_id
            )
        )
        OR (
            n.type IN ('comment', 'mention')
            AND n.comment_id IS NOT NULL
            AND NOT EXISTS (
                SELECT 1 FROM public.comments AS c
                WHERE c.id = n.comment_id AND c.deleted_at IS NULL
            )
        )
        OR (
            n.type = 'mention'
            AND n.comment_id IS NULL
            AND NOT EXISTS (
                SELECT 1 FROM app.post_mentions AS m
                WHERE m.post_id = n.post_id AND m.user_id = n.user_id
            )
        )
    )
ORDER BY n.id;

-- name: lock_notifications
-- Hold these notifications, by id: whoever repeats their act waits, and is seen afterwards; one row for each.
SELECT id
FROM public.notifications
WHERE id = any(%(ids)s::bigint[])
ORDER BY id
FOR UPDATE;

-- name: withdraw_notifications
-- Withdraw these notifications, which are locked.
SELECT app.withdraw_notifications(%(ids)s::bigint[], NULL) AS withdrawn;
