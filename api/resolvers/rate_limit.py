"""What the caller may still ask for."""

import strawberry

from api.context import Info
from api.gql.permissions import active
from api.http.rate_limit import Charge
from api.types.rate_limit import RateLimit


@strawberry.type
class RateLimitQuery:
    @strawberry.field(
        graphql_type=RateLimit | None,
        description="What the caller may still ask for; null where the server does not limit.",
        extensions=active(),
    )
    @staticmethod
    def rate_limit(info: Info) -> Charge | None:
        return info.context.charge
