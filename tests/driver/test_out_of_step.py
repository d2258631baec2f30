"""A connection whose answers no longer belong to what was asked is OVERLOADED, and closed, whichever driver reads."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from db.errors import OverloadedError
from tests.driver.scene import NUMBER, PID, Outside, Value, pool_over, statement

WRITE = statement("INSERT INTO kept (n) VALUES (%(n)s)", name="write")
BEGIN = b"Q\x00\x00\x00\x0aBEGIN\x00"
MARK = b"the first answer"
DONE = b"C\x00\x00\x00\x0dSELECT 1\x00"
READY = b"Z\x00\x00\x00\x05I"
TWO_COMMANDS = b"Q\x00\x00\x00\x14BEGIN; SELECT 1\x00"


Change = Callable[[bytes], bytes]


def two_for_begin(data: bytes) -> bytes:
    return TWO_COMMANDS if data == BEGIN else data


def marked_twice(data: bytes) -> bytes:
    """Whatever has the marked number in it comes twice."""
    return data * 2 if MARK in data else data


def ended_early(data: bytes) -> bytes:
    """The end of a batch comes behind the first of its answers."""
    return data.replace(DONE, DONE + READY, 1) if MARK in data else data


@asynccontextmanager
async def out_of_step(url: str, folder: Path, change: Change) -> AsyncGenerator[str]:
    """The URL of a way to the server that changes, once, what goes through it."""
    given = conninfo_to_dict(url)
    is_done = False
    tasks = set[asyncio.Task[None]]()

    async def copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal is_done
        while data := await reader.read(65536):
            changed = data if is_done else change(data)
            is_done = is_done or changed != data
            writer.write(changed)
        writer.close()

    async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        path = f"{given['host']}/.s.PGSQL.{given['port']}"
        server_reader, server_writer = await asyncio.open_unix_connection(path)
        tasks.add(asyncio.create_task(copy(reader, server_writer)))
        tasks.add(asyncio.create_task(copy(server_reader, writer)))

    async with await asyncio.start_unix_server(connect, folder / ".s.PGSQL.5432"):
        yield make_conninfo(url, host=str(folder), port=5432)
    await asyncio.gather(*tasks)
    assert is_done


@pytest.mark.parametrize("driver", ["pipeline", "psycopg"])
async def test_a_connection_that_is_out_of_step_is_closed(
    blank_database: str, outside: Outside, driver: str, tmp_path: Path
) -> None:
    if not str(conninfo_to_dict(blank_database)["host"]).startswith("/"):
        pytest.skip("needs a server behind a socket of the file system")
    outside.execute("CREATE TABLE kept (n bigint)")
    async with out_of_step(blank_database, tmp_path, two_for_begin) as url, pool_over(url, driver=driver) as pool:
        async with pool.operation() as database:
            (before,) = await database.fetch(PID, Value)
            with pytest.raises(OverloadedError):
                async with database.transaction():
                    await database.execute(WRITE, n=1)
        async with pool.operation() as database:
            (after,) = await database.fetch(PID, Value)
            assert await database.fetch(NUMBER, Value, n=7) == [Value(7)]
            async with database.transaction():
                await database.execute(WRITE, n=2)
    assert before.value != after.value
    assert outside.pids("SELECT n FROM kept") == {2}


ANSWER = statement("SELECT CASE %(n)s::bigint WHEN 1 THEN 'the first ' || 'answer' ELSE %(n)s::text END AS value")


async def test_a_batch_that_ends_early_is_overloaded_and_its_connection_closed(
    blank_database: str, tmp_path: Path
) -> None:
    if not str(conninfo_to_dict(blank_database)["host"]).startswith("/"):
        pytest.skip("needs a server behind a socket of the file system")
    async with out_of_step(blank_database, tmp_path, ended_early) as url, pool_over(url) as pool:
        async with pool.operation() as database:
            (before,) = await database.fetch(PID, Value)
            asked = (database.fetch(ANSWER, Value, n=n) for n in (1, 2, 3))
            answers = await asyncio.gather(*asked, return_exceptions=True)
            assert [type(answer) for answer in answers] == [OverloadedError] * 3
        async with pool.operation() as database:
            (after,) = await database.fetch(PID, Value)
            assert await database.fetch(ANSWER, Value, n=5) == [Value("5")]
    assert before.value != after.value


@pytest.mark.parametrize("driver", ["pipeline", "psycopg"])
async def test_nobody_gets_an_answer_to_what_somebody_else_asked(
    blank_database: str, driver: str, tmp_path: Path
) -> None:
    if not str(conninfo_to_dict(blank_database)["host"]).startswith("/"):
        pytest.skip("needs a server behind a socket of the file system")
    async with out_of_step(blank_database, tmp_path, marked_twice) as url, pool_over(url, driver=driver) as pool:
        async with pool.operation() as database:
            (before,) = await database.fetch(PID, Value)
            assert await database.fetch(ANSWER, Value, n=1) == [Value("the first answer")]
        async with pool.operation() as database:
            (after,) = await database.fetch(PID, Value)
            if driver == "pipeline":  # libpq by itself drops what nobody waits for, and psycopg uses the connection on
                assert before.value != after.value
        for numbers in ((2, 3, 4), (5, 6)):
            async with pool.operation() as database:
                answers = await asyncio.gather(*(database.fetch(ANSWER, Value, n=n) for n in numbers))
            assert answers == [[Value(str(n))] for n in numbers]
