"""What the payloads of several mutations have: the viewer, and new entries of lists."""

from collections.abc import Awaitable, Sequence
from typing import Any, NamedTuple, Protocol

import strawberry

from api.context import Info
from api.execution.columns import relation
from api.gql.connections import Edge
from api.gql.pagination import Keyset
from api.types.users import User
from api.types.viewer import Viewer
from db.queries.sessions import SessionRow
from db.queries.users import UserRow


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


def changed_author() -> Any:
    """The `user` of a payload: the signed-in user as the author of what was changed, null when nothing was changed."""

    @relation(graphql_type=User | None, description="The author, with `postsCount` up to date.")
    def user(payloads: Sequence[_Payload], info: Info) -> Awaitable[Sequence[UserRow | None]]:
        author = info.context.viewer_id
        return info.context.loaders.user_by_id.column([None if one.user_errors else author for one in payloads])

    return user


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
