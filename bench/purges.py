"""`make bench-purges`: what others feel while an account with SCALE million rows is purged.

One person asks for a page of their feed, and another one likes a post and takes it back, every 50 ms: for some seconds
alone, and then from the first to the last transaction of the purge, which a process of its own does, as a worker would.
"""

import asyncio
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, LiteralString

import orjson
import psycopg
from psycopg import sql

from api.gql.ids import encode
from bench import crowd
from bench.bystander import EVERY, FEED
from bench.line import Line
from bench.servers import VRSS, contenders, running
from db.embedded.server import temporary_server
from db.migrations.migrate import upgrade

ROWS = round(float(os.environ.get("SCALE", "1")) * 1_000_000)
POSTS = max(20_000, ROWS // 10)
ALONE_SECONDS = 10.0
LIKE = """mutation ($id: ID!) {
  likePost(input: {postId: $id}) { userErrors { code } }
  unlikePost(input: {postId: $id}) { userErrors { code } }
}"""

_OTHERS: LiteralString = (
    "SELECT id FROM users WHERE username LIKE 'person\\_%' AND status = 'active' ORDER BY id DESC LIMIT 2"
)
# Without triggers, which would take an hour; the counters are set as they would have.
_FILL: tuple[LiteralString, ...] = (
    """INSERT INTO users (username, email, password_hash, status, status_before_delete, deleted_at)
    VALUES ('leaver', 'leaver@example.org', 'x', 'deleted', 'active', now() - interval '31 days')""",
    "CREATE TEMPORARY TABLE me AS SELECT id FROM users WHERE username = 'leaver'",
    """CREATE TEMPORARY TABLE targets AS
    SELECT id, user_id, row_number() OVER (ORDER BY id) AS n FROM posts WHERE status = 'published'""",
    "CREATE INDEX ON targets (n)",
    "ANALYZE targets",
    """INSERT INTO comments (post_id, user_id, content, created_at)
    SELECT t.id, me.id, 'x', now() - g * interval '1 second'
    FROM me, generate_series(1, %(rows)s * 4 / 10) AS g
    INNER JOIN targets AS t ON t.n = 1 + g %% (SELECT count(*) FROM targets)""",
    """INSERT INTO notifications (user_id, actor_id, type, title, created_at)
    SELECT t.user_id, me.id, 'comment', 'x', now() - g * interval '1 second'
    FROM me, generate_series(1, %(rows)s * 3 / 10) AS g
    INNER JOIN targets AS t ON t.n = 1 + g %% (SELECT count(*) FROM targets)""",
    """INSERT INTO post_interactions (user_id, post_id, type)
    SELECT me.id, t.id, 'like' FROM me, targets AS t WHERE t.n <= %(rows)s / 10""",
    """INSERT INTO app.post_mentions (post_id, user_id, position)
    SELECT t.id, me.id, 99 FROM me, targets AS t WHERE t.n <= %(rows)s / 10""",
    """INSERT INTO app.audit_log (user_id, action)
    SELECT me.id, 'login' FROM me, generate_series(1, %(rows)s / 10)""",
    """UPDATE posts SET likes_count = likes_count + l.n, comments_count = comments_count + c.n
    FROM me, LATERAL (SELECT post_id, count(*) AS n FROM comments WHERE user_id = me.id GROUP BY post_id) AS c,
        LATERAL (
            SELECT count(*) AS n FROM post_interactions AS i WHERE i.user_id = me.id AND i.post_id = c.post_id
        ) AS l
    WHERE posts.id = c.post_id""",
)  # fmt: skip


def main() -> None:
    with temporary_server() as server:
        with psycopg.connect(server.url("postgres"), autocommit=True) as outside:
            outside.execute(sql.SQL("CREATE DATABASE purges"))
        url = server.url("purges")
        upgrade(url)
        crowd.fill(url, POSTS)
        with psycopg.connect(url, autocommit=True) as connection:
            _fill(connection)
            (reader,), (writer,) = connection.execute(_OTHERS).fetchall()
            ((post,),) = connection.execute("SELECT max(post_id) FROM comments WHERE content = 'x'").fetchall()
        ours = next(one for one in contenders(Path()) if one.name == VRSS)
        print(f"{os.cpu_count()} cores, {ROWS:,} rows, {POSTS:,} posts, load average {os.getloadavg()[0]:.0f}\n")
        print("| asked | beside | times | ms, p50 | p95 | slowest |")
        print("|---|---|---|---|---|---|")
        with running(ours, url) as api:
            asyncio.run(_measure(api.origin, url, reader, writer, encode("Post", post)))


def _fill(connection: psycopg.Connection) -> None:
    connection.execute("SET session_replication_role = replica")
    for statement in _FILL:
        connection.execute(statement, {"rows": ROWS})
    connection.execute("VACUUM ANALYZE")


async def _measure(origin: str, url: str, reader: int, writer: int, post: str) -> None:
    ends = time.perf_counter() + ALONE_SECONDS
    await _both(origin, "nobody", reader, writer, post, lambda: time.perf_counter() < ends)
    started = time.perf_counter()
    purge = await asyncio.create_subprocess_exec(
        Path(sys.executable).with_name("vrss"), "jobs", "run", "purge_accounts",
        env={**os.environ, "DATABASE_URL": url}, stdout=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    ended = asyncio.create_task(purge.wait())
    await _both(origin, "the purge", reader, writer, post, lambda: not ended.done())
    seconds = time.perf_counter() - started
    with psycopg.connect(url) as connection:
        left = connection.execute("SELECT count(*) FROM users WHERE username = 'leaver'").fetchone()
    if left != (0,):
        raise RuntimeError("the account was not purged")
    print(f"\nThe purge took {seconds:.0f} s, {ROWS / seconds:,.0f} rows per second.")


async def _both(origin: str, beside: str, reader: int, writer: int, post: str, goes_on: Callable[[], bool]) -> None:
    asked = {
        "a page of the feed": (reader, {"query": FEED}),
        "a like and its taking back": (writer, {"query": LIKE, "variables": {"id": post}}),
    }
    found = await asyncio.gather(*(_asked(origin, who, body, goes_on) for who, body in asked.values()))
    for name, times in zip(asked, found, strict=True):
        p50, p95 = statistics.median(times), sorted(times)[len(times) * 95 // 100]
        print(f"| {name} | {beside} | {len(times):,} | {p50:.1f} | {p95:.1f} | {max(times):.1f} |", flush=True)


async def _asked(origin: str, who: int, body: dict[str, Any], goes_on: Callable[[], bool]) -> list[float]:
    """The milliseconds of each answer, asked one after the other."""
    line = await Line.to(origin, {"authorization": f"Bearer {who}"})
    times: list[float] = []
    await line.ask(body)
    while goes_on():
        started = time.perf_counter()
        status, answer = await line.ask(body)
        times.append((time.perf_counter() - started) * 1000)
        if status != 200 or "errors" in orjson.loads(answer):  # noqa: PLR2004
            raise RuntimeError(f"somebody got {answer!r}")
        await asyncio.sleep(max(0.0, EVERY - (time.perf_counter() - started)))
    await line.close()
    return times


if __name__ == "__main__":
    main()
