"""The scene, and two sessions that stand in its way."""

from collections.abc import Iterator

import psycopg
import pytest

from tests.contention.scene import Scene
from tests.factories import Factory


@pytest.fixture
def scene(empty_database: str) -> Iterator[Scene]:
    with psycopg.connect(empty_database, autocommit=True) as connection:
        make = Factory(connection)
        ada, ben = make.user("ada"), make.user("ben")
        yield Scene(empty_database, make, ada, ben, make.post(ada))


@pytest.fixture
def one(scene: Scene) -> Iterator[psycopg.Connection]:
    """A session that holds what it locks until the test says otherwise."""
    with psycopg.connect(scene.url) as opened:
        yield opened
        opened.rollback()


@pytest.fixture
def other(scene: Scene) -> Iterator[psycopg.Connection]:
    with psycopg.connect(scene.url) as opened:
        yield opened
        opened.rollback()
