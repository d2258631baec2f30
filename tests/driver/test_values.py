"""Values on their way there and back: the same through both drivers."""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

import psycopg
import pytest
from psycopg.types.json import Jsonb

from db.driver.rows import row_maker
from db.pool import Pool
from tests.driver.scene import Value, pool_over, statement


class Colour(StrEnum):
    RED = "red"


NOON = datetime(2026, 3, 1, 12, 0, 0, 5, tzinfo=UTC)
SAME: list[tuple[str, Any]] = [
    ("bigint", 0),
    ("bigint", -(2**63)),
    ("integer", 2**31 - 1),
    ("boolean", True),
    ("boolean", False),
    ("text", None),
    ("text", ""),
    ("text", "Zoë 🌻 \\ ' \" % {}, $1 %(n)s \n\t"),
    ("bytea", b""),
    ("bytea", bytes(range(256))),
    ("timestamptz", NOON),
    ("timestamptz", datetime(1, 1, 1, tzinfo=UTC)),
    ("interval", timedelta(days=-1, microseconds=7)),
    ("text[]", []),
    ("text[]", ["a", 'b"c,}', None, "NULL"]),
    ("bigint[]", [1, -2]),
    ("date", date(2026, 3, 1)),
    ("double precision", 0.1),
    ("numeric", Decimal("1.10")),
    ("uuid", UUID(int=7)),
]
OTHERWISE: list[tuple[str, Any, Any]] = [
    ("timestamptz", datetime(2026, 3, 1, 14, tzinfo=timezone(timedelta(hours=5, minutes=30))),
     datetime(2026, 3, 1, 8, 30, tzinfo=UTC)),
    ("timestamptz", "2026-03-01 14:00", datetime(2026, 3, 1, 14, tzinfo=UTC)),
    ("bigint[]", "{3,4}", [3, 4]),
    ("numeric", 10**40, Decimal(10**40)),
    ("jsonb", Jsonb({"a": [1, None]}), {"a": [1, None]}),
    ("text", Colour.RED, "red"),
]  # fmt: skip


@pytest.fixture
async def drivers(blank_database: str) -> AsyncGenerator[list[Pool]]:
    """Both, over a database whose own zone is far away."""
    with psycopg.connect(blank_database, autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE {connection.info.dbname} SET timezone = 'Asia/Tokyo'".encode())
    async with AsyncExitStack() as stack:
        yield [
            await stack.enter_async_context(pool_over(blank_database, driver=driver))
            for driver in ("pipeline", "psycopg")
        ]


async def test_values_come_back_as_they_went(drivers: list[Pool]) -> None:
    for kind, value, expected in [*((kind, value, value) for kind, value in SAME), *OTHERWISE]:
        asked = statement(f"SELECT %(value)s::{kind} AS value")
        for pool in drivers:
            async with pool.operation() as database:
                ((found,),) = await database.fetch(asked, Value, value=value)
                assert (found, type(found)) == (expected, type(expected)), kind
                assert not isinstance(found, datetime) or found.tzinfo is UTC


class Whole(NamedTuple):
    a: int
    b: int
    c: int = 9


def test_columns_find_their_fields() -> None:
    assert row_maker(Whole, ("a", "b", "c"))([(1, 2, 3), (4, 5, 6)]) == [Whole(1, 2, 3), Whole(4, 5, 6)]
    assert row_maker(Whole, ("c", "a", "b"))([(1, 2, 3)]) == [Whole(2, 3, 1)]
    assert row_maker(Whole, ("a", "b"))([(1, 2)]) == [Whole(1, 2)]
    assert row_maker(Whole, ("b", "a"))([(1, 2)]) == [Whole(2, 1)]
    assert all(type(row) is Whole for row in row_maker(Whole, ("b", "a"))([(1, 2)]))


@pytest.mark.parametrize("columns", [("a",), ("a", "c"), ("a", "b", "d"), ("a", "b", "b"), ("a", "b", "c", "c")])
def test_columns_that_do_not_fit_are_refused(columns: tuple[str, ...]) -> None:
    with pytest.raises(TypeError, match="Whole has the fields a, b, c, and the columns are"):
        row_maker(Whole, columns)
