"""A process that does jobs, and a gate before its database that kills it between any two of its statements."""

import asyncio
import multiprocessing
import struct
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager, suppress
from multiprocessing.process import BaseProcess
from typing import NamedTuple
from urllib.parse import quote

import psycopg
from psycopg.conninfo import conninfo_to_dict

from api.jobs.tasks import LANES
from api.jobs.worker import run_until_idle
from db.maintenance import purges
from tests.jobs.scene import settings_over
from tests.waiting import DEADLINE_SECONDS

_FORK = multiprocessing.get_context("forkserver")
_FORK.set_forkserver_preload(["tests.jobs.gate"])
_ENCRYPTION = (80877103, 80877104)  # what a client may ask before it says who it is
_GATHERED = b"PBDEC"  # parts of a step: it begins with what ends it, a Sync


class Stop(NamedTuple):
    """Where a process is killed: before the server gets this step, or once it is done and the process does not know."""

    step: int
    done: bool


def _work(url: str, lane: str, batch: int, mail_url: str | None) -> None:
    """What the process does: the jobs of a lane until none is due, in purges of so many rows."""
    purges._BATCH = batch  # noqa: SLF001  # pyright: ignore[reportPrivateUsage, reportConstantRedefinition]
    settings = settings_over(url, **({} if mail_url is None else {"mail_url": mail_url}))
    asyncio.run(run_until_idle(settings, url, [one for one in LANES if one.name == lane], lambda _: None))


async def steps_until(stop: Stop | None, url: str, lane: str, batch: int, mail_url: str | None = None) -> int:
    """Let a process do the jobs of a lane, and kill it there; how many steps it began. Its sessions are over then."""
    async with _gate(url, stop) as gate:
        process = _FORK.Process(target=_work, args=(gate.url, lane, batch, mail_url))
        gate.process = process
        await asyncio.to_thread(process.start)
        async with asyncio.timeout(DEADLINE_SECONDS):
            await asyncio.to_thread(process.join)
        assert process.exitcode == (-9 if gate.killed else 0)
    await asyncio.to_thread(_until_alone, url)  # beside the loop, which has yet to close the gate's own sockets
    return gate.steps


def _until_alone(url: str) -> None:
    others = (
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND application_name LIKE 'vrss%' AND pid <> pg_backend_pid()"
    )
    deadline = time.monotonic() + DEADLINE_SECONDS
    with psycopg.connect(url, autocommit=True) as observer:
        while observer.execute(others).fetchone() != (0,):
            assert time.monotonic() < deadline, "a session of the process that was killed goes on"


@asynccontextmanager
async def _gate(url: str, stop: Stop | None) -> AsyncGenerator["_Gate"]:
    gate = _Gate(url, stop)
    server = await asyncio.start_server(gate.passes, "127.0.0.1", 0)
    gate.url = gate.named(server.sockets[0].getsockname()[1])
    try:
        yield gate
    finally:
        server.close()
        await gate.close()
        await server.wait_closed()


class _Gate:
    """Passes what the process and the server say to each other, and counts the steps: simple queries and Syncs."""

    def __init__(self, url: str, stop: Stop | None) -> None:
        self._database = conninfo_to_dict(url)
        self._stop = stop
        self._tasks = set[asyncio.Task[None]]()
        self._opened: list[asyncio.StreamWriter] = []
        self._closed = False
        self.process: BaseProcess
        self.url = ""
        self.steps = 0
        self.killed = False

    def named(self, port: int) -> str:
        user, password = (quote(str(self._database.get(name) or ""), safe="") for name in ("user", "password"))
        return f"postgresql://{user}:{password}@127.0.0.1:{port}/{self._database['dbname']}"

    async def close(self) -> None:
        """End all connections. Tasks end with theirs: one that is cancelled too early would leave its own open."""
        self._closed = True
        for one in self._opened:
            one.transport.abort()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def passes(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection of the process."""
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        host, port = str(self._database.get("host") or "localhost"), str(self._database.get("port") or 5432)
        opened = (
            asyncio.open_unix_connection(f"{host}/.s.PGSQL.{port}")
            if host.startswith("/")
            else asyncio.open_connection(host, int(port))
        )
        answers, server = await opened
        self._opened += (writer, server)
        if self._closed:
            server.transport.abort()
            writer.transport.abort()
            return
        connection = _Connection(self)
        both = [
            asyncio.ensure_future(connection.forward(reader, writer, server)),
            asyncio.ensure_future(connection.back(answers, writer)),
        ]
        try:
            with suppress(asyncio.IncompleteReadError, ConnectionError):
                await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for one in both:
                one.cancel()
            await asyncio.gather(*both, return_exceptions=True)
            server.close()
            writer.close()

    def begins(self) -> bool:
        """Whether the step that comes now may be passed on."""
        if self.killed:
            return False
        self.steps += 1
        if self.steps == (self._stop and self._stop.step) and not self.is_last:
            self.kill()
        return not self.killed

    @property
    def is_last(self) -> bool:
        """Whether the process is killed once this step is done."""
        return self._stop is not None and self._stop.done and self.steps == self._stop.step

    def kill(self) -> None:
        self.process.kill()
        self.killed = True


class _Connection:
    def __init__(self, gate: _Gate) -> None:
        self._gate = gate
        self._owed = 1  # times that the server has yet to say that it is ready
        self._last: int | None = None  # of them, until the process is killed

    async def forward(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, server: asyncio.StreamWriter
    ) -> None:
        while True:
            size = await reader.readexactly(4)
            rest = await reader.readexactly(struct.unpack("!I", size)[0] - 4)
            if struct.unpack("!I", rest[:4])[0] not in _ENCRYPTION:
                break
            writer.write(b"N")
        server.write(size + rest)
        gathered = b""
        while True:
            kind, message = await _message(reader)
            gathered += message
            if kind in b"QS":
                if not self._gate.begins():
                    return
                self._owed += 1
                if self._gate.is_last:
                    self._last = self._owed
            if kind not in _GATHERED:
                server.write(gathered)
                gathered = b""

    async def back(self, answers: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            kind, message = await _message(answers)
            if kind == b"Z":
                self._owed -= 1
                if self._last is not None:
                    self._last -= 1
                    if self._last == 0:
                        self._gate.kill()
                        return
            writer.write(message)


async def _message(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    head = await reader.readexactly(5)
    return head[:1], head + await reader.readexactly(struct.unpack("!I", head[1:])[0] - 4)


def chosen(steps: int, most: int | None, done: Sequence[bool]) -> Sequence[Stop]:
    """All places, or so many of them, evenly spread."""
    every = [Stop(step, is_done) for step in range(1, steps + 1) for is_done in done]
    return every if most is None else every[len(every) // (2 * most) :: len(every) // most]
