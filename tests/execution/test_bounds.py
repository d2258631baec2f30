"""Where an operation is stopped that found more than it may cost, or works longer than it may."""

import time
from collections.abc import Sequence
from typing import Any

import pytest
import strawberry

from api.execution.columns import relation
from api.execution.compiled.executor import CompiledExecutor
from api.execution.documents import Documents
from api.execution.engine import UNBOUNDED, Bounds, DeadlineError, Outcome
from api.execution.prices import CostModel

NOW = Bounds(until=time.monotonic())


@strawberry.type
class Page:
    number: int


@strawberry.type
class Book:
    """Has more pages than its list is taken to have."""

    title: str

    @relation(graphql_type=list[Page], description="")
    @staticmethod
    async def pages(books: Sequence[Any], info: strawberry.Info[list[str], None]) -> list[list[Page]]:
        info.context.append(f"pages of {len(books)}")
        return [[Page(number=number) for number in range(100)] for _ in books]

    @relation(graphql_type=list["Book"], description="")
    @staticmethod
    async def others(books: Sequence[Any], info: strawberry.Info[list[str], None]) -> "list[list[Book]]":
        info.context.append(f"others of {len(books)}")
        return [[Book(title=str(number)) for number in range(10)] for _ in books]


@strawberry.type
class Query:
    @strawberry.field
    async def books(self) -> list[Book]:
        return [Book(title="A"), Book(title="B")]

    @strawberry.field
    async def sold(self) -> int:
        return 7


@strawberry.type
class Mutation:
    @strawberry.mutation
    async def buy(self, info: strawberry.Info[list[str], None], title: str) -> Book | None:
        info.context.append(f"buy {title}")
        return Book(title=title)


schema = strawberry.Schema(Query, Mutation)
MODEL = CostModel(operation=1, statement=0, mutation=0)


async def run(text: str, bounds: Bounds) -> tuple[Outcome, list[str]]:
    operation = Documents(schema._schema, costs=MODEL).operation(text)  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
    called: list[str] = []
    return await CompiledExecutor(schema).execute(operation, operation.variables({}), called, None, bounds), called


DEEP = "{ sold books { title others { others { pages { number } } } } }"


async def test_a_query_ends_at_the_list_with_which_it_passes_its_limit() -> None:
    """2 books, 20 others, 200 others of those; then 20 000 pages."""
    outcome, called = await run(DEEP, Bounds(221))
    assert (outcome.data, outcome.spent) == (None, 2 + 20 + 200)
    (error,) = outcome.errors
    assert error.extensions == {"code": "COST_LIMIT"}
    assert error.path == ["books", 0, "others", 0, "others", 0]
    assert called == ["others of 2", "others of 20"]


@pytest.mark.parametrize(("points", "ends"), [(20_221, True), (20_222, False)])
async def test_the_limit_itself_may_be_spent(points: int, ends: bool) -> None:
    outcome, _ = await run(DEEP, Bounds(points))
    assert (outcome.data is None, outcome.spent) == (ends, 20_222 if ends else None)


async def test_what_is_counted_while_it_runs_is_what_the_answer_costs() -> None:
    text = """{ sold books { __typename others { t: title ...Pages } ...Pages } }
      fragment Pages on Book { pages { number n: number } ... on Book { a: pages { __typename } } }"""
    outcome, _ = await run(text, UNBOUNDED)
    operation = Documents(schema._schema, costs=MODEL).operation(text)  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
    found = operation.cost.actual(outcome.data, {}) - operation.cost.least({})
    assert found == 2 + 20 + 22 * 100 * 3
    assert (await run(text, Bounds(found)))[0].errors == []
    assert len((await run(text, Bounds(found - 1)))[0].errors) == 1


async def test_a_mutation_says_what_it_did_before_its_limit() -> None:
    text = """mutation { a: buy(title: "A") { title } b: buy(title: "B") { title others { pages { number } } }
      c: buy(title: "C") { title } }"""
    outcome, called = await run(text, Bounds(100))
    assert outcome.data == {"a": {"title": "A"}, "b": None, "c": None}
    assert outcome.spent == 1 + 1 + 10 + 1000
    assert [(error.path, error.extensions) for error in outcome.errors] == [
        (["b", "others", 0, "pages", 0], {"code": "COST_LIMIT"}),
        (["c"], {"code": "COST_LIMIT"}),
    ]
    assert called == ["buy A", "buy B", "others of 1", "pages of 10"]


async def test_a_query_that_only_computes_looks_at_its_deadline_itself() -> None:
    with pytest.raises(DeadlineError):
        await run(DEEP, NOW)


async def test_a_mutation_past_its_deadline_begins_nothing_more() -> None:
    outcome, called = await run('mutation { a: buy(title: "A") { title } b: buy(title: "B") { title } }', NOW)
    assert outcome.data == {"a": None, "b": None}
    assert [(error.path, error.extensions) for error in outcome.errors] == [
        (["a"], {"code": "TIMEOUT"}),
        (["b"], {"code": "TIMEOUT"}),
    ]
    assert called == ["buy A"]
