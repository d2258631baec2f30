"""The enums of the schema: those of the database and its documents, described for API users.

Clients see the name of a value, the database stores the value.
"""

from enum import StrEnum
from typing import TypeVar, cast

import strawberry
from strawberry.types.enum import StrawberryEnumDefinition

from db.documents.background import BackgroundPosition, BackgroundType
from db.documents.feed_filters import Metric as EngagementMetric
from db.documents.feed_filters import PostTypeGroup, TimeUnit
from db.documents.feed_filters import Relation as AuthorRelation
from db.documents.feed_rules import FeedScope, FeedSort
from db.documents.feed_rules import Join as FeedJoin
from db.documents.feed_rules import Match as FeedGroupMatch
from db.documents.layout import LayoutHeader, LayoutSpacing, LayoutWidth
from db.documents.section_config import ImageFit, TextAlignment
from db.documents.style import FontFamily
from db.enums import (
    ConversationKind,
    MediaType,
    MessageAudience,
    NotificationType,
    PostStatus,
    PostType,
    SectionContentType,
    SectionType,
    UserStatus,
    Visibility,
)


class SectionShape(StrEnum):
    """One for all sections, though each kind takes only some: a field that types share has one type in all of them."""

    BUTTONS = "buttons"
    CARDS = "cards"
    GRID = "grid"
    LIST = "list"


class FeedFilterKind(StrEnum):
    """Which field of a filter is set."""

    POST_TYPE = "post_type"
    AUTHOR = "author"
    TAG = "tag"
    PUBLISHED_WITHIN = "published_within"
    PUBLISHED_BETWEEN = "published_between"
    ENGAGEMENT = "engagement"
    TEXT = "text"
    HAS_MEDIA = "has_media"


EnumT = TypeVar("EnumT", bound=type[StrEnum])


def _described(kind: EnumT, description: str, /, *, graphql_name: str | None = None, **values: str) -> EnumT:
    """Register an enum with a description for it and for each of its values, none left out."""
    registered = strawberry.enum(kind, name=graphql_name, description=description)
    definition = cast("StrawberryEnumDefinition", vars(registered)["__strawberry_definition__"])
    for value in definition.values:
        value.description = values.pop(value.name)
    if values:
        raise LookupError(f"{kind.__name__} has no {', '.join(values)}")
    return kind


_described(
    PostType,
    "What a post is made of.",
    TEXT_SHORT="A text of up to 500 characters. No files.",
    TEXT_LONG="A long text of up to 10,000 characters.",
    IMAGE="One picture.",
    IMAGE_GALLERY="2 to 10 pictures.",
    GIF="One animated picture.",
    VIDEO_SHORT="One video of up to 60 seconds.",
    VIDEO_LONG="One video.",
    SONG="One sound file and, optionally, one picture as its cover.",
    ALBUM="2 to 10 files: sound files in order and, optionally, one picture as the cover.",
)
_described(
    PostStatus,
    "Where a post stands on its way to the public.",
    DRAFT="Written, not published.",
    SCHEDULED="To be published at a set time.",
    PUBLISHED="Published.",
    DELETED="Deleted; nobody sees it.",
)
_described(
    Visibility,
    "Who may see a post or a profile. A post is seen under the stricter of its own and its "
    "author's profile visibility.",
    PUBLIC="Everyone.",
    FOLLOWERS="The owner and those who follow the owner.",
    PRIVATE="The owner alone.",
)
_described(
    MediaType,
    "What kind a file is.",
    IMAGE="A picture.",
    GIF="An animated picture.",
    VIDEO="A video.",
    AUDIO="A sound file.",
    DOCUMENT="Any other file.",
)
_described(
    SectionType,
    "What a section shows.",
    FEED="The posts of one of the owner's feeds.",
    GALLERY="The pictures of the owner's posts.",
    LINKS="Links.",
    STATIC_TEXT="A text.",
    STATIC_IMAGE="Pictures the owner chose.",
    VIDEO="Videos the owner chose.",
    REPOSTS="What the owner reposted.",
    FRIENDS="The owner's friends.",
    FOLLOWERS="People who follow the owner.",
    FOLLOWING="People the owner follows.",
    LIST="The members of one of the owner's lists.",
)
_described(
    SectionContentType,
    "What a piece of a section is.",
    TEXT="A text.",
    LINK="A link.",
    IMAGE="A picture.",
    EMBED="Something embedded from another site.",
)
_described(
    BackgroundType,
    "What a background is.",
    COLOR="One colour.",
    IMAGE="A picture.",
    VIDEO="A video.",
)
_described(
    ConversationKind,
    "How many people a conversation is meant for.",
    DIRECT="Two people; each pair has one.",
    GROUP="A group with a title.",
)
_described(
    MessageAudience,
    "Who may write to a person directly.",
    EVERYONE="Everyone.",
    FOLLOWERS="People who follow the person.",
    FRIENDS="The person's friends.",
    NOBODY="Nobody.",
)
_described(
    NotificationType,
    "What happened.",
    FOLLOW="Somebody follows the viewer.",
    LIKE="Somebody likes a post of the viewer.",
    COMMENT="Somebody commented on a post of the viewer, or replied to a comment of theirs.",
    REPOST="Somebody reposted a post of the viewer.",
    MENTION="Somebody mentioned the viewer.",
    MESSAGE="Somebody wrote to the viewer.",
    FRIEND_REQUEST="Somebody the viewer follows follows back: they are friends now.",
    SYSTEM="A word from VRSS itself, for example that the storage is nearly full.",
)
_described(
    BackgroundPosition,
    "Which part of a background stays visible in a smaller window.",
    CENTER="The centre.",
    TOP="The top.",
    BOTTOM="The bottom.",
    LEFT="The left side.",
    RIGHT="The right side.",
)
_described(
    FontFamily,
    "A kind of font; apps map it to one of their own.",
    SYSTEM="The font of the reader's system.",
    SANS="Without serifs.",
    SERIF="With serifs.",
    MONO="All letters of one width.",
    ROUNDED="With round ends.",
    DISPLAY="Made for large letters.",
    HANDWRITING="Like handwriting.",
)
_described(
    LayoutWidth,
    "How wide a profile is.",
    NARROW="One column of text.",
    MEDIUM="Between narrow and wide.",
    WIDE="The whole window.",
)
_described(
    LayoutSpacing,
    "How far sections stand apart.",
    COMPACT="Close together.",
    COMFORTABLE="At the usual distance.",
    SPACIOUS="Far apart.",
)
_described(
    LayoutHeader,
    "What a profile begins with.",
    BANNER="A large banner.",
    COMPACT="A small header.",
    HIDDEN="Nothing.",
)
_described(
    FeedSort,
    "The order of a feed.",
    RECENT="The newest post first.",
    POPULAR="The post with the most likes first.",
    ENGAGEMENT="The post with the most likes, comments and reposts together first.",
)
_described(
    FeedScope,
    "Where a feed looks.",
    EVERYONE="At all posts that it may contain.",
    FOLLOWING="Only at posts of people the viewer follows.",
)
_described(
    FeedJoin,
    "How the groups of a feed are combined.",
    graphql_name="FeedJoin",
    ALL="A post must satisfy every group. No group at all is satisfied by every post.",
    ANY="A post must satisfy at least one group. No group at all is satisfied by no post.",
)
_described(
    FeedGroupMatch,
    "How the filters of a group are combined.",
    graphql_name="FeedGroupMatch",
    ALL="Every filter must hold (AND).",
    ANY="At least one filter must hold (OR).",
    NONE="No filter may hold (NOT).",
)
_described(
    FeedFilterKind,
    "Which field of a filter is set.",
    POST_TYPE="`postType`.",
    AUTHOR="`author`.",
    TAG="`tag`.",
    PUBLISHED_WITHIN="`publishedWithin`.",
    PUBLISHED_BETWEEN="`publishedBetween`.",
    ENGAGEMENT="`engagement`.",
    TEXT="`text`.",
    HAS_MEDIA="`hasMedia`.",
)
_described(
    PostTypeGroup,
    "Post types that belong together.",
    TEXT="TEXT_SHORT and TEXT_LONG.",
    IMAGE="IMAGE, IMAGE_GALLERY and GIF.",
    VIDEO="VIDEO_SHORT and VIDEO_LONG.",
    SONG="SONG and ALBUM.",
)
_described(
    AuthorRelation,
    "Authors by their relation to the reader of the feed.",
    graphql_name="AuthorRelation",
    ME="The reader.",
    FRIENDS="The reader's friends.",
    FOLLOWING="People the reader follows.",
    FOLLOWERS="People who follow the reader.",
)
_described(
    EngagementMetric,
    "What to count.",
    graphql_name="EngagementMetric",
    LIKES="Likes.",
    COMMENTS="Comments and replies.",
    REPOSTS="Reposts.",
    TOTAL="Likes, comments and reposts together.",
)
_described(
    TimeUnit,
    "A unit of time of fixed length.",
    HOUR="60 minutes.",
    DAY="24 hours.",
    WEEK="7 days.",
    MONTH="30 days.",
    YEAR="365 days.",
)
_described(
    SectionShape,
    "How a section lays out its elements. Links take BUTTONS, CARDS or LIST, people GRID or LIST.",
    BUTTONS="As buttons. For links.",
    CARDS="As cards. For links.",
    GRID="Pictures in a grid. For people.",
    LIST="One below the other. For people and links.",
)
_described(
    TextAlignment,
    "How a text is set.",
    LEFT="From the left.",
    CENTER="In the middle.",
)
_described(
    ImageFit,
    "How a picture fills its place.",
    COVER="It fills the place; its edges may be cut off.",
    CONTAIN="It is shown whole; the place may show around it.",
)

_described(
    UserStatus,
    "What an account can do.",
    ACTIVE="Everything that an account can.",
    SUSPENDED="Nothing but export and deletion: the service has suspended the account.",
    DELETED="Nothing but export and return: the owner has deleted the account, and 30 days later it is "
    "deleted for good.",
)
