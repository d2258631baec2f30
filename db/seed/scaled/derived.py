"""What follows from the rows that were copied, in a statement for each table: friendships, notifications, counts."""

from datetime import datetime, timedelta
from typing import LiteralString, NamedTuple

import psycopg

from db.seed.scaled import pages
from db.seed.scaled.shape import Offsets

# What is older was cleaned away; what is younger than the second has not been read yet.
_KEPT_DAYS, _UNREAD_DAYS = 14, 2

_FRIENDSHIPS: LiteralString = """
INSERT INTO public.friendships (user_id_1, user_id_2, created_at)
SELECT there.follower_id, there.following_id, greatest(there.created_at, back.created_at)
FROM public.user_follows AS there
INNER JOIN public.user_follows AS back
    ON there.follower_id = back.following_id AND there.following_id = back.follower_id
WHERE there.follower_id < there.following_id AND there.follower_id > %(people)s
ORDER BY there.follower_id, there.following_id
"""

_NOTIFICATIONS: LiteralString = """
INSERT INTO public.notifications (
    user_id, type, actor_id, post_id, comment_id, conversation_id, title, content, action_url, is_read, read_at,
    created_at
)
SELECT
    event.user_id, event.type::public.notification_type, event.actor_id, event.post_id, event.comment_id,
    event.conversation_id, event.title, left(event.content, 200), event.action_url, event.is_read,
    CASE WHEN event.is_read THEN least(event.created_at + interval '6 hours', %(anchor)s) END, event.created_at
FROM (
    SELECT
        following_id AS user_id, 'follow' AS type, follower_id AS actor_id, NULL::bigint AS post_id,
        NULL::bigint AS comment_id, NULL::bigint AS conversation_id, 'New follower' AS title, NULL AS content,
        '/users/' || users.username AS action_url, user_follows.created_at < %(unread)s AS is_read,
        user_follows.created_at
    FROM public.user_follows
    INNER JOIN public.users ON users.id = user_follows.follower_id
    WHERE follower_id > %(people)s AND user_follows.created_at > %(kept)s
    UNION ALL
    SELECT
        posts.user_id, reactions.type, reactions.actor_id, posts.id, reactions.comment_id, NULL, reactions.title,
        reactions.content, NULL, reactions.created_at < %(unread)s, reactions.created_at
    FROM (
        SELECT
            'like' AS type, user_id AS actor_id, post_id, NULL::bigint AS comment_id, 'New like' AS title,
            NULL AS content, created_at
        FROM public.post_interactions
        WHERE type = 'like' AND created_at > %(kept)s
        UNION ALL
        SELECT 'repost', user_id, post_id, NULL, 'New repost', comment, created_at
        FROM public.reposts
        WHERE created_at > %(kept)s
        UNION ALL
        SELECT 'comment', user_id, post_id, id, 'New comment', content, created_at
        FROM public.comments
        WHERE created_at > %(kept)s
    ) AS reactions
    INNER JOIN public.posts ON posts.id = reactions.post_id
    WHERE posts.id > %(posts)s AND (reactions.type <> 'comment' OR posts.user_id <> reactions.actor_id)
    UNION ALL
    SELECT
        members.user_id, 'message', messages.sender_id, NULL, NULL, messages.conversation_id, 'New message',
        messages.content, NULL, messages.id <= members.last_read_message_id, messages.created_at
    FROM public.messages
    INNER JOIN app.conversation_members AS members ON members.conversation_id = messages.conversation_id
    WHERE messages.id > %(messages)s AND messages.created_at > %(kept)s AND members.user_id <> messages.sender_id
) AS event
ORDER BY
    event.created_at, event.user_id, event.type, event.actor_id, event.post_id, event.comment_id, event.conversation_id,
    event.content, event.is_read
"""


# Sixty of the latest people have asked the first hundred whose profiles are not public.
_FOLLOW_REQUESTS: LiteralString = """
INSERT INTO app.follow_requests (requester_id, target_id, created_at)
SELECT
    requester.id, target.id, %(kept)s + (%(anchor)s - %(kept)s) * (mod(requester.id * 31 + target.id, 997) / 997.0)
FROM (
    SELECT user_id AS id
    FROM public.user_profiles
    WHERE user_id > %(people)s AND visibility <> 'public'
    ORDER BY user_id
    LIMIT 100
) AS target
CROSS JOIN (SELECT id FROM public.users WHERE id > %(people)s ORDER BY id DESC LIMIT 60) AS requester
WHERE requester.id <> target.id
    AND NOT EXISTS (
        SELECT FROM public.user_follows AS f WHERE f.follower_id = requester.id AND f.following_id = target.id
    )
    AND NOT EXISTS (
        SELECT FROM app.user_blocks AS b
        WHERE (b.blocker_id, b.blocked_id) IN ((requester.id, target.id), (target.id, requester.id))
    )
ORDER BY 3, 1, 2
"""

# As many as the comment says, of those who like its post.
_COMMENT_LIKES: LiteralString = """
INSERT INTO app.comment_likes (user_id, comment_id, created_at)
SELECT likers.user_id, comments.id, greatest(likers.created_at, comments.created_at)
FROM public.comments
INNER JOIN (
    SELECT post_id, user_id, created_at, row_number() OVER (PARTITION BY post_id ORDER BY user_id) AS nth
    FROM public.post_interactions
    WHERE type = 'like' AND post_id > %(posts)s
) AS likers ON likers.post_id = comments.post_id AND likers.nth <= comments.likes_count
WHERE comments.id > %(comments)s
ORDER BY comments.id, likers.user_id
"""

_USER_COUNTS: LiteralString = """
INSERT INTO app.user_counts (user_id, followers_count, following_count, friends_count, posts_count)
SELECT
    users.id, coalesce(followers.n, 0), coalesce(followed.n, 0), coalesce(friends.n, 0), coalesce(published.n, 0)
FROM public.users
LEFT JOIN (SELECT following_id AS id, count(*) AS n FROM public.user_follows GROUP BY following_id) AS followers
    USING (id)
LEFT JOIN (SELECT follower_id AS id, count(*) AS n FROM public.user_follows GROUP BY follower_id) AS followed
    USING (id)
LEFT JOIN (
    SELECT side.id, count(*) AS n
    FROM (
        SELECT user_id_1 AS id FROM public.friendships
        UNION ALL
        SELECT user_id_2 FROM public.friendships
    ) AS side
    GROUP BY side.id
) AS friends USING (id)
LEFT JOIN (
    SELECT user_id AS id, count(*) AS n FROM public.posts WHERE status = 'published' GROUP BY user_id
) AS published USING (id)
WHERE users.id > %(people)s
ORDER BY users.id
"""


_USER_SEARCH: LiteralString = """
INSERT INTO app.user_search (user_id, username, name)
SELECT users.id, lower(users.username), app.search_name(profile.display_name)
FROM public.users
LEFT JOIN public.user_profiles AS profile ON profile.user_id = users.id AND profile.visibility = 'public'
WHERE users.id > %(people)s AND users.status = 'active'
ORDER BY users.id
"""

_POST_SEARCH: LiteralString = """
INSERT INTO app.post_search (post_id, user_id, visibility, created_at, document, texts)
SELECT posts.id, posts.user_id, posts.visibility, posts.created_at, app.search_document(posts), app.search_texts(posts)
FROM public.posts
WHERE posts.id > %(posts)s AND posts.status = 'published'
ORDER BY posts.created_at, posts.id
"""


class Derived(NamedTuple):
    """A table that is filled from others, the last of which is `after`."""

    table: str
    after: str
    statement: LiteralString


DERIVED = (
    Derived("public.user_lists", "app.user_settings", pages.LISTS),
    Derived("public.custom_feeds", "app.user_settings", pages.FEEDS),
    Derived("public.feed_filters", "app.user_settings", pages.FEED_FILTERS),
    Derived("public.profile_sections", "app.user_settings", pages.SECTIONS),
    Derived("public.section_content", "app.user_settings", pages.SECTION_CONTENT),
    Derived("public.friendships", "public.user_follows", _FRIENDSHIPS),
    Derived("public.list_members", "public.user_follows", pages.LIST_MEMBERS),
    Derived("app.follow_requests", "app.user_mutes", _FOLLOW_REQUESTS),
    Derived("app.comment_likes", "public.comments", _COMMENT_LIKES),
    Derived("public.notifications", "public.posts", _NOTIFICATIONS),
    Derived("app.user_counts", "public.posts", _USER_COUNTS),
    Derived("app.user_search", "public.posts", _USER_SEARCH),
    Derived("app.post_search", "public.posts", _POST_SEARCH),
)


def derive(connection: psycopg.Connection, statement: LiteralString, anchor: datetime, offsets: Offsets) -> int:
    """Run one of the statements; how many rows it made."""
    values = {
        "anchor": anchor,
        "kept": anchor - timedelta(days=_KEPT_DAYS),
        "unread": anchor - timedelta(days=_UNREAD_DAYS),
        "people": offsets.people,
        "posts": offsets.posts,
        "comments": offsets.comments,
        "messages": offsets.messages,
        **pages.parameters(),
    }
    return connection.execute(statement, values).rowcount
