"""Ready-made rules to start a feed from."""

import strawberry

from api.types.feed_rules import FeedRules


@strawberry.type(description="Ready-made rules to start from.")
class FeedTemplate:
    key: str = strawberry.field(description="A stable name, such as `catch-up`.")
    name: str = strawberry.field(description="The name, in English.")
    description: str = strawberry.field(description="What it is good for, in English.")
    rules: FeedRules = strawberry.field(
        description="The rules. They can be sent as they are read, without `kind`, `summary` and what is null."
    )
