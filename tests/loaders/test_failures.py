"""Single keys whose statement fails or is canceled, and callers who give up."""

import asyncio

import pytest

from tests.loaders.questions import ById, Questions, Row, asked, turns


async def test_a_failure_is_not_kept() -> None:
    questions = Questions()
    loader = ById(questions)
    failing = [loader.load(1), loader.load(1), loader.load_many([1, 2])]
    column = loader.column([2])
    await turns()
    for _, answer in questions.asked:
        answer.set_exception(RuntimeError("no"))
    for waiting in (*failing, column):
        with pytest.raises(RuntimeError, match="no"):
            await waiting
    before = len(questions.asked)
    again = loader.load_many([1, 2])
    assert (await asked(questions))[before:] == [[1, 2]]
    questions.answer(before, Row(1), Row(2))
    assert await again == [Row(1), Row(2)]


async def test_a_failure_is_for_those_who_wait_for_its_statement_alone() -> None:
    questions = Questions()
    loader = ById(questions)
    failing = loader.load(1)
    await turns()
    same, other = loader.load(1), loader.load(2)
    assert await asked(questions) == [[1], [2]]
    questions.asked[0][1].set_exception(RuntimeError("no"))
    questions.answer(1, Row(2))
    for waiting in (failing, same):
        with pytest.raises(RuntimeError, match="no"):
            await waiting
    assert await other == Row(2)


async def test_a_canceled_statement_cancels_those_who_wait_for_it_and_nobody_else() -> None:
    questions = Questions()
    loader = ById(questions)
    canceled = [loader.load(1), loader.load(1)]
    await turns()
    both, other = loader.load_many([1, 2]), loader.column([2])
    later = loader.load(3)
    await turns()
    questions.asked[0][1].cancel()
    for number in range(1, len(questions.asked)):
        questions.answer(number, Row(2), Row(3))
    await turns()
    assert all(waiting.done() for waiting in (*canceled, both))
    for waiting in (*canceled, both):
        with pytest.raises(asyncio.CancelledError):
            await waiting
    assert await other == [Row(2)]
    assert await later == Row(3)
    again = loader.load(1)
    assert (await asked(questions))[-1] == [1]
    questions.answer(-1, Row(1))
    assert await again == Row(1)


async def test_one_who_gives_up_a_single_key_takes_nobody_along() -> None:
    questions = Questions()
    loader = ById(questions)
    given_up, kept = loader.load(1), loader.load(1)
    many, column = loader.load_many([1, 2]), loader.column([2])
    given_up.cancel()
    many.cancel()
    await turns()
    for number in range(len(questions.asked)):
        questions.answer(number, Row(1), Row(2))
    assert await kept == Row(1)
    assert await column == [Row(2)]
    assert await loader.load(2) == Row(2)
