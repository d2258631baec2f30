"""One random schema, many documents, two executors: compiled execution must answer as graphql-core's own does."""

import random
from dataclasses import fields
from typing import Any

import orjson
from graphql import GraphQLError, GraphQLSchema

from api.execution.compiled.executor import CompiledExecutor
from api.execution.documents import Documents
from api.execution.engine import Executor, Outcome, StockExecutor
from api.execution.limits import Limits
from api.execution.operations import DocumentError, Operation
from api.gql.scalars import COLUMN_ENCODERS
from tests.execution.differential.documents import VALUES, DocumentMaker
from tests.execution.differential.schemas import SchemaMaker

# What random documents may be: anything.
LARGE = Limits(*[1_000_000] * len(fields(Limits)))
DOCUMENTS = 14
RUNS = 3


class Context:
    """What resolvers leave behind: who was asked for what, and what mutations made of a number."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, int]] = []
        self.asked: list[object] = []
        self.total = 0


async def compare(seed: int) -> int:
    """How many executions of the schema with this seed were compared; raises AssertionError at the first difference."""
    maker = SchemaMaker(seed, waits=seed % 2 == 1)
    schema = maker.schema()
    core: GraphQLSchema = schema._schema  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
    documents = Documents(core, limits=LARGE)
    stock, compiled = StockExecutor(schema), CompiledExecutor(schema, encoders=COLUMN_ENCODERS)
    dice = random.Random(seed)
    compared = whole = 0
    for number in range(DOCUMENTS):
        text = DocumentMaker(core, seed * 1000 + number).document()
        for given in dice.sample(VALUES, RUNS):
            maker.world.seed = dice.random()
            maker.world.faults = dice.choice([0, 0, 0.02, 0.1, 0.3])
            try:
                operation = documents.operation(text, None)
                expected, left = await _run(stock, operation, given)
            except DocumentError:
                continue  # the variables do not fit
            found, left_too = await _run(compiled, operation, given)
            where = f"seed {seed}, document {number}\n{text}\n{given}\n{found}\n{expected}"
            _same(found, expected, where, in_order=not maker.world.waits)
            assert left.total == left_too.total, where
            if not expected.errors:
                assert sorted(left.seen) == sorted(left_too.seen), where
            compared += 1
            whole += not expected.errors
    assert whole, f"seed {seed}: no document was answered without errors"
    return compared


async def _run(executor: Executor, operation: Operation, given: dict[str, object]) -> tuple[Outcome, Context]:
    context = Context()
    return await executor.execute(operation, operation.variables(given), context), context


def _same(found: Outcome, expected: Outcome, where: str, *, in_order: bool) -> None:
    """The same data, byte for byte, and errors for the same nulls.

    Where values are awaited, it is up to the executor which of the errors below one null is told. Else all are equal.
    """
    assert _written(found.data) == _written(expected.data), where
    if in_order:
        assert list(map(_reported, found.errors)) == list(map(_reported, expected.errors)), where
    nulls = {_nulled(found.data, error) for error in found.errors}
    assert nulls == {_nulled(expected.data, error) for error in expected.errors}, where


def _written(data: object) -> bytes:
    return orjson.dumps(data, option=orjson.OPT_UTC_Z)


def _reported(error: GraphQLError) -> tuple[object, ...]:
    locations = [(location.line, location.column) for location in error.locations or ()]
    return error.message, tuple(error.path or ()), tuple(locations)


def _nulled(data: Any, error: GraphQLError) -> tuple[str | int, ...]:
    """The position in the data that the error made null."""
    path = error.path or []
    for depth, key in enumerate(path):
        if data is None:
            return tuple(path[:depth])
        data = data[key]
    return tuple(path)
