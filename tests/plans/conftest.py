"""The crowd that most statements are planned for."""

from collections.abc import Iterator

import pytest

from bench import crowd
from tests.servers import Server, database

POSTS = 20_000


@pytest.fixture(scope="session")
def crowd_template(server: Server, empty_template: str) -> Iterator[str]:
    """Made once for all files that plan for it, which one worker runs for that reason: see tests/conftest.py."""
    with database(server, empty_template) as name:
        crowd.fill(server.url(name), POSTS)
        yield name
