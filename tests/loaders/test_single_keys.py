"""Single keys are loaded by aiodataloader, out of the cache that columns have."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, cast

import pytest

from api.context import Context
from api.loaders.single_keys import SingleKeys
from db.queries.users import UserRow
from tests.loaders.questions import ById, Questions, Row, asked, turns

ADA = UserRow(1, "ada", *[None] * 11)  # pyright: ignore[reportArgumentType]


async def test_the_keys_of_one_turn_are_one_statement_however_they_are_loaded() -> None:
    questions = Questions()
    loader = ById(questions)
    single, same, many = loader.load(1), loader.load(1), loader.load_many([3, 2, 1])
    assert await asked(questions) == [[1, 2, 3]]
    questions.answer(0, Row(1), Row(3))
    assert await asyncio.gather(single, same, many) == [Row(1), Row(1), [Row(3), None, Row(1)]]
    assert await loader.load_many(iter([2, 1])) == [None, Row(1)]
    assert await loader.load_many([]) == []
    assert len(questions.asked) == 1


async def test_a_thousand_keys_are_one_statement() -> None:
    questions = Questions()
    many = ById(questions).load_many(range(1, 1001))
    assert await asked(questions) == [list(range(1, 1001))]
    questions.answer(0, *map(Row, range(1, 1001)))
    assert await many == [Row(key) for key in range(1, 1001)]


async def test_what_a_column_knows_is_loaded_without_a_statement() -> None:
    questions = Questions()
    loader = ById(questions)
    column = loader.column([1, 2])
    await turns()
    under_way = loader.load(2)
    await turns()
    questions.answer(0, Row(1))
    assert await column == [Row(1), None]
    assert await under_way is None
    known = loader.load(1)
    assert known.done()
    assert await known == Row(1)
    assert await asked(questions) == [[1, 2]]


async def test_what_was_loaded_is_known_to_a_column() -> None:
    questions = Questions()
    loader = ById(questions)
    single = loader.load(1)
    await turns()
    under_way = loader.column([1, None])
    await turns()
    questions.answer(0, Row(1))
    assert await single == Row(1)
    assert await under_way == [Row(1), None]
    assert await loader.column([1]) == [Row(1)]
    assert await asked(questions) == [[1]]


async def test_a_primed_value_is_known_to_both() -> None:
    questions = Questions()
    loader = ById(questions).prime(1, Row(1)).prime(2, None)
    column, many = loader.column([2, 1]), loader.load_many([1, 2])
    assert await asked(questions) == []
    assert await column == [None, Row(1)]
    assert await many == [Row(1), None]


async def test_priming_changes_no_value_that_is_known_or_on_its_way() -> None:
    questions = Questions()
    loader = ById(questions).prime(1, Row(1, "first")).prime(1, Row(1, "second"))
    column = loader.column([2])
    await turns()
    during = loader.prime(2, Row(2, "primed")).column([2])
    questions.answer(0, Row(2, "asked"))
    assert await column == await during == [Row(2, "asked")]
    assert await loader.load_many([1, 2]) == [Row(1, "first"), Row(2, "asked")]
    assert await asked(questions) == [[2]]


async def test_an_error_is_no_value_to_prime_with() -> None:
    questions = Questions()
    loader = ById(questions)
    with pytest.raises(RuntimeError, match="no"):
        loader.prime(1, cast("Row", RuntimeError("no")))
    single = loader.load(1)
    assert await asked(questions) == [[1]]
    questions.answer(0)
    assert await single is None


@pytest.mark.parametrize("many", [ById.load_many, ById.column])
async def test_a_cleared_value_is_asked_for_anew(
    many: Callable[[ById, list[int]], Awaitable[list[Row | None]]],
) -> None:
    questions = Questions()
    loader = ById(questions).prime(1, Row(1)).prime(2, Row(2)).clear(1).clear(3)
    waiting = many(loader, [1])
    assert await asked(questions) == [[1]]
    questions.answer(0, Row(1, "new"))
    assert await waiting == [Row(1, "new")]
    assert await loader.column([1, 2]) == [Row(1, "new"), Row(2)]
    assert len(questions.asked) == 1


async def test_what_a_column_loaded_is_cleared_too() -> None:
    questions = Questions()
    loader = ById(questions)
    column = loader.column([1])
    await turns()
    questions.answer(0, Row(1))
    assert await column == [Row(1)]
    assert await loader.clear(1).prime(1, Row(1, "new")).load(1) == Row(1, "new")
    assert await loader.column([1]) == [Row(1, "new")]
    assert len(questions.asked) == 1


async def test_a_value_cleared_on_its_way_is_for_those_who_wait_and_not_kept() -> None:
    questions = Questions()
    loader = ById(questions).prime(3, Row(3))
    before = loader.load_many([1, 2])
    await turns()
    loader.clear(1).prime(1, Row(1, "new")).clear(2)
    after = loader.load(2)
    assert await asked(questions) == [[1, 2], [2]]
    questions.answer(1, Row(2, "new"))
    assert await after == Row(2, "new")
    questions.answer(0, Row(1, "old"), Row(2, "old"))
    assert await before == [Row(1, "old"), Row(2, "old")]
    assert await loader.column([1, 2, 3]) == [Row(1, "new"), Row(2, "new"), Row(3)]
    assert len(questions.asked) == 2


async def test_all_values_can_be_cleared() -> None:
    questions = Questions()
    loader = ById(questions).prime(1, Row(1)).prime(2, Row(2))
    SingleKeys(loader).clear_all()
    column = loader.column([1, None])
    assert await asked(questions) == [[1]]
    questions.answer(0, Row(1, "new"))
    assert await column == [Row(1, "new"), None]


async def test_a_context_that_forgets_asks_anew_for_columns_and_for_single_keys() -> None:
    questions = Questions()
    unused = cast("Any", None)
    context = Context(questions.database, None, unused, unused, unused)
    context.loaders.user_by_id.prime(1, ADA)
    assert await context.loaders.user_by_id.column([1]) == [ADA]
    assert await context.loaders.user_by_id.load(1) == ADA
    assert questions.asked == []
    context.forget()
    single = context.loaders.user_by_id.load(1)
    assert await asked(questions) == [[1]]
    questions.answer(0)
    assert await single is None
    context.forget()
    column = context.loaders.user_by_id.column([1])
    assert await asked(questions) == [[1], [1]]
    questions.answer(1)
    assert await column == [None]
    context.end()
