-- Who may see what, once. Statements read these instead of the tables: FROM app.visible_posts(%(viewer)s) AS p.
--
-- The planner inlines them like views, so that indexes, joins and LIMIT of the caller reach the tables. That asks for
-- LANGUAGE sql, STABLE, one SELECT and no SET clause; hence every name is qualified. The argument is a parameter or
-- a column: a sub-select in its place would keep the function from being inlined. NULL is somebody signed out, for
-- whom every comparison with the viewer fails.

-- Active people, except across a block, and the viewer, whatever the status of its account: an export holds what is
-- the viewer's own also while others see nothing of it. The viewer's blocks are read once for a statement, into an
-- array. As joins they would be two more tables wherever a person appears, and beyond from_collapse_limit, eight tables
-- in all, the planner stops looking for the best order and reads every user.
CREATE OR REPLACE FUNCTION app.visible_users(viewer bigint) RETURNS SETOF public.users
LANGUAGE sql STABLE
AS $$
SELECT u.*
FROM public.users AS u
WHERE (u.status = 'active' OR u.id = viewer)
    AND u.id <> ALL (ARRAY(
        SELECT b.blocked_id FROM app.user_blocks AS b WHERE b.blocker_id = viewer
        UNION ALL
        SELECT b.blocker_id FROM app.user_blocks AS b WHERE b.blocked_id = viewer
    ))
$$;

-- Profiles of visible people, as far as the profile's own visibility lets the viewer in.
CREATE OR REPLACE FUNCTION app.visible_profiles(viewer bigint) RETURNS SETOF public.user_profiles
LANGUAGE sql STABLE
AS $$
SELECT profile.*
FROM public.user_profiles AS profile
INNER JOIN app.visible_users(viewer) AS owner ON profile.user_id = owner.id
WHERE CASE
    WHEN profile.visibility = 'public' OR profile.user_id = viewer THEN TRUE
    WHEN profile.visibility = 'followers' THEN EXISTS (
        SELECT FROM public.user_follows AS f
        WHERE f.follower_id = viewer AND f.following_id = profile.user_id
    )
    ELSE FALSE
END
$$;

-- Visible profiles whose owners let the viewer know whom they know: who follows them, whom they follow, and who does
-- both.
CREATE OR REPLACE FUNCTION app.visible_circles(viewer bigint) RETURNS SETOF public.user_profiles
LANGUAGE sql STABLE
AS $$
SELECT profile.*
FROM app.visible_profiles(viewer) AS profile
WHERE profile.user_id = viewer
    OR NOT EXISTS (
        SELECT FROM app.user_settings AS s
        WHERE s.user_id = profile.user_id AND NOT s.show_followers
    )
$$;

-- Published posts, as far as the post's own visibility lets the viewer in. Whether its author does is another
-- question, to be asked once for each author: app.visible_profiles.
CREATE OR REPLACE FUNCTION app.open_posts(viewer bigint) RETURNS SETOF public.posts
LANGUAGE sql STABLE
AS $$
SELECT p.*
FROM public.posts AS p
WHERE p.status = 'published'
    AND CASE
        WHEN p.visibility = 'public' OR p.user_id = viewer THEN TRUE
        WHEN p.visibility = 'followers' THEN EXISTS (
            SELECT FROM public.user_follows AS f
            WHERE f.follower_id = viewer AND f.following_id = p.user_id
        )
        ELSE FALSE
    END
$$;

-- Published posts of visible people, under the stricter of the post's and the author's profile visibility: what both
-- let through. A person without a profile shows nothing.
CREATE OR REPLACE FUNCTION app.visible_posts(viewer bigint) RETURNS SETOF public.posts
LANGUAGE sql STABLE
AS $$
SELECT p.*
FROM app.open_posts(viewer) AS p
INNER JOIN app.visible_profiles(viewer) AS author ON p.user_id = author.user_id
$$;

-- The blocks between two people, whoever of them blocked. What somebody wrote on a post is not seen, by nobody, while
-- there is one between them and the author of the post, who could not see and delete it. OFFSET is asked for around
-- it: it keeps the planner from reading all blocks into a hash.
CREATE OR REPLACE FUNCTION app.blocks_between(one bigint, other bigint) RETURNS SETOF app.user_blocks
LANGUAGE sql STABLE
AS $$
SELECT b.*
FROM app.user_blocks AS b
WHERE (b.blocker_id = one AND b.blocked_id = other)
    OR (b.blocker_id = other AND b.blocked_id = one)
$$;

-- Comments of visible people without a block between them and the post's author. A deleted one stays, to be shown as a
-- blank, while it has replies. Whether the post lets the viewer in is another question, to be asked once for each post.
CREATE OR REPLACE FUNCTION app.open_comments(viewer bigint) RETURNS SETOF public.comments
LANGUAGE sql STABLE
AS $$
SELECT c.*
FROM public.comments AS c
INNER JOIN app.visible_users(viewer) AS author ON c.user_id = author.id
WHERE (c.deleted_at IS NULL OR c.replies_count > 0)
    AND NOT EXISTS (
        SELECT FROM public.posts AS post
        CROSS JOIN LATERAL app.blocks_between(c.user_id, post.user_id) AS apart
        WHERE post.id = c.post_id OFFSET 0
    )
$$;

-- Open comments on visible posts. Not by that function: the post is in hand, and would be looked up twice.
CREATE OR REPLACE FUNCTION app.visible_comments(viewer bigint) RETURNS SETOF public.comments
LANGUAGE sql STABLE
AS $$
SELECT c.*
FROM public.comments AS c
INNER JOIN app.visible_users(viewer) AS author ON c.user_id = author.id
INNER JOIN app.visible_posts(viewer) AS post ON c.post_id = post.id
WHERE (c.deleted_at IS NULL OR c.replies_count > 0)
    AND NOT EXISTS (SELECT FROM app.blocks_between(c.user_id, post.user_id) AS apart OFFSET 0)
$$;

-- What the viewer has of the conversations that it is in.
CREATE OR REPLACE FUNCTION app.memberships(viewer bigint) RETURNS SETOF app.conversation_members
LANGUAGE sql STABLE
AS $$
SELECT m.*
FROM app.conversation_members AS m
WHERE m.user_id = viewer AND m.left_at IS NULL
$$;

-- Messages of visible people, and those that have outlived their sender's account. Whether the viewer is in the
-- conversation, and since when, is another question, to be asked once for each conversation. OFFSET keeps the planner
-- from reading all users into a hash.
CREATE OR REPLACE FUNCTION app.open_messages(viewer bigint) RETURNS SETOF public.messages
LANGUAGE sql STABLE
AS $$
SELECT g.*
FROM public.messages AS g
WHERE g.sender_id IS NULL
    OR EXISTS (SELECT FROM app.visible_users(viewer) AS sender WHERE sender.id = g.sender_id OFFSET 0)
$$;

-- Messages of visible people in the conversations that the viewer is in, from where its history of each begins.
CREATE OR REPLACE FUNCTION app.visible_messages(viewer bigint) RETURNS SETOF public.messages
LANGUAGE sql STABLE
AS $$
SELECT g.*
FROM app.open_messages(viewer) AS g
INNER JOIN app.memberships(viewer) AS m ON g.conversation_id = m.conversation_id
WHERE g.id > m.hidden_before_message_id
$$;

-- The viewer's notifications, while what they are about is not undone, and the viewer may see who acted and all that
-- they are about: what they quote may be seen no longer than its source. Those of muted people wait until these are
-- muted no more. OFFSET is as above.
CREATE OR REPLACE FUNCTION app.visible_notifications(viewer bigint) RETURNS SETOF public.notifications
LANGUAGE sql STABLE
AS $$
SELECT n.*
FROM public.notifications AS n
WHERE n.user_id = viewer
    AND n.withdrawn_at IS NULL
    AND (
        n.type = 'system'
        OR EXISTS (SELECT FROM app.visible_users(viewer) AS actor WHERE actor.id = n.actor_id OFFSET 0)
    )
    AND (
        n.actor_id = ANY (ARRAY(SELECT mute.muted_id FROM app.user_mutes AS mute WHERE mute.muter_id = viewer))
    ) IS NOT TRUE
    AND (
        n.post_id IS NULL
        OR EXISTS (SELECT FROM app.visible_posts(viewer) AS post WHERE post.id = n.post_id OFFSET 0)
    )
    AND (
        n.comment_id IS NULL
        OR EXISTS (
            SELECT FROM app.visible_comments(viewer) AS comment
            WHERE comment.id = n.comment_id AND comment.deleted_at IS NULL OFFSET 0
        )
    )
    AND (
        n.conversation_id IS NULL
        OR EXISTS (
            SELECT FROM app.memberships(viewer) AS m
            WHERE m.conversation_id = n.conversation_id OFFSET 0
        )
    )
$$;

-- Lists of people: the viewer's own, and public ones of people whose profiles the viewer may see.
CREATE OR REPLACE FUNCTION app.visible_lists(viewer bigint) RETURNS SETOF public.user_lists
LANGUAGE sql STABLE
AS $$
SELECT l.*
FROM public.user_lists AS l
WHERE l.user_id = viewer
    OR (
        l.is_public
        AND EXISTS (SELECT FROM app.visible_profiles(viewer) AS owner WHERE owner.user_id = l.user_id OFFSET 0)
    )
$$;

-- Custom feeds: the viewer's own, and those that people whose profiles the viewer may see share with everybody. What is
-- shared by a link is opened by its token alone: ids can be guessed.
CREATE OR REPLACE FUNCTION app.visible_feeds(viewer bigint) RETURNS SETOF public.custom_feeds
LANGUAGE sql STABLE
AS $$
SELECT f.*
FROM public.custom_feeds AS f
WHERE f.user_id = viewer
    OR (
        f.sharing = 'public'
        AND EXISTS (SELECT FROM app.visible_profiles(viewer) AS owner WHERE owner.user_id = f.user_id OFFSET 0)
    )
$$;

-- The Following feed, which everybody has and nobody stores: its id follows from the viewer's, and it is the default
-- while no stored feed is.
CREATE OR REPLACE FUNCTION app.following_feeds(viewer bigint) RETURNS TABLE (
    id bigint,
    user_id bigint,
    name text,
    description text,
    algorithm_config jsonb,
    is_default boolean,
    display_order integer,
    created_at timestamptz,
    updated_at timestamptz,
    rules_version integer,
    sharing app.feed_sharing,
    forked_from_id bigint
)
LANGUAGE sql STABLE
AS $$
SELECT
    4611686018427387904 + person.id,
    person.id,
    'Following',
    NULL::text,
    '{"scope": "FOLLOWING"}'::jsonb,
    NOT EXISTS (SELECT FROM public.custom_feeds AS chosen WHERE chosen.user_id = person.id AND chosen.is_default),
    coalesce(settings.following_feed_order, 0),
    person.created_at,
    person.created_at,
    1,
    'private'::app.feed_sharing,
    NULL::bigint
FROM public.users AS person
LEFT JOIN app.user_settings AS settings ON person.id = settings.user_id
WHERE person.id = viewer
$$;

-- The latest follows by a person. As a function, they are the latest whichever way a page is read of what is made of
-- them.
CREATE OR REPLACE FUNCTION app.latest_follows(person bigint, most integer) RETURNS SETOF public.user_follows
LANGUAGE sql STABLE
AS $$
SELECT follow.*
FROM public.user_follows AS follow
WHERE follow.follower_id = person
ORDER BY follow.created_at DESC, follow.following_id DESC
LIMIT most
$$;

-- The follows by people whom the viewer follows and who let the viewer know whom they follow: the latest 200 of each of
-- the latest 200. OFFSET is as above.
CREATE OR REPLACE FUNCTION app.known_follows(viewer bigint) RETURNS SETOF public.user_follows
LANGUAGE sql STABLE
AS $$
SELECT theirs.*
FROM app.latest_follows(viewer, 200) AS own
CROSS JOIN LATERAL app.latest_follows(own.following_id, 200) AS theirs
WHERE EXISTS (SELECT FROM app.visible_circles(viewer) AS circle WHERE circle.user_id = own.following_id OFFSET 0)
$$;
