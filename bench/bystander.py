"""`make bench-attacks`, its second half: what somebody else's requests feel while one attacker works.

The bystander asks for five posts of their feed every 50 ms, over one connection. One account, or one address, attacks
meanwhile with all the connections that an attack takes, in a process of its own. A bystander's times may double. The
attacker's process has the lowest priority: its machine would be another one, while here it shares the processors.
"""

import asyncio
import multiprocessing
import os
import statistics
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from itertools import count
from typing import Any, NamedTuple

import orjson
import psycopg

from api.gql.ids import encode
from bench.line import Line

SECONDS = 6.0
EVERY = 0.05
FEED = "{ homeFeed(first: 5) { nodes { id content author { username } } } }"

NOTIFIED = "{ viewer { unreadNotificationCount notifications(unreadOnly: true) { nodes { id } } } }"

Body = Callable[[int], dict[str, Any]]


class Attack(NamedTuple):
    """What is sent, over how many connections, and whether with a session."""

    name: str
    body: Body
    connections: int
    signed_in: bool = True
    reads: bool = True


HIDDEN = 100_000
# Long posts to be read, posts that nobody else may see, and notifications of somebody who was blocked since.
PREPARE = """
WITH mira AS (SELECT id FROM users WHERE username = 'mira')
INSERT INTO posts (user_id, type, content, visibility, published_at, created_at)
SELECT mira.id, 'text_long', repeat(chr(1) || 'x', 5000), 'public', now() - number * interval '1 day',
       now() - number * interval '1 day'
FROM mira, generate_series(400, 499) AS number;
WITH dan AS (SELECT id FROM users WHERE username = 'dan')
INSERT INTO posts (user_id, type, content, visibility, published_at, created_at)
SELECT dan.id, 'text_short', 'hidden', 'private', moment, moment
FROM dan, generate_series(1, %(hidden)s) AS number,
     LATERAL (SELECT now() - number * interval '1 second') AS at (moment);
INSERT INTO notifications (user_id, type, actor_id, title, created_at)
SELECT ben.id, 'system', cleo.id, 'x', now() - number * interval '1 second'
FROM users AS ben, users AS cleo, generate_series(1, 3 * %(hidden)s) AS number
WHERE ben.username = 'ben' AND cleo.username = 'cleo';
INSERT INTO app.user_blocks (blocker_id, blocked_id)
SELECT ben.id, cleo.id FROM users AS ben, users AS cleo WHERE ben.username = 'ben' AND cleo.username = 'cleo'
"""


def attacks(url: str) -> list[Attack]:
    """Those that were once dear, over the demo data of a database."""
    with psycopg.connect(url) as connection:
        rows = connection.execute(
            "SELECT id FROM posts WHERE status = 'published' AND visibility = 'public'"
            " ORDER BY length(content) DESC NULLS LAST LIMIT 100"
        ).fetchall()
    ids = [encode("Post", row[0]) for row in rows]

    def texts(most: int) -> dict[str, Any]:
        contents = " ".join(f"a{number}: content" for number in range(most))
        query = f"query ($ids: [ID!]!) {{ nodes(ids: $ids) {{ ... on Post {{ {contents} }} }} }}"
        return {"query": query, "variables": {"ids": ids}}

    wrong = {"query": "{ viewer { nothingOfThisName } }"}
    windows = " ".join(f"w{number}: posts(first: {number + 1}) {{ nodes {{ id }} }}" for number in range(50))
    hidden = " ".join(f'u{n}: user(username: "dan") {{ posts {{ nodes {{ id }} }} }}' for n in range(9))
    feed = "{ homeFeed(first: 100) { nodes { id content author { username } comments(first: 3) { nodes { id } } } } }"
    return [
        Attack("answers that would cost too much", _always(texts(97)), 8),
        Attack("answers that turn out too large", _always(texts(9)), 8),
        Attack("answers as large as may be", _always(texts(4)), 8),
        Attack("answers that nobody reads", _always(texts(4)), 16, reads=False),
        Attack("bodies of 0.9 MB", _always({"query": "{ __typename }", "variables": {"unused": "x" * 900_000}}), 8),
        Attack("documents that are wrong", _always(wrong), 8),
        Attack("50 pages in one query", _always({"query": f'{{ user(username: "mira") {{ {windows} }} }}'}), 16),
        Attack("50 pages that find nothing", _nothing_found, 16),
        Attack("40 connections of one session", _always({"query": feed}), 40),
        Attack("pages past hidden posts", _always({"query": f"{{ {hidden} }}"}), 8),
        Attack("counts past hidden notifications", _always({"query": NOTIFIED}), 8),
        Attack("documents never seen before", _new_document, 16, signed_in=False),
        Attack("large documents never seen before", _new_large_document, 16, signed_in=False),
        Attack("passwords that are hard to judge", _hard_password, 4, signed_in=False),
    ]


def _always(body: dict[str, Any]) -> Body:
    def same(_: int) -> dict[str, Any]:
        return body

    return same


def _nothing_found(_: int) -> dict[str, Any]:
    asked = " ".join(f'w{number}: user(username: "nobody{number}") {{ id }}' for number in range(50))
    return {"query": f"{{ {asked} }}"}


def _new_document(number: int) -> dict[str, Any]:
    """Some 200 bytes that unfold into hundreds of fields."""
    return {
        "query": f"query Q{number}{{...A ...A}}"
        "fragment A on Query{a:viewer{...U} b:viewer{...U} c:viewer{...U}}"
        "fragment U on Viewer{username user{...V}}fragment V on User{id username profile{bio displayName}}"
    }


def _new_large_document(number: int) -> dict[str, Any]:
    fields = " ".join(
        f'u{one}: user(username: "x") {{ id username profile {{ bio displayName }} posts {{ nodes {{ id }} }} }}'
        for one in range(9)
    )
    switches = " ".join(f"$b{one}: Boolean!" for one in range(4))
    used = " ".join(f"t{one}: __typename @include(if: $b{one})" for one in range(4))
    values = {f"b{one}": bool(number >> one & 1) for one in range(4)}
    return {"query": f"query Q{number // 16}({switches}) {{ {fields} {used} }}", "variables": values}


def _hard_password(number: int) -> dict[str, Any]:
    password = ("({[<" * 16 + "0123456789")[number % 10 : 64 + number % 10]
    return {
        "query": "mutation ($input: RegisterInput!) { register(input: $input) { userErrors { code } } }",
        "variables": {"input": {"username": f"eve{number}", "email": f"eve{number}@example.org", "password": password}},
    }


def prepare(url: str) -> None:
    """Add to the demo data what the attacks are made of."""
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in PREPARE.split(";"):
            connection.execute(statement.replace("%(hidden)s", str(HIDDEN)).encode())
        connection.execute("VACUUM ANALYZE")


Serve = Callable[[], AbstractContextManager[str]]
"""Starts a server, whose origin it gives: one for each attack, so that each attacker begins with a full bucket."""


def measure(serve: Serve, url: str, token: str, other_token: str) -> None:
    """Print the bystander's times beside each attack."""
    print(f"\n{FEED} every {EVERY * 1000:.0f} ms")
    print(f"{'beside':40}{'ms, p50':>10}{'p95':>9}{'slowest':>9}  answers to the attack by status, 0 for cut off")
    with serve() as origin:
        _tell("nobody", asyncio.run(_bystander(origin, token)), {})
    for attack in attacks(url):
        with serve() as origin, multiprocessing.get_context("spawn").Pool(1, os.nice, (19,)) as pool:
            asyncio.run(_bystander(origin, token, 0))  # whose session is known from then on, and pays for itself
            attacking = pool.apply_async(_attacking, (origin, url, other_token, attack.name))
            time.sleep(1.5)  # the attacker's process starts
            times = asyncio.run(_bystander(origin, token))
            _tell(attack.name, times, attacking.get(60))


def _tell(what: str, times: list[float], statuses: dict[int, int]) -> None:
    ordered = sorted(times)
    told = ", ".join(f"{status}: {number}" for status, number in sorted(statuses.items()))
    p50, p95 = statistics.median(ordered), ordered[len(ordered) * 95 // 100]
    print(f"{what:40}{p50:10.1f}{p95:9.1f}{ordered[-1]:9.1f}  {told}", flush=True)


async def _bystander(origin: str, token: str, seconds: float = SECONDS) -> list[float]:
    line = await Line.to(origin, {"authorization": f"Bearer {token}"})
    times: list[float] = []
    await line.ask({"query": FEED})
    ends = time.perf_counter() + seconds
    while time.perf_counter() < ends:
        started = time.perf_counter()
        status, answer = await line.ask({"query": FEED})
        times.append((time.perf_counter() - started) * 1000)
        if status != 200 or "errors" in orjson.loads(answer):  # noqa: PLR2004
            raise RuntimeError(f"the bystander got {answer!r}")
        await asyncio.sleep(max(0.0, EVERY - (time.perf_counter() - started)))
    await line.close()
    return times


def _attacking(origin: str, url: str, token: str, name: str) -> dict[int, int]:
    (attack,) = (one for one in attacks(url) if one.name == name)
    return asyncio.run(_attack(origin, token, attack))


async def _attack(origin: str, token: str, attack: Attack) -> dict[int, int]:
    statuses: dict[int, int] = {}
    numbers = count(int(time.time()) % 1_000_000 * 1000)
    ends = time.perf_counter() + SECONDS + 1.5
    headers = {"authorization": f"Bearer {token}"} if attack.signed_in else {}

    async def send() -> None:
        while time.perf_counter() < ends:
            line = await Line.to(origin, headers)
            try:
                while time.perf_counter() < ends:
                    body = attack.body(next(numbers))
                    if not attack.reads:
                        line.post(orjson.dumps(body))
                        await asyncio.sleep(ends - time.perf_counter())
                        return
                    status, _ = await line.ask(body)
                    statuses[status] = statuses.get(status, 0) + 1
            except (ConnectionError, asyncio.IncompleteReadError):
                statuses[0] = statuses.get(0, 0) + 1
            finally:
                await line.close()

    await asyncio.wait([asyncio.create_task(send()) for _ in range(attack.connections)], timeout=SECONDS + 20)
    return statuses
