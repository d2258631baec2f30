"""The enums of feeds and their rules, described for API users."""

from enum import StrEnum

from api.gql.described import described
from db.documents.feed_filters import Metric as EngagementMetric
from db.documents.feed_filters import PostTypeGroup, TimeUnit
from db.documents.feed_filters import Relation as AuthorRelation
from db.documents.feed_filters import TextPlace as TextField
from db.documents.feed_rules import FeedScope, FeedSort
from db.documents.feed_rules import Join as FeedJoin
from db.documents.feed_rules import Match as FeedGroupMatch


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
    LANGUAGE = "language"
    HAS_LINK = "has_link"
    WITH_ALT_TEXT = "alt_text"
    FEED = "feed"


class FeedCheck(StrEnum):
    """What a post must pass besides the rules."""

    REACHABLE = "reachable"
    IN_SCOPE = "in_scope"
    AUTHOR_NOT_MUTED = "author_not_muted"
    NO_MUTED_WORD = "no_muted_word"
    WITHIN_AUTHOR_LIMIT = "within_author_limit"
    UNSEEN = "unseen"
    NOT_PINNED = "not_pinned"


described(
    FeedCheck,
    "What a post must pass besides the rules. More may be added.",
    REACHABLE="It is by somebody the viewer follows, or public and by somebody who allows feeds of people who do not "
    "follow them to contain it (`Privacy.discoverableInFeeds`); the viewer's own public posts always are.",
    IN_SCOPE="It is within the `scope` of the rules.",
    AUTHOR_NOT_MUTED="The viewer has not muted its author.",
    NO_MUTED_WORD="It has none of the words that the viewer mutes, or is the viewer's own.",
    WITHIN_AUTHOR_LIMIT="Fewer posts of its author's day come before it than `maxPerAuthorPerDay` lets in.",
    UNSEEN="The viewer has not seen it; always passed without `unseenOnly`.",
    NOT_PINNED="It is not pinned to the feed, which puts it above the list; always passed by rules that are not saved.",
)
described(
    FeedSort,
    "The order of a feed.",
    RECENT="The newest post first.",
    POPULAR="The post with the most likes first.",
    ENGAGEMENT="The post with the most likes, comments and reposts together first.",
    SCORE="The post with the highest score first; `FeedRules.score` has the weights.",
)
described(
    FeedScope,
    "Where a feed looks.",
    EVERYONE="At all posts that it may contain.",
    FOLLOWING="Only at posts of people the viewer follows.",
)
described(
    FeedJoin,
    "How the groups of a feed are combined.",
    graphql_name="FeedJoin",
    ALL="A post must satisfy every group. No group at all is satisfied by every post.",
    ANY="A post must satisfy at least one group. No group at all is satisfied by no post.",
)
described(
    FeedGroupMatch,
    "How the filters of a group are combined.",
    graphql_name="FeedGroupMatch",
    ALL="Every filter must hold (AND).",
    ANY="At least one filter must hold (OR).",
    NONE="No filter may hold (NOT).",
)
described(
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
    LANGUAGE="`language`.",
    HAS_LINK="`hasLink`.",
    WITH_ALT_TEXT="`withAltText`.",
    FEED="`feedId`.",
)
described(
    TextField,
    "Where to look for a text.",
    graphql_name="TextField",
    TITLE="The title of the post.",
    TEXT="Its text.",
    ALT_TEXT="The alternative texts of its files.",
    TAGS="Its tags.",
    AUTHOR="The user name and the display name of its author.",
)
described(
    PostTypeGroup,
    "Post types that belong together.",
    TEXT="TEXT_SHORT and TEXT_LONG.",
    IMAGE="IMAGE, IMAGE_GALLERY and GIF.",
    VIDEO="VIDEO_SHORT and VIDEO_LONG.",
    SONG="SONG and ALBUM.",
)
described(
    AuthorRelation,
    "Authors by their relation to the reader of the feed.",
    graphql_name="AuthorRelation",
    ME="The reader.",
    FRIENDS="The reader's friends.",
    FOLLOWING="People the reader follows.",
    FOLLOWERS="People who follow the reader.",
)
described(
    EngagementMetric,
    "What to count.",
    graphql_name="EngagementMetric",
    LIKES="Likes.",
    COMMENTS="Comments and replies.",
    REPOSTS="Reposts.",
    TOTAL="Likes, comments and reposts together.",
)
described(
    TimeUnit,
    "A unit of time of fixed length.",
    HOUR="60 minutes.",
    DAY="24 hours.",
    WEEK="7 days.",
    MONTH="30 days.",
    YEAR="365 days.",
)
