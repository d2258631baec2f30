"""Loaders whose rows the test gives, when it likes: what one turn of the event loop asks for is one batch."""

import asyncio
import gc
from typing import Any, cast

import pytest

from api.loaders.base import ListLoader, Loader, SetLoader
from tests.loaders.questions import ById, Questions, Row, turns


class AllOf(ListLoader[Row]):
    key = "id"
    rows = ById.rows


class WordsOf(SetLoader[Row]):
    key, word = "id", "word"
    rows = ById.rows


async def test_requests_of_one_tick_are_one_batch() -> None:
    questions = Questions()
    loader = ById(questions)
    columns = [loader.column([1, 2]), loader.column([2, 3]), loader.column([1, None, 4])]
    await turns()
    ((keys, answer),) = questions.asked
    assert keys == [1, 2, 3, 4]
    answer.set_result([Row(4), Row(2), Row(1)])
    assert await asyncio.gather(*columns) == [[Row(1), Row(2)], [Row(2), None], [Row(1), None, Row(4)]]
    assert await loader.load(3) is None
    assert await loader.column([4, 1], lambda row: row and row.id) == [4, 1]
    assert len(questions.asked) == 1


async def test_what_is_under_way_is_not_asked_for_again() -> None:
    questions = Questions()
    loader = ById(questions)
    first = loader.column([1, 2])
    await turns()
    second = loader.column([2, 3])
    await turns()
    assert [keys for keys, _ in questions.asked] == [[1, 2], [3]]
    questions.asked[1][1].set_result([Row(3)])
    await turns()
    assert not second.done()
    questions.asked[0][1].set_result([Row(1), Row(2)])
    assert await first == [Row(1), Row(2)]
    assert await second == [Row(2), Row(3)]


async def test_a_failure_is_for_those_who_wait_and_the_next_asks_again() -> None:
    questions = Questions()
    loader = ById(questions)
    failing, other = loader.column([1]), None
    await turns()
    other = loader.column([1, 2])
    await turns()
    questions.asked[0][1].set_exception(RuntimeError("no"))
    questions.asked[1][1].set_result([Row(2)])
    for column in (failing, other):
        with pytest.raises(RuntimeError, match="no"):
            await column
    again = loader.column([1, 2])
    await turns()
    assert [keys for keys, _ in questions.asked] == [[1], [2], [1]]
    questions.asked[2][1].set_result([Row(1)])
    assert await again == [Row(1), Row(2)]


async def test_one_who_gives_up_takes_nobody_along() -> None:
    questions = Questions()
    loader = ById(questions)
    given_up, kept = loader.column([1]), loader.column([1])
    given_up.cancel()
    await turns()
    questions.asked[0][1].set_result([Row(1)])
    assert await kept == [Row(1)]


async def test_a_stopped_database_stops_those_who_wait() -> None:
    questions = Questions()
    column = ById(questions).column([1])
    await turns()
    questions.asked[0][1].cancel()
    with pytest.raises(asyncio.CancelledError):
        await column


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (AllOf, [[Row(2, "a"), Row(2, "b")], [], [Row(1, "a")]]),
        (WordsOf, [{"a", "b"}, set[str](), {"a"}]),
    ],
)
async def test_many_rows_of_a_key(kind: type[Loader[Row, Any]], expected: list[Any]) -> None:
    questions = Questions()
    column = kind(questions).column([2, 3, 1])
    await turns()
    questions.asked[0][1].set_result([Row(2, "a"), Row(1, "a"), Row(2, "b")])
    assert await column == expected


async def test_an_operation_leaves_nothing_for_the_collector() -> None:
    questions = Questions()

    async def operation() -> None:
        loader = ById(questions)
        column = loader.column([1, 2])
        await turns()
        questions.asked.pop()[1].set_result([Row(1)])
        assert await column == [Row(1), None]
        await loader.load(1)

    await operation()
    gc.collect()
    gc.disable()
    try:
        await operation()
        await turns()
        assert gc.collect() == 0
    finally:
        gc.enable()


async def test_a_value_that_cannot_be_read_fails_who_reads_it_and_nobody_else() -> None:
    questions = Questions()
    loader = ById(cast("Any", questions))

    def read(row: Row | None) -> int:
        return int(row.word) if row else 0

    bad, good, whole = loader.column([1], read), loader.column([2], read), loader.column([1])
    await asyncio.sleep(0)
    ((_, answer),) = questions.asked
    answer.set_result([Row(1, "no number"), Row(2, "2")])
    with pytest.raises(ValueError, match="no number"):
        await bad
    assert (await good, await whole) == ([2], [Row(1, "no number")])
    with pytest.raises(ValueError, match="no number"):  # also when it is known already
        await loader.column([1], read)
