from collections.abc import AsyncGenerator, Iterator

import psycopg
import pytest

from db.pool import Pool
from tests.driver.scene import Outside, pool_over


@pytest.fixture
async def pool(blank_database: str) -> AsyncGenerator[Pool]:
    """A pool of one connection over an empty database."""
    async with pool_over(blank_database) as opened:
        yield opened


@pytest.fixture
def outside(blank_database: str) -> Iterator[Outside]:
    with psycopg.connect(blank_database, autocommit=True) as connection:
        yield Outside(connection)
