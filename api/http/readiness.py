"""`/readyz`: whether requests can be served, asked for at most once a second however many want to know."""

import asyncio
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

KEPT_SECONDS = 1.0


class Readiness:
    """`problems` names what is in the way, one sentence each."""

    def __init__(self, problems: Callable[[], Awaitable[list[str]]], *, kept_seconds: float = KEPT_SECONDS) -> None:
        self._problems = problems
        self._kept = kept_seconds
        self._check: asyncio.Future[list[str]] | None = None
        self._until = 0.0

    async def answer(self, _: Request) -> Response:
        found = await self._found()
        return JSONResponse({"ready": not found, "problems": found}, 503 if found else 200)

    async def _found(self) -> list[str]:
        """What the last check found while it is fresh, or the one that runs will find."""
        loop = asyncio.get_running_loop()
        if self._check is None or (self._check.done() and loop.time() >= self._until):
            self._check = asyncio.ensure_future(self._problems())
            self._check.add_done_callback(self._keep)
        return await asyncio.shield(self._check)

    def _keep(self, check: asyncio.Future[list[str]]) -> None:
        failed = check.cancelled() or check.exception() is not None
        self._until = 0.0 if failed else asyncio.get_running_loop().time() + self._kept
