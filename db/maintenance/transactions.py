"""The small transactions in which jobs work: how long each may take, and what of it is tried again."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import psycopg

from db.errors import (
    ConflictingWritesError,
    LockTimeoutError,
    NotReadyError,
    OverloadedError,
    RefusalError,
    StatementTimeoutError,
)
from db.pool import Database
from db.queries import purges

_STATEMENT_MS = 60_000  # a batch has this long, whatever a request may take
_ATTEMPTS = 5
_PAUSE_SECONDS = 0.05

OF_THE_ROW = (
    RefusalError,
    StatementTimeoutError,
    ConflictingWritesError,
    LockTimeoutError,
    psycopg.IntegrityError,
    psycopg.DataError,
    psycopg.errors.RaiseException,
)
"""Errors that one post or account can cause. It is skipped then; any other error ends the job."""

ResultT = TypeVar("ResultT")


async def in_transaction(
    database: Database,
    work: Callable[[], Awaitable[ResultT]],
    *,
    attempts: int = _ATTEMPTS,
    statement_ms: int = _STATEMENT_MS,
) -> ResultT:
    """Run in a transaction, tried again on contention. `statement_ms` bounds each statement, waiting for locks too."""
    for attempt in range(1, attempts + 1):
        try:
            async with database.transaction():
                await purges.set_timeout(database, statement_ms)
                return await work()
        except OverloadedError as error:
            if attempt == attempts or isinstance(error, NotReadyError):
                raise
            await asyncio.sleep(_PAUSE_SECONDS * 2**attempt)
    raise AssertionError("the loop returns or raises")
