"""The interface of a tracer, which records where an operation's time is spent."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Protocol


class Tracer(Protocol):
    def span(self, name: str, attributes: Mapping[str, str | int]) -> AbstractContextManager[object]:
        """A span as long as the block; spans that begin within it are its children."""
        ...
