"""A database with the demo people, and the jobs over it."""

import asyncio
from collections.abc import AsyncGenerator, Iterator

import psycopg
import pytest
from aiosmtpd.smtp import SMTP

from db.pool import Database, Pool
from db.settings import DatabaseSettings
from tests.jobs.inbox import Inbox


@pytest.fixture
def seeded(seeded_database: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(seeded_database, autocommit=True) as opened:
        yield opened


@pytest.fixture
async def pool(seeded_database: str) -> AsyncGenerator[Pool]:
    opened = Pool(seeded_database, DatabaseSettings.model_validate({"DATABASE_URL": seeded_database}))
    await opened.open()
    yield opened
    await opened.close()


@pytest.fixture
async def database(pool: Pool) -> AsyncGenerator[Database]:
    async with pool.operation() as operation:
        yield operation


@pytest.fixture
async def inbox() -> AsyncGenerator[tuple[Inbox, str]]:
    """A mail server, and the setting that names it."""
    received, loop = Inbox(), asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(received, loop=loop), "127.0.0.1", 0)
    yield received, f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    received.open.set()
    server.close()
    await server.wait_closed()
