"""The enums of what weakens a feed, described for API users."""

from api.gql.described import described
from db.feeds.notices import NoticeCode as FeedNoticeCode
from db.feeds.notices import NoticeSeverity as FeedNoticeSeverity

described(
    FeedNoticeCode,
    "What weakens a feed. New codes may be added: show the message of an unknown one.",
    graphql_name="FeedNoticeCode",
    NEVER_MATCHES="No post can ever match.",
    CONTRADICTION="Filters exclude each other.",
    REDUNDANT="The filter changes nothing, since the same one stands before it.",
    ONLY_EXCLUDES="The filters only leave posts out: the feed contains all others.",
    AUTHOR_GONE="A person named in the filter is gone, or the viewer may not see their posts; the filter works without "
    "them.",
    LIST_GONE="The list is gone, empty or not visible.",
    FEED_GONE="The other feed is gone, or the viewer may not open it; no post satisfies the filter.",
    FEED_NESTED="The other feed has itself a filter on a feed; no post satisfies the filter.",
    TAG_UNUSED="No public post has this tag.",
    DROPS_ALMOST_ALL="None of the latest posts is left, and this filter alone drops nearly all. In previews only.",
    TOO_MANY_FILTERS="There are more than 10 filters.",
    COSTLY="The rules are slow and may be stopped.",
)
described(
    FeedNoticeSeverity,
    "How bad a notice is.",
    graphql_name="FeedNoticeSeverity",
    INFO="Good to know.",
    WARNING="The feed contains less than its owner may expect, or is slow.",
    SERIOUS="The feed contains nothing.",
)
