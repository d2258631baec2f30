"""Values as PostgreSQL reads them in text. The server knows the types: each statement casts where it must.

What pages are made of has its own dumper, far cheaper than psycopg's, which looks at each value for the smallest type
that holds it. All else (lists, enums, intervals) is left to psycopg.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

import psycopg
from psycopg.adapt import PyFormat, Transformer

Dump = Callable[[Any], bytes | None]


def _nothing(_: None) -> None:
    return None


def _text(value: str) -> bytes:
    # libpq takes text as a C string and would quietly cut it off here.
    if "\0" in value:
        raise psycopg.DataError("PostgreSQL text fields cannot contain NUL (0x00) bytes")
    return value.encode()


def _integer(value: int) -> bytes:
    return b"%d" % value


def _boolean(value: bool) -> bytes:
    return b"t" if value else b"f"


def _time(value: datetime) -> bytes:
    return str(value).encode()


def _binary(value: bytes) -> bytes:
    return b"\\x" + value.hex().encode()


def _by_psycopg(value: object) -> bytes | None:
    dumped = Transformer(None).get_dumper(value, PyFormat.TEXT).dump(value)
    return None if dumped is None else bytes(dumped)


class _Dumpers(dict[type, Dump]):
    """The dumper of exactly this type: a subclass may mean something else by its value."""

    def __missing__(self, kind: type) -> Dump:
        return _by_psycopg


_DUMPERS = _Dumpers({type(None): _nothing, str: _text, int: _integer, bool: _boolean, datetime: _time, bytes: _binary})


def dumped(names: Iterable[str], values: Mapping[str, object]) -> list[bytes | None]:
    """These parameters in this order; psycopg.DataError for what cannot be sent."""
    dumpers = _DUMPERS
    return [dumpers[type(value)](value) for value in map(values.__getitem__, names)]
