"""One statement on its way."""

import asyncio
import logging
import time
from typing import Any

from db.errors import translate
from db.statements import Statement

log = logging.getLogger("vrss.statements")


class Query:
    """A statement with its parameters, what its rows become, and who waits for them.

    `started` is 0 unless statements are logged. `tried` says that it was sent before, and came back without having run.
    """

    __slots__ = ("error", "future", "parameters", "row", "rows", "started", "statement", "tried")

    def __init__(
        self,
        statement: Statement,
        row: type[Any],
        parameters: list[bytes | None],
        future: asyncio.Future[list[Any]],
    ) -> None:
        self.statement = statement
        self.row = row
        self.parameters = parameters
        self.future = future
        self.rows: list[Any] = []
        self.error: Exception | None = None
        self.started = 0.0
        self.tried = False

    def answer(self) -> None:
        """Tell who waits what came back; an error in the words of db/errors.py."""
        if self.started:
            log.debug("%s %.2f ms", self.statement.name, (time.perf_counter() - self.started) * 1000)
        if self.future.done():
            return
        if self.error is None:
            self.future.set_result(self.rows)
        else:
            self.fail(self.error)

    def fail(self, error: Exception) -> None:
        if not self.future.done():
            told = translate(error)
            if told is not error:
                told.__cause__ = error
            self.future.set_exception(told)
