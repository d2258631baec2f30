"""Where letters wait. What is put here is done after the answer, so that no answer tells by its time what was done."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from functools import partial

from api.email.messages import Letter, message
from api.email.transports import Carrier, UndeliverableError
from db.errors import DatabaseError

log = logging.getLogger("vrss.mail")

Errand = Callable[[], Awaitable[Iterable[Letter]]]

_MOST_WAITING = 1000
_AT_ONCE = 4
_DRAIN_SECONDS = 5.0
_PAUSES_SECONDS = (1.0, 10.0)  # before another attempt


class Outbox:
    """Errands wait in memory: what a crash takes along, people ask for again."""

    def __init__(self, carrier: Carrier, sender: str, *, pauses: tuple[float, ...] = _PAUSES_SECONDS) -> None:
        self._carrier = carrier
        self._sender = sender
        self._pauses = pauses
        self._errands: asyncio.Queue[Errand] = asyncio.Queue(_MOST_WAITING)

    def send(self, *letters: Letter) -> None:
        """Send letters, of what is stored by now."""
        self.run(partial(_written, letters))

    def run(self, errand: Errand) -> None:
        """Run an errand soon, and send what it writes. One too many is logged and left."""
        try:
            self._errands.put_nowait(errand)
        except asyncio.QueueFull:
            log.error("too many letters are waiting: one was not written")  # noqa: TRY400  # there is nothing to trace

    @asynccontextmanager
    async def opened(self) -> AsyncGenerator[None]:
        """Letters leave within this block; those that wait at its end get a few seconds."""
        workers = [asyncio.create_task(self._work()) for _ in range(_AT_ONCE)]
        try:
            yield
            with suppress(TimeoutError):
                await asyncio.wait_for(self._errands.join(), _DRAIN_SECONDS)
        finally:
            for worker in workers:
                worker.cancel()
            await asyncio.gather(*workers, return_exceptions=True)

    async def _work(self) -> None:
        while True:
            errand = await self._errands.get()
            try:
                for letter in await self._written(errand):
                    await self._carry(letter)
            except Exception:
                log.exception("an errand of the outbox failed")
            finally:
                self._errands.task_done()

    async def _written(self, errand: Errand) -> Iterable[Letter]:
        """What an errand writes; where the database cannot serve for a moment, it is tried again."""
        for pause in self._pauses:
            try:
                return await errand()
            except DatabaseError as error:
                log.warning("a letter was not written yet: %s", type(error).__name__)
                await asyncio.sleep(pause)
        return await errand()

    async def _carry(self, letter: Letter) -> None:
        """Neither the address nor the text reaches the log: both are between the sender and the receiver."""
        try:
            composed = message(letter, self._sender)
        except ValueError as error:  # those behind it leave all the same
            log.error("a letter (%s) was given up: %s", letter.subject, type(error).__name__)  # noqa: TRY400  # as above
            return
        for pause in (*self._pauses, None):
            try:
                await self._carrier.carry(composed)
            except UndeliverableError as error:
                log.error("a letter (%s) was given up: %s", letter.subject, error)  # noqa: TRY400  # as above
                return
            except Exception as error:  # noqa: BLE001  # whatever the way out is made of
                log.warning("a letter (%s) did not leave: %s", letter.subject, type(error).__name__)
                if pause is not None:
                    await asyncio.sleep(pause)
            else:
                return
        log.error("a letter (%s) was given up", letter.subject)


async def _written(letters: tuple[Letter, ...]) -> tuple[Letter, ...]:
    return letters
