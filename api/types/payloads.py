"""What the payloads of several mutations have: the viewer, and new entries of lists."""

from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol

import strawberry

from api.context import Info
from api.execution.columns import relation
from api.gql.connections import Edge
from api.gql.pagination import Keyset
from api.types.viewer import Viewer
from db.queries.sessions import SessionRow


class _Payload(Protocol):
    @property
    def user_errors(self) -> Sequence[object]: ...


def changed_viewer() -> Any:
    """The `viewer` of a payload: read after the change, null when nothing was changed."""

    @relation(graphql_type=Viewer | None, description="The signed-in account, read after the change.", loads=False)
    async def viewer(payloads: Sequence[_Payload], info: Info) -> Sequence[SessionRow | None]:
        session = await info.context.session()
        return [None if payload.user_errors else session for payload in payloads]

    return viewer


class NewEdge(NamedTuple):
    """A new entry of a list."""

    cursor: str
    node: object


def edge_of(node: Any, description: str) -> Any:
    """The field of a payload that holds a new entry of a list of these."""
    return strawberry.field(default=None, graphql_type=Edge[node] | None, description=description)


def new_edge(keyset: Keyset, row: object, node: object = None) -> NewEdge:
    """A row as a new entry of the list with this sort, or what it links to."""
    return NewEdge(keyset.cursors([row])[0], row if node is None else node)
