"""Operations that end before their statements, and connections that end before either."""

import asyncio

import psycopg
import pytest

from db.database import Database
from db.errors import StatementTimeoutError
from db.pool import Pool
from db.statements import Statement
from tests.driver.scene import INVERSE, LOCKED, NUMBER, PID, Locked, Outside, Value, pool_over, statement

WRITE = statement("INSERT INTO written VALUES (%(n)s) RETURNING n AS value", name="write")
WRITTEN = statement("SELECT n AS value FROM written ORDER BY n", name="written")
WRITE_LOCKED = statement("INSERT INTO written SELECT 9 FROM pg_advisory_xact_lock_shared(1)", name="write_locked")


@pytest.fixture
def table(outside: Outside) -> None:
    outside.execute("CREATE TABLE written (n integer)")


async def pid_of(database: Database) -> int:
    (row,) = await database.fetch(PID, Value)
    return row.value


async def write_and_fail(database: Database) -> None:
    async with database.transaction():
        await database.execute(WRITE, n=2)
        await database.fetch(INVERSE, Value, n=0)


@pytest.mark.parametrize("behind", [0, 1, 5])
async def test_an_operation_that_ends_early_leaves_an_idle_connection(
    pool: Pool, outside: Outside, behind: int
) -> None:
    """Whatever waits behind the statement that is running: in its batch, and in batches of their own."""
    outside.execute("SELECT pg_advisory_lock(1)")
    async with pool.operation() as database:
        pid = await pid_of(database)
        slow = database.fetch(LOCKED, Locked)
        others = [database.fetch(LOCKED, Locked) for _ in range(behind)]
        await asyncio.sleep(0)
        others += [database.fetch(LOCKED, Locked) for _ in range(behind)]
        await outside.until_running(1)
    assert all(one.cancelled() for one in (slow, *others))
    assert not outside.running
    async with pool.operation() as database:
        assert await pid_of(database) == pid
        assert await database.fetch(NUMBER, Value, n=1) == [Value(1)]


async def test_a_thousand_aborted_operations_leave_nothing_behind(blank_database: str, outside: Outside) -> None:
    """Each at another moment: before it has a connection, before its statement leaves, while it runs, as it ends."""
    outside.execute("SELECT pg_advisory_lock(1)")

    async def operation(number: int) -> None:
        async with pool.operation() as database:
            await database.fetch(NUMBER, Value, n=number)
            await asyncio.gather(database.fetch(LOCKED, Locked), database.fetch(NUMBER, Value, n=number))

    async with pool_over(blank_database, pool_max_size=4, pool_timeout_seconds=60) as pool:
        for first in range(0, 1000, 25):
            tasks = [asyncio.create_task(operation(number)) for number in range(25)]
            for _ in range(first // 25):
                await asyncio.sleep(0)
            if first % 50 == 0:
                await outside.until_running(4)
            for task in tasks:
                task.cancel()
            assert all(
                isinstance(one, asyncio.CancelledError) for one in await asyncio.gather(*tasks, return_exceptions=True)
            )
        assert not outside.running
        serving = outside.serving
        assert len(serving) <= 4
        operations = [pool.operation() for _ in range(4)]
        pids = {rows[0].value for rows in await asyncio.gather(*(one.fetch(PID, Value) for one in operations))}
        assert pids >= serving  # none was lost, none is anybody else's
        for one in operations:
            await one.close()


async def test_an_answer_that_nobody_waits_for_reaches_nobody(pool: Pool) -> None:
    async with pool.operation() as database:
        one, two = (database.fetch(NUMBER, Value, n=n) for n in (1, 2))
        await asyncio.sleep(0)
        one.cancel()
        assert await two == [Value(2)]
        assert await database.fetch(NUMBER, Value, n=3) == [Value(3)]


@pytest.mark.usefixtures("table")
@pytest.mark.parametrize("stuck", [LOCKED, WRITE_LOCKED])
async def test_a_statement_that_does_not_stop_costs_its_connection(
    pool: Pool, outside: Outside, monkeypatch: pytest.MonkeyPatch, stuck: Statement
) -> None:
    """The server does not hear of it: the operation ends in time all the same, and the next one has another."""

    async def unheard(_: object, *, timeout: float) -> None:  # noqa: ASYNC109  # psycopg's signature
        await asyncio.sleep(timeout)

    monkeypatch.setattr("db.driver.pipeline.CANCEL_SECONDS", 0.05)
    monkeypatch.setattr("db.database.CANCEL_SECONDS", 0.05)
    monkeypatch.setattr(psycopg.AsyncConnection, "cancel_safe", unheard)
    outside.execute("SELECT pg_advisory_lock(1)")
    async with pool.operation() as database:
        pid = await pid_of(database)
        _ = database.fetch(stuck, Locked)
        await outside.until_running(1)
    async with pool.operation() as database:
        assert await pid_of(database) != pid
    outside.execute("SELECT pg_advisory_unlock(1)")
    await outside.until(lambda: pid not in outside.serving)


async def test_nothing_begins_after_the_end(pool: Pool) -> None:
    async with pool.operation() as database:
        unsent = database.fetch(NUMBER, Value, n=1)
    assert unsent.cancelled()
    with pytest.raises(StatementTimeoutError):
        await database.fetch(NUMBER, Value, n=1)


@pytest.mark.usefixtures("table")
async def test_reads_after_writes_see_them_inside_and_outside(pool: Pool) -> None:
    async with pool.operation() as database:
        before = database.fetch(WRITTEN, Value)
        async with database.transaction():
            assert await before == []
            assert await database.fetch(WRITE, Value, n=1) == [Value(1)]
            assert await asyncio.gather(*(database.fetch(WRITTEN, Value) for _ in range(2))) == [[Value(1)]] * 2
        after = database.fetch(WRITTEN, Value)
        with pytest.raises(psycopg.errors.DivisionByZero):
            await write_and_fail(database)
        assert await after == await database.fetch(WRITTEN, Value) == [Value(1)]
        written, read = await asyncio.gather(database.execute(WRITE, n=3), database.fetch(WRITTEN, Value))
        assert (written, read) == (1, [Value(1), Value(3)])


@pytest.mark.usefixtures("table")
async def test_what_is_asked_while_a_write_waits_is_answered_after_it(pool: Pool, outside: Outside) -> None:
    async with pool.operation() as database:
        outside.execute("SELECT pg_advisory_lock(1)")
        slow = database.fetch(LOCKED, Locked)
        await outside.until_running(1)

        async def write() -> None:
            async with database.transaction():
                await database.execute(WRITE, n=1)

        writing = asyncio.create_task(write())
        await asyncio.sleep(0)
        late = database.fetch(WRITTEN, Value)
        await asyncio.sleep(0)
        outside.execute("SELECT pg_advisory_unlock(1)")
        await writing
        assert len(await slow) == 1
        assert await late == [Value(1)]


@pytest.mark.usefixtures("table")
async def test_a_write_outside_a_transaction_is_nobodys_neighbour(pool: Pool) -> None:
    """A failure in its batch would undo it."""
    async with pool.operation() as database:
        written, failed = await asyncio.gather(
            database.fetch(WRITE, Value, n=1), database.fetch(INVERSE, Value, n=0), return_exceptions=True
        )
        assert written == [Value(1)]
        assert isinstance(failed, psycopg.errors.DivisionByZero)
        assert await database.fetch(WRITTEN, Value) == [Value(1)]


@pytest.mark.usefixtures("table")
async def test_a_write_that_is_cut_off_is_not_written(pool: Pool, outside: Outside) -> None:
    outside.execute("SELECT pg_advisory_lock(1)")

    async def write() -> None:
        async with pool.operation() as database, database.transaction():
            await database.execute(WRITE, n=1)
            await database.execute(WRITE_LOCKED)

    writing = asyncio.create_task(write())
    await outside.until_running(1)
    writing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await writing
    assert not outside.running
    async with pool.operation() as database:
        assert await database.fetch(WRITTEN, Value) == []


@pytest.mark.usefixtures("table")
@pytest.mark.parametrize("in_transaction", [False, True])
async def test_a_write_behind_a_read_is_not_written_after_the_deadline(
    pool: Pool, outside: Outside, *, in_transaction: bool
) -> None:
    outside.execute("SELECT pg_advisory_lock(1)")

    async def write() -> None:
        if in_transaction:
            async with database.transaction():
                await database.execute(WRITE, n=1)
        else:
            await database.execute(WRITE, n=1)

    async with pool.operation() as database:
        read = database.fetch(LOCKED, Locked)
        await outside.until_running(1)
        writing = asyncio.create_task(write())
        await asyncio.sleep(0)
        await asyncio.sleep(0)  # it has its turn, and waits for the read
        database.expire()
        answers = await asyncio.gather(read, writing, return_exceptions=True)
    assert [type(one) for one in answers] == [StatementTimeoutError] * 2
    outside.execute("SELECT pg_advisory_unlock(1)")
    async with pool.operation() as database:
        assert await database.fetch(WRITTEN, Value) == []
