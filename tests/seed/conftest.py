from collections.abc import Iterator

import pytest

from tests.servers import Server, database


@pytest.fixture
def second_database(server: Server, empty_template: str) -> Iterator[str]:
    """The URL of another database like `empty_database`."""
    with database(server, empty_template) as name:
        yield server.url(name)
