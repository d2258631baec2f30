"""What the resolvers of a random schema give: the same for whoever asks, faults included.

A value follows from the seed of the world, the field and the number of the object that is asked, by a hash, and from
nothing else. So two executors that ask the same must be told the same, in whatever order they ask.
"""

import asyncio
from collections.abc import AsyncIterator, Generator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from hashlib import blake2b
from typing import Any, Literal


class Colour(Enum):
    RED = "r"
    GREEN = "g"
    BLUE = 3


@dataclass(frozen=True)
class Shape:
    """The type of a field: a leaf or an object by name, or a list of another shape."""

    kind: Literal["leaf", "object", "list"]
    name: str = ""
    of: "Shape | None" = None
    nullable: bool = False


class BoomError(Exception):
    """What a resolver raises."""


class Thing:
    """An object of a type of the schema. Its class, one for each type, is made with the schema."""

    kind: str
    world: "World"

    def __init__(self, number: int) -> None:
        self.number = number

    def __repr__(self) -> str:
        return f"{self.kind} {self.number}"

    def __getattr__(self, name: str) -> object:
        if name.startswith("_"):
            raise AttributeError(name)
        return self.world.answer(self.kind, name, self.number)


class World:
    def __init__(self) -> None:
        self.seed = 0.0
        self.faults = 0.0
        self.waits = True
        self.shapes: dict[str, Shape] = {}
        self.members: dict[str, list[type[Thing]]] = {}

    def dice(self, *key: object) -> float:
        digest = blake2b(repr((self.seed, key)).encode(), digest_size=6).digest()
        return int.from_bytes(digest) / 2**48

    def answer(self, kind: str, field: str, number: int) -> object:
        """What a field of an object is; raises where the world wants it to fail."""
        value = self.value(self.shapes[f"{kind}.{field}"], (kind, field, number))
        if isinstance(value, BoomError) and self.dice("raise", kind, field, number) < 0.5:
            raise value
        return value

    def value(self, shape: Shape, key: tuple[object, ...]) -> object:
        roll = self.dice("fault", key)
        if roll < self.faults:
            return self._fault(shape, roll / self.faults, key)
        if shape.nullable and self.dice("null", key) < 0.15:
            return None
        value = self._list(shape, key) if shape.kind == "list" else self._single(shape, key)
        return Later(value) if self.waits and self.dice("later", key) < 0.03 else value

    def _fault(self, shape: Shape, roll: float, key: tuple[object, ...]) -> object:
        faults: list[object] = [None, BoomError(f"boom {key}"), 2**40, float("nan"), "wrong", [1, [2]], object, {}]
        fault = float("nan") if shape.name == "Float" and roll < 0.3 else faults[int(roll * len(faults))]
        return Later(BoomError(f"late boom {key}")) if self.waits and self.dice("failing", key) < 0.2 else fault

    def _single(self, shape: Shape, key: tuple[object, ...]) -> object:
        number = int(self.dice("number", key) * 1000)
        if shape.kind == "object":
            members = self.members[shape.name]
            return members[number % len(members)](number)
        colour = list(Colour)[number % 3]
        leaves: dict[str, object] = {
            "Int": number - 500,
            "Float": number / 7 if number % 40 else number,
            "Boolean": number % 2 == 0,
            "ID": str(number) if number % 3 else number,
            "Colour": colour if number % 2 else colour.value,
            "DateTime": datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=number),
            "String": f"text {number}" if number % 11 else number,
        }
        return leaves[shape.name]

    def _list(self, shape: Shape, key: tuple[object, ...]) -> object:
        assert shape.of is not None
        size = int(self.dice("size", key) * 4)
        items = [self.value(shape.of, (*key, index)) for index in range(size)]
        roll = self.dice("iterable", key)
        if roll < 0.05:
            return (item for item in items)
        if roll < 0.1 and self.waits:
            return _streamed(items)
        if roll < 0.12:
            return _breaking(items)
        return tuple(items) if roll < 0.2 else items


class Later:
    """An awaitable that is no coroutine: one that nobody comes to await is no mistake."""

    def __init__(self, value: object) -> None:
        self.value = value

    def __await__(self) -> Generator[Any, Any, object]:
        yield from asyncio.sleep(0).__await__()
        if isinstance(self.value, BoomError):
            raise self.value
        return self.value


async def _streamed(items: list[Any]) -> AsyncIterator[object]:
    for item in items:
        yield item


def _breaking(items: list[Any]) -> Iterator[object]:
    if items:
        raise BoomError("the list broke off")
    yield from items
