"""Who gets a connection, and when."""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from db.errors import OverloadedError
from db.pool import Pool
from tests.driver.scene import LOCKED, NUMBER, PID, PREPARED, Locked, Outside, Value, pool_over, statement


async def process(pool: Pool) -> int:
    async with pool.operation() as database:
        (row,) = await database.fetch(PID, Value)
    return row.value


async def test_the_connection_that_came_back_last_goes_out_first(blank_database: str) -> None:
    """So that the others are idle for long, and the pool may close them."""
    async with pool_over(blank_database, pool_min_size=3, pool_max_size=3) as pool:
        async with AsyncExitStack() as stack:
            held = [await stack.enter_async_context(pool.operation()) for _ in range(3)]
            pids = [(await one.fetch(PID, Value))[0].value for one in held]
            assert len(set(pids)) == 3
        first = await process(pool)
        assert first in pids
        assert {await process(pool) for _ in range(5)} == {first}


async def test_an_operation_takes_nothing_until_its_first_statement_leaves(pool: Pool) -> None:
    async with pool.operation(), pool.operation() as database:
        withdrawn = database.fetch(NUMBER, Value, n=1)
        withdrawn.cancel()
        await asyncio.sleep(0)
        assert await process(pool)  # by the one connection


async def test_who_waits_longest_is_served_first(pool: Pool, outside: Outside) -> None:
    served: list[int] = []

    async def ask(number: int) -> None:
        async with pool.operation() as database:
            await database.fetch(NUMBER, Value, n=number)
            served.append(number)

    async with pool.operation() as holder:
        slow = holder.fetch(PID, Value)
        await slow
        waiting = [asyncio.create_task(ask(number)) for number in range(9)]
        await asyncio.sleep(0)
        waiting[3].cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    assert served == [0, 1, 2, 4, 5, 6, 7, 8]
    assert len(outside.serving) == 1


async def test_the_pool_grows_to_its_size_and_no_further(blank_database: str, outside: Outside) -> None:
    async with pool_over(blank_database, pool_max_size=3) as pool, AsyncExitStack() as stack:
        held = [await stack.enter_async_context(pool.operation()) for _ in range(3)]
        answers = await asyncio.gather(*(one.fetch(PID, Value) for one in held))
        assert {rows[0].value for rows in answers} == outside.serving
        last = await stack.enter_async_context(pool.operation())
        late = last.fetch(PID, Value)
        await held[1].release()
        assert await late == answers[1]
        assert len(outside.serving) == 3


async def test_slow_statements_make_others_wait_no_longer_than_they_may(blank_database: str, outside: Outside) -> None:
    """Overload is said in time, to reads and to writes, and is over when the slow ones are."""
    async with pool_over(blank_database, pool_max_size=2, pool_timeout_seconds=0.1) as pool:
        outside.execute("SELECT pg_advisory_lock(1)")
        operations = [pool.operation() for _ in range(2)]
        slow = [one.fetch(LOCKED, Locked) for one in operations]
        await outside.until_running(2)
        for _ in range(2):
            async with pool.operation() as database:
                with pytest.raises(OverloadedError):
                    await database.fetch(NUMBER, Value, n=1)
                with pytest.raises(OverloadedError):
                    await database.execute(statement("SELECT 1 AS value"))
                with pytest.raises(OverloadedError):
                    async with database.transaction():
                        pass
        outside.execute("SELECT pg_advisory_unlock(1)")
        pids = {(await one)[0].pid for one in slow}
        for one in operations:
            await one.close()
        assert {await process(pool)} < pids
        assert outside.serving == pids


async def test_what_nobody_wants_goes_back_to_the_pool(blank_database: str, outside: Outside) -> None:
    async with pool_over(blank_database, pool_min_size=2, pool_max_size=2) as pool:
        before = await process(pool)
        pool.checkout.sweep(idle_seconds=0.0)
        await asyncio.sleep(0)
        stats = pool._pool.get_stats()  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
        assert (stats["pool_available"], stats["pool_size"]) == (2, 2)
        assert {await process(pool), before} == outside.serving  # the pool's own turn is the oldest first


async def test_prepared_statements_are_kept_when_the_pool_leases_again(pool: Pool) -> None:
    pid = await process(pool)
    pool.checkout.sweep(idle_seconds=0.0)
    assert await process(pool) == pid
    async with pool.operation() as database:
        assert await database.fetch(PREPARED, Value) == [Value(2)]  # the process, and this one


async def test_nothing_is_left_when_the_pool_closes(blank_database: str, outside: Outside) -> None:
    async with pool_over(blank_database, pool_min_size=2, pool_max_size=3, pool_timeout_seconds=60) as pool:
        operations = [pool.operation() for _ in range(3)]
        await asyncio.gather(*(one.fetch(NUMBER, Value, n=1) for one in operations))
        late = pool.operation()
        waiting = late.fetch(NUMBER, Value, n=1)
        await asyncio.sleep(0)
        await operations[0].close()
        await waiting
        even_later = pool.operation()
        refused = even_later.fetch(NUMBER, Value, n=1)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    with pytest.raises(OverloadedError):
        await refused
    for one in (*operations, late, even_later):
        await one.close()
    await outside.until(lambda: not outside.serving)


async def test_a_pool_whose_server_is_away_closes_at_once(data_path: Path) -> None:
    settings = {"pool_min_size": 0, "pool_timeout_seconds": 60}
    async with asyncio.timeout(20):
        async with pool_over(f"postgresql:///vrss?host={data_path}", **settings) as pool:
            database = pool.operation()
            asked = database.fetch(NUMBER, Value, n=1)
            for _ in range(5):
                await asyncio.sleep(0)
        with pytest.raises(OverloadedError):
            await asked
        await database.close()
