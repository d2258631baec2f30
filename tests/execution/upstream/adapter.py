"""Plugin for graphql-core's own tests: operations run through the compiled executor, wherever it takes them.

graphql-core reads the request (variables, the choice of the operation) as ever; only then, where its own executor would
begin, ours does. What ours does not take, graphql-core executes, and that is noted: such a test says nothing about us.
"""

# graphql-core's functions are generic in what nothing here looks into.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

import asyncio
import json
import os
import types
from collections import Counter
from collections.abc import Coroutine, Generator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from graphql import ExecutionResult, OperationType, default_field_resolver, default_type_resolver
from graphql.execution import execute
from graphql.execution.incremental.incremental_executor import IncrementalExecutor
from graphql.pyutils import is_awaitable

from api.execution.compiled.executor import _Plans  # pyright: ignore[reportPrivateUsage]
from api.execution.compiled.positions import RootPosition
from api.execution.compiled.run import FAILED, Run
from api.execution.operations import Operation

ran: Counter[str] = Counter()
reports: dict[str, dict[str, Any]] = {}


class Adapter(IncrementalExecutor):
    """graphql-core's executor, except for how an operation is executed."""

    def execute_operation(self, serially: bool | None = None) -> Any:
        if not self._is_plain() or serially is not None:
            ran["stock"] += 1
            return super().execute_operation(serially)
        nothing: Any = None
        free: Any = types.SimpleNamespace(fields=())
        operation = Operation(self.schema, nothing, self.operation, self.fragment_definitions, cost=free, fields=0)
        plans = _Plans(self.schema, {}, operation)
        if not plans.compiled:
            ran["stock"] += 1
            return super().execute_operation(serially)
        ran["compiled"] += 1
        return self._compiled(plans, operation)

    def _is_plain(self) -> bool:
        """Whether it was given nothing that our executor has no place for."""
        return (
            self.field_resolver is default_field_resolver
            and self.type_resolver is default_type_resolver
            and self.middleware_manager is None
            and self.abort_signal is None
            and self.hooks is None
        )

    def _compiled(self, plans: _Plans, operation: Operation) -> Any:
        """The steps of CompiledExecutor.execute, which always has to be awaited, and always has the root None."""
        with _loop():
            run = Run(self.schema, operation, self.variable_values, self.context_value, self.root_value)
            rows = plans.plan(self.variable_values).rows(run, [self.root_value], RootPosition())
        if isinstance(rows, list):
            return _result(ExecutionResult, run, rows)
        if self.operation.operation is OperationType.MUTATION:  # always a coroutine, so look whether it waits
            synchronous = self.is_awaitable is not is_awaitable  # execute_sync
            return _begun(_awaited(ExecutionResult if synchronous else _Result, run, rows))
        return _awaited(ExecutionResult, run, rows)


def _result(kind: type[ExecutionResult], run: Run, rows: list[Any]) -> ExecutionResult:
    return kind(None if rows[0] is FAILED else rows[0], run.errors() or None)


async def _awaited(kind: type[ExecutionResult], run: Run, rows: Coroutine[Any, Any, list[Any]]) -> ExecutionResult:
    return _result(kind, run, await rows)


class _Result(ExecutionResult):
    """A result that came without waiting. Where graphql-core would have given an awaitable, it can be awaited, too."""

    def __await__(self) -> Generator[Any, Any, ExecutionResult]:
        return self
        yield


def _begun(coroutine: Coroutine[Any, Any, ExecutionResult]) -> Any:
    """The result, or an awaitable of it if it has to be waited for."""
    with _loop():
        try:
            waits_for = coroutine.send(None)
        except StopIteration as end:
            return end.value
    return _continued(coroutine, waits_for)


@types.coroutine
def _continued(coroutine: Coroutine[Any, Any, ExecutionResult], waits_for: Any) -> Generator[Any, Any, Any]:
    while True:
        try:
            step = partial(coroutine.send, (yield waits_for))
        except BaseException as error:  # noqa: BLE001  # handed on, cancelling too
            step = partial(coroutine.throw, error)
        try:
            waits_for = step()
        except StopIteration as end:
            return end.value


@contextmanager
def _loop() -> Generator[None]:
    """An event loop for what asks for one, also where none runs."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        loop = asyncio.new_event_loop()
        asyncio.events._set_running_loop(loop)  # noqa: SLF001  # without running it
        try:
            yield
        finally:
            asyncio.events._set_running_loop(None)  # noqa: SLF001
            loop.close()
    else:
        yield


def pytest_configure() -> None:
    execute.__globals__["IncrementalExecutor"] = Adapter


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.when == "call":
        reports[item.nodeid] = {"passed": report.passed, "text": report.longreprtext, **ran}
    return report


def pytest_runtest_setup() -> None:
    ran.clear()


def pytest_sessionfinish() -> None:
    Path(os.environ["VRSS_UPSTREAM_REPORT"]).write_text(json.dumps(reports), encoding="utf-8")
