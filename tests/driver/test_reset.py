"""A connection that is reset while something of it is left to read is noticed at once, on either event loop."""

import asyncio
import select
import socket
import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvloop
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from db.errors import OverloadedError
from tests.driver.scene import PID, Value, pool_over, statement

ANSWER = statement("SELECT CASE %(n)s::bigint WHEN 1 THEN 'the first ' || 'answer' ELSE %(n)s::text END AS value")
ASKED = b"'the first ' ||"
MARK = b"the first answer"


@contextmanager
def resetting(url: str, folder: Path) -> Generator[tuple[str, threading.Event]]:
    """The URL of a way to the server that ends in the middle of the marked answer, with a request still unread.

    The event is set when the question is on its way, and nothing that comes later is read.
    """
    given, is_asked = conninfo_to_dict(url), threading.Event()
    path = folder / ".s.PGSQL.5432"

    def relay(client: socket.socket) -> None:
        with client, socket.socket(socket.AF_UNIX) as server:
            server.connect(f"{given['host']}/.s.PGSQL.{given['port']}")
            asking = [client, server]
            while data := (readable := select.select(asking, [], [])[0][0]).recv(65536):
                if readable is client:
                    server.sendall(data)
                    if ASKED in data:
                        asking.remove(client)
                        is_asked.set()
                elif MARK in data:
                    select.select([client], [], [])
                    client.sendall(data[: data.index(MARK) + 5])
                    return
                else:
                    client.sendall(data)

    def serve() -> None:
        client, _ = listener.accept()
        listener.close()  # a second connection is refused
        relay(client)

    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()
        thread = threading.Thread(target=serve)
        thread.start()
        yield make_conninfo(url, host=str(folder), port=5432), is_asked
        thread.join()


@pytest.mark.parametrize("loop_factory", [asyncio.new_event_loop, uvloop.new_event_loop])
def test_a_reset_is_noticed_at_once(blank_database: str, tmp_path: Path, loop_factory: object) -> None:
    if not str(conninfo_to_dict(blank_database)["host"]).startswith("/"):
        pytest.skip("needs a server behind a socket of the file system")

    async def run(url: str, is_asked: threading.Event) -> None:
        async with pool_over(url, pool_min_size=1, pool_max_size=1) as pool, pool.operation() as database:
            await database.fetch(PID, Value)  # from now on it has the connection
            first = database.fetch(ANSWER, Value, n=1)
            await asyncio.to_thread(is_asked.wait)
            second = database.fetch(ANSWER, Value, n=2)
            async with asyncio.timeout(5):
                answers = await asyncio.gather(first, second, return_exceptions=True)
            assert [type(answer) for answer in answers] == [OverloadedError] * 2

    with (
        resetting(blank_database, tmp_path) as (url, is_asked),
        asyncio.Runner(loop_factory=loop_factory) as runner,  # pyright: ignore[reportArgumentType]
    ):
        runner.run(run(url, is_asked))
