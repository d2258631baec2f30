"""A server process over the demo data, and two people who write to each other."""

from collections.abc import Generator

import pytest

from tests.cli.commands import serving
from tests.live.people import Person, log_in
from tests.servers import Server, database


@pytest.fixture(scope="module")
def database_url(server: Server, seeded_template: str) -> Generator[str]:
    with database(server, seeded_template) as name:
        yield server.url(name)


@pytest.fixture(scope="module")
def address(database_url: str) -> Generator[str]:
    with serving("serve", DATABASE_URL=database_url, VRSS_RATE_LIMIT="0") as (_, found):
        yield found


@pytest.fixture(scope="module")
async def ada(address: str) -> Person:
    return await log_in(address, "ada")


@pytest.fixture(scope="module")
async def ben(address: str) -> Person:
    return await log_in(address, "ben")
