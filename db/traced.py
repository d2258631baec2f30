"""A database whose statements are traced."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from db.database import Database
from db.driver.checkout import Checkout
from db.driver.query import Origin
from db.statements import Statement

RowT = TypeVar("RowT")
AnswerT = TypeVar("AnswerT")
Begun = Callable[[BaseException | None], None]
"""Called when the statement is over, with what it failed with."""
Begin = Callable[[str], Begun]
"""Called with the name of a statement when it is requested."""


class TracedDatabase(Database):
    """Traces each statement from the request to the result, with the wait for a connection."""

    __slots__ = ("_begin",)

    def __init__(self, checkout: Checkout, *, pipelined: bool, origin: Origin, begin: Begin) -> None:
        super().__init__(checkout, pipelined=pipelined, origin=origin)
        self._begin = begin

    def fetch(self, statement: Statement, row: type[RowT], /, **parameters: object) -> asyncio.Future[list[RowT]]:
        return self._traced(statement, super().fetch(statement, row, **parameters))

    def execute(self, statement: Statement, /, **parameters: object) -> asyncio.Future[int]:
        return self._traced(statement, super().execute(statement, **parameters))

    def _traced(self, statement: Statement, future: asyncio.Future[AnswerT]) -> asyncio.Future[AnswerT]:
        end = self._begin(statement.name)

        def end_span(answered: asyncio.Future[AnswerT]) -> None:
            end(asyncio.CancelledError() if answered.cancelled() else answered.exception())

        future.add_done_callback(end_span)
        return future
