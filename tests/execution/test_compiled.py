"""What compiled execution promises beyond equal answers: what it remembers, and what it leaves behind."""

import asyncio
import gc
from collections.abc import Sequence
from typing import Any

import pytest
import strawberry
from graphql import GraphQLResolveInfo, GraphQLSchema, Node, Token

from api.execution.columns import relation
from api.execution.compiled.completers import Completer
from api.execution.compiled.executor import CompiledExecutor
from api.execution.compiled.info import ResolveInfo
from api.execution.documents import Documents
from api.execution.engine import Outcome
from api.execution.limits import Limits
from api.execution.operations import DocumentError, Operation


class Asked:
    """The context: how often the column of each number of parents was asked for."""

    def __init__(self) -> None:
        self.columns: list[int] = []


@strawberry.type
class Book:
    title: str

    @relation(graphql_type=str | None, description="")
    @staticmethod
    async def author(books: Sequence[Any], info: strawberry.Info[Asked, None]) -> Sequence[str | None]:
        info.context.columns.append(len(books))
        return [f"author of {book.title}" for book in books]


def _schema(first: str) -> tuple[strawberry.Schema, GraphQLSchema]:
    @strawberry.type
    class Query:
        @strawberry.field
        def books(self) -> list[Book]:
            return [Book(title=first), Book(title="B")]

    schema = strawberry.Schema(Query)
    return schema, schema._schema  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]


async def _run(executor: CompiledExecutor, documents: Documents, text: str, **given: object) -> tuple[Outcome, Asked]:
    operation = documents.operation(text)
    asked = Asked()
    return await executor.execute(operation, operation.variables(given), asked), asked


async def test_a_relation_is_asked_once_for_all_parents() -> None:
    schema, core = _schema("A")
    outcome, asked = await _run(CompiledExecutor(schema), Documents(core), "{ books { title author } }")
    assert outcome.data == {"books": [{"title": "A", "author": "author of A"}, {"title": "B", "author": "author of B"}]}
    assert asked.columns == [2]


async def test_an_operation_keeps_one_plan_and_a_bounded_number_of_its_variants() -> None:
    schema, core = _schema("A")
    executor, documents = CompiledExecutor(schema), Documents(core)
    names = [f"v{number}" for number in range(6)]
    declared = ", ".join(f"${name}: Boolean!" for name in names)
    fields = " ".join(f"{name}: author @include(if: ${name})" for name in names)
    text = f"query ({declared}) {{ books {{ title {fields} }} }}"
    for choice in range(2**6):
        given = {name: bool(choice >> index & 1) for index, name in enumerate(names)}
        outcome, _ = await _run(executor, documents, text, **given)
        assert outcome.data is not None
        assert set(outcome.data["books"][0]) == {"title", *(name for name in names if given[name])}
    plans = documents.operation(text).plan
    assert len(plans) == 16
    await _run(executor, documents, text, **dict.fromkeys(names, True))
    assert documents.operation(text).plan is plans


async def test_each_operation_of_a_document_beyond_its_share_keeps_one_plan() -> None:
    """The share decides about further plans of an operation, never about its first."""
    schema, core = _schema("A")
    executor, documents = CompiledExecutor(schema), Documents(core, max_bytes=1_000_000)
    fields = " ".join(f"f{number}: author @include(if: $with)" for number in range(20))
    names = ["One", "Two", "Three"]
    text = "\n".join(f"query {name}($with: Boolean!) {{ books {{ title {fields} }} }}" for name in names)
    for with_author in (True, False, True):
        for name in names:
            operation = documents.operation(text, name)
            variables = operation.variables({"with": with_author})
            executor.plan(operation, variables)
            assert executor.is_planned(operation, variables)
            assert len(operation.plan) == 1
            outcome = await executor.execute(operation, variables, Asked())
            assert outcome.data is not None
            assert len(outcome.data["books"][0]) == (21 if with_author else 1)


async def test_a_plan_belongs_to_its_schema() -> None:
    (one, core), (other, _) = _schema("A"), _schema("another")
    documents = Documents(core)
    for schema, title in ((one, "A"), (other, "another"), (one, "A")):
        outcome, _ = await _run(CompiledExecutor(schema), documents, "{ books { title } }")
        assert outcome.data == {"books": [{"title": title}, {"title": "B"}]}


async def test_an_execution_leaves_nothing_to_the_garbage_collector() -> None:
    schema, core = _schema("A")
    executor, documents = CompiledExecutor(schema), Documents(core)
    text = "{ books { title author } }"
    await _run(executor, documents, text)
    gc.collect()
    gc.disable()
    try:
        for _ in range(50):
            await _run(executor, documents, text)
        assert gc.collect() == 0
    finally:
        gc.enable()


async def test_a_forgotten_document_leaves_nothing_to_the_garbage_collector() -> None:
    """By then it is old, and the collector hardly ever looks at what is old."""
    schema, core = _schema("A")
    executor, documents = CompiledExecutor(schema), Documents(core, max_remembered=1, limits=Limits(characters=200))
    text = (
        "query ($all: Boolean!) { books { title ...Written @include(if: $all) } } fragment Written on Book { author }"
    )

    def alive() -> int:
        return sum(isinstance(one, (Operation, Node, Token, Completer)) for one in gc.get_objects())

    gc.collect()
    before = alive()
    await _run(executor, documents, text, all=True)
    gc.collect()
    assert alive() > before
    gc.disable()
    try:
        with pytest.raises(DocumentError):
            documents.operation(" " * 201)
        assert alive() == before
    finally:
        gc.enable()


def test_resolvers_get_the_same_info_as_from_graphql_core() -> None:
    assert set(GraphQLResolveInfo._fields) <= set(dir(ResolveInfo))


@strawberry.input
class Shelf:
    number: int

    def __post_init__(self) -> None:
        if self.number < 0:
            raise ValueError("There is no such shelf.")


async def test_an_invalid_argument_fails_only_its_field_each_time() -> None:
    """A constant is coerced with the plan; what goes wrong there is the field's own error all the same."""

    @strawberry.type
    class Query:
        @relation(graphql_type=str | None, description="")
        @staticmethod
        async def book(parents: Sequence[Any], info: strawberry.Info[Asked, None], *, shelf: Shelf) -> Sequence[str]:
            del info
            return [f"the first of shelf {shelf.number}" for _ in parents]

    schema = strawberry.Schema(Query)
    documents = Documents(schema._schema)  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
    executor = CompiledExecutor(schema)
    for _ in range(2):
        outcome, _ = await _run(executor, documents, "{ a: book(shelf: {number: -1}) b: book(shelf: {number: 1}) }")
        assert outcome.data == {"a": None, "b": "the first of shelf 1"}
        assert [(error.message, error.path) for error in outcome.errors] == [("There is no such shelf.", ["a"])]


@pytest.mark.parametrize("given", [None, 7, [], ["a", "b"]])
@pytest.mark.parametrize("way", ["at once", "promised", "awaited"])
async def test_an_invalid_column_fails_only_its_field(way: str, given: Any) -> None:
    async def awaited() -> Any:
        return given

    @strawberry.type
    class Query:
        @relation(graphql_type=str | None, description="")
        @staticmethod
        def wrong(parents: Sequence[Any], info: strawberry.Info[Asked, None]) -> Any:
            del parents, info
            promised = asyncio.get_running_loop().create_future()
            promised.set_result(given)
            return {"at once": given, "promised": promised}[way] if way != "awaited" else awaited()

        @relation(graphql_type=str | None, description="")
        @staticmethod
        async def right(parents: Sequence[Any], info: strawberry.Info[Asked, None]) -> Sequence[str]:
            del info
            return ["as it should be" for _ in parents]

    schema = strawberry.Schema(Query)
    documents = Documents(schema._schema)  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
    outcome, _ = await _run(CompiledExecutor(schema), documents, "{ wrong right }")
    assert outcome.data == {"wrong": None, "right": "as it should be"}
    assert [error.path for error in outcome.errors] == [["wrong"]]
