"""The server and the databases that tests ask for by name."""

import gc
import signal
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from xdist.scheduler import LoadFileScheduling

from tests.factories import Factory
from tests.feeds.crowd import CROWD
from tests.redis import redis_server
from tests.servers import Server, chosen_server, close_administrators, database, memory_path

# A suite that a shell started in the background ignores SIGINT, and so would every process that it starts.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


# Files that take longest, which run first: one that begins last would run beside nothing.
LONGEST = (
    "schema/test_migrations_under_writes.py",
    "visibility/test_matrix.py",
    "visibility/test_removals.py",
    "plans/test_exports.py",
    "plans/test_search.py",
    "plans/test_purges.py",
    "plans/test_notifications.py",
    "plans/test_suggestions.py",
    "clients/test_apollo.py",
    "e2e/test_accounts.py",
    "pooler/test_pgbouncer.py",
    "feeds/test_statement.py",
    "clients/test_urql.py",
    "jobs/test_kills.py",
    "browser/test_graphiql.py",
    "plans/test_plans.py",
    "plans/test_hidden_crowds.py",
    "visibility/test_exports.py",
    "plans/test_seen_posts.py",
    "plans/test_mute_words.py",
    "feeds/test_plans.py",
    "api/test_page_info.py",
    "cli/test_run.py",
    "schema/test_migrations.py",
    "e2e/test_living_api.py",
    "e2e/test_hard_times.py",
    "seed/test_scaled_runs.py",
    "cli/test_operators.py",
    "cli/test_jobs.py",
)


# Files that plan for the same crowd, which takes five seconds to make: one worker runs them, as if they were one file.
OF_ONE_CROWD = {
    "crowd_template": {
        f"tests/plans/test_{name}.py" for name in ("exports", "search", "purges", "notifications", "suggestions")
    },
    "feed_crowd_template": {
        "tests/feeds/test_plans.py",
        "tests/plans/test_mute_words.py",
        "tests/plans/test_seen_posts.py",
    },
}


class FilesOfOneCrowdTogether(LoadFileScheduling):
    def _split_scope(self, nodeid: str) -> str:
        file = super()._split_scope(nodeid)
        return next((crowd for crowd, files in OF_ONE_CROWD.items() if file in files), file)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadFileScheduling | None:
    return FilesOfOneCrowdTogether(config, log) if config.getoption("dist") == "loadfile" else None


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Every module of the tests stays: the collector need not look at it again and again, nor while it is imported."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    first = {Path(__file__).parent / name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: first.get(item.path, len(LONGEST)))


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with chosen_server() as chosen:
        try:
            yield chosen
        finally:
            close_administrators()


@pytest.fixture(scope="session")
def empty_template(server: Server) -> Iterator[str]:
    from db.migrations.migrate import upgrade  # noqa: PLC0415  (only tests that need a migrated database pay for it)

    with database(server) as name:
        upgrade(server.url(name))
        yield name


@pytest.fixture(scope="session")
def seeded_template(server: Server, empty_template: str) -> Iterator[str]:
    from db.seed import seed  # noqa: PLC0415

    with database(server, empty_template) as name:
        seed(server.url(name))
        yield name


@pytest.fixture(scope="session")
def feed_crowd_template(server: Server, empty_template: str) -> Iterator[str]:
    with database(server, empty_template) as name:
        with psycopg.connect(server.url(name), autocommit=True) as connection:
            connection.execute(CROWD)
        yield name


@pytest.fixture
def blank_database(server: Server) -> Iterator[str]:
    """The URL of a database with nothing in it."""
    with database(server) as name:
        yield server.url(name)


@pytest.fixture
def empty_database(server: Server, empty_template: str) -> Iterator[str]:
    """The URL of a database at head, with the rows that migrations ship and no others."""
    with database(server, empty_template) as name:
        yield server.url(name)


@pytest.fixture
def seeded_database(server: Server, seeded_template: str) -> Iterator[str]:
    """The URL of a database at head with the demo data."""
    with database(server, seeded_template) as name:
        yield server.url(name)


@pytest.fixture
def data_path() -> Generator[Path]:
    """A path for a data folder, with nothing there yet, that every account may reach."""
    with memory_path() as path:
        yield path


@pytest.fixture
def connection(empty_database: str) -> Iterator[psycopg.Connection]:
    """In autocommit, so that every statement is a transaction."""
    with psycopg.connect(empty_database, autocommit=True) as opened:
        yield opened


@pytest.fixture
def make(connection: psycopg.Connection) -> Factory:
    return Factory(connection)


@pytest.fixture
def redis_url(tmp_path: Path) -> Iterator[str]:
    """The URL of a Redis server with nothing in it."""
    with redis_server(tmp_path) as url:
        yield url
