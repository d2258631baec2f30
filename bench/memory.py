"""`make bench-memory`: what one server process holds on to over hundreds of thousands of requests.

Most requests are the same small query, each hundredth is the feed page, and each twentieth is a profile page in a
document that the server has not seen before, as clients send that write their values into the text. What the server
keeps of documents, plans, sessions and budgets has bounds, so once these are reached its memory is flat.
"""

import asyncio
import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from http import HTTPStatus
from pathlib import Path

from bench.line import Line
from bench.servers import VRSS, Running, contenders, running
from bench.stage import HEADERS, stage

REQUESTS = int(os.environ.get("REQUESTS", "200000"))
AT_ONCE = 8
FEED_PAGE_EACH = 100
NEW_DOCUMENT_EACH = 20
FLAT = 0.02  # by how much the memory may grow over the last half


def main() -> None:
    with stage() as stood:
        ours = next(one for one in contenders(Path()) if one.name == VRSS)
        metered = replace(ours, environment={"VRSS_RATE_LIMIT": "1000000000"})
        texts = [stood.document(metered, name) or "" for name in ("viewer", "feed_page", "profile_page")]
        with running(metered, stood.url) as server:
            sizes = asyncio.run(_sizes(server, *texts))
    growth = sizes[-1] / sizes[len(sizes) // 2] - 1
    print(f"Over the last half the server grew by {growth:.1%}.")
    sys.exit(growth > FLAT)


async def _sizes(server: Running, small: str, feed: str, profile: str) -> list[float]:
    """Its resident memory in MB, before the first request and after every tenth of them."""

    def text(number: int) -> str:
        if number % NEW_DOCUMENT_EACH == 1:
            return profile.replace("ProfilePage", f"ProfilePage{number}")
        return small if number % FEED_PAGE_EACH else feed

    sizes = [_resident(server.pid)]
    for tenth in range(1, 11):
        texts = map(text, range((tenth - 1) * REQUESTS // 10, tenth * REQUESTS // 10))
        await asyncio.gather(*(_ask_all(server, texts) for _ in range(AT_ONCE)))
        sizes.append(_resident(server.pid))
        print(f"{tenth * REQUESTS // 10:9,} requests: {sizes[-1]:6.1f} MB", flush=True)
    return sizes


async def _ask_all(server: Running, texts: Iterator[str]) -> None:
    """Ask over one connection, as long as there is something to ask."""
    line = await Line.to(server.origin, HEADERS)
    for text in texts:
        status, answer = await line.ask({"query": text})
        if status != HTTPStatus.OK or b'"errors"' in answer:
            raise RuntimeError(f"{text} is answered with {answer!r}")
    await line.close()


def _resident(pid: int) -> float:
    pages = Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE") / 1e6


if __name__ == "__main__":
    main()
