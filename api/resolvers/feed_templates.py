"""Ready-made rules to start a feed from."""

import strawberry

from api.gql.permissions import active
from api.types.feed_templates import FeedTemplate
from db.feeds import templates


@strawberry.type
class FeedTemplateQuery:
    @strawberry.field(
        graphql_type=list[FeedTemplate] | None,
        description="Ready-made rules to start a feed from, in a fixed order.",
        extensions=active(),
    )
    def feed_templates(self) -> list[templates.FeedTemplate]:
        return list(templates.TEMPLATES)
