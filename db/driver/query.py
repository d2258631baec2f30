"""One statement that was requested."""

import asyncio
import logging
import time
from collections.abc import Iterable, Sized
from typing import Any, NamedTuple, cast

from db.statements import Statement
from db.translation import translate

log = logging.getLogger("vrss.statements")


class Origin(NamedTuple):
    """The request that statements run for, and after how long one of them is slow enough to be logged."""

    request_id: str = "-"
    slow_ms: float = 500.0

    def note(self, name: str, started: float, parameters: Iterable[object]) -> None:
        """A statement is over. `started` is a time of perf_counter()."""
        milliseconds = (time.perf_counter() - started) * 1000
        if milliseconds < self.slow_ms:
            if log.isEnabledFor(logging.DEBUG):
                log.debug("%s %.2f ms", name, milliseconds)
            return
        sizes = list(map(_size, parameters))
        fields = {"statement": name, "request_id": self.request_id, "parameter_sizes": sizes}
        message = "slow statement %s: %.0f ms in request %s, sizes of its parameters %s"
        log.warning(message, name, milliseconds, self.request_id, sizes, extra={**fields, "ms": round(milliseconds)})


def _size(parameter: object) -> int:
    """How much was sent, without saying what."""
    return len(cast("Sized", parameter)) if isinstance(parameter, str | bytes | list | tuple) else 1


class Query:
    """A statement with its parameters, the class of its rows, and the future of the result.

    `started` is 0 until it is sent. `retried`: it was sent before, and came back without having run.
    """

    __slots__ = ("error", "future", "origin", "parameters", "retried", "row", "rows", "started", "statement")

    def __init__(
        self,
        statement: Statement,
        row: type[Any],
        parameters: list[bytes | None],
        future: asyncio.Future[list[Any]],
        origin: Origin,
    ) -> None:
        self.statement = statement
        self.row = row
        self.parameters = parameters
        self.future = future
        self.origin = origin
        self.rows: list[Any] = []
        self.error: Exception | None = None
        self.started = 0.0
        self.retried = False

    def answer(self) -> None:
        """Resolve the future with the rows, or with the error as db/translation.py has it."""
        if self.started:
            self.origin.note(self.statement.name, self.started, self.parameters)
        if self.future.done():
            return
        if self.error is None:
            self.future.set_result(self.rows)
        else:
            self.fail(self.error)

    def fail(self, error: Exception) -> None:
        if not self.future.done():
            translated = translate(error)
            if translated is not error:
                translated.__cause__ = error
            self.future.set_exception(translated)
