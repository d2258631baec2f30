"""`make bench-driver`: what the seven statements of the feed page cost in Python, through each driver.

Both drivers ask the same server in turn, round by round, so that what the machine does besides hits both alike. CPU is
that of this process, user and system; the server's is not in it.
"""

import asyncio
import hashlib
import os
import statistics
import time
from collections.abc import Callable, Coroutine
from typing import Any, NamedTuple

import psycopg
import uvloop
from psycopg_pool import AsyncConnectionPool

from api.gql.pagination import REACH
from bench.hot import EVERYWHERE, NESTED, PAGE
from db.database import Database
from db.embedded.server import temporary_server
from db.migrations.migrate import upgrade
from db.pool import Pool
from db.queries import comments, home_feed, interactions, media, sessions, users
from db.seed import seed
from db.settings import DatabaseSettings

ROUNDS = 11
OPERATIONS = 300  # in each round
LENDINGS = 5_000
TOKEN = hashlib.sha256(b"the token of the bench").digest()
SESSION = "INSERT INTO app.sessions (user_id, token_hash, expires_at) VALUES (1, %s, now() + interval '1 day')"
DRIVERS = ("psycopg", "pipeline")


class Part(NamedTuple):
    """The newest rows of a list, as the first page has them."""

    limit: int
    backward: bool = False
    rises: bool = False

    @property
    def parameters(self) -> dict[str, object]:
        return {**EVERYWHERE, "limit": self.limit, "reach": REACH * self.limit}


async def feed_page(database: Database) -> int:
    """Session, feed, then four statements in one tick, then the authors of the comments; the number of rows."""
    (session,) = await sessions.session_by_token_hash(database, TOKEN)
    viewer = session.id
    page = (await home_feed.home_feed(database, viewer, Part(PAGE)))[: PAGE - 1]
    ids = [post.id for post in page]
    authors = {post.user_id for post in page}
    known, liked, files, threads = await asyncio.gather(
        users.users_by_ids(database, viewer, authors),
        interactions.viewer_interactions_by_post_ids(database, viewer, ids),
        media.media_by_post_ids(database, ids),
        comments.comments_by_post_ids(database, viewer, ids, Part(NESTED)),
    )
    others = await users.users_by_ids(database, viewer, {one.user_id for one in threads} - authors)
    return 1 + len(page) + sum(map(len, (known, liked, files, threads, others)))


async def one_statement(database: Database) -> int:
    return len(await sessions.session_by_token_hash(database, TOKEN))


Work = Callable[[Database], Coroutine[Any, Any, int]]


async def measured(pool: Pool, work: Work, at_once: int) -> tuple[float, float]:
    """CPU milliseconds for each operation, and operations a second."""
    remaining = iter(range(OPERATIONS))

    async def worker() -> None:
        for _ in remaining:
            async with pool.operation() as database:
                await work(database)

    cpu, clock = time.process_time(), time.perf_counter()
    await asyncio.gather(*(worker() for _ in range(at_once)))
    return (time.process_time() - cpu) * 1000 / OPERATIONS, OPERATIONS / (time.perf_counter() - clock)


async def compared(pools: dict[str, Pool], work: Work, at_once: int) -> None:
    rounds: dict[str, list[tuple[float, float]]] = {name: [] for name in pools}
    for number in range(ROUNDS + 1):
        for name, pool in pools.items():
            found = await measured(pool, work, at_once)
            if number:  # the first one prepares the statements
                rounds[name].append(found)
    ratios = [new[0] / old[0] for new, old in zip(rounds["pipeline"], rounds["psycopg"], strict=True)]
    costs = [[cpu for cpu, _ in rounds[name]] for name in DRIVERS]
    cells = [f"{statistics.median(cost):.3f} ({min(cost):.3f})" for cost in costs]
    rates = [f"{statistics.median(rate for _, rate in rounds[name]):,.0f}" for name in DRIVERS]
    spread = f"{statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"
    print(f"| {work.__name__}, {at_once} at once | {' | '.join((*cells, spread, *rates))} |", flush=True)


async def lending(pool: Pool, url: str) -> tuple[float, float]:
    """CPU microseconds to take a connection and give it back: the checkout's, and those of psycopg's pool behind it."""
    async with pool.operation() as database:
        await one_statement(database)
    started = time.process_time()
    for _ in range(LENDINGS):
        pipeline = pool.checkout.acquire()
        assert pipeline is not None  # noqa: S101  # as above
        pool.checkout.release(pipeline)
    checkout = time.process_time() - started
    async with AsyncConnectionPool(url, min_size=1, max_size=1, open=False) as behind:
        started = time.process_time()
        for _ in range(LENDINGS):
            await behind.putconn(await behind.getconn())
        return checkout * 1e6 / LENDINGS, (time.process_time() - started) * 1e6 / LENDINGS


async def measure(url: str) -> None:
    pools = {
        name: Pool(url, DatabaseSettings.model_validate({"driver": name, "pool_min_size": 8, "pool_max_size": 8}))
        for name in DRIVERS
    }
    for pool in pools.values():
        await pool.open()
    try:
        async with pools["pipeline"].operation() as database:
            print(f"A feed page has {await feed_page(database)} rows in seven statements.\n")
        print("| operation | CPU ms: psycopg, median (least) | pipeline | ratio, paired | 1/s: psycopg | pipeline |")
        print("|---|---|---|---|---|---|")
        for work, at_once in ((feed_page, 1), (feed_page, 8), (one_statement, 8)):
            await compared(pools, work, at_once)
        checkout, behind = await lending(pools["pipeline"], url)
        print(
            f"\nA connection is taken and given back in {checkout:.1f} µs, through psycopg's pool in {behind:.1f} µs."
        )
    finally:
        for pool in pools.values():
            await pool.close()


def main() -> None:
    print(f"{os.cpu_count()} cores, psycopg {psycopg.__version__}, {ROUNDS} rounds of {OPERATIONS} operations each.")
    with temporary_server() as server:
        url = server.url("postgres")
        upgrade(url)
        seed(url)
        with psycopg.connect(url) as connection:
            connection.execute(SESSION, [TOKEN])
            connection.execute("ANALYZE")
        uvloop.run(measure(url))


if __name__ == "__main__":
    main()
