"""What each field of the schema that leads to objects must answer, by its name.

For the key of an object, that is one thing, None or a list in its order.
"""

from collections.abc import Callable
from typing import TypeAlias

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


def no_row(_sight: Sight, key: int) -> list[Thing]:
    raise LookupError(key)


EDGES: dict[str, Edge] = {
    "User.profile": lambda sight, key: _if(sight, "Profile", key),
    "Profile.avatar": lambda sight, key: _if(sight, "Media", sight.rows.profiles[key]["avatar_media_id"]),
    "SectionContent.media": _column("section_content", "media_id", "Media"),
    **dict.fromkeys(("ProfileBackground.media", "ProfileMusic.media"), no_row),  # among the words of their profile
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
    "FeedMarker.post": no_row,  # among the words of its feed
    "FeedFilter.feed": no_row,  # the same
    "Feed.posts": lambda sight, key: sight.feed_posts(key, sight.viewer, with_pinned=False),
    "Feed.pinnedPosts": Sight.pinned_posts,
    "Message.sender": _column("messages", "sender_id", "User"),
    "Message.replyTo": _reply_to,
    "Message.conversation": _column("messages", "conversation_id", "Conversation"),
    "Conversation.participants": Sight.participants,
    "ConversationMember.user": no_row,  # among the words of its conversation
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
    **{
        f"Viewer.notifications(types: {types}, unreadOnly: {only})": lambda sight, _key, types=types, only=only: (
            sight.notifications(types, unread_only=only == "true")
        )
        for types in ("null", "[LIKE, COMMENT, MESSAGE, FOLLOW]")
        for only in ("false", "true")
    },
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
    **{f"Tag.posts(sort: {sort})": no_row for sort in ("RECENT", "POPULAR", "ENGAGEMENT")},
}
