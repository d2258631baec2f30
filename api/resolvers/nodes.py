"""Any object by its global id."""

from asyncio import gather
from typing import Annotated, Any

import strawberry

from api.context import Context, Info
from api.gql.errors import BadUserInputError
from api.gql.ids import decode_any
from api.gql.node import Node
from api.gql.permissions import active
from api.loaders.base import Loader

MAX_IDS = 100

NodeId = Annotated[strawberry.ID, strawberry.argument(description="The global id.")]
NodeIds = Annotated[list[strawberry.ID], strawberry.argument(description=f"The global ids; at most {MAX_IDS}.")]


def _loader(context: Context, type_name: str) -> Loader[Any, Any]:
    loader = context.loaders.node(type_name)
    if loader is None:
        raise BadUserInputError("This is not the id of a node.")
    return loader


@strawberry.type
class NodeQuery:
    @strawberry.field(
        graphql_type=Node | None,
        description="An object; null when there is none or the viewer may not see it.",
        extensions=active(),
    )
    async def node(self, info: Info, id: NodeId) -> object:
        type_name, key = decode_any(id)
        return await _loader(info.context, type_name).load(key)

    @strawberry.field(
        graphql_type=list[Node | None],
        description="Objects in the order of their ids, null where `node` gives null.",
        extensions=active(),
    )
    async def nodes(self, info: Info, ids: NodeIds) -> list[object]:
        if len(ids) > MAX_IDS:
            raise BadUserInputError(f"Ask for at most {MAX_IDS} ids; these are {len(ids)}.")
        pairs = [decode_any(global_id) for global_id in ids]
        return await gather(*[_loader(info.context, type_name).load(key) for type_name, key in pairs])
