"""Compiled execution against graphql-core's own: random schemas, documents, variables and faults, the same answers."""

import os
import random
from typing import Any

import orjson
import pytest
from graphql import GraphQLError, GraphQLSchema

from api.execution.compiled.executor import CompiledExecutor
from api.execution.documents import DocumentError, Documents, Operation
from api.execution.engine import Executor, Outcome, StockExecutor
from api.scalars import COLUMN_ENCODERS
from tests.execution.differential.documents import VALUES, DocumentMaker
from tests.execution.differential.schemas import SchemaMaker

SCHEMAS = 250 if os.environ.get("VRSS_PROOF") else 25
DOCUMENTS = 14
RUNS = 3


class Context:
    def __init__(self) -> None:
        self.seen: list[object] = []
        self.asked: list[object] = []
        self.total = 0


def _written(data: object) -> bytes:
    return orjson.dumps(data, option=orjson.OPT_UTC_Z)


def _told(error: GraphQLError) -> tuple[object, ...]:
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


async def _run(executor: Executor, operation: Operation, given: dict[str, object]) -> tuple[Outcome, Context]:
    context = Context()
    return await executor.execute(operation, operation.variables(given), context), context


@pytest.mark.proof
@pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning"
)  # graphql-core leaves coroutines unawaited
@pytest.mark.parametrize("seed", range(SCHEMAS))
async def test_compiled_execution_answers_as_stock_execution_does(seed: int) -> None:
    maker = SchemaMaker(seed, waits=seed % 2 == 1)
    schema = maker.schema()
    core: GraphQLSchema = schema._schema  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
    documents = Documents(core, max_tokens=100_000)
    stock, compiled = StockExecutor(schema), CompiledExecutor(schema, encoders=COLUMN_ENCODERS)
    dice = random.Random(seed)
    ran = 0
    for number in range(DOCUMENTS):
        text = DocumentMaker(core, seed * 1000 + number).document()
        for given in dice.sample(VALUES, RUNS):
            maker.world.seed = dice.random()
            maker.world.faults = dice.choice([0, 0, 0.02, 0.1, 0.3])
            try:
                operation = documents.operation(text, None)
                expected, asked = await _run(stock, operation, given)
            except DocumentError:
                continue
            found, asked_too = await _run(compiled, operation, given)
            where = f"seed {seed}, document {number}\n{text}\n{given}\n{found}\n{expected}"
            assert _written(found.data) == _written(expected.data), where
            assert {_nulled(found.data, error) for error in found.errors} == {
                _nulled(expected.data, error) for error in expected.errors
            }, where
            assert asked.total == asked_too.total, where
            if not maker.world.waits:  # else it depends on who is ready first which of several errors is told
                assert list(map(_told, found.errors)) == list(map(_told, expected.errors)), where
            ran += 1
    assert ran > DOCUMENTS
