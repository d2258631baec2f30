"""The finite vocabularies of the database that Python code names: one class for each such enum type."""

from enum import StrEnum


class PostType(StrEnum):
    TEXT_SHORT = "text_short"
    TEXT_LONG = "text_long"
    IMAGE = "image"
    IMAGE_GALLERY = "image_gallery"
    VIDEO_SHORT = "video_short"
    VIDEO_LONG = "video_long"
    SONG = "song"
    ALBUM = "album"
    GIF = "gif"


class MediaType(StrEnum):
    IMAGE = "image"
    GIF = "gif"
    VIDEO = "video"
    AUDIO = "audio"
    DOCUMENT = "document"


class SectionType(StrEnum):
    FEED = "feed"
    GALLERY = "gallery"
    LINKS = "links"
    STATIC_TEXT = "static_text"
    STATIC_IMAGE = "static_image"
    VIDEO = "video"
    REPOSTS = "reposts"
    FRIENDS = "friends"
    FOLLOWERS = "followers"
    FOLLOWING = "following"
    LIST = "list"


class FeedSharing(StrEnum):
    PRIVATE = "private"
    LINK = "link"
    PUBLIC = "public"


class PostStatus(StrEnum):
    DRAFT = "draft"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    DELETED = "deleted"


class Visibility(StrEnum):
    PUBLIC = "public"
    FOLLOWERS = "followers"
    PRIVATE = "private"


class MessageAudience(StrEnum):
    EVERYONE = "everyone"
    FOLLOWERS = "followers"
    FRIENDS = "friends"
    NOBODY = "nobody"


class UserStatus(StrEnum):
    ACTIVE = "active"
    SUSPENDED = "suspended"
    DELETED = "deleted"


class SectionContentType(StrEnum):
    TEXT = "text"
    LINK = "link"
    IMAGE = "image"
    EMBED = "embed"


class ConversationKind(StrEnum):
    DIRECT = "direct"
    GROUP = "group"


class NotificationType(StrEnum):
    FOLLOW = "follow"
    LIKE = "like"
    COMMENT = "comment"
    REPOST = "repost"
    MENTION = "mention"
    MESSAGE = "message"
    FRIEND_REQUEST = "friend_request"
    SYSTEM = "system"
