"""The queue of e-mails. Its tasks run after the response, so that no response time reveals what was sent."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from functools import partial

from api.email.messages import Email, mime_message
from api.email.transports import Transport, UndeliverableError
from db.errors import DatabaseError

log = logging.getLogger("vrss.mail")

EmailTask = Callable[[], Awaitable[Iterable[Email]]]

_MOST_WAITING = 1000
_AT_ONCE = 4
_DRAIN_SECONDS = 5.0
_PAUSES_SECONDS = (1.0, 10.0)  # before another attempt


class EmailQueue:
    """Composes and sends in the background. Tasks wait in memory: what a crash loses, people request again."""

    def __init__(self, transport: Transport, sender: str, *, pauses: tuple[float, ...] = _PAUSES_SECONDS) -> None:
        self._transport = transport
        self._sender = sender
        self._pauses = pauses
        self._tasks: asyncio.Queue[EmailTask] = asyncio.Queue(_MOST_WAITING)

    def send(self, *emails: Email) -> None:
        """Send e-mails, about what is stored by now."""
        self.run(partial(_composed, emails))

    def run(self, task: EmailTask) -> None:
        """Run a task soon, and send the e-mails that it returns. When the queue is full, it is logged and dropped."""
        try:
            self._tasks.put_nowait(task)
        except asyncio.QueueFull:
            log.error("the e-mail queue is full: a task was dropped")  # noqa: TRY400  # there is nothing to trace

    @asynccontextmanager
    async def opened(self) -> AsyncGenerator[None]:
        """Run the workers within this block; what still waits at its end gets a few seconds."""
        workers = [asyncio.create_task(self._work()) for _ in range(_AT_ONCE)]
        try:
            yield
            with suppress(TimeoutError):
                await asyncio.wait_for(self._tasks.join(), _DRAIN_SECONDS)
        finally:
            for worker in workers:
                worker.cancel()
            await asyncio.gather(*workers, return_exceptions=True)

    async def _work(self) -> None:
        while True:
            task = await self._tasks.get()
            try:
                for email in await self._composed(task):
                    await self._deliver(email)
            except Exception:
                log.exception("a task of the e-mail queue failed")
            finally:
                self._tasks.task_done()

    async def _composed(self, task: EmailTask) -> Iterable[Email]:
        """The e-mails that a task returns; retried while the database is unavailable."""
        for pause in self._pauses:
            try:
                return await task()
            except DatabaseError as error:
                log.warning("an e-mail was not composed yet: %s", type(error).__name__)
                await asyncio.sleep(pause)
        return await task()

    async def _deliver(self, email: Email) -> None:
        """Neither the address nor the text is logged: both are private."""
        try:
            composed = mime_message(email, self._sender)
        except ValueError as error:  # the next ones are sent all the same
            log.error("an e-mail (%s) was given up: %s", email.subject, type(error).__name__)  # noqa: TRY400  # as above
            return
        for pause in (*self._pauses, None):
            try:
                await self._transport.deliver(composed)
            except UndeliverableError as error:
                log.error("an e-mail (%s) was given up: %s", email.subject, error)  # noqa: TRY400  # as above
                return
            except Exception as error:  # noqa: BLE001  # whatever a transport raises
                log.warning("an e-mail (%s) was not delivered yet: %s", email.subject, type(error).__name__)
                if pause is not None:
                    await asyncio.sleep(pause)
            else:
                return
        log.error("an e-mail (%s) was given up", email.subject)


async def _composed(emails: tuple[Email, ...]) -> tuple[Email, ...]:
    return emails
