"""What each field of the schema must answer, by its name. A field that is not here has no meaning yet, and fails.

EDGES lead to objects: for the key of an object, one thing, None or a list in its order. VALUES depend on who looks.
PLAIN fields are seen by whoever sees their object, PARTS belong to it, and `words` are its texts.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

from db.documents.feed_filters import AuthorFilter
from db.queries.feeds import FOLLOWING_FEEDS
from tests.visibility.oracle import SECTIONS, Sight, Thing

Edge: TypeAlias = Callable[[Sight, int], Thing | list[Thing] | None]


def _if(sight: Sight, kind: str, key: int | None) -> Thing | None:
    return (kind, key) if key is not None and sight.sees((kind, key)) else None


def _column(table: str, column: str, kind: str) -> Edge:
    return lambda sight, key: _if(sight, kind, sight.rows.one(table, key)[column])


def _of_owner(method: Callable[[Sight, int], list[Thing]]) -> Edge:
    return lambda sight, key: method(sight, sight.rows.one("profile_sections", key)["user_id"])


def _author_of_comment(sight: Sight, key: int) -> Thing | None:
    comment = sight.rows.one("comments", key)
    return None if comment["deleted_at"] is not None else _if(sight, "User", comment["user_id"])


def _media(sight: Sight, key: int) -> list[Thing]:
    return [("Media", row["id"]) for row in sight.rows.where("post_media", post_id=key)]


def _section_feed(sight: Sight, key: int) -> list[Thing]:
    section = sight.rows.one("profile_sections", key)
    return sight.feed_posts(section["config"]["feed_id"], section["user_id"])


def _feed_of_section(sight: Sight, key: int) -> Thing | None:
    return _if(sight, "Feed", sight.rows.one("profile_sections", key)["config"]["feed_id"])


def _list_of_section(sight: Sight, key: int) -> Thing | None:
    return _if(sight, "UserList", sight.rows.one("profile_sections", key)["config"]["list_id"])


def _reply_to(sight: Sight, key: int) -> Thing | None:
    found = sight.rows.where("message_replies", message_id=key)
    return _if(sight, "Message", found[0]["reply_to_id"]) if found else None


def _last_message(sight: Sight, key: int) -> Thing | None:
    return next(iter(sight.messages(key)), None)


def _feeds(sight: Sight, _key: int) -> list[Thing]:
    found = sorted(sight.rows.where("custom_feeds", user_id=sight.viewer), key=lambda row: row["display_order"])
    return [("Feed", row["id"]) for row in found]


def _default_feed(sight: Sight, _key: int) -> Thing:
    (found,) = sight.rows.where("custom_feeds", user_id=sight.viewer, is_default=True)
    return ("Feed", found["id"])


def _public_feeds(sight: Sight, key: int) -> list[Thing]:
    found = sorted(
        sight.rows.where("custom_feeds", user_id=key, sharing="public"), key=lambda row: row["display_order"]
    )
    return [("Feed", row["id"]) for row in found if sight.feed(row["id"])]


def _content(sight: Sight, key: int) -> list[Thing]:
    found = sorted(sight.rows.where("section_content", section_id=key), key=lambda row: row["display_order"])
    return [("SectionContent", row["id"]) for row in found]


def _version_sections(sight: Sight, key: int) -> list[Thing]:
    found = sight.rows.where("profile_sections", version_id=key)
    return [(SECTIONS[row["type"]], row["id"]) for row in found]


def _no_row(_sight: Sight, key: int) -> list[Thing]:
    raise LookupError(key)


EDGES: dict[str, Edge] = {
    "User.profile": lambda sight, key: _if(sight, "Profile", key),
    "Profile.user": lambda sight, key: _if(sight, "User", key),
    **{f"{name}Section.content": _content for name in ("StaticText", "StaticImage", "Links", "Video")},
    "Viewer.storage": lambda sight, key: _if(sight, "Storage", key),
    "Viewer.privacy": lambda sight, key: _if(sight, "Privacy", key),
    "Viewer.settings": lambda sight, key: _if(sight, "AccountSettings", key),
    "User.sections": Sight.sections_of,
    "User.posts": Sight.posts_of,
    "User.reposts": Sight.reposts,
    "User.followers": Sight.followers,
    "User.following": Sight.following,
    "User.friends": Sight.friends,
    "User.knownFollowers": Sight.known_followers,
    "User.mutualFriends": Sight.mutual_friends,
    "User.viewerLists": Sight.lists_with,
    "User.lists": Sight.lists,
    "Viewer.lists": Sight.lists,
    "Viewer.uploads": lambda sight, _key: sight.uploads(),
    "Upload.media": lambda _sight, _key: None,
    "Viewer.muteWords": lambda sight, _key: sight.mute_words(),
    "UserList.owner": _column("user_lists", "user_id", "User"),
    "UserList.members": Sight.members,
    "User.viewerFollowRequest": lambda sight, key: sight.request_between(sight.viewer, key),
    "User.followRequestToViewer": lambda sight, key: sight.request_between(key, sight.viewer),
    "FollowRequest.requester": _column("follow_requests", "requester_id", "User"),
    "FollowRequest.target": _column("follow_requests", "target_id", "User"),
    "Viewer.followRequests": lambda sight, _key: sight.follow_requests("target_id"),
    "Viewer.friendRequests": lambda sight, _key: sight.friend_requests(),
    "Viewer.suggestions": lambda sight, _key: sight.suggestions(),
    "Viewer.sentFollowRequests": lambda sight, _key: sight.follow_requests("requester_id"),
    "Post.author": _column("posts", "user_id", "User"),
    "Post.media": _media,
    "Post.mentions": lambda sight, key: sight.users(
        sorted(sight.rows.where("post_mentions", post_id=key), key=lambda row: row["position"]), "user_id"
    ),
    "Post.revisions": lambda sight, key: sight.revisions(key),
    "PostRevision.media": lambda sight, key: [
        ("Media", one) for one in sight.rows.one("post_revisions", key)["media_ids"] if sight.media(one)
    ],
    "Post.comments(order: NEWEST)": lambda sight, key: sight.comments(post_id=key, parent_comment_id=None),
    "Post.comments(order: OLDEST)": lambda sight, key: sight.comments(post_id=key, parent_comment_id=None)[::-1],
    "Post.likers": Sight.likers,
    "Post.reposters": lambda sight, key: [("User", row["user_id"]) for row in sight.reposts_on(key)],
    "Post.reposts": lambda sight, key: [("Repost", row["id"]) for row in sight.reposts_on(key)],
    "Post.viewerRepost": Sight.own_repost,
    "Repost.user": _column("reposts", "user_id", "User"),
    "Repost.post": _column("reposts", "post_id", "Post"),
    "Comment.author": _author_of_comment,
    "Comment.post": _column("comments", "post_id", "Post"),
    "Comment.parent": _column("comments", "parent_comment_id", "Comment"),
    "Comment.replies(order: NEWEST)": lambda sight, key: sight.comments(parent_comment_id=key),
    "Comment.replies(order: OLDEST)": lambda sight, key: sight.comments(parent_comment_id=key)[::-1],
    "Comment.ancestors(limit: 1)": lambda sight, key: sight.ancestors(key, 1),
    "Comment.ancestors(limit: 50)": lambda sight, key: sight.ancestors(key, 50),
    "Comment.likers": Sight.comment_likers,
    "GallerySection.media": _of_owner(Sight.pictures),
    "FeedSection.posts": _section_feed,
    "FeedSection.feed": _feed_of_section,
    "RepostsSection.posts": _of_owner(Sight.reposts),
    "FriendsSection.users": _of_owner(Sight.friends),
    "FollowersSection.users": _of_owner(Sight.followers),
    "FollowingSection.users": _of_owner(Sight.following),
    "ListSection.users": lambda sight, key: sight.listed(sight.rows.one("profile_sections", key)),
    "ListSection.list": _list_of_section,
    "User.feeds": _public_feeds,
    "Feed.owner": _column("custom_feeds", "user_id", "User"),
    "Feed.forkedFrom": _column("custom_feeds", "forked_from_id", "Feed"),
    "FeedMarker.post": _no_row,  # among the words of its feed
    "FeedFilter.feed": _no_row,  # the same
    "Feed.posts": lambda sight, key: sight.feed_posts(key, sight.viewer, with_pinned=False),
    "Feed.pinnedPosts": Sight.pinned_posts,
    "Message.sender": _column("messages", "sender_id", "User"),
    "Message.replyTo": _reply_to,
    "Message.conversation": _column("messages", "conversation_id", "Conversation"),
    "Conversation.participants": Sight.participants,
    "ConversationMember.user": _no_row,  # among the words of its conversation
    "Conversation.messages": Sight.messages,
    "Conversation.lastMessage": _last_message,
    "Notification.actor": _column("notifications", "actor_id", "User"),
    "Notification.post": _column("notifications", "post_id", "Post"),
    "Notification.comment": _column("notifications", "comment_id", "Comment"),
    "Notification.conversation": _column("notifications", "conversation_id", "Conversation"),
    "Viewer.user": lambda sight, key: _if(sight, "User", key),
    "Viewer.feeds": _feeds,
    "Viewer.defaultFeed": _default_feed,
    "Viewer.conversations": lambda sight, _key: sight.conversations(),
    "Viewer.notifications(unreadOnly: false)": lambda sight, _key: sight.notifications(),
    "Viewer.notifications(unreadOnly: true)": lambda sight, _key: sight.notifications(unread_only=True),
    "Viewer.profileDraft": lambda sight, _key: next(iter(sight.versions(is_draft=True)), None),
    "Viewer.profileVersions": lambda sight, _key: sight.versions(is_draft=False),
    "ProfileVersion.sections": _version_sections,
    "Viewer.blocked": lambda sight, _key: sight.blocked(),
    "Viewer.drafts": lambda sight, _key: sight.own_posts("draft", "updated_at"),
    "Viewer.scheduled": lambda sight, _key: sight.own_posts("scheduled", "scheduled_for", soonest=True),
    "Viewer.deletedPosts": lambda sight, _key: sight.own_posts("deleted", "deleted_at"),
    **{
        f"Viewer.media(type: {type_}, unattachedOnly: {only})": lambda sight, _key, type_=type_, only=only: sight.files(
            type_, unattached=only == "true"
        )
        for type_ in ("null", "IMAGE")
        for only in ("false", "true")
    },
    "Viewer.bookmarks": lambda sight, _key: sight.bookmarks(),
    "Viewer.sessions": lambda sight, _key: sight.sessions(),
    "Viewer.muted": lambda sight, _key: sight.muted(),
    # A tag is its name and no row: the matrix asks for tags by the names that posts have.
    **{f"Tag.posts(sort: {sort})": _no_row for sort in ("RECENT", "POPULAR", "ENGAGEMENT")},
}


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
    "Tag.postsCount": _no_row,
    "Viewer.unreadNotificationCount": lambda sight, _key: len(sight.notifications(unread_only=True)),
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
    found += [row["background_config"]["value"], row["music_config"]["url"]]
    found.append(sight.rows.one("users", key)["username"])  # in the address of its stylesheet
    return [*found, sight.rows.one("post_media", row["avatar_media_id"])["thumbnail_url"]]
