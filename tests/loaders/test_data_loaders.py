"""Data loaders are the library's: made for single keys alone, and gone with those who wait."""

import ast
import asyncio
import gc
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from aiodataloader import DataLoader

from api import loaders as index
from api.loaders.base import Loader
from api.loaders.single_keys import SingleKeys
from tests.loaders.questions import ById, Questions, Row, turns

API = Path(index.__file__).parents[1]


def _data_loaders() -> int:
    return sum(isinstance(one, DataLoader) for one in gc.get_objects())


async def test_a_data_loader_is_made_for_single_keys_and_lives_while_awaited() -> None:
    questions = Questions()
    loader = ById(questions)
    gc.collect()  # what other tests have left
    column = loader.column([1])
    await turns()
    assert _data_loaders() == 0
    questions.answer(0, Row(1))
    await column
    assert _data_loaders() == 0
    waiting = [loader.load(2), loader.load(3)]
    await turns()
    waiting.append(loader.load(2))
    assert _data_loaders() == 1
    await turns()
    questions.answer(1, Row(2), Row(3))
    assert await asyncio.gather(*waiting) == [Row(2), Row(3), Row(2)]
    assert len(questions.asked) == 2
    await turns()
    assert _data_loaders() == 0


async def test_a_load_is_answered_after_its_loader_is_dropped() -> None:
    questions = Questions()
    single = ById(questions).load(1)
    await turns()
    gc.collect()
    questions.answer(0, Row(1))
    assert await single == Row(1)


async def _values(questions: Questions) -> None:
    loader = ById(questions)
    single, many = loader.load(1), loader.load_many([1, 2])
    await turns()
    questions.answer(-1, Row(1))
    assert await single == Row(1)
    assert await many == [Row(1), None]
    assert await loader.prime(3, Row(3)).clear(1).load_many([2, 3]) == [None, Row(3)]


async def _raises(kind: type[BaseException], load: Callable[[], Awaitable[Any]]) -> None:
    try:
        await load()
    except kind:
        return
    pytest.fail("nothing was raised")


async def _failure(questions: Questions) -> None:
    loader = ById(questions)
    loads: list[Callable[[], Awaitable[Any]]] = [lambda: loader.load(1), lambda: loader.load_many([1, 2])]
    tasks = [asyncio.ensure_future(_raises(RuntimeError, load)) for load in loads]
    await turns()
    questions.asked[-1][1].set_exception(RuntimeError("no"))
    await asyncio.gather(*tasks)


async def _cancellation(questions: Questions) -> None:
    loader = ById(questions)
    loads: list[Callable[[], Awaitable[Any]]] = [lambda: loader.load(1), lambda: loader.load_many([1, 2])]
    tasks = [asyncio.ensure_future(_raises(asyncio.CancelledError, load)) for load in loads]
    await turns()
    questions.asked[-1][1].cancel()
    await asyncio.gather(*tasks)


async def _giving_up(questions: Questions) -> None:
    loader = ById(questions)
    loader.load(1).cancel()
    loader.load_many([1, 2]).cancel()
    await turns()
    questions.answer(-1, Row(1))
    await turns()


@pytest.mark.parametrize("operation", [_values, _failure, _cancellation, _giving_up])
async def test_single_keys_leave_nothing_for_the_collector(operation: Callable[[Questions], Awaitable[None]]) -> None:
    async def run() -> None:
        questions = Questions()
        await operation(questions)
        questions.asked.clear()
        await turns()

    await run()
    gc.collect()
    gc.disable()
    try:
        await run()
        assert gc.collect() == 0
    finally:
        gc.enable()


def _kinds(kind: type[Any]) -> set[type[Any]]:
    return {kind}.union(*map(_kinds, kind.__subclasses__()))


@pytest.mark.parametrize("name", ["load", "load_many", "prime", "clear", "column"])
def test_every_loader_loads_single_keys_by_the_library(name: str) -> None:
    assert [kind.__name__ for kind in _kinds(Loader) if getattr(kind, name) is not getattr(Loader, name)] == []


def test_the_library_is_used_as_it_is() -> None:
    own = set(vars(SingleKeys)) & {name for name in vars(DataLoader) if not name.startswith("__")}
    assert own == {"load"}  # which only remembers who waits


def _calls(folder: str, *methods: str) -> dict[str, list[ast.expr]]:
    """Where these methods are called, and with what."""
    return {
        f"{path.relative_to(API)}:{node.lineno}": node.args
        for path in sorted((API / folder).rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in methods
    }


def test_resolvers_load_single_keys_and_relations_load_columns() -> None:
    columns = {
        place: keys for folder in ("gql", "resolvers", "types") for place, keys in _calls(folder, "column").items()
    }
    assert [place for place, keys in columns.items() if any(isinstance(one, ast.List) for one in keys)] == []
    assert list(_calls("types", "load", "load_many")) == []
    assert columns
    assert _calls("resolvers", "load", "load_many")
