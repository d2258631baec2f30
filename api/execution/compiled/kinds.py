"""What resolvers may return besides plain values, by the class of a value."""

from enum import IntEnum
from types import NoneType
from typing import Any

from graphql.pyutils import UndefinedType


class Kind(IntEnum):
    PLAIN = 0
    NULL = 1
    EXCEPTION = 2
    AWAITABLE = 3


_MOST_REMEMBERED = 10_000
_KINDS: dict[type[Any], Kind] = {}


def kind_of(type_: type[Any]) -> Kind:
    """What the values of a class are."""
    kind = _KINDS.get(type_)
    if kind is None:
        kind = _kind_of(type_)
        if len(_KINDS) < _MOST_REMEMBERED:
            _KINDS[type_] = kind
    return kind


def kind_of_value(value: object) -> Kind:
    return kind_of(type(value))


def _kind_of(type_: type[Any]) -> Kind:
    if issubclass(type_, NoneType | UndefinedType):
        return Kind.NULL
    if issubclass(type_, Exception):
        return Kind.EXCEPTION
    return Kind.AWAITABLE if hasattr(type_, "__await__") else Kind.PLAIN
