"""The API in process, over a real database: what a request answers, and which statements it ran."""

import logging
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import psycopg
import pytest
from starlette.types import ASGIApp

from api.app import create_app
from api.gql.ids import encode
from api.media.store import Store
from api.settings import Settings
from db.seed import seed
from db.settings import DatabaseSettings
from tests.api.mailbox import Mailbox, mailbox
from tests.factories import Factory
from tests.servers import Server, database


class StatementLog(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.names: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        name = record.getMessage().split()[0]
        if name != "notify_others":  # of no request: it follows the writes of several
            self.names.append(name)


@dataclass
class Api:
    client: httpx.AsyncClient
    factory: Factory
    log: StatementLog
    app: ASGIApp
    store: Store
    tokens: dict[int, str] = field(default_factory=dict[int, str])

    async def post(
        self, body: dict[str, Any], *, viewer: int | None = None, headers: dict[str, str] | None = None
    ) -> httpx.Response:
        """One request; `viewer` is the user who asks."""
        headers = dict(headers or {})
        if viewer is not None:
            if viewer not in self.tokens:
                self.tokens[viewer] = self.factory.session(viewer)
            headers["authorization"] = f"Bearer {self.tokens[viewer]}"
        self.log.names.clear()
        return await self.client.post("/graphql", json=body, headers=headers)

    async def run(self, query: str, *, viewer: int | None = None, **variables: object) -> dict[str, Any]:
        """The data of an operation that must have no errors."""
        response = await self.post({"query": query, "variables": variables}, viewer=viewer)
        body = response.json()
        assert "errors" not in body, body["errors"]
        return body["data"]

    async def fail(self, query: str, *, viewer: int | None = None, **variables: object) -> dict[str, Any]:
        """The one error of an operation that must have exactly one."""
        response = await self.post({"query": query, "variables": variables}, viewer=viewer)
        assert response.status_code < 500, response.text
        (error,) = response.json()["errors"]
        return error

    @property
    def statements(self) -> list[str]:
        """The names of the statements that the last request ran, in order."""
        return list(self.log.names)

    def user(self, username: str) -> int:
        return self.factory.scalar("SELECT id FROM users WHERE username = %s", username)

    def user_id(self, username: str) -> str:
        """The global id of a user."""
        return encode("User", self.user(username))


@asynccontextmanager
async def api_over(
    url: str, *, deadline_seconds: float = 30, settings: Any = None, **database: object
) -> AsyncGenerator[Api]:
    """The API over a database; `settings` are those of the server, `database` those of its pool.

    No jobs run: a purge would delete what a test has written. E-mails that wait are sent by tests/api/mailbox.py.
    """
    pool = DatabaseSettings.model_validate({"DATABASE_URL": url, **database})
    files = TemporaryDirectory()
    given: dict[str, Any] = {"database": pool, "deadline_seconds": deadline_seconds, "worker": False}
    given["media_dir"] = Path(files.name)
    app = create_app(Settings.model_validate(given | (settings or {})))
    log = StatementLog()
    logger = logging.getLogger("vrss.statements")
    logger.addHandler(log)
    logger.setLevel(logging.DEBUG)
    try:
        with psycopg.connect(url, autocommit=True) as connection:
            transport = httpx.ASGITransport(app)
            async with (
                app.router.lifespan_context(app),
                httpx.AsyncClient(transport=transport, base_url="http://vrss.test") as client,
            ):
                yield Api(client, Factory(connection), log, app, Store(Path(files.name)))
    finally:
        files.cleanup()
        logger.removeHandler(log)
        if not logger.handlers:  # of another API that is still open
            logger.setLevel(logging.NOTSET)


@pytest.fixture
async def compiled_api(empty_database: str) -> AsyncGenerator[Api]:
    """The API by the executor that calls a field once for all objects; the stock one does so for each."""
    async with api_over(empty_database, settings={"executor": "compiled"}) as api:
        yield api


@pytest.fixture
async def api(empty_database: str) -> AsyncGenerator[Api]:
    """The API over a database without people."""
    async with api_over(empty_database) as api:
        yield api


# Fixed, so that the answers in operations/ hold their times.
ANCHOR = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture(scope="session")
def anchored_template(server: Server, empty_template: str) -> Iterator[str]:
    with database(server, empty_template) as name:
        seed(server.url(name), anchor=ANCHOR)
        yield name


@pytest.fixture
def anchored_database(server: Server, anchored_template: str) -> Iterator[str]:
    """The URL of a database with the demo data as of ANCHOR."""
    with database(server, anchored_template) as name:
        yield server.url(name)


@pytest.fixture
async def demo(anchored_database: str) -> AsyncGenerator[Api]:
    """The API over the demo data as of ANCHOR."""
    async with api_over(anchored_database) as api:
        yield api


Posted = tuple[Api, Mailbox]


@pytest.fixture
async def posted(empty_database: str, tmp_path: Path) -> AsyncGenerator[Posted]:
    """The API, and the e-mails that it writes."""
    async with api_over(empty_database) as api:
        yield api, mailbox(empty_database, tmp_path)
