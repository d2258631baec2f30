"""A way to the server on which the server falls silent: nothing is closed, and nothing is answered any more."""

import asyncio
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict, make_conninfo


class Relay:
    """Passes everything on; on a connection over which `stops_at` went to the server, no answer comes back."""

    def __init__(self, url: str) -> None:
        self.stops_at: bytes | None = None
        self.silenced = 0
        self._given = conninfo_to_dict(url)
        self._tasks = set[asyncio.Task[None]]()

    async def connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if str(self._given["host"]).startswith("/"):
            path = f"{self._given['host']}/.s.PGSQL.{self._given['port']}"
            server_reader, server_writer = await asyncio.open_unix_connection(path)
        else:
            host, port = str(self._given["host"]), int(self._given["port"] or 5432)
            server_reader, server_writer = await asyncio.open_connection(host, port)
        silent = asyncio.Event()
        self._tasks.add(asyncio.create_task(self._ask(reader, server_writer, silent)))
        self._tasks.add(asyncio.create_task(self._answer(server_reader, writer, silent)))

    async def end(self) -> None:
        await asyncio.gather(*self._tasks)

    async def _ask(self, reader: asyncio.StreamReader, server: asyncio.StreamWriter, silent: asyncio.Event) -> None:
        while data := await reader.read(65536):
            if self.stops_at is not None and self.stops_at in data:
                self.silenced += 1
                silent.set()
            server.write(data)
        server.close()

    async def _answer(self, server: asyncio.StreamReader, writer: asyncio.StreamWriter, silent: asyncio.Event) -> None:
        while data := await server.read(65536):
            if not silent.is_set():
                writer.write(data)
        writer.close()


@contextmanager
def relayed(url: str, folder: Path) -> Generator[tuple[str, Relay]]:
    """The URL of the way, in a thread of its own, and what decides when it falls silent."""
    relay, ready = Relay(url), threading.Event()
    stop: list[Callable[[], object]] = []

    async def serve() -> None:
        stopped, loop = asyncio.Event(), asyncio.get_running_loop()
        stop.append(lambda: loop.call_soon_threadsafe(stopped.set))
        async with await asyncio.start_unix_server(relay.connect, folder / ".s.PGSQL.5432"):
            ready.set()
            await stopped.wait()
        await relay.end()

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    ready.wait()
    try:
        yield make_conninfo(url, host=str(folder), port=5432), relay
    finally:
        stop[0]()
        thread.join()
