"""Statements that leave together: each has its own answer, whatever becomes of its neighbours."""

import asyncio
from dataclasses import replace
from typing import Any, NamedTuple

import psycopg
import pytest

from db.errors import InvalidInputError, StatementTimeoutError
from db.pool import Pool
from db.statements import Bound, Statement
from tests.driver.scene import INVERSE, NONSENSE, NUMBER, PID, TEXT, Value, numbers, pool_over, statement, together

NOW = statement("SELECT transaction_timestamp() AS value, %(n)s::bigint AS n", name="now")
POINT = statement("SELECT * FROM point", name="point")


class Moment(NamedTuple):
    value: Any
    n: int


class Point(NamedTuple):
    x: Any
    y: Any = 0


async def test_statements_of_one_tick_share_a_transaction_and_later_ones_do_not(pool: Pool) -> None:
    async with pool.operation() as database:
        one, two = await asyncio.gather(*(database.fetch(NOW, Moment, n=n) for n in (1, 2)))
        (three,) = await database.fetch(NOW, Moment, n=3)
    assert (one[0].n, two[0].n, three.n) == (1, 2, 3)
    assert one[0].value == two[0].value < three.value


async def test_what_is_asked_before_the_first_answer_rides_along(pool: Pool) -> None:
    """A session that is looked up need not be waited for by what does not depend on it."""
    async with pool.operation() as database:
        session = database.fetch(NOW, Moment, n=1)
        page = database.fetch(NOW, Moment, n=2)
        assert (await session)[0].value == (await page)[0].value


@pytest.mark.parametrize(
    ("failing", "error"),
    [
        ((INVERSE, {"n": 0}), psycopg.errors.DivisionByZero),
        ((NONSENSE, {"n": 1}), psycopg.errors.SyntaxError),
        ((NUMBER, {"n": "many"}), psycopg.errors.InvalidTextRepresentation),
    ],
)
async def test_only_the_one_that_fails_fails(pool: Pool, failing: Any, error: type[Exception]) -> None:
    one, two, three = numbers(1, 2, 3)
    async with pool.operation() as database:
        for _ in range(2):
            found = await together(database, one, failing, two, failing, three)
            assert found == [[1], error, [2], error, [3]]
        assert await together(database, one) == [[1]]


async def test_each_statement_gets_its_own_error(pool: Pool) -> None:
    async with pool.operation() as database:
        asked = [
            (INVERSE, {"n": 0}),
            (NUMBER, {"n": 2}),
            (NONSENSE, {"n": 1}),
            (INVERSE, {"n": 1}),
            *[(NONSENSE, {"n": 1})] * 3,
        ]
        found = await together(database, *asked)
    division, syntax = psycopg.errors.DivisionByZero, psycopg.errors.SyntaxError
    assert found == [division, [2], syntax, [1], syntax, syntax, syntax]


async def test_a_second_batch_under_way_survives_the_failure_of_the_first(pool: Pool) -> None:
    """It relies on a statement that the first was to prepare."""
    async with pool.operation() as database:
        first = [database.fetch(one, Value, **p) for one, p in ((INVERSE, {"n": 0}), *numbers(1))]
        await asyncio.sleep(0)  # the first leaves
        second = [database.fetch(one, Value, **p) for one, p in numbers(2, 3)]
        answers = await asyncio.gather(*first, *second, return_exceptions=True)
    assert [one if isinstance(one, list) else type(one) for one in answers] == [
        psycopg.errors.DivisionByZero, [Value(1)], [Value(2)], [Value(3)]
    ]  # fmt: skip


async def test_a_batch_is_answered_in_one_tick(pool: Pool) -> None:
    """Else what its readers ask next would leave in two."""
    ticks: list[int] = []
    tick = 0

    def count() -> None:
        nonlocal tick
        tick += 1
        asyncio.get_running_loop().call_soon(count)

    async with pool.operation() as database:
        long = {"text": "x" * 100_000}  # comes in many packets
        futures = [database.fetch(TEXT, Value, **long) for _ in range(4)]
        for future in futures:
            future.add_done_callback(lambda _: ticks.append(tick))
        count()
        assert [len(rows[0].value) for rows in await asyncio.gather(*futures)] == [100_000] * 4
        tick = -1_000_000
    assert len(set(ticks)) == 1


@pytest.mark.parametrize("text", ["a\0b", "\0"])
async def test_text_with_nul_is_refused_and_neighbours_are_not(pool: Pool, text: str) -> None:
    async with pool.operation() as database:
        assert await together(database, (TEXT, {"text": text}), *numbers(1)) == [InvalidInputError, [1]]


async def test_half_a_character_is_nobodys_business_but_its_senders(pool: Pool) -> None:
    async with pool.operation() as database:
        one = asyncio.ensure_future(database.fetch(NUMBER, Value, n=1))
        with pytest.raises(UnicodeEncodeError):
            await database.fetch(TEXT, Value, text="\ud800")
        with pytest.raises(KeyError, match="text"):
            await database.fetch(TEXT, Value, other="text")
        assert await one == [Value(1)]


async def test_megabytes_go_both_ways(pool: Pool) -> None:
    """More than fits into the socket: the rest is sent when it can be, and read meanwhile. Sent again, too."""
    texts = [character * 3_000_000 for character in "äbc"]
    big = [(TEXT, {"text": text}) for text in texts]
    async with pool.operation() as database:
        assert await together(database, *big) == [[text] for text in texts]
        failed, *found = await together(database, (INVERSE, {"n": 0}), *big)
        assert failed is psycopg.errors.DivisionByZero
        assert found == [[text] for text in texts]
        assert await together(database, *numbers(1)) == [[1]]


async def test_a_statement_that_times_out_does_not_fail_its_neighbour(blank_database: str) -> None:
    async with pool_over(blank_database, statement_timeout_ms=50) as pool, pool.operation() as database:
        slow = statement("SELECT pg_sleep(60)::text AS value")
        pid = await database.fetch(PID, Value)
        assert await together(database, (slow, {}), *numbers(1)) == [StatementTimeoutError, [1]]
        assert await database.fetch(PID, Value) == pid


async def test_a_row_that_cannot_be_made_fails_alone(pool: Pool) -> None:
    async with pool.operation() as database:
        wrong = asyncio.ensure_future(database.fetch(NUMBER, Point, n=1))
        right = asyncio.ensure_future(database.fetch(NUMBER, Value, n=2))
        with pytest.raises(TypeError, match="Point has the fields x, y, and the columns are value"):
            await wrong
        assert await right == [Value(2)]


def sleeping(n: int, timeout_ms: int | None) -> Statement:
    text = "SELECT %(n)s::bigint AS value, current_setting('statement_timeout') AS setting, pg_sleep(%(s)s)"
    bound = None if timeout_ms is None else Bound(timeout_ms)
    return replace(statement(text, name=f"sleeping_{n}"), lasting=False, bound=bound)


class Slept(NamedTuple):
    value: int
    setting: str
    pg_sleep: Any


@pytest.mark.parametrize("driver", ["pipeline", "psycopg"])
async def test_a_time_out_of_its_own_stops_a_statement_and_no_other(blank_database: str, driver: str) -> None:
    async with pool_over(blank_database, driver=driver) as pool, pool.operation() as database:
        usual = (await database.fetch(sleeping(0, None), Slept, n=0, s=0))[0].setting
        bounds = ((1, 200, 20), (2, None, 0), (3, 5_000, 0), (4, 100, 20), (5, None, 0))
        futures = [database.fetch(sleeping(n, bound), Slept, n=n, s=s) for n, bound, s in bounds]
        answers = await asyncio.gather(*futures, return_exceptions=True)
        assert [type(answer) for answer in answers] == [
            StatementTimeoutError,
            list,
            list,
            StatementTimeoutError,
            list,
        ]
        settings = [answer[0][:2] for answer in answers if isinstance(answer, list)]
        assert settings == [(2, usual), (3, "5s"), (5, usual)]
        assert (await database.fetch(sleeping(0, None), Slept, n=0, s=0))[0].setting == usual


@pytest.mark.parametrize("driver", ["pipeline", "psycopg"])
async def test_what_a_statement_took_is_without_what_it_waited_for(blank_database: str, driver: str) -> None:
    took: list[float] = []

    def bounded(n: int, timeout_ms: int) -> Statement:
        return replace(sleeping(n, timeout_ms), bound=Bound(timeout_ms, took.append))

    async with pool_over(blank_database, driver=driver, pool_max_size=1) as pool, pool.operation() as database:
        async with pool.operation() as holder:
            held = holder.fetch(sleeping(0, None), Slept, n=0, s=2)
            waiting = [database.fetch(bounded(n, 5_000), Slept, n=n, s=s) for n, s in ((1, 0), (2, 0.3), (3, 0))]
            await held
        assert [answer[0].value for answer in await asyncio.gather(*waiting)] == [1, 2, 3]
        assert took[0] < 2_000
        assert took[1] >= 300
        assert len(took) == 3
        with pytest.raises(StatementTimeoutError):
            await database.fetch(bounded(4, 20), Slept, n=4, s=20)
        assert len(took) == 3
