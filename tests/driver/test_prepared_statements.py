"""Statements are prepared once for each connection, and again where it has to be."""

import asyncio
from contextlib import suppress

import psycopg
import pytest

from db.driver.connection import Exchange
from db.errors import NotReadyError
from db.pool import Pool
from tests.driver.scene import INVERSE, NUMBER, PID, PREPARED, Outside, Value, numbers, pool_over, statement, together
from tests.driver.test_pipeline import NOW, POINT, Moment, Point


async def test_one_that_is_first_prepared_behind_an_error_is_prepared_again(pool: Pool) -> None:
    async with pool.operation() as database:
        assert await together(database, (INVERSE, {"n": 0}), *numbers(4, 5)) == [
            psycopg.errors.DivisionByZero,
            [4],
            [5],
        ]
        assert await together(database, *numbers(6)) == [[6]]


async def test_a_statement_is_prepared_once(pool: Pool) -> None:
    async with pool.operation() as database:
        for _ in range(3):
            await together(database, *numbers(1, 2))
        assert await database.fetch(PREPARED, Value) == [Value(2)]


async def test_tables_may_change_under_prepared_statements(pool: Pool, outside: Outside) -> None:
    """Another type, another column, another table: as if the statement had never been run before."""
    changes: list[tuple[str, list[Point] | type[Exception]]] = [
        ("CREATE TABLE point (x integer); INSERT INTO point VALUES (1)", [Point(1)]),
        ("ALTER TABLE point ALTER COLUMN x TYPE text", [Point("1")]),
        ("ALTER TABLE point ADD COLUMN y boolean DEFAULT true", [Point("1", y=True)]),
        ("DROP TABLE point", NotReadyError),
        ("CREATE TABLE point (y integer, x integer); INSERT INTO point VALUES (2, 3)", [Point(3, 2)]),
    ]
    async with pool.operation() as database:
        pid = await database.fetch(PID, Value)
        for change, expected in changes:
            outside.execute(change)
            neighbour = database.fetch(NUMBER, Value, n=1)
            found = (await asyncio.gather(database.fetch(POINT, Point), return_exceptions=True))[0]
            assert found == expected if isinstance(expected, list) else isinstance(found, expected)
            assert await neighbour == [Value(1)]
        assert await database.fetch(PID, Value) == pid


async def test_a_pooler_that_changes_the_server_process_costs_one_more_try(pool: Pool) -> None:
    async with pool.operation() as database:
        assert await together(database, *numbers(1, 2)) == [[1], [2]]
        await database.execute(statement("DEALLOCATE ALL"))
        assert await together(database, *numbers(1, 2)) == [[1], [2]]


async def test_without_prepared_statements_a_batch_is_still_sent_together(blank_database: str) -> None:
    async with pool_over(blank_database, prepared_statements=False) as pool, pool.operation() as database:
        every = statement("SELECT count(*) AS value FROM pg_prepared_statements")
        one, two = await asyncio.gather(*(database.fetch(NOW, Moment, n=n) for n in (1, 2)))
        assert one[0].value == two[0].value
        assert await together(database, (INVERSE, {"n": 0}), *numbers(1)) == [psycopg.errors.DivisionByZero, [1]]
        for _ in range(7):  # psycopg prepares what it runs for the sixth time
            await database.execute(NUMBER, n=1)
        assert await database.fetch(every, Value) == [Value(0)]


async def test_a_connection_that_is_lost_takes_its_prepared_statements_along(pool: Pool, outside: Outside) -> None:
    for _ in range(2):
        async with pool.operation() as database:
            assert await together(database, *numbers(1, 2)) == [[1], [2]]
        outside.terminate(outside.serving)


async def test_after_a_rollback_nobody_asks_for_what_is_no_longer_prepared(
    pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    stale: list[object] = []

    def note(_: Exchange, prepared: object, __: object) -> bool:
        stale.append(prepared)
        return False

    monkeypatch.setattr(Exchange, "_is_stale", note)
    async with pool.operation() as database:
        assert await database.fetch(NUMBER, Value, n=1) == [Value(1)]
        with suppress(ZeroDivisionError):
            async with database.transaction():
                await database.fetch(PID, Value)
                raise ZeroDivisionError
        assert await database.fetch(NUMBER, Value, n=2) == [Value(2)]
        assert await database.fetch(PREPARED, Value) == [Value(2)]
    assert stale == []
