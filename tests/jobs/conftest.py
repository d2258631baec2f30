"""A database with the demo people, and the jobs over it."""

from collections.abc import AsyncGenerator, Iterator

import psycopg
import pytest

from db.pool import Database, Pool
from db.settings import DatabaseSettings


@pytest.fixture
def seeded(seeded_database: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(seeded_database, autocommit=True) as opened:
        yield opened


@pytest.fixture
async def pool(seeded_database: str) -> AsyncGenerator[Pool]:
    opened = Pool(seeded_database, DatabaseSettings.model_validate({"DATABASE_URL": seeded_database}))
    await opened.open()
    yield opened
    await opened.close()


@pytest.fixture
async def database(pool: Pool) -> AsyncGenerator[Database]:
    async with pool.operation() as operation:
        yield operation
