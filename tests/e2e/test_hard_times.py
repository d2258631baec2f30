"""A server process whose clients leave, whose connections are all taken, and whose database goes away."""

import asyncio
import json
import os
import random
import socket
import struct
from collections import Counter
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx
import psycopg
import pytest

from db.embedded.server import EmbeddedPostgres, temporary_server
from db.migrations.migrate import upgrade
from db.seed import seed
from tests.cli.commands import serving
from tests.driver.scene import Outside
from tests.e2e.conftest import FEED, LOGIN, PASSWORD

ABORTED = 1000 if os.environ.get("VRSS_PROOF") else 100
AT_ONCE = 25
IMPATIENCE_SECONDS = 0.03
CONNECTIONS = 4
SETTINGS = {
    "VRSS_POOL_MAX_SIZE": str(CONNECTIONS),
    "VRSS_RATE_LIMIT": "0",
    "VRSS_WORKER": "false",  # the connections and statements of requests are counted, and jobs have some of their own
    # Whatever ends within a test has ended for another reason than these.
    "VRSS_LOCK_TIMEOUT_MS": "60000",
    "VRSS_STATEMENT_TIMEOUT_MS": "60000",
    "VRSS_DEADLINE_SECONDS": "60",
}
ABRUPT = struct.pack("ii", 1, 0)  # closing resets the connection, with what has not been sent thrown away


@dataclass
class Scene:
    client: httpx.AsyncClient
    outside: Outside
    url: str

    def feed(self) -> "asyncio.Task[httpx.Response]":
        return asyncio.create_task(self.client.post("/graphql", json={"query": FEED}))

    @contextmanager
    def nobody_reads_posts(self) -> Generator[None]:
        """Every feed page waits for a lock, within a statement."""
        with psycopg.connect(self.url) as holder:
            holder.execute("LOCK TABLE posts IN ACCESS EXCLUSIVE MODE")
            yield
            holder.rollback()

    async def assert_every_connection_serves(self) -> None:
        with self.nobody_reads_posts():
            asked = [self.feed() for _ in range(CONNECTIONS)]
            await self.outside.until_running(CONNECTIONS)
        assert [outcome(await one) for one in asked] == [(200, None, None)] * CONNECTIONS


@asynccontextmanager
async def scene(url: str, **settings: str) -> AsyncGenerator[Scene]:
    with (
        serving("serve", DATABASE_URL=url, **SETTINGS, **settings) as (process, address),
        psycopg.connect(url, autocommit=True) as connection,
    ):
        async with httpx.AsyncClient(base_url=address, timeout=20) as client:
            body = {"query": LOGIN, "variables": {"login": "ada", "password": PASSWORD}}
            token = (await client.post("/graphql", json=body)).json()["data"]["login"]["token"]
            client.headers["authorization"] = f"Bearer {token}"
            yield Scene(client, Outside(connection), url)
            assert process.poll() is None


def outcome(response: httpx.Response) -> tuple[int, str | None, str | None]:
    """The status, what kind of error there was, and when to come again."""
    codes = {error["extensions"]["code"] for error in response.json().get("errors", [])}
    assert len(codes) <= 1
    return response.status_code, next(iter(codes), None), response.headers.get("retry-after")


async def leave(client: httpx.AsyncClient, dice: random.Random) -> None:
    """Ask for the feed page and leave after a moment: politely or not, with or without some of the answer."""
    url = urlsplit(str(client.base_url))
    reader, writer = await asyncio.open_connection(url.hostname, url.port)
    body = json.dumps({"query": FEED}).encode()
    head = (
        f"POST /graphql HTTP/1.1\r\nhost: {url.netloc}\r\ncontent-type: application/json\r\n"
        f"authorization: {client.headers['authorization']}\r\ncontent-length: {len(body)}\r\n\r\n"
    )
    writer.write(head.encode() + body)
    try:
        async with asyncio.timeout(dice.uniform(0, IMPATIENCE_SECONDS)):
            await reader.read()  # to the end of the connection, which the server does not bring about
    except TimeoutError:
        pass
    else:
        raise AssertionError("the server hung up")
    if dice.random() < 0.5:
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, ABRUPT)
    writer.transport.abort()


@pytest.mark.proof
async def test_aborted_requests_leave_no_statement_and_lose_no_connection(seeded_database: str) -> None:
    """Half of them would have been answered at once; the other half wait for a lock that nobody gives them."""
    dice = random.Random(0)
    async with scene(seeded_database) as here:
        for _ in range(0, ABORTED // 2, AT_ONCE):
            await asyncio.gather(*(leave(here.client, dice) for _ in range(AT_ONCE)))
        with here.nobody_reads_posts():
            for _ in range(0, ABORTED // 2, AT_ONCE):
                await asyncio.gather(*(leave(here.client, dice) for _ in range(AT_ONCE)))
            await here.outside.until_running(0)
            assert (await here.client.post("/graphql", json={"query": "{ viewer { username } }"})).json()["data"] == {
                "viewer": {"username": "ada"}
            }
        await here.assert_every_connection_serves()
        assert len(here.outside.serving) <= CONNECTIONS


async def test_a_pool_that_slow_statements_exhaust_refuses_and_recovers(seeded_database: str) -> None:
    async with scene(seeded_database, VRSS_POOL_TIMEOUT_SECONDS="0.2") as here:
        with here.nobody_reads_posts():
            slow: list[asyncio.Task[httpx.Response]] = []
            for number in range(CONNECTIONS):
                slow.append(here.feed())
                await here.outside.until_running(number + 1)
            refused = await asyncio.gather(*(here.feed() for _ in range(20)))
            assert [outcome(one) for one in refused] == [(503, "OVERLOADED", "1")] * 20
            assert (await here.client.get("/healthz")).status_code == 200
            assert not any(one.done() for one in slow)
        assert [outcome(await one) for one in slow] == [(200, None, None)] * CONNECTIONS
        await here.assert_every_connection_serves()


@pytest.fixture
def restartable() -> Generator[EmbeddedPostgres]:
    with temporary_server() as server:
        upgrade(server.url("postgres"))
        seed(server.url("postgres"))
        yield server


async def test_a_database_that_stops_and_starts_under_load_is_found_again(restartable: EmbeddedPostgres) -> None:
    """Requests come all the while: none hangs, each is answered or refused as the documents say."""
    heard: Counter[tuple[int, str | None, str | None]] = Counter()
    good, stopping = (200, None, None), False

    async with scene(restartable.url("postgres"), VRSS_POOL_TIMEOUT_SECONDS="0.3") as here:

        async def ask() -> None:
            while not stopping:
                heard[outcome(await here.feed())] += 1

        async def until(condition: str, more: int) -> None:
            """So many answers more that are good, or bad."""

            def count() -> int:
                return heard[good] if condition == "good" else heard.total() - heard[good]

            enough = count() + more
            async with asyncio.timeout(30):
                while count() < enough:  # noqa: ASYNC110  # the askers do not know what is enough
                    await asyncio.sleep(0)

        askers = [asyncio.create_task(ask()) for _ in range(8)]
        await until("good", 20)
        await asyncio.to_thread(restartable.stop)
        await until("bad", 20)
        restartable.start()
        await until("good", 50)
        stopping = True
        await asyncio.gather(*askers)
    assert set(heard) <= {good, (503, "OVERLOADED", "1"), (200, "OVERLOADED", None)}
