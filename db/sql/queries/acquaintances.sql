-- name: known_followers_by_user_ids
-- For each owner, the ids of the visible people whom the viewer follows and who follow the owner, whom the viewer
-- followed last first; none where the owner hides them. Also a short page looks through 200 of those whom the viewer
-- follows.
-- keyset
SELECT
    o.owner_id,
    f.created_at,
    f.id,
    f.is_stop
FROM unnest(%(ids)s::bigint[]) AS o (owner_id)
INNER JOIN app.visible_circles(%(viewer)s) AS circle ON o.owner_id = circle.user_id
CROSS JOIN LATERAL (
    SELECT
        candidate.created_at,
        candidate.id,
        candidate.nth = greatest(%(reach)s::integer, 200) AS is_stop
    FROM (
        SELECT
            uf.created_at,
            uf.following_id AS id,
            row_number() OVER (ORDER BY uf.created_at DESC, uf.following_id DESC) AS nth
        FROM public.user_follows AS uf
        WHERE
            uf.follower_id = %(viewer)s
            AND (uf.created_at, uf.following_id) < (%(after_created_at)s::timestamptz, %(after_id)s::bigint)
            AND (uf.created_at, uf.following_id) > (%(before_created_at)s::timestamptz, %(before_id)s::bigint)
        ORDER BY uf.created_at DESC, uf.following_id DESC
        LIMIT greatest(%(reach)s::integer, 200)
    ) AS candidate
    WHERE
        candidate.nth = greatest(%(reach)s::integer, 200)
        OR (
            EXISTS (
                SELECT 1 FROM public.user_follows AS theirs
                WHERE theirs.follower_id = candidate.id AND theirs.following_id = o.owner_id OFFSET 0
            )
            AND EXISTS (
                SELECT 1 FROM app.visible_users(%(viewer)s) AS u
                WHERE u.id = candidate.id OFFSET 0
            )
        )
    ORDER BY candidate.created_at DESC, candidate.id DESC
    LIMIT %(limit)s::integer
) AS f;

-- name: mutual_friends_by_user_ids
-- For each owner, the ids of the visible friends of the viewer who are its friends, too, the viewer's latest friendship
-- first; none where the owner hides them. Also a short page looks through 200 friends of the viewer.
-- keyset
SELECT
    o.owner_id,
    f.created_at,
    f.id,
    f.is_stop
FROM unnest(%(ids)s::bigint[]) AS o (owner_id)
INNER JOIN app.visible_circles(%(viewer)s) AS circle ON o.owner_id = circle.user_id
CROSS JOIN LATERAL (
    SELECT
        b.created_at,
        b.id,
        b.is_stop
    FROM (
        (
            SELECT
                side_1.created_at,
                side_1.id,
                side_1.nth = greatest(%(reach)s::integer, 200) AS is_stop
            FROM (
                SELECT
                    f1.created_at,
                    f1.user_id_2 AS id,
                    row_number() OVER (ORDER BY f1.created_at DESC, f1.user_id_2 DESC) AS nth
                FROM public.friendships AS f1
                WHERE
                    f1.user_id_1 = %(viewer)s
                    AND (f1.created_at, f1.user_id_2) < (%(after_created_at)s::timestamptz, %(after_id)s::bigint)
                    AND (f1.created_at, f1.user_id_2) > (%(before_created_at)s::timestamptz, %(before_id)s::bigint)
                ORDER BY f1.created_at DESC, f1.user_id_2 DESC
                LIMIT greatest(%(reach)s::integer, 200)
            ) AS side_1
            WHERE
                side_1.nth = greatest(%(reach)s::integer, 200)
                OR (
                    EXISTS (
                        SELECT 1 FROM public.friendships AS theirs
                        WHERE
                            theirs.user_id_1 = least(side_1.id, o.owner_id)
                            AND theirs.user_id_2 = greatest(side_1.id, o.owner_id)
                        OFFSET 0
                    )
                    AND EXISTS (
                        SELECT 1 FROM app.visible_users(%(viewer)s) AS u
                        WHERE u.id = side_1.id OFFSET 0
                    )
                )
            ORDER BY side_1.created_at DESC, side_1.id DESC
            LIMIT %(limit)s::integer
        )
        UNION ALL
        (
            SELECT
                side_2.created_at,
                side_2.id,
                side_2.nth = greatest(%(reach)s::integer, 200) AS is_stop
            FROM (
                SELECT
                    f2.created_at,
                    f2.user_id_1 AS id,
                    row_number() OVER (ORDER BY f2.created_at DESC, f2.user_id_1 DESC) AS nth
                FROM public.friendships AS f2
                WHERE
                    f2.user_id_2 = %(viewer)s
                    AND (f2.created_at, f2.user_id_1) < (%(after_created_at)s::timestamptz, %(after_id)s::bigint)
                    AND (f2.created_at, f2.user_id_1) > (%(before_created_at)s::timestamptz, %(before_id)s::bigint)
                ORDER BY f2.created_at DESC, f2.user_id_1 DESC
                LIMIT greatest(%(reach)s::integer, 200)
            ) AS side_2
            WHERE
                side_2.nth = greatest(%(reach)s::integer, 200)
                OR (
                    EXISTS (
                        SELECT 1 FROM public.friendships AS theirs
                        WHERE
                            theirs.user_id_1 = least(side_2.id, o.owner_id)
                            AND theirs.user_id_2 = greatest(side_2.id, o.owner_id)
                        OFFSET 0
                    )
                    AND EXISTS (
                        SELECT 1 FROM app.visible_users(%(viewer)s) AS u
                        WHERE u.id = side_2.id OFFSET 0
                    )
                )
            ORDER BY side_2.created_at DESC, side_2.id DESC
            LIMIT %(limit)s::integer
        )
    ) AS b
    ORDER BY b.created_at DESC, b.id DESC
    LIMIT %(limit)s::integer
) AS f;

-- name: suggestions_by_user_ids
-- For each user, if it is the viewer, visible people who are followed by people whom the viewer follows, those followed
-- by most of them first. Without those whom the viewer follows, has asked or mutes, and without private profiles.
-- Everybody is counted before the first is looked at, and nobody is looked at who comes after the page.
-- keyset
SELECT
    o.owner_id,
    s.shared,
    s.id,
    s.is_stop
FROM unnest(%(ids)s::bigint[]) AS o (owner_id)
CROSS JOIN
    LATERAL (
        SELECT
            candidate.shared,
            candidate.id,
            candidate.nth = %(reach)s::integer AS is_stop
        FROM (
            SELECT
                ranked.shared,
                ranked.id,
                row_number() OVER (ORDER BY ranked.shared DESC, ranked.id DESC) AS nth
            FROM (
                SELECT
                    count(*) AS shared,
                    known.following_id AS id
                FROM app.known_follows(%(viewer)s) AS known
                WHERE known.following_id <> o.owner_id
                GROUP BY known.following_id
                HAVING
                    (count(*), known.following_id) < (%(after_shared)s::bigint, %(after_id)s::bigint)
                    AND (count(*), known.following_id) > (%(before_shared)s::bigint, %(before_id)s::bigint)
                ORDER BY shared DESC, id DESC
                OFFSET 0
            ) AS ranked
            WHERE
                NOT EXISTS (
                    SELECT 1 FROM public.user_follows AS uf
                    WHERE uf.follower_id = o.owner_id AND uf.following_id = ranked.id OFFSET 0
                )
                AND NOT EXISTS (
                    SELECT 1 FROM app.follow_requests AS r
                    WHERE r.requester_id = o.owner_id AND r.target_id = ranked.id OFFSET 0
                )
                AND NOT EXISTS (
                    SELECT 1 FROM app.user_mutes AS um
                    WHERE um.muter_id = o.owner_id AND um.muted_id = ranked.id OFFSET 0
                )
            ORDER BY ranked.shared DESC, ranked.id DESC
            LIMIT %(reach)s::integer
        ) AS candidate
        WHERE
            candidate.nth = %(reach)s::integer
            OR EXISTS (
                SELECT 1
                FROM app.visible_users(%(viewer)s) AS u
                INNER JOIN public.user_profiles AS pr ON u.id = pr.user_id
                WHERE u.id = candidate.id AND pr.visibility <> 'private' OFFSET 0
            )
        ORDER BY candidate.shared DESC, candidate.id DESC
        LIMIT %(limit)s::integer
    ) AS s
WHERE o.owner_id = %(viewer)s;

-- name: friend_requests_by_user_ids
-- For each user, if it is the viewer, the ids of the visible people who follow it and whom it does not follow, the
-- latest follow first.
-- keyset
SELECT
    o.owner_id,
    f.created_at,
    f.id,
    f.is_stop
FROM unnest(%(ids)s::bigint[]) AS o (owner_id)
CROSS JOIN
    LATERAL (
        SELECT
            candidate.created_at,
            candidate.id,
            candidate.nth = %(reach)s::integer AS is_stop
        FROM (
            SELECT
                uf.created_at,
                uf.follower_id AS id,
                row_number() OVER (ORDER BY uf.created_at DESC, uf.follower_id DESC) AS nth
            FROM public.user_follows AS uf
            WHERE
                uf.following_id = o.owner_id
                AND (uf.created_at, uf.follower_id) < (%(after_created_at)s::timestamptz, %(after_id)s::bigint)
                AND (uf.created_at, uf.follower_id) > (%(before_created_at)s::timestamptz, %(before_id)s::bigint)
            ORDER BY uf.created_at DESC, uf.follower_id DESC
            LIMIT %(reach)s::integer
        ) AS candidate
        WHERE
            candidate.nth = %(reach)s::integer
            OR (
                NOT EXISTS (
                    SELECT 1 FROM public.user_follows AS back
                    WHERE back.follower_id = o.owner_id AND back.following_id = candidate.id OFFSET 0
                )
                AND EXISTS (
                    SELECT 1 FROM app.visible_users(%(viewer)s) AS u
                    WHERE u.id = candidate.id OFFSET 0
                )
            )
        ORDER BY candidate.created_at DESC, candidate.id DESC
        LIMIT %(limit)s::integer
    ) AS f
WHERE o.owner_id = %(viewer)s;
