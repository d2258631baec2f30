"""The world of the matrix, made once, and cloned for whoever changes it."""

from collections.abc import Iterator

import psycopg
import pytest

from api.gql import pagination
from api.loaders import feed_budget
from tests.servers import Server, database
from tests.visibility.answers import UNLIMITED, Oracle
from tests.visibility.rows import Rows
from tests.visibility.world.building import build
from tests.visibility.world.cast import AUTHORS, VIEWERS


@pytest.fixture(scope="session")
def world_template(server: Server, empty_template: str) -> Iterator[str]:
    with database(server, empty_template) as name:
        with psycopg.connect(server.url(name), autocommit=True) as connection:
            build(connection)
        yield name


@pytest.fixture(scope="session")
def oracle(server: Server, world_template: str) -> Oracle:
    with psycopg.connect(server.url(world_template), autocommit=True) as connection:
        rows = Rows(connection)
    names = [*AUTHORS, *VIEWERS]
    people = dict(zip(names, sorted(row["id"] for row in rows["users"]), strict=True))
    signed_in = {name: people[name] for name in names if name not in {"out", "gone"}}
    return Oracle(rows, {"anonymous": None, **signed_in})


@pytest.fixture
def world_database(server: Server, world_template: str) -> Iterator[str]:
    """The URL of a database with the world in it."""
    with database(server, world_template) as name:
        yield server.url(name)


@pytest.fixture(scope="module", autouse=True)
def whole_pages() -> Iterator[None]:
    """No page is cut short for what lies hidden in front of it, and none is refused for the many before it.

    tests/api/test_hidden_rows.py and tests/loaders/test_feed_budget.py are about these bounds.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pagination, "REACH", 1000)
        patch.setattr(feed_budget, "_MOST_OF_OPERATION", UNLIMITED)
        yield
