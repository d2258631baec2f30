"""The enums of the schema. A value is the word that the database stores; clients see the name."""

from enum import Enum

import strawberry


@strawberry.enum(description="What a post is made of.")
class PostType(Enum):
    TEXT_SHORT = strawberry.enum_value("text_short", description="A short text of up to 500 characters.")
    TEXT_LONG = strawberry.enum_value("text_long", description="A long text of up to 10,000 characters.")
    IMAGE = strawberry.enum_value("image", description="One picture.")
    IMAGE_GALLERY = strawberry.enum_value("image_gallery", description="Several pictures.")
    GIF = strawberry.enum_value("gif", description="An animated picture.")
    VIDEO_SHORT = strawberry.enum_value("video_short", description="A short video.")
    VIDEO_LONG = strawberry.enum_value("video_long", description="A long video.")
    SONG = strawberry.enum_value("song", description="A song.")
    ALBUM = strawberry.enum_value("album", description="Several songs.")


@strawberry.enum(description="Where a post stands on its way to the public.")
class PostStatus(Enum):
    DRAFT = strawberry.enum_value("draft", description="Written and not published; only its author sees it.")
    SCHEDULED = strawberry.enum_value(
        "scheduled", description="To be published at a set time; only its author sees it."
    )
    PUBLISHED = strawberry.enum_value("published", description="Published.")
    DELETED = strawberry.enum_value("deleted", description="Deleted, and for 30 days to be restored by its author.")


@strawberry.enum(
    description="Who may see a post or a profile. A post is seen under the stricter of its own and its author's profile."
)
class Visibility(Enum):
    PUBLIC = strawberry.enum_value("public", description="Everyone.")
    FOLLOWERS = strawberry.enum_value("followers", description="The owner and those who follow the owner.")
    PRIVATE = strawberry.enum_value("private", description="The owner alone.")


@strawberry.enum(description="What a media file is.")
class MediaType(Enum):
    IMAGE = strawberry.enum_value("image", description="A picture.")
    GIF = strawberry.enum_value("gif", description="An animated picture.")
    VIDEO = strawberry.enum_value("video", description="A video.")
    AUDIO = strawberry.enum_value("audio", description="A sound file.")
    DOCUMENT = strawberry.enum_value("document", description="Any other file.")


@strawberry.enum(description="What a section of a profile shows.")
class SectionType(Enum):
    FEED = strawberry.enum_value("feed", description="The posts of one of the owner's feeds.")
    GALLERY = strawberry.enum_value("gallery", description="The pictures of the owner's posts.")
    LINKS = strawberry.enum_value("links", description="Links that the owner chose.")
    STATIC_TEXT = strawberry.enum_value("static_text", description="A text.")
    STATIC_IMAGE = strawberry.enum_value("static_image", description="Pictures that the owner chose.")
    VIDEO = strawberry.enum_value("video", description="Videos that the owner chose.")
    REPOSTS = strawberry.enum_value("reposts", description="What the owner reposted.")
    FRIENDS = strawberry.enum_value("friends", description="The owner's friends.")
    FOLLOWERS = strawberry.enum_value("followers", description="Those who follow the owner.")
    FOLLOWING = strawberry.enum_value("following", description="Those whom the owner follows.")
    LIST = strawberry.enum_value("list", description="The members of one of the owner's lists.")


@strawberry.enum(description="What a piece of a section is.")
class SectionContentType(Enum):
    TEXT = strawberry.enum_value("text", description="A text.")
    LINK = strawberry.enum_value("link", description="A link.")
    IMAGE = strawberry.enum_value("image", description="A picture.")
    EMBED = strawberry.enum_value("embed", description="Something shown from another site.")


@strawberry.enum(description="What the background of a profile is.")
class BackgroundType(Enum):
    COLOR = strawberry.enum_value("color", description="One colour.")
    IMAGE = strawberry.enum_value("image", description="A picture.")
    VIDEO = strawberry.enum_value("video", description="A video.")


@strawberry.enum(description="How many people a conversation is meant for.")
class ConversationKind(Enum):
    DIRECT = strawberry.enum_value("direct", description="Two people; each pair has one such conversation.")
    GROUP = strawberry.enum_value("group", description="A group with a title.")


@strawberry.enum(description="What a notification tells of.")
class NotificationType(Enum):
    FOLLOW = strawberry.enum_value("follow", description="Somebody follows the viewer.")
    LIKE = strawberry.enum_value("like", description="Somebody likes a post of the viewer.")
    COMMENT = strawberry.enum_value(
        "comment", description="Somebody commented on a post, or replied to a comment, of the viewer."
    )
    REPOST = strawberry.enum_value("repost", description="Somebody reposted a post of the viewer.")
    MENTION = strawberry.enum_value("mention", description="Somebody mentioned the viewer.")
    MESSAGE = strawberry.enum_value("message", description="Somebody wrote to the viewer.")
    FRIEND_REQUEST = strawberry.enum_value("friend_request", description="The viewer and somebody are friends now.")
    SYSTEM = strawberry.enum_value("system", description="A word from VRSS itself, on storage for one.")


@strawberry.enum(description="Where an account stands.")
class AccountStatus(Enum):
    ACTIVE = strawberry.enum_value("active", description="In use.")
    SUSPENDED = strawberry.enum_value("suspended", description="Suspended by an operator.")
    DELETED = strawberry.enum_value("deleted", description="Deleted.")
