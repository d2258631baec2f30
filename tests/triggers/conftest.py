"""Each test has a database of its own, and as many connections to it as it needs."""

from collections.abc import Iterator

import psycopg
import pytest


@pytest.fixture
def one(empty_database: str) -> Iterator[psycopg.Connection]:
    """A session that commits when the test says so."""
    with psycopg.connect(empty_database) as opened:
        yield opened
        opened.rollback()


@pytest.fixture
def other(empty_database: str) -> Iterator[psycopg.Connection]:
    """A second session, at the same time."""
    with psycopg.connect(empty_database) as opened:
        yield opened
        opened.rollback()
