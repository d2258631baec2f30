from collections.abc import Iterator

import psycopg
import pytest

from tests.factories import Factory


@pytest.fixture
def connection(empty_database: str) -> Iterator[psycopg.Connection]:
    """In autocommit, so that every statement is a transaction."""
    with psycopg.connect(empty_database, autocommit=True) as opened:
        yield opened


@pytest.fixture
def make(connection: psycopg.Connection) -> Factory:
    return Factory(connection)


@pytest.fixture
def writer(empty_database: str) -> Iterator[psycopg.Connection]:
    """A session that commits when the test says so."""
    with psycopg.connect(empty_database) as opened:
        yield opened
        opened.rollback()
