"""One migrated database for all tests of this folder that leave nothing behind."""

from collections.abc import Iterator

import psycopg
import pytest

from tests.servers import Server, database


@pytest.fixture(scope="session")
def shared_database(server: Server, empty_template: str) -> Iterator[str]:
    with database(server, empty_template) as name:
        yield server.url(name)


@pytest.fixture
def connection(shared_database: str) -> Iterator[psycopg.Connection]:
    """A connection whose transaction is rolled back after the test."""
    with psycopg.connect(shared_database) as opened:
        yield opened
        opened.rollback()
