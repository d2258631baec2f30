"""The same on the event loop that the server runs on: the other tests are on asyncio's own."""

import asyncio
import inspect
from typing import Any

import pytest

from tests.driver import test_checkout, test_interruptions, test_pipeline, test_prepared_statements
from tests.driver.scene import Outside, pool_over

uvloop = pytest.importorskip("uvloop")

FIXTURES = {"pool", "outside", "blank_database"}
TESTS = [
    function
    for module in (test_pipeline, test_prepared_statements, test_checkout, test_interruptions)
    for name, function in inspect.getmembers(module, inspect.iscoroutinefunction)
    if name.startswith("test_") and set(inspect.signature(function).parameters) <= FIXTURES
    and not hasattr(function, "pytestmark")
]  # fmt: skip


@pytest.mark.parametrize("test", TESTS, ids=lambda function: function.__name__.removeprefix("test_"))
def test_on_uvloop(test: Any, blank_database: str, outside: Outside) -> None:
    names = set(inspect.signature(test).parameters)

    async def run() -> None:
        given: dict[str, object] = {"outside": outside, "blank_database": blank_database}
        if "pool" not in names:
            await test(**{name: given[name] for name in names})
            return
        async with pool_over(blank_database) as pool:
            await test(**{name: (given | {"pool": pool})[name] for name in names})

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(run())


def test_most_of_them_are_here() -> None:
    assert len(TESTS) > 25
