"""Three small worlds, each written once."""

from collections.abc import Iterator
from random import Random

import psycopg
import pytest

from tests.feeds.stage import Stage
from tests.feeds.worlds import invent, write
from tests.servers import Server, database


@pytest.fixture(scope="module", params=range(3))
def stage(request: pytest.FixtureRequest, server: Server, empty_template: str) -> Iterator[Stage]:
    with database(server, empty_template) as name, psycopg.connect(server.url(name)) as connection:
        ((now,),) = connection.execute("SELECT now()").fetchall()
        world = invent(now, Random(request.param))
        write(connection, world)
        yield Stage(world, connection)
        connection.rollback()
