-- The home feed as the founding design sketched it, without visibility, blocks and mutes.
SELECT p.*
FROM posts AS p
WHERE
    p.user_id IN (SELECT f.following_id FROM user_follows AS f WHERE f.follower_id = %(viewer)s)
    AND p.status = 'published'
ORDER BY p.created_at DESC
LIMIT 20
