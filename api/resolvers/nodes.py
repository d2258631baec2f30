"""Any object by its global id."""

from asyncio import gather
from typing import Annotated, Any

import strawberry

from api.context import Context, Info
from api.gql.errors import BadUserInputError
from api.gql.ids import decode_any, decode_tag
from api.gql.node import Node
from api.gql.permissions import active
from api.loaders.base import Loader
from db.queries.tags import TagRow

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
        description="Any object by its id; null when it does not exist or the viewer may not see it.",
        extensions=active(),
    )
    async def node(self, info: Info, id: NodeId) -> object:
        if tag := decode_tag(id):
            return TagRow(tag)
        type_name, key = decode_any(id)
        return await _loader(info.context, type_name).load(key)

    @strawberry.field(
        graphql_type=list[Node | None],
        description="Objects in the order of their ids, null where `node` gives null. An id that is malformed "
        "is null with an error at its place, and the others are answered.",
        extensions=active(),
    )
    async def nodes(self, info: Info, ids: NodeIds) -> list[object]:
        if len(ids) > MAX_IDS:
            raise BadUserInputError(f"Ask for at most {MAX_IDS} ids; these are {len(ids)}.")
        return await gather(*[_node(info.context, global_id) for global_id in ids])


async def _node(context: Context, global_id: str) -> object:
    """The object; or the error of an id that is none, which then is the answer for this id alone."""
    if tag := decode_tag(global_id):
        return TagRow(tag)
    try:
        type_name, key = decode_any(global_id)
        loader = _loader(context, type_name)
    except BadUserInputError as error:
        return error
    return await loader.load(key)
