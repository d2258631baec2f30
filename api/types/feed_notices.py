"""What weakens a feed."""

import strawberry

from api.gql.feed_notice_enums import FeedNoticeCode, FeedNoticeSeverity
from api.types.feed_rules import FeedFilter


@strawberry.type(
    description="Something that weakens a feed, with the cure. It never stops the feed from working, and says the same "
    "of what does not exist as of what the viewer may not see."
)
class FeedNotice:
    code: FeedNoticeCode = strawberry.field(description="What it is, for programs.")
    severity: FeedNoticeSeverity = strawberry.field(description="How bad it is.")
    message: str = strawberry.field(description="What it is, in one English sentence.")
    cure: str = strawberry.field(description="What helps, in one English sentence.")
    path: list[str] = strawberry.field(
        description='Where in the rules it is, such as `["groups", "0", "filters", "2"]`; empty when it concerns the '
        "rules as a whole."
    )
    filter: FeedFilter | None = strawberry.field(
        description="The filter at fault; null when it concerns the rules as a whole."
    )
