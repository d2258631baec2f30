"""Subscriptions on the path of all operations: found, paid for and admitted once, and for each event anew.

Each event is an operation of its own: with a session that is checked, a context, a price and a deadline.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import AbstractContextManager, AsyncExitStack
from typing import Any, NamedTuple

from graphql import OperationType

from api.execution.engine import Bounds
from api.execution.operations import DocumentError
from api.http.operation import Caller, Operations
from api.http.payers import Identity
from api.http.progress import Progress, Result, fault, too_late
from api.http.requests import GraphQLRequest, RequestError

_KINDS = (OperationType.SUBSCRIPTION,)

Guard = Callable[[Identity, Callable[[], None]], AbstractContextManager[None]]
"""Calls back when the session of an identity is over."""


class Event(NamedTuple):
    """An event as its subscriber gets it, and where in its stream it is."""

    cursor: str | None
    result: Result


class OpenSubscription(NamedTuple):
    """One that has begun. To be closed."""

    progress: Progress
    events: AsyncIterator[object]

    async def aclose(self) -> None:
        close: Any = getattr(self.events, "aclose", None)
        if close is not None:
            await close()


class Subscriptions:
    """Takes a subscription from its request to its events, and each event to its result."""

    def __init__(self, operations: Operations, guard: Guard) -> None:
        self.operations = operations
        self.guard = guard
        self._limiter = operations.rate_limiter

    async def identity(self, caller: Caller) -> Identity:
        """Whose operation it is. For each one of its own: it holds what is found out about its session."""
        identity = self.operations.identify(caller.scope, caller.headers)
        if identity.account is None:
            await identity.look_up()
        return identity

    async def open(self, request: GraphQLRequest, caller: Caller, identity: Identity) -> OpenSubscription:
        """The subscription, from now on; RequestError or DocumentError where it may not begin."""
        operations, progress = self.operations, Progress()
        payer = operations.payer(caller, identity)
        operations.check_values(request)
        try:
            async with asyncio.timeout(operations.deadline_seconds), AsyncExitStack() as slots:
                await operations.prepare(progress, request, caller, payer, _KINDS)
                await operations.admit(slots, progress.operation, payer)
                async with operations.context_for(caller, identity, progress.operation, progress.charge) as context:
                    found = await operations.executor.events(progress.operation, progress.variables, context)
        except (RequestError, DocumentError):
            raise
        except TimeoutError:
            raise DocumentError([too_late()]) from None
        except Exception as error:
            raise DocumentError([fault(error)]) from error
        finally:
            self._settle(progress, payer, progress.requested)
        if isinstance(found, list):
            raise DocumentError(found)
        return OpenSubscription(progress, found)

    async def events(self, opened: OpenSubscription, caller: Caller) -> AsyncGenerator[Event]:
        """What each event is to this subscriber; RequestError or DocumentError for one that cannot be delivered."""
        try:
            async for event in opened.events:
                result = await self._result(opened, event, caller, await self.identity(caller))
                if result.cost is None:
                    raise DocumentError(result.errors)  # noqa: TRY301  # it is refused as others are
                yield Event(getattr(event, "cursor", None), result)
        except (RequestError, DocumentError):
            raise
        except Exception as error:
            raise DocumentError([fault(error)]) from error

    async def _result(self, opened: OpenSubscription, event: object, caller: Caller, identity: Identity) -> Result:
        operations, progress = self.operations, opened.progress.anew()
        payer = operations.payer(caller, identity)
        progress.charge = self._limiter.charge(payer, progress.requested)
        until = time.monotonic() + operations.deadline_seconds
        try:
            async with asyncio.timeout(operations.deadline_seconds), AsyncExitStack() as slots:
                await operations.admit(slots, progress.operation, payer)
                context = operations.context_for(caller, identity, progress.operation, progress.charge)
                async with context as progress.context:
                    progress.context.require_active()
                    bounds = Bounds(self._limiter.most - progress.least, until)
                    progress.outcome = await operations.executor.execute(
                        progress.operation, progress.variables, progress.context, event, bounds
                    )
        except TimeoutError:
            progress.error = too_late()
        except Exception as error:  # noqa: BLE001  # every exception is presented or masked
            progress.fail(error, caller.request_id)
        result = progress.result()
        self._settle(progress, payer, progress.requested if result.cost is None else result.cost["actual"])
        return result

    def _settle(self, progress: Progress, payer: bytes, actual: int) -> None:
        if progress.charge is not None:
            self._limiter.settle(progress.charge, payer, actual)
