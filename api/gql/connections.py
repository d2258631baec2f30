"""Relay connections. The sources are the pages of api/gql/pagination.py."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Annotated, Any, Generic, TypeAlias, TypeVar, cast

import strawberry
from strawberry.extensions import FieldExtension

from api.context import Info
from api.execution.columns import relation
from api.gql.enums import TimeOrder
from api.gql.pagination import Keyset, Page, Relay

NodeT = TypeVar("NodeT")
Pages = Callable[..., Awaitable[Sequence[Page[Any]]]]


@strawberry.type(
    description="Where a page stands in its list. A page may hold fewer elements than asked for, even none, although "
    "there is a next page: a search through very many that the viewer may not see is cut short. Go on from its cursor."
)
class PageInfo:
    @relation(
        graphql_type=bool,
        loads="before",
        description="Whether there is more after the page; true also where the search was cut short. With `before`, an "
        "element at that cursor or after it counts, if it still exists and the viewer may see it; to look for one "
        "costs as much as another page.",
    )
    @staticmethod
    def has_next_page(pages: Sequence[Page[Any]], _info: Info) -> Sequence[bool] | Awaitable[Sequence[bool]]:
        return _answers([page.has_next_page() for page in pages])

    @relation(
        graphql_type=bool,
        loads="after",
        description="Whether there is more before the page; true also where the search was cut short. With `after`, an "
        "element at that cursor or before it counts, if it still exists and the viewer may see it; to look for one "
        "costs as much as another page.",
    )
    @staticmethod
    def has_previous_page(pages: Sequence[Page[Any]], _info: Info) -> Sequence[bool] | Awaitable[Sequence[bool]]:
        return _answers([page.has_previous_page() for page in pages])

    start_cursor: str | None = strawberry.field(
        description="Where to go on from towards the start, as `before`: the cursor of the first edge or one "
        "beyond it where the search was cut short; null where there is nothing."
    )
    end_cursor: str | None = strawberry.field(
        description="Where to go on from towards the end, as `after`: the cursor of the last edge or one "
        "beyond it where the search was cut short; null where there is nothing."
    )


def _answers(found: Sequence[bool | Awaitable[bool]]) -> Sequence[bool] | Awaitable[Sequence[bool]]:
    """Known answers as they are, without a task to wait in; else all that are to be awaited are asked for together."""
    if all(isinstance(one, bool) for one in found):
        return cast("Sequence[bool]", found)
    return _asked(found)


async def _asked(found: Sequence[bool | Awaitable[bool]]) -> Sequence[bool]:
    asked = iter(await asyncio.gather(*(one for one in found if not isinstance(one, bool))))
    return [one if isinstance(one, bool) else next(asked) for one in found]


@strawberry.type(description="One entry of a list.")
class Edge(Generic[NodeT]):
    cursor: str = strawberry.field(description="Marks this place in the list: pass it as `after` or `before`.")
    node: NodeT = strawberry.field(description="The object.")


@strawberry.type(description="One page of a list, in the order of the list.")
class Connection(Generic[NodeT]):
    edges: list[Edge[NodeT]] = strawberry.field(description="The entries of this page.")
    nodes: list[NodeT] = strawberry.field(description="The nodes of `edges`, in the same order.")
    page_info: PageInfo = strawberry.field(description="Where this page lies in its list.")


First: TypeAlias = Annotated[
    int | None,
    strawberry.argument(
        description="How many items to return from the start of the list, or after `after`: 1 to 100. 20 when neither "
        "`first` nor `last` is given."
    ),
]
FirstOrLimit: TypeAlias = Annotated[
    int | None,
    strawberry.argument(
        description="How many items to return from the start of the list, or after `after`: 1 to 100. The section's "
        "`limit` when neither `first` nor `last` is given."
    ),
]
After: TypeAlias = Annotated[
    str | None,
    strawberry.argument(description="Returns only items after this cursor (a `cursor` or `endCursor` of this list)."),
]
Last: TypeAlias = Annotated[
    int | None,
    strawberry.argument(
        description="How many items to return from the end of the list, or before `before`: 1 to 100. Do not combine "
        "with `first`."
    ),
]
Before: TypeAlias = Annotated[
    str | None,
    strawberry.argument(
        description="Returns only items before this cursor (a `cursor` or `startCursor` of this list)."
    ),
]


_ORDER = inspect.Parameter(
    "order",
    inspect.Parameter.KEYWORD_ONLY,
    default=TimeOrder.NEWEST,
    annotation=Annotated[TimeOrder, strawberry.argument(description="The order. A cursor belongs to one order.")],
)


def by_time(field: str) -> Mapping[TimeOrder, Keyset]:
    """The keysets of a list by time that may be read from both ends. New entries are of the first."""
    columns = ("created_at", "id")
    oldest = Keyset(f"{field}OldestFirst", columns, ascending=True)
    return {TimeOrder.NEWEST: Keyset(field, columns), TimeOrder.OLDEST: oldest}


def connection(
    node: Any,
    *,
    keyset: Keyset | Mapping[TimeOrder, Keyset],
    description: str,
    extensions: Sequence[FieldExtension] = (),
    nullable: bool = False,
    size: Callable[[Any], int] | None = None,
) -> Callable[[Pages], Any]:
    """Turn `field(parents, info, window, *, arguments)`, which promises a page for each parent, into a field.

    The field has Relay's four arguments before its own; they are checked and become the window. `size` is the default
    page size of a parent; one statement then reads the largest of them for all. With a keyset for each order, the field
    has the argument `order`, and the window has the keyset that was asked for.
    """

    def declare(pages: Pages) -> Any:
        def column(
            parents: Sequence[Any],
            info: Info,
            *,
            first: First = None,
            after: After = None,
            last: Last = None,
            before: Before = None,
            **arguments: Any,
        ) -> Awaitable[Sequence[Page[Any]]]:
            relay = Relay(first, after, last, before)
            sort = keyset if isinstance(keyset, Keyset) else keyset[arguments.pop("order")]
            if size is None or not relay.is_open:
                return pages(parents, info, relay.window(sort), **arguments)
            sizes = list(map(size, parents))
            return _cut(pages(parents, info, relay.or_first(max(sizes)).window(sort), **arguments), sizes)

        relay = [
            parameter
            for parameter in inspect.signature(column).parameters.values()
            if parameter.kind is not inspect.Parameter.VAR_KEYWORD
        ]
        if size is not None:
            relay = [one.replace(annotation=FirstOrLimit) if one.name == "first" else one for one in relay]
        own = list(inspect.signature(pages).parameters.values())[3:]
        if not isinstance(keyset, Keyset):
            own = [_ORDER, *own]
        column.__signature__ = inspect.Signature([*relay, *own])  # pyright: ignore[reportFunctionMemberAccess]
        column.__name__, column.__qualname__, column.__module__ = pages.__name__, pages.__qualname__, pages.__module__
        type_: Any = Connection[node] | None if nullable else Connection[node]
        return relation(graphql_type=type_, description=description, extensions=extensions)(column)

    return declare


async def _cut(pages: Awaitable[Sequence[Page[Any]]], sizes: Sequence[int]) -> Sequence[Page[Any]]:
    return [page.cut(size) for page, size in zip(await pages, sizes, strict=True)]
