"""The enums of the schema: those of the database and its documents, described for API users.

Clients see the name of a value, the database stores the value.
"""

from enum import StrEnum

from api.gql.described import described
from db.documents.background import BackgroundPosition, BackgroundType
from db.documents.layout import LayoutHeader, LayoutSpacing, LayoutWidth
from db.documents.section_config import ImageFit, TextAlignment
from db.documents.style import FontFamily
from db.enums import (
    ConversationKind,
    FeedSharing,
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


class NewPostStatus(StrEnum):
    DRAFT = "draft"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"


class SectionShape(StrEnum):
    """One for all sections, though each kind takes only some: a field that types share has one type in all of them."""

    BUTTONS = "buttons"
    CARDS = "cards"
    GRID = "grid"
    LIST = "list"


class ProfileTarget(StrEnum):
    PUBLISHED = "published"
    DRAFT = "draft"


class ProfileTemplateKey(StrEnum):
    MUSICIAN = "musician"
    RESTAURANT = "restaurant"
    PORTFOLIO = "portfolio"
    BUSINESS = "business"


class TimeOrder(StrEnum):
    """Of lists that may be read from both ends."""

    NEWEST = "newest"
    OLDEST = "oldest"


class ThumbnailSize(StrEnum):
    """The longer side, see api/media/thumbnails.py."""

    SMALL = "160"
    MEDIUM = "480"
    LARGE = "1280"


class UploadStatus(StrEnum):
    PENDING = "reserved"
    PROCESSING = "completing"
    READY = "ready"
    FAILED = "failed"
    EXPIRED = "expired"


described(
    ThumbnailSize,
    "The longer side of a small picture. What is smaller itself is not enlarged.",
    SMALL="160 pixels.",
    MEDIUM="480 pixels.",
    LARGE="1,280 pixels.",
)
described(
    UploadStatus,
    "How far an upload is.",
    PENDING="Its bytes are awaited, and then `completeUpload`.",
    PROCESSING="It is being made into a file. If that lasts for minutes, complete it again.",
    READY="The file is there.",
    FAILED="The file was refused; its bytes are free. `failureCode` says why.",
    EXPIRED="Its time is over, and its bytes are about to be free.",
)
described(
    FeedSharing,
    "Who besides its owner can open a feed.",
    PRIVATE="Nobody.",
    LINK="Everybody who has a link to it.",
    PUBLIC="Everybody; it is listed on the owner's profile.",
)
described(
    TimeOrder,
    "An order by time.",
    NEWEST="The newest first.",
    OLDEST="The oldest first.",
)
described(
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
described(
    PostStatus,
    "Where a post stands on its way to the public.",
    DRAFT="Written, not published.",
    SCHEDULED="To be published at a set time.",
    PUBLISHED="Published.",
    DELETED="Deleted. Its author can restore it for 30 days; nobody else sees it.",
)
described(
    NewPostStatus,
    "What to do with a new post.",
    DRAFT="Keep it as a draft.",
    SCHEDULED="Publish it at `scheduledFor`.",
    PUBLISHED="Publish it now.",
)
described(
    Visibility,
    "Who may see a post or a profile. A post is seen under the stricter of its own and its "
    "author's profile visibility.",
    PUBLIC="Everyone.",
    FOLLOWERS="The owner and those who follow the owner.",
    PRIVATE="The owner alone.",
)
described(
    MediaType,
    "What kind a file is.",
    IMAGE="A picture.",
    GIF="An animated picture.",
    VIDEO="A video.",
    AUDIO="A sound file.",
    DOCUMENT="Any other file.",
)
described(
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
described(
    SectionContentType,
    "What a piece of a section is.",
    TEXT="A text.",
    LINK="A link.",
    IMAGE="A picture.",
    EMBED="Something embedded from another site.",
)
described(
    BackgroundType,
    "What a background is.",
    COLOR="One colour.",
    IMAGE="A picture.",
    VIDEO="A video.",
)
described(
    ConversationKind,
    "How many people a conversation is meant for.",
    DIRECT="Two people; each pair has one.",
    GROUP="A group with a title.",
)
described(
    MessageAudience,
    "Who may write to a person directly.",
    EVERYONE="Everyone.",
    FOLLOWERS="People who follow the person.",
    FRIENDS="The person's friends.",
    NOBODY="Nobody.",
)
described(
    NotificationType,
    "What happened.",
    FOLLOW="Somebody follows the viewer.",
    LIKE="Somebody likes a post of the viewer, or a comment of theirs.",
    COMMENT="Somebody commented on a post of the viewer, or replied to a comment of theirs.",
    REPOST="Somebody reposted a post of the viewer.",
    MENTION="Somebody mentioned the viewer in a post or a comment.",
    MESSAGE="Somebody wrote to the viewer.",
    FRIEND_REQUEST="Somebody the viewer follows follows back: they are friends now.",
    SYSTEM="A word from VRSS itself, for example that the storage is nearly full.",
)
described(
    BackgroundPosition,
    "Which part of a background stays visible in a smaller window.",
    CENTER="The centre.",
    TOP="The top.",
    BOTTOM="The bottom.",
    LEFT="The left side.",
    RIGHT="The right side.",
)
described(
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
described(
    LayoutWidth,
    "How wide a profile is.",
    NARROW="One column of text.",
    MEDIUM="Between narrow and wide.",
    WIDE="The whole window.",
)
described(
    LayoutSpacing,
    "How far sections stand apart.",
    COMPACT="Close together.",
    COMFORTABLE="At the usual distance.",
    SPACIOUS="Far apart.",
)
described(
    LayoutHeader,
    "What a profile begins with.",
    BANNER="A large banner.",
    COMPACT="A small header.",
    HIDDEN="Nothing.",
)
described(
    SectionShape,
    "How a section lays out its elements. Links take BUTTONS, CARDS or LIST, people GRID or LIST.",
    BUTTONS="As buttons. For links.",
    CARDS="As cards. For links.",
    GRID="Pictures in a grid. For people.",
    LIST="One below the other. For people and links.",
)
described(
    ProfileTemplateKey,
    "The templates of profiles.",
    MUSICIAN="For musicians: videos, where to listen, dates, pictures.",
    RESTAURANT="For restaurants: pictures, the menu, opening hours, how to book.",
    PORTFOLIO="For portfolios: a large gallery, a few words, links.",
    BUSINESS="For businesses: what they do, links, what others say, who follows them.",
)
described(
    ProfileTarget,
    "Which profile a change applies to.",
    PUBLISHED="What others see, at once.",
    DRAFT="The draft, which begins as a copy of what is published when there is none.",
)
described(
    TextAlignment,
    "How a text is set.",
    LEFT="From the left.",
    CENTER="In the middle.",
)
described(
    ImageFit,
    "How a picture fills its place.",
    COVER="It fills the place; its edges may be cut off.",
    CONTAIN="It is shown whole; the place may show around it.",
)

described(
    UserStatus,
    "What an account can do.",
    ACTIVE="Everything that an account can.",
    SUSPENDED="Nothing but export and deletion: the service has suspended the account.",
    DELETED="Nothing but export and return: the owner has deleted the account, and 30 days later it is "
    "deleted for good.",
)
