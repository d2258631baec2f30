"""What operations cost by what was answered, and by the statements that were run."""

from collections.abc import Sequence
from typing import Any

import pytest
import strawberry

from api.execution.columns import computed, relation
from api.execution.documents import Documents
from tests.execution.costing import cost


@strawberry.type
class Thing:
    name: str = "x"

    @computed(graphql_type=str, description="A field that asks nobody.")
    @staticmethod
    def computed(parents: Sequence[Any], _: Any) -> list[str]:
        return ["x" for _ in parents]

    @relation(graphql_type=list["Thing"], description="A field that leads to a statement.")
    @staticmethod
    async def others(parents: Sequence[Any], _: Any) -> list[list[Any]]:
        return [[] for _ in parents]


@strawberry.type
class Query:
    @strawberry.field
    async def plain(self) -> int:
        return 1

    @strawberry.field
    async def thing(self) -> Thing | None:
        return None


POST = {"id": "1", "author": {"id": "2"}, "media": [{"url": "a"}, {"url": "b"}]}


@pytest.mark.parametrize(
    ("data", "actual"),
    [
        (None, 1),
        ({"feed": None}, 1),
        ({"feed": {"nodes": []}}, 1),
        ({"feed": {"nodes": None}}, 1),
        ({"feed": {"nodes": [POST, None, {**POST, "author": None, "media": []}]}}, 1 + (1 + 1 + 2) + 1),
    ],
)
def test_what_was_answered_is_counted_in_the_answer(data: dict[str, Any] | None, actual: int) -> None:
    text = "{ feed(first: 100) { nodes { id author { id } media { url } } } }"
    assert cost(text).actual(data, {}) == actual


def test_lists_in_lists_aliases_and_mutations_are_counted_in_the_answer() -> None:
    grid = {"feed": {"n": [{"grid": [[{"url": "a"}, None], None, [{"url": "b"}]]}]}}
    assert cost("{ feed(first: 9) { n: nodes { grid { url } } } }").actual(grid, {}) == 1 + 1 + 2
    written = {"w": {"post": {"id": "1"}}}
    assert cost("mutation { w: write { post { id } } }").actual(written, {}) == 1 + 10 + 1 + 1


LOADING = strawberry.Schema(Query)


@pytest.mark.parametrize(
    ("text", "actual"),
    [
        ("{ plain }", 10 + 20 + 1),
        ("{ ...F ...F } fragment F on Query { plain plain }", 10 + 20 + 1),
        ("{ a: plain b: plain }", 10 + 2 * (20 + 1)),
        ("{ thing { name computed } }", 10 + 20),
        ("{ thing { others { name } } }", 10 + 2 * 20),
        ("{ thing { others { others { name } } more: others { name } } }", 10 + 4 * 20),
        ("{ __schema { types { name } } }", 10 + 2500),
    ],
)
def test_each_statement_is_paid_for_even_if_it_finds_nothing(text: str, actual: int) -> None:
    documents = Documents(LOADING._schema)  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
    assert documents.operation(text).cost.actual(None, {}) == actual
