"""Subscriptions on the path of all operations: found, paid for and admitted once, and for each event anew.

Each event is an operation of its own: with a session that is checked, a context, a price and a deadline.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

from graphql import OperationType

from api.execution.engine import Bounds
from api.execution.operations import DocumentError
from api.http.operation import Caller, Operations
from api.http.payers import Identity
from api.http.progress import Progress, Result, fault, too_late
from api.http.rate_limit import caller_address
from api.http.requests import GraphQLRequest, RequestError

_SUBSCRIPTION = (OperationType.SUBSCRIPTION,)


class OpenSubscription:
    """One that has begun. To be closed."""

    def __init__(self, progress: Progress, events: AsyncIterator[object]) -> None:
        self.progress = progress
        self.events = events

    async def aclose(self) -> None:
        close: Any = getattr(self.events, "aclose", None)
        if close is not None:
            await close()


class Subscriptions:
    """Takes a subscription from its request to its events, and each event to its result."""

    def __init__(self, operations: Operations) -> None:
        self._operations = operations
        self._limiter = operations.rate_limiter

    async def open(self, request: GraphQLRequest, caller: Caller, identity: Identity) -> OpenSubscription:
        """The subscription, from now on; RequestError or DocumentError where it may not begin."""
        operations, payer, progress = self._operations, _payer(caller, identity), Progress()
        try:
            async with asyncio.timeout(operations.deadline_seconds), AsyncExitStack() as slots:
                await operations.prepare(progress, request, caller, payer, _SUBSCRIPTION)
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

    async def result(self, opened: OpenSubscription, event: object, caller: Caller, identity: Identity) -> Result:
        """What an event is to this subscriber. RequestError where its price cannot be paid."""
        operations, payer, progress = self._operations, _payer(caller, identity), opened.progress.anew()
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


def _payer(caller: Caller, identity: Identity) -> bytes:
    return identity.account or caller_address(caller.scope)
