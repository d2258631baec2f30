"""What the caller may still ask for. The source is what the operation was charged."""

from datetime import datetime

import strawberry


@strawberry.type(
    description="What one account, or one address of those who are signed out, may ask for. An operation costs 10 "
    "points, a page 50, any other statement 20, a mutation 100, and each field of each object one: "
    "`{ homeFeed(first: 20) { nodes { id createdAt } } }` asks for 100. What was asked for and not there is given "
    "back, but for the price of pages, statements and mutations; `extensions.cost` of every answer has both."
)
class RateLimit:
    limit: int = strawberry.field(description="How many points there are, and how many come back within a minute.")
    cost: int = strawberry.field(description="How many points this operation was charged.")
    remaining: int = strawberry.field(
        description="How many points are left; with fewer than an operation costs, it is RATE_LIMITED."
    )
    reset_at: datetime = strawberry.field(description="When all points will be back, if nothing more is asked for.")
