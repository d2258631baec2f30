from collections.abc import Iterator

import psycopg
import pytest


@pytest.fixture
def writer(empty_database: str) -> Iterator[psycopg.Connection]:
    """A session that commits when the test says so."""
    with psycopg.connect(empty_database) as opened:
        yield opened
        opened.rollback()
