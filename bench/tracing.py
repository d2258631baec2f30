"""`make bench-tracing`: what the feed page costs with tracing off and on, without an SDK to send spans anywhere.

Both servers are asked in turn, round after round; the ratio is that of the processor time within a round.
"""

import asyncio
import os
import statistics
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from bench.line import Line
from bench.servers import VRSS, Running, contenders, running
from bench.stage import HEADERS, stage

ROUNDS = int(os.environ.get("ROUNDS", "11"))
EACH = 300


def main() -> None:
    ours = next(one for one in contenders(Path()) if one.name == VRSS)
    traced = replace(ours, environment={**ours.environment, "VRSS_TRACING": "opentelemetry"})
    with stage() as stood, ExitStack() as stack:
        text = stood.document(ours, "feed_page") or ""
        off, on = (stack.enter_context(running(one, stood.url)) for one in (ours, traced))
        asyncio.run(_compare(off, on, text))


async def _compare(off: Running, on: Running, text: str) -> None:
    costs = [(await _cost(off, text), await _cost(on, text)) for _ in range(ROUNDS + 1)][1:]
    ratios = sorted(mine / other for other, mine in costs)
    for name, column in zip(("off", "on"), zip(*costs, strict=True), strict=True):
        print(f"{name:4}{statistics.median(column):8.3f} ms of CPU for each request")
    print(f"on to off: {statistics.median(ratios):.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f})")


async def _cost(server: Running, text: str) -> float:
    line = await Line.to(server.origin, HEADERS)
    before = server.cpu_seconds()
    for _ in range(EACH):
        status, _ = await line.ask({"query": text})
        assert status == 200  # noqa: S101, PLR2004
    await line.close()
    return (server.cpu_seconds() - before) * 1000 / EACH


if __name__ == "__main__":
    main()
