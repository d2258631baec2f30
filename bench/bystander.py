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

import orjson

from bench.line import Line
from bench.one_attacker import Attack, attacks

SECONDS = 6.0
EVERY = 0.05
FEED = "{ homeFeed(first: 5) { nodes { id content author { username } } } }"

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
