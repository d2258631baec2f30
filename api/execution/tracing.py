"""What is told to whoever wants to see where an operation's time goes."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Protocol


class Tracer(Protocol):
    def span(self, name: str, attributes: Mapping[str, str | int]) -> AbstractContextManager[object]:
        """Something that takes as long as the block; spans that begin within it are its children."""
        ...
