"""What a post was before its author changed it."""

from collections.abc import Sequence
from datetime import datetime

import strawberry

from api.context import Info
from api.execution.columns import presents, relation
from api.gql.node import Node, node_id
from api.gql.visibility import seen
from api.types.media import Media
from db.queries.media import MediaRow
from db.queries.post_revisions import RevisionRow


@strawberry.type(description="A post as it was before an edit. For its author only; the latest 50 are kept.")
class PostRevision(Node):
    id: strawberry.ID = node_id("PostRevision")
    title: str | None = strawberry.field(description="The title it had; null when it had none.")
    content: str | None = strawberry.field(description="The text it had; null when it had none.")
    tags: list[str] = strawberry.field(description="The tags it had.")
    replaced_at: datetime = strawberry.field(description="When the edit replaced this version.")

    @relation(graphql_type=list[Media], description="The files it had, without those deleted since.")
    @staticmethod
    async def media(revisions: Sequence[RevisionRow], info: Info) -> Sequence[list[MediaRow]]:
        found = iter(await info.context.loaders.media_by_id.column([one for r in revisions for one in r.media_ids]))
        return [seen([next(found) for _ in r.media_ids]) for r in revisions]

    is_type_of = presents(RevisionRow)
