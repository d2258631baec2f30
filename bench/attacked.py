"""`make bench-attacks`: what it takes to refuse each attack, and how long others wait while the server is attacked.

Each attack is sent over and over, one at a time, and never the same document twice. Then somebody who is logged in asks
the small query, one at a time: alone, while eight attackers send all kinds of attacks as fast as they are refused, and
while they do so under the rate limit that the server starts with.
"""

import asyncio
import statistics
import time
from collections.abc import AsyncGenerator, Generator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path

import orjson

from bench.attacks import ATTACKS, REFUSAL
from bench.bystander import measure
from bench.line import Line
from bench.one_attacker import prepare
from bench.servers import VRSS, Contender, Running, contenders, running
from bench.stage import HEADERS, OTHER_TOKEN, TOKEN, Stage, stage

EACH = 100
ATTACKERS = 8
ORDINARY = 500


def main() -> None:
    ours = next(one for one in contenders(Path()) if one.name == VRSS)
    with stage() as stood:
        with running(ours, stood.url) as server:
            asyncio.run(_refusals(server))
            asyncio.run(_others(server, stood, limited=False))
        with running(replace(ours, environment={}), stood.url) as server:
            asyncio.run(_others(server, stood, limited=True))
        beside_attacks(ours, stood)


def beside_attacks(ours: Contender, stood: Stage) -> None:
    @contextmanager
    def serve() -> Generator[str]:
        with running(replace(ours, environment={}), stood.url) as server:
            yield server.origin

    prepare(stood.url)
    measure(serve, stood.url, TOKEN, OTHER_TOKEN)


async def _refusals(server: Running) -> None:
    line = await Line.to(server.origin, {})
    print(f"{'attack':40}{'bytes':>9}{'ms, median':>12}{'slowest':>9}{'CPU ms':>8}")
    numbers = count()
    for name, attack in ATTACKS.items():
        bodies = [orjson.dumps(attack(next(numbers))) for _ in range(EACH)]
        before, times = server.cpu_seconds(), list[float]()
        for body in bodies:
            started = time.perf_counter()
            _, answer = await line.send(body)
            times.append((time.perf_counter() - started) * 1000)
            if orjson.loads(answer)["errors"][0]["extensions"]["code"] != REFUSAL:
                raise RuntimeError(f"{name} is answered with {answer!r}")
        cpu = (server.cpu_seconds() - before) * 1000 / EACH
        print(f"{name:40}{len(bodies[0]):9,}{statistics.median(times):12.2f}{max(times):9.1f}{cpu:8.2f}")
    await line.close()


async def _others(server: Running, stood: Stage, *, limited: bool) -> None:
    viewer = stood.document(server.contender, "viewer") or ""
    line = await Line.to(server.origin, HEADERS)
    if not limited:
        print(f"\n{ORDINARY} times {viewer.strip()}{'':22}{'ms, median':>12}{'p99':>9}")
        _tell("alone", await _asked(line, viewer))
    async with _attacked(server) as refused:
        found = await _asked(line, viewer)
    _tell(f"attacked{', with the rate limit' if limited else ''}: {len(refused):,} refusals meanwhile", found)
    await line.close()


async def _asked(line: Line, text: str) -> list[float]:
    times: list[float] = []
    for number in range(ORDINARY + 1):
        started = time.perf_counter()
        _, answer = await line.ask({"query": text})
        if orjson.loads(answer)["data"]["viewer"]["username"] != "ada":
            raise RuntimeError(f"{text} is answered with {answer!r}")
        if number:  # the first one makes the session known
            times.append((time.perf_counter() - started) * 1000)
    return times


@asynccontextmanager
async def _attacked(server: Running) -> AsyncGenerator[list[int]]:
    """While the block runs there are attacks; gives the statuses of the refusals."""
    refused: list[int] = []
    numbers = count(EACH * len(ATTACKS))
    bodies = (orjson.dumps(attack(number)) for number in numbers for attack in ATTACKS.values())
    attackers = [asyncio.create_task(_attack(server, bodies, refused)) for _ in range(ATTACKERS)]
    yield refused
    for attacker in attackers:
        attacker.cancel()
    await asyncio.gather(*attackers, return_exceptions=True)


async def _attack(server: Running, bodies: Iterator[bytes], refused: list[int]) -> None:
    line = await Line.to(server.origin, {})
    try:
        for body in bodies:
            status, _ = await line.send(body)
            refused.append(status)
    finally:
        await line.close()


def _tell(what: str, times: list[float]) -> None:
    ordered = sorted(times)
    print(f"{what:61}{statistics.median(ordered):12.2f}{ordered[len(ordered) * 99 // 100]:9.2f}")


if __name__ == "__main__":
    main()
