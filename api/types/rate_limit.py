"""What the caller may still ask for. The source is what the operation was charged."""

from datetime import datetime

import strawberry


@strawberry.type(
    description="What the account, or the network address of a signed-out caller, may still ask for. Every "
    "operation has a price in points, which `extensions.cost` of each response repeats."
)
class RateLimit:
    limit: int = strawberry.field(
        description="How many points fit into the bucket, and how many flow back within one minute."
    )
    cost: int = strawberry.field(description="How many points this operation was charged.")
    remaining: int = strawberry.field(
        description="How many points are left. An operation that costs more is refused with RATE_LIMITED."
    )
    reset_at: datetime = strawberry.field(description="When the bucket is full again if nothing more is asked for.")
