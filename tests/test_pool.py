"""The contract of db/pool.py with whoever runs an operation."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import NamedTuple

import psycopg
import pytest
from psycopg import sql

from db.errors import DuplicateEmailError, DuplicateUsernameError, OverloadedError, StatementTimeoutError
from db.pool import Pool
from db.settings import DatabaseSettings
from db.statements import Statement


class Number(NamedTuple):
    number: int


class Seen(NamedTuple):
    value: str
    query: str
    prepared: int


class Level(NamedTuple):
    transaction_isolation: str


ONE = Statement("one", "The number 1.", b"SELECT 1 AS number")
ISOLATION = Statement("isolation", "The level of this transaction.", b"SHOW transaction_isolation")
ADD_USER = Statement(
    "add_user",
    "Add a user.",
    b"INSERT INTO users (username, email, password_hash) VALUES (%(username)s, %(email)s, 'x')",
)


@asynccontextmanager
async def pool_over(url: str) -> AsyncGenerator[Pool]:
    """A pool of one connection, for which nobody waits long."""
    settings = {"pool_min_size": 1, "pool_max_size": 1, "pool_timeout_seconds": 0.1}
    pool = Pool(url, DatabaseSettings.model_validate(settings))
    await pool.open()
    try:
        yield pool
    finally:
        await pool.close()


@pytest.fixture
async def pool(empty_database: str) -> AsyncGenerator[Pool]:
    async with pool_over(empty_database) as opened:
        yield opened


async def test_a_transaction_for_which_there_is_no_connection_is_overload(pool: Pool) -> None:
    async with pool.operation() as one, pool.operation() as other:
        async with one.transaction():
            with pytest.raises(OverloadedError):
                async with other.transaction():
                    pass
        await one.release()
        async with other.transaction():
            assert await other.fetch(ONE, Number) == [Number(1)]


async def test_nothing_runs_after_the_end_of_an_operation(pool: Pool) -> None:
    """A task that outlives its request would take a connection that nobody gives back."""
    async with pool.operation() as over:
        assert await over.fetch(ONE, Number) == [Number(1)]
    with pytest.raises(StatementTimeoutError):
        await over.fetch(ONE, Number)
    with pytest.raises(StatementTimeoutError):
        async with over.transaction():
            pass
    async with pool.operation() as next_one:
        assert await next_one.fetch(ONE, Number) == [Number(1)]


async def test_writes_are_read_committed_whatever_the_database_prefers(empty_database: str) -> None:
    """The triggers rely on it: they look again after they have waited."""
    with psycopg.connect(empty_database, autocommit=True) as connection:
        name = connection.info.dbname
        connection.execute(f"ALTER DATABASE {name} SET default_transaction_isolation = 'serializable'".encode())
    async with pool_over(empty_database) as pool, pool.operation() as database, database.transaction():
        assert await database.fetch(ISOLATION, Level) == [Level("read committed")]


async def test_a_duplicate_that_slips_past_a_check_is_named_by_its_constraint(pool: Pool) -> None:
    async with pool.operation() as database:
        await database.execute(ADD_USER, username="ada", email="ada@example.org")
        with pytest.raises(DuplicateUsernameError) as username:
            await database.execute(ADD_USER, username="ADA", email="other@example.org")
        with pytest.raises(DuplicateEmailError) as email:
            await database.execute(ADD_USER, username="other", email="Ada@example.org")
    assert (username.value.field, email.value.field) == (("username",), ("email",))


@pytest.mark.parametrize("value", ["plain", "' OR TRUE; --", "back\\slash ' quote", "%(value)s", "ünï"])
async def test_a_composed_statement_is_planned_for_its_values(pool: Pool, value: str) -> None:
    """The planner sees them, and they stay values."""
    query = sql.SQL(
        "SELECT %(value)s::text AS value, current_query() AS query,"
        " (SELECT count(*) FROM pg_prepared_statements)::integer AS prepared"
    ).format()
    async with pool.operation() as database:
        for _ in range(7):
            (row,) = await database.fetch_composed("seen", query, {"value": value}, Seen)
            assert (row.value, row.prepared) == (value, 0)
            assert "$1" not in row.query
        async with database.transaction():  # where it goes through psycopg's cursors
            for _ in range(7):
                (row,) = await database.fetch_composed("seen", query, {"value": value}, Seen)
                assert (row.value, row.prepared) == (value, 0)
                assert "$1" not in row.query


async def test_a_pool_of_few_needs_no_other_setting(blank_database: str) -> None:
    settings = DatabaseSettings.model_validate({"DATABASE_URL": blank_database, "pool_max_size": 1})
    pool = Pool(blank_database, settings)
    await pool.open()
    await pool.close()
