"""The statements that the product lives on, each as it is asked in the crowd: of the most popular, for a full page."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import LiteralString

import psycopg

from api.gql.pagination import REACH
from bench.crowd import FOLLOWS_100, FOLLOWS_1000, FOLLOWS_SILENT, viewer
from db.queries.posts import POST_GRACE
from db.statements import Statement, load

EVERYWHERE: Mapping[str, object] = {
    "after_created_at": "infinity",
    "after_last_message_at": "infinity",
    "after_last_used_at": "infinity",
    "after_shared": 2**63 - 1,
    "after_id": 2**63 - 1,
    "before_created_at": "-infinity",
    "before_last_message_at": "-infinity",
    "before_last_used_at": "-infinity",
    "before_shared": -(2**63),
    "before_id": -(2**63),
    "grace": POST_GRACE,
}

# The three comments under each post of a page, and one more to know of the next.
NESTED = 4
PAGE = 21

_POPULAR: LiteralString = "SELECT following_id FROM user_follows GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 20"
_MOST_POPULAR: LiteralString = "SELECT following_id FROM user_follows GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1"
_KEENEST: LiteralString = (
    "SELECT follower_id FROM user_follows"
    " WHERE follower_id NOT IN (SELECT user_id FROM app.user_settings WHERE NOT show_followers)"
    " GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1"
)
_WRITERS: LiteralString = "SELECT user_id FROM posts GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1"
_DISCUSSED: LiteralString = "SELECT post_id FROM comments GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 20"
_ANSWERED: LiteralString = (
    "SELECT parent_comment_id FROM comments WHERE parent_comment_id IS NOT NULL"
    " GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 20"
)
_LIKED_COMMENTS: LiteralString = (
    "SELECT comment_id FROM app.comment_likes GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 20"
)
_DEEPEST: LiteralString = "SELECT id FROM comments ORDER BY depth DESC, id LIMIT 20"
_LIKED: LiteralString = "SELECT post_id FROM post_interactions GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 20"
_REPOSTS: LiteralString = "SELECT id FROM reposts ORDER BY id DESC LIMIT 20"
_REPOSTED: LiteralString = "SELECT post_id FROM reposts GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 20"
_SHARERS: LiteralString = "SELECT user_id FROM reposts GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1"
# Of those who follow at most 300: a generic plan reads whom they follow, once for posts and once for profiles.
_BOOKMARKERS: LiteralString = (
    "SELECT user_id FROM post_interactions WHERE type = 'bookmark'"
    " AND user_id IN (SELECT follower_id FROM user_follows GROUP BY 1 HAVING count(*) <= 300)"
    " GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1"
)
_TALKERS: LiteralString = "SELECT user_id FROM app.conversation_members GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1"
_TALKS: LiteralString = (
    "SELECT conversation_id FROM app.conversation_members WHERE user_id ="
    " (SELECT user_id FROM app.conversation_members GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1)"
    " ORDER BY last_message_at DESC LIMIT 20"
)
_ASKED: LiteralString = "SELECT target_id FROM app.follow_requests GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1"
_ASKING: LiteralString = "SELECT requester_id FROM app.follow_requests GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1"
_REQUESTS: LiteralString = (
    "SELECT id FROM app.follow_requests WHERE target_id ="
    " (SELECT target_id FROM app.follow_requests GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1) ORDER BY id LIMIT 20"
)
_LIST_IDS: LiteralString = "SELECT id FROM user_lists WHERE is_public ORDER BY id DESC LIMIT 20"
_LONGEST_LIST: LiteralString = (
    "SELECT m.list_id FROM list_members AS m INNER JOIN user_lists AS l ON l.id = m.list_id"
    " INNER JOIN user_profiles AS f ON f.user_id = l.user_id INNER JOIN users AS u ON u.id = l.user_id"
    " WHERE l.is_public AND f.visibility = 'public' AND u.status = 'active'"
    " GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1 OFFSET 1"
)
_TOLD: LiteralString = "SELECT user_id FROM notifications GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1"
_SECTIONS: LiteralString = "SELECT id FROM profile_sections WHERE user_id = (SELECT max(user_id) FROM custom_feeds)"
_FEEDS: LiteralString = "SELECT id FROM custom_feeds WHERE user_id = (SELECT max(user_id) FROM custom_feeds)"
_LATEST: LiteralString = "SELECT id FROM posts WHERE status = 'published' ORDER BY created_at DESC, id DESC LIMIT 20"


@dataclass(frozen=True, slots=True)
class Hot:
    """One statement: whose rows (`ids`), who looks (the first of the ids), the indexes that serve it.

    `rows` is what it may look at, index entries and all, when it stops at the end of its page. `sorted_rows`: at most
    two pages into one, or the members of each conversation.
    """

    noun: str
    ids: LiteralString | None
    indexes: frozenset[str]
    rows: int
    limit: int = PAGE
    viewer: LiteralString = FOLLOWS_100
    sorted_rows: int = 2 * PAGE
    others: Mapping[str, object] = field(default_factory=dict[str, object])

    def parameters(self, connection: psycopg.Connection) -> dict[str, object]:
        ids = [] if self.ids is None else [row[0] for row in connection.execute(self.ids)]
        literal = "{" + ",".join(map(str, ids)) + "}"
        return {
            **EVERYWHERE,
            "ids": literal,
            "limit": self.limit,
            "reach": REACH * self.limit,
            "viewer": viewer(connection, self.viewer),
            **self.others,
        }


def _hot(noun: str, ids: LiteralString | None, indexes: str, rows: int, **how: object) -> Hot:
    return Hot(noun, ids, frozenset(indexes.split()), rows, **how)  # pyright: ignore[reportArgumentType]


HOT: Mapping[str, Hot] = {
    "users_by_ids": _hot("users", _POPULAR, "users_pkey user_profiles_pkey", 200),
    "user_counts_by_user_ids": _hot("users", _POPULAR, "users_pkey user_profiles_pkey user_counts_pkey", 220),
    "user_id_by_username": _hot("users", None, "users_username_key", 5, others={"username": "Person_77"}),
    "viewer_relations_by_user_ids": _hot("users", _POPULAR, "user_follows_pkey friendships_pkey", 80),
    "followers_by_user_ids": _hot("users", _MOST_POPULAR, "idx_user_follows_following", 4 * PAGE),
    "following_by_user_ids": _hot("users", _KEENEST, "idx_user_follows_follower", 4 * PAGE),
    "friends_by_user_ids": _hot("users", _MOST_POPULAR, "idx_friendships_user1 idx_friendships_user2", 8 * PAGE),
    "profile_documents_by_user_ids": _hot("profiles", _POPULAR, "user_profiles_pkey users_pkey", 200),
    "sections_by_user_ids": _hot("profiles", _POPULAR, "idx_profile_sections_user_order", 440),
    "content_by_section_ids": _hot("profiles", _SECTIONS, "idx_section_content_section_order", 10),
    "posts_by_ids": _hot("posts", _LATEST, "posts_pkey users_pkey user_profiles_pkey", 320),
    "posts_by_user_ids": _hot("posts", _WRITERS, "idx_posts_user_shared", 8 * PAGE, viewer=FOLLOWS_SILENT),
    "reposts_by_user_ids": _hot("interactions", _SHARERS, "idx_reposts_user_created", 15 * PAGE, viewer=FOLLOWS_SILENT),
    "reposts_by_ids": _hot("reposts", _REPOSTS, "reposts_pkey users_pkey user_profiles_pkey posts_pkey", 20 * 20),
    "reposts_by_post_ids": _hot("reposts", _REPOSTED, "idx_reposts_post_created", 20 * 20 * NESTED, limit=NESTED),
    "viewer_reposts_by_post_ids": _hot("reposts", _REPOSTED, "reposts_user_post_key", 20 * 20),
    "likers_by_post_ids": _hot(
        "interactions", _LIKED, "idx_post_interactions_post_created", 20 * 6 * NESTED, limit=NESTED
    ),
    "bookmarks_by_user_ids": _hot(
        "interactions", _BOOKMARKERS, "idx_post_interactions_user_created", 2 * 300 + 6 * PAGE, viewer=_BOOKMARKERS
    ),
    "viewer_interactions_by_post_ids": _hot(
        "interactions", _LIKED, "idx_post_interactions_user_post reposts_user_post_key", 60
    ),
    "comments_by_post_ids": _hot("comments", _DISCUSSED, "idx_comments_post_shown", 20 * 8 * NESTED, limit=NESTED),
    "replies_by_comment_ids": _hot("comments", _ANSWERED, "idx_comments_parent_shown", 20 * 8 * NESTED, limit=NESTED),
    "ancestors_by_comment_ids": _hot("comments", _DEEPEST, "comments_pkey", 20 * 11, limit=10, sorted_rows=20 * 10),
    "likers_by_comment_ids": _hot(
        "comments", _LIKED_COMMENTS, "idx_comment_likes_comment_created", 20 * 6 * NESTED, limit=NESTED
    ),
    "viewer_likes_by_comment_ids": _hot("comments", _LIKED_COMMENTS, "comment_likes_pkey", 40),
    "media_by_post_ids": _hot("media", _LATEST, "idx_post_media_post_order", 40),
    "images_by_user_ids": _hot("media", _WRITERS, "idx_post_media_user_pictures", 12 * PAGE, viewer=FOLLOWS_SILENT),
    "media_by_user_ids": _hot(
        "media",
        _WRITERS,
        "idx_post_media_user_created",
        24 * PAGE,
        viewer=_WRITERS,
        others={"type": "video", "unattached": False},
    ),
    "storage_by_user_ids": _hot("media", _MOST_POPULAR, "users_pkey storage_usage_pkey", 10, viewer=_MOST_POPULAR),
    "notifications_by_user_ids": _hot("notifications", _TOLD, "idx_notifications_user_created", 6 * PAGE, viewer=_TOLD),
    "unread_notifications_by_user_ids": _hot(
        "notifications", _TOLD, "idx_notifications_user_unread", 7 * PAGE, viewer=_TOLD
    ),
    "notifications_of_types_by_user_ids": _hot(
        "notifications",
        _TOLD,
        "idx_notifications_user_type",
        24 * PAGE,
        sorted_rows=24 * PAGE,
        viewer=_TOLD,
        others={"types": "{like,comment,follow}", "unread_only": False},
    ),
    "unread_notification_counts_by_user_ids": _hot(
        "notifications", _TOLD, "idx_notifications_user_unread", 6 * 100, viewer=_TOLD
    ),
    "conversations_by_user_ids": _hot(
        "conversations", _TALKERS, "idx_conversation_members_inbox conversations_pkey", 3 * PAGE, viewer=_TALKERS
    ),
    "participants_by_conversation_ids": _hot("conversations", _TALKS, "conversation_members_pkey", 80, sorted_rows=80),
    "unread_counts_by_conversation_ids": _hot(
        "conversations", _TALKS, "conversation_members_pkey idx_messages_conversation_unread", 20 * 220, viewer=_TALKERS
    ),
    "messages_by_conversation_ids": _hot(
        "conversations",
        _TALKS,
        "conversation_members_pkey idx_messages_conversation_created",
        20 * 4 * NESTED,
        viewer=_TALKERS,
        limit=NESTED,
    ),
    "follow_requests_by_user_ids": _hot(
        "follow_requests", _ASKED, "idx_follow_requests_target_created", 6 * PAGE, viewer=_ASKED
    ),
    "sent_follow_requests_by_user_ids": _hot(
        "follow_requests", _ASKING, "idx_follow_requests_requester_created", 6 * PAGE, viewer=_ASKING
    ),
    "follow_request_counts_by_user_ids": _hot(
        "follow_requests", _ASKED, "idx_follow_requests_target_created", 6 * 100, viewer=_ASKED
    ),
    "viewer_follow_requests_by_user_ids": _hot(
        "follow_requests", _POPULAR, "follow_requests_pair_key", 80, viewer=_ASKED
    ),
    "follow_requests_by_ids": _hot(
        "follow_requests", _REQUESTS, "follow_requests_pkey users_pkey", 20 * 5, viewer=_ASKED
    ),
    # Of each of twenty, 210 of those whom the viewer follows, or of its friends, are looked at.
    "known_followers_by_user_ids": _hot(
        "acquaintances",
        _POPULAR,
        "idx_user_follows_follower user_follows_pkey",
        2 * 1000 + 20 * 2 * 10 * PAGE,
        viewer=FOLLOWS_1000,
        sorted_rows=20 * PAGE,
    ),
    "mutual_friends_by_user_ids": _hot(
        "acquaintances",
        _POPULAR,
        "idx_friendships_user1 idx_friendships_user2 friendships_pkey",
        2 * 1000 + 20 * 2 * 10 * PAGE,
        viewer=FOLLOWS_1000,
        sorted_rows=20 * PAGE,
    ),
    # All whom a hundred people follow are counted; of the crowd, most follow some twenty.
    "suggestions_by_user_ids": _hot(
        "acquaintances", FOLLOWS_100, "idx_user_follows_follower user_follows_pkey", 4000, sorted_rows=2500
    ),
    "friend_requests_by_user_ids": _hot(
        "acquaintances",
        _MOST_POPULAR,
        "idx_user_follows_following user_follows_pkey",
        4 * PAGE,
        viewer=_MOST_POPULAR,
    ),
    "viewer_lists_by_user_ids": _hot(
        "lists", _POPULAR, "idx_user_lists_user_created list_members_pkey", 60, viewer=FOLLOWS_1000
    ),
    "lists_by_ids": _hot("lists", _LIST_IDS, "user_lists_pkey", 20 * 10),
    "lists_by_user_ids": _hot("lists", _POPULAR, "idx_user_lists_user_created", 20 * 10 * NESTED, limit=NESTED),
    "members_by_list_ids": _hot("lists", _LONGEST_LIST, "idx_list_members_list_created", 6 * PAGE),
    "member_counts_by_list_ids": _hot("lists", _LONGEST_LIST, "", 1001),
    "feeds_by_user_ids": _hot("feeds", _MOST_POPULAR, "idx_custom_feeds_user", 10, viewer=_MOST_POPULAR),
    "filters_by_feed_ids": _hot("feeds", _FEEDS, "feed_filters_position_key", 10),
    "credentials_by_login": _hot(
        "accounts",
        None,
        "users_username_key users_email_folded_key",
        5,
        others={"login": "person_77", "grace": "30 days"},
    ),
    "sessions_by_user_ids": _hot(
        "sessions", _MOST_POPULAR, "idx_sessions_user_unrevoked", 4 * PAGE, viewer=_MOST_POPULAR
    ),
    "session_by_token_hash": _hot(
        "sessions",
        None,
        "sessions_token_hash_key users_pkey",
        5,
        others={"token_hash": sha256(b"177").digest(), "grace": "30 days"},
    ),
}


def statement(name: str) -> Statement:
    return load(HOT[name].noun)[name]
