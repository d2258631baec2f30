"""What each field of the schema must answer, by its name. A field that is not here has no meaning yet, and fails.

Those that lead to objects are in edges.py. VALUES depend on who looks, PLAIN fields are seen by whoever sees their
object, PARTS belong to it, and `words` are its texts.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from db.documents.feed_filters import AuthorFilter
from db.queries.feeds import FOLLOWING_FEEDS
from tests.visibility.edges import no_row
from tests.visibility.oracle import Sight
from tests.visibility.rows import SECTIONS, Thing


def _interacted(name: str) -> Callable[[Sight, int], bool]:
    return lambda sight, key: name in sight.interactions[key]


def _counter(table: str, column: str) -> Callable[[Sight, int], int]:
    return lambda sight, key: sight.rows.one(table, key)[column]


def _count(column: str, seen: Callable[[Sight, int], bool]) -> Callable[[Sight, int], int | None]:
    return lambda sight, key: sight.rows.counts[key][column] if seen(sight, key) else None


VALUES: dict[str, Callable[[Sight, int], Any]] = {
    "User.followersCount": _count("followers_count", Sight.circles),
    "User.followingCount": _count("following_count", Sight.circles),
    "User.friendsCount": _count("friends_count", Sight.circles),
    "User.postsCount": _count("posts_count", Sight.profile),
    "User.isViewer": lambda sight, key: sight.viewer == key,
    "UserList.membersCount": lambda sight, key: len(sight.rows.where("list_members", list_id=key)),
    "UserList.viewerCanEdit": lambda sight, key: sight.rows.one("user_lists", key)["user_id"] == sight.viewer,
    "Feed.isDefault": lambda sight, key: (
        sight.rows.one("custom_feeds", key)["is_default"]
        and sight.rows.one("custom_feeds", key)["user_id"] == sight.viewer
    ),
    "Feed.hasFeedUrls": lambda sight, key: (
        bool(sight.rows.where("feed_tokens", feed_id=key, purpose="reader"))
        and sight.rows.one("custom_feeds", key)["user_id"] == sight.viewer
    ),
    "Feed.viewerCanEdit": lambda sight, key: (
        sight.rows.one("custom_feeds", key)["user_id"] == sight.viewer and key < FOLLOWING_FEEDS
    ),
    "Feed.newPostsCount": Sight.new_posts,
    "Feed.isBuiltIn": lambda _, key: key > FOLLOWING_FEEDS,
    "Feed.forksCount": lambda sight, key: len(sight.rows.where("custom_feeds", forked_from_id=key)),
    "User.viewerFollows": lambda sight, key: (sight.viewer, key) in sight.rows.follows,
    "User.followsViewer": lambda sight, key: (key, sight.viewer) in sight.rows.follows,
    "User.isFriend": lambda sight, key: {(sight.viewer, key), (key, sight.viewer)} <= sight.rows.follows,
    "Post.viewerCanEdit": lambda sight, key: sight.rows.one("posts", key)["user_id"] == sight.viewer,
    "Post.viewerHasLiked": _interacted("like"),
    "Post.viewerHasBookmarked": _interacted("bookmark"),
    "Post.viewerHasReposted": _interacted("repost"),
    "Post.viewerHasSeen": _interacted("seen"),
    "Post.likesCount": _counter("posts", "likes_count"),
    "Post.commentsCount": _counter("posts", "comments_count"),
    "Post.repostsCount": _counter("posts", "reposts_count"),
    "Comment.likesCount": _counter("comments", "likes_count"),
    "Comment.repliesCount": _counter("comments", "replies_count"),
    "Comment.viewerHasLiked": lambda sight, key: ("User", sight.viewer) in sight.comment_likers(key),
    "Comment.viewerCanEdit": Sight.edits,
    "Comment.viewerCanDelete": Sight.deletes,
    "Comment.isDeleted": lambda sight, key: sight.rows.one("comments", key)["deleted_at"] is not None,
    "Message.viewerCanEdit": lambda sight, key: (
        sight.retracts(key) and sight.rows.one("messages", key)["created_at"] > datetime.now(UTC) - timedelta(days=1)
    ),
    "Message.viewerCanDelete": Sight.retracts,
    "Message.isDeleted": lambda sight, key: sight.rows.one("messages", key)["deleted_at"] is not None,
    "Conversation.unreadCount": Sight.unread,
    "Conversation.viewerIsAdmin": Sight.administers,
    "Conversation.viewerCanSend": Sight.sends,
    "Viewer.pendingEmail": lambda sight, _key: sight.viewer and f"new{sight.viewer}@example.org",
    "Viewer.deletesAt": lambda _sight, _key: None,
    "Viewer.followRequestCount": lambda sight, _key: len(sight.follow_requests("target_id")),
    "Tag.postsCount": no_row,
    "Viewer.unreadNotificationCount": lambda sight, _key: len(sight.notifications("null", unread_only=True)),
}

_SECTION = {"title", "description", "isVisible", "type"}

# Fields without words that belong to whoever sees the object: numbers, times, names of kinds.
PLAIN: dict[str, set[str]] = {
    "User": {"createdAt"},
    "Profile": {"age", "visibility", "version"},
    "ProfileVersion": {"number", "isCurrent", "createdAt"},
    "ProfileBackground": {"type", "position"},
    "ProfileMusic": {"autoplay", "volume", "loop"},
    "ProfileFonts": {"heading", "body"},
    "ProfileColors": {"text", "background", "accent", "link"},
    "ProfileSizes": {"text", "heading", "radius"},
    "ProfileLayout": {"columns", "width", "spacing", "header"},
    "ContrastWarning": {"foreground", "background", "ratio", "required", "message"},
    "Post": {
        "viewsCount",
        "url",
        "createdAt",
        "publishedAt",
        "editedAt",
        "scheduledFor",
        "deletedAt",
        "isLanguageDetected",
        "type",
        "status",
        "visibility",
    },
    "PostRevision": {"replacedAt"},
    "Comment": {"depth", "createdAt", "editedAt"},
    "Repost": {"createdAt"},
    "Media": {"width", "height", "createdAt", "type", "sizeBytes", "durationSeconds"},
    "SectionContent": {"type"},
    "Feed": {"createdAt", "updatedAt", "sort", "rulesVersion", "sharing"},
    "FeedMarker": {"cursor", "setAt"},
    "FeedRules": {"join", "sort", "scope", "maxPerAuthorPerDay", "unseenOnly"},
    "ScoreWeights": {"like", "comment", "repost", "halfLifeHours"},
    "FeedGroup": {"match"},
    "FeedFilter": {"kind", "hasMedia", "hasLink", "withAltText"},
    "FeedNotice": {"code", "severity", "path"},
    "FeedTemplate": {"key", "name", "description"},
    "ProfileTemplate": {"key", "name", "description", "sectionTypes"},
    "TextFilter": {"wholeWord", "in"},
    "LanguageFilter": {"orUnknown"},
    "PostTypeFilter": {"types", "groups"},
    "AuthorFilter": {"relation"},
    "TimeSpan": {"amount", "unit"},
    "TimeRange": {"since", "until"},
    "EngagementFilter": {"metric", "atLeast", "atMost"},
    "Message": {"createdAt", "editedAt"},
    "ConversationMember": {"role", "joinedAt"},
    "Conversation": {"isMuted", "lastMessageAt", "createdAt", "kind"},
    "Notification": {"isRead", "readAt", "createdAt", "type"},
    "Viewer": {"emailVerified", "status"},
    "Session": {"createdAt", "lastUsedAt", "expiresAt", "isCurrent"},
    "AccountSettings": {
        *("emailFollows", "emailLikes", "emailComments", "emailReposts", "emailMentions", "emailMessages"),
        "emailFriendRequests",
    },
    "Privacy": {"profileVisibility", "allowMessagesFrom", "showFollowers", "discoverableInFeeds"},
    "Storage": {
        *("used", "quota", "reserved", "images", "videos", "audio", "other", "available", "percentage", "warningLevel")
    },
    "BlockedUser": {"blockedAt"},
    "FollowRequest": {"createdAt"},
    "UserList": {"isPublic", "createdAt", "updatedAt"},
    "MuteWord": {"wholeWord", "exceptFollowed", "until", "createdAt"},
    "Upload": {"status", "expiresAt", "createdAt", "sizeBytes", "failureCode"},
    "UploadLimit": {"type", "maxBytes"},
    "RateLimit": {"limit", "cost", "remaining", "resetAt"},
    "StaticTextSection": {"alignment"},
    "StaticImageSection": {"fit"},
    "LinksSection": {"shape"},
    "VideoSection": {"autoplay", "muted", "loop"},
    "GallerySection": {"columns", "limit"},
    "FeedSection": {"limit"},
    "RepostsSection": {"limit", "showComments"},
    **{f"{name}Section": {"limit", "shape"} for name in ("Friends", "Followers", "Following", "List")},
}
for _name in SECTIONS.values():
    PLAIN[_name] = PLAIN[_name] | (_SECTION - {"title", "description"})

# Parts of an object, which have no place of their own.
PARTS = {
    "ConversationMember",
    *("ProfileBackground", "ProfileMusic", "ProfileStyle", "ProfileFonts", "ProfileColors", "ProfileSizes"),
    *(
        "ProfileLayout",
        "ContrastWarning",
        "RateLimit",
        "UploadHeader",
        "UploadLimit",
        "FeedRules",
        "FeedGroup",
        "FeedFilter",
        "PostTypeFilter",
        "AuthorFilter",
    ),
    *(
        "FeedMarker",
        "FeedNotice",
        "FeedTemplate",
        "ProfileTemplate",
        "ScoreWeights",
        "TimeSpan",
        "TimeRange",
        "EngagementFilter",
        "TextFilter",
        "LanguageFilter",
    ),
}


def words(sight: Sight, thing: Thing) -> list[str]:
    """The texts that an object itself shows, as far as the viewer sees them."""
    kind, key = thing
    rows = sight.rows
    if kind == "Profile":
        return _profile(sight, key)
    if kind == "ProfileVersion":
        row = rows.one("profile_versions", key)
        return [row["background_config"]["value"], row["music_config"]["url"]]
    if kind == "Feed":
        return _feed(sight, key)
    if kind in {"Comment", "Message"}:
        row = rows.one(f"{kind.lower()}s", key)
        return [] if row["deleted_at"] is not None else [row["content"], *filter(None, [row.get("content_html")])]
    if kind == "Conversation":
        members = [rows.one("users", person)["username"] for _, person in sight.participants(key)]
        return [str(rows.one("conversations", key)["title"]), *members]
    table, columns = {
        **dict.fromkeys(("User", "BlockedUser"), ("users", ("username",))),
        "Viewer": ("users", ("username", "email")),
        **dict.fromkeys(("AccountSettings", "Privacy", "Storage"), ("users", ())),
        "Post": ("posts", ("title", "content", "content_html", "tags", "thumbnail_url")),
        "PostRevision": ("post_revisions", ("title", "content", "tags")),
        "FollowRequest": ("follow_requests", ()),
        "UserList": ("user_lists", ("name", "description")),
        "MuteWord": ("mute_words", ("word",)),
        "Upload": ("pending_uploads", ("object_key", "mime_type")),
        "Repost": ("reposts", ("comment",)),
        "Media": ("post_media", ("file_url", "thumbnail_url", "placeholder", "alt_text")),
        "Session": ("sessions", ("user_agent",)),
        "SectionContent": ("section_content", ("title", "content", "url")),
        "Notification": ("notifications", ("title", "content", "action_url")),
    }.get(kind, ("profile_sections", ("title", "description")))
    return [str(rows.one(table, key)[column]) for column in columns]


def _feed(sight: Sight, key: int) -> list[str]:
    """Its own texts and those of its document; of the feeds that its rules name, the same; the post of its marker."""
    others = [one.feed_id for one in sight.rules(key).other_feeds if sight.feed(one.feed_id)]
    owners = [sight.rows.one("custom_feeds", one)["user_id"] for one in others]
    texts = [text for one in (key, *others) for text in _texts_of_feed(sight, one)]
    texts += [sight.rows.one("users", owner)["username"] for owner in owners if sight.sees(("User", owner))]
    marker = sight.marker(key)
    marked = [] if marker is None or not sight.post(marker["post_id"]) else words(sight, ("Post", marker["post_id"]))
    return [*texts, *marked]


def _texts_of_feed(sight: Sight, key: int) -> list[str]:
    """Its own texts, and in its document the names of those people and lists of its rules that the viewer sees."""
    row, rows = sight.rows.one("custom_feeds", key), sight.rows
    people, lists = list[int](), list[int]()
    for group in sight.rules(key).groups:
        for one in group.filters:
            if isinstance(one, AuthorFilter):
                people += one.users
                lists += [] if one.list_id is None else [one.list_id]
    seen = [found for found in rows["user_lists"] if found["id"] in lists and sight.sees(("UserList", found["id"]))]
    people += [found["user_id"] for found in seen]
    names = [rows.one("users", person)["username"] for person in people if sight.sees(("User", person))]
    return [row["name"], row["description"], *(found["name"] for found in seen), *names]


def _profile(sight: Sight, key: int) -> list[str]:
    row = sight.rows.profiles[key]
    found = [str(row[name]) for name in ("display_name", "bio", "location", "website")]
    found += [row["music_config"]["url"], *words(sight, ("Media", row["background_config"]["media_id"]))]
    found.append(sight.rows.one("users", key)["username"])  # in the address of its stylesheet
    return [*found, sight.rows.one("post_media", row["avatar_media_id"])["thumbnail_url"]]
