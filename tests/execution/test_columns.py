"""Relations by column: what an executor finds, and what stock execution makes of them."""

from collections.abc import Sequence
from typing import Any, NamedTuple, cast

import pytest
import strawberry
from graphql import GraphQLNamedType, GraphQLObjectType, get_named_type, is_leaf_type
from strawberry.permission import BasePermission
from strawberry.types.field import StrawberryField

from api.execution.columns import COLUMN, PermissionForAll, relation
from api.gql.user_errors import UserError
from api.schema import schema as vrss


class BookRow(NamedTuple):
    title: str


@strawberry.type
class Book:
    title: str

    @relation(graphql_type=list[str], description="Pages.")
    @staticmethod
    async def pages(books: Sequence[BookRow], _info: strawberry.Info, *, first: int | None = None) -> Sequence[Any]:
        return [[f"{book.title} {number}" for number in range(9 if first is None else first)] for book in books]


@strawberry.type
class Query:
    @strawberry.field(graphql_type=list[Book])
    def books(self) -> list[BookRow]:
        return [BookRow("A"), BookRow("B")]


schema = strawberry.Schema(Query)


async def test_each_parent_gets_its_own_value_and_arguments_arrive() -> None:
    result = await schema.execute("{ books { title pages(first: 2) } }")
    assert result.data == {"books": [{"title": "A", "pages": ["A 0", "A 1"]}, {"title": "B", "pages": ["B 0", "B 1"]}]}


async def test_an_argument_that_is_left_out_is_the_same_as_null() -> None:
    for call in ("pages", "pages(first: null)"):
        result = await schema.execute(f"{{ books {{ {call} }} }}")
        assert result.errors is None
        assert [len(book["pages"]) for book in (result.data or {})["books"]] == [9, 9]
    assert "first: Int\n" in schema.as_str().replace("): ", "\n): ").replace("(first: Int)", "(first: Int\n)")


def _columns() -> dict[str, Any]:
    """The column function of each relation of the API, by type and field."""
    found: dict[str, Any] = {}
    for kind in vrss._schema.type_map.values():  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
        if isinstance(kind, GraphQLObjectType) and not kind.name.startswith("__"):
            for name, field in kind.fields.items():
                definition = field.extensions.get("strawberry-definition")
                if isinstance(definition, StrawberryField) and COLUMN in definition.metadata:
                    found[f"{kind.name}.{name}"] = definition.metadata[COLUMN]
    return found


# Objects that their parent's row holds already, and what a mutation or a page has in its hands.
_HELD = {
    *(
        "Profile",
        "PageInfo",
        "ProfileStyle",
        "ProfileLayout",
        "ProfileFonts",
        "ProfileColors",
        "ProfileSizes",
        "FeedRules",
        "FeedGroup",
        "FeedFilter",
    ),
    *("FeedGroupResult", "FeedFilterResult", "FeedCheckResult", "FeedFilterCount", "FeedCheckCount", "MuteWord"),
}


_ROOTS = {"Query", "Mutation", "Subscription"}


def test_every_object_that_another_one_leads_to_is_found_by_column() -> None:
    columns = _columns()
    interfaces = {UserError.__name__}
    without: list[str] = []
    for kind in vrss._schema.type_map.values():  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
        name = kind.name
        if not isinstance(kind, GraphQLObjectType) or name.startswith("__") or name in _ROOTS:
            continue
        if name.endswith(("Payload", "Connection", "Edge", "Explanation")):
            continue
        for field_name, field in kind.fields.items():
            target = cast("GraphQLNamedType", get_named_type(field.type))
            is_held = is_leaf_type(target) or str(target) in _HELD | interfaces
            if not is_held and f"{name}.{field_name}" not in columns:
                without.append(f"{name}.{field_name}")
    assert without == []
    assert len(columns) > 40


class _Asks(BasePermission):
    async def has_permission(self, source: Any, info: Any, **kwargs: Any) -> bool:  # noqa: ARG002  # Strawberry's
        return False


def test_an_async_permission_is_refused_when_the_schema_is_built() -> None:
    with pytest.raises(TypeError, match=r"_Asks\.has_permission must not be async"):
        PermissionForAll(permissions=[_Asks()])
