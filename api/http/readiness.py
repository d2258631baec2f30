"""`/readyz`: whether requests can be served, checked at most once a second however often it is requested."""

import asyncio
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

KEPT_SECONDS = 1.0
TIMEOUT_SECONDS = 5.0


class Readiness:
    """`problems` names what is in the way, one sentence each; taking longer than the timeout is one, too."""

    def __init__(
        self,
        problems: Callable[[], Awaitable[list[str]]],
        *,
        kept_seconds: float = KEPT_SECONDS,
        timeout_seconds: float = TIMEOUT_SECONDS,
    ) -> None:
        self._problems = problems
        self._kept = kept_seconds
        self._timeout = timeout_seconds
        self._check: asyncio.Future[list[str]] | None = None
        self._until = 0.0

    async def answer(self, _: Request) -> Response:
        found = await self._found()
        return JSONResponse({"ready": not found, "problems": found}, 503 if found else 200)

    async def _found(self) -> list[str]:
        """What the last check found while it is fresh, or the one that runs will find."""
        loop = asyncio.get_running_loop()
        if self._check is None or (self._check.done() and loop.time() >= self._until):
            self._check = asyncio.ensure_future(self._in_time())
            self._check.add_done_callback(self._keep)
        return await asyncio.shield(self._check)

    async def _in_time(self) -> list[str]:
        try:
            async with asyncio.timeout(self._timeout):
                return await self._problems()
        except TimeoutError:
            return [f"The database does not answer in {self._timeout:g} s."]

    def _keep(self, check: asyncio.Future[list[str]]) -> None:
        failed = check.cancelled() or check.exception() is not None
        self._until = 0.0 if failed else asyncio.get_running_loop().time() + self._kept
