"""What fails: a row is left behind for its own fault, a job stops no other, and an outage ends the run."""

import asyncio
import logging

import psycopg
import pytest
from psycopg import sql

from db.errors import ReadOnlyError
from db.maintenance import jobs
from db.maintenance.jobs import JobsFailedError
from db.maintenance.periodic import jobs_every
from db.pool import Database, Pool
from db.settings import DatabaseSettings
from tests.jobs.scene import count, delete, scalar
from tests.jobs.test_post_purges import deleted_posts

OVER = (
    "INSERT INTO app.sessions (user_id, token_hash, created_at, expires_at)"
    " VALUES (1, sha256('over'), now() - interval '9 days', now() - interval '1 day') RETURNING id"
)


def pool_over(url: str, **settings: int) -> Pool:
    return Pool(url, DatabaseSettings.model_validate({"DATABASE_URL": url, **settings}))


def logged(caplog: pytest.LogCaptureFixture) -> list[tuple[str, bool]]:
    """What the jobs said, and whether with a traceback."""
    return [(record.getMessage(), bool(record.exc_info)) for record in caplog.records if record.name == "vrss.jobs"]


def make_read_only(connection: psycopg.Connection) -> None:
    """For whoever connects from now on."""
    name = sql.Identifier(connection.info.dbname)
    connection.execute(sql.SQL("ALTER DATABASE {} SET default_transaction_read_only = on").format(name))


async def test_an_outage_is_not_taken_for_the_fault_of_posts_or_accounts(
    seeded: psycopg.Connection, seeded_database: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "_PAUSE_SECONDS", 0)
    posts, ada = deleted_posts(seeded, 5), delete(seeded, "ada", days=31)
    make_read_only(seeded)
    pool = pool_over(seeded_database)
    await pool.open()
    try:
        async with pool.operation() as database:
            for purge in (jobs.purge_posts, jobs.purge_accounts):
                with caplog.at_level(logging.INFO, logger="vrss.jobs"), pytest.raises(ReadOnlyError):
                    await purge(database)
    finally:
        await pool.close()
    assert logged(caplog) == []
    assert scalar(seeded, "SELECT count(*) FROM posts WHERE id = ANY(%s)", posts) == 5
    assert scalar(seeded, "SELECT status FROM users WHERE id = %s", ada) == "deleted"


async def test_a_post_that_somebody_holds_is_left_behind(
    seeded: psycopg.Connection, seeded_database: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "_PAUSE_SECONDS", 0)
    posts = deleted_posts(seeded, 2)
    pool = pool_over(seeded_database, lock_timeout_ms=20)
    await pool.open()
    try:
        async with pool.operation() as database:
            with seeded.transaction():
                seeded.execute("SELECT FROM posts WHERE id = %s FOR UPDATE", (posts[0],))
                assert await jobs.purge_posts(database) == 1
    finally:
        await pool.close()
    assert logged(caplog) == [(f"the post {posts[0]} was not purged; it is tried again next time", True)]
    assert scalar(seeded, "SELECT array_agg(id) FROM posts WHERE id = ANY(%s)", posts) == [posts[0]]


async def test_a_job_that_fails_stops_no_other(
    seeded: psycopg.Connection, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    session = scalar(seeded, OVER)
    seeded.execute("CREATE TABLE public.kept (session_id bigint REFERENCES app.sessions (id))")
    seeded.execute("INSERT INTO public.kept VALUES (%s)", (session,))
    posts = deleted_posts(seeded, 2)
    done: dict[str, int] = {}
    with pytest.raises(JobsFailedError, match=r"^sessions$"):
        await jobs.run(database, done.__setitem__)
    assert done == {"tokens": 0, "notifications": 0, "posts": 2, "accounts": 0}
    assert logged(caplog) == [("sessions were not purged; it is tried again next time", True)]
    assert scalar(seeded, "SELECT count(*) FROM posts WHERE id = ANY(%s)", posts) == 0
    assert scalar(seeded, "SELECT count(*) FROM app.sessions WHERE id = %s", session) == 1


async def test_an_outage_ends_the_run(
    seeded: psycopg.Connection, seeded_database: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "_PAUSE_SECONDS", 0)
    make_read_only(seeded)
    pool = pool_over(seeded_database)
    await pool.open()
    done: dict[str, int] = {}
    try:
        async with pool.operation() as database:
            with pytest.raises(ReadOnlyError):
                await jobs.run(database, done.__setitem__)
    finally:
        await pool.close()
    assert (done, logged(caplog)) == ({}, [])


async def test_the_server_logs_an_outage_once_and_tries_again(
    seeded: psycopg.Connection, seeded_database: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "_PAUSE_SECONDS", 0)
    posts = deleted_posts(seeded, 5)
    make_read_only(seeded)
    pool = pool_over(seeded_database, pool_min_size=1, pool_max_size=1)
    await pool.open()
    heard = asyncio.Event()

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if record.levelno >= logging.ERROR or record.getMessage() == "deleted 5 posts":
                heard.set()

    handler = Ear()
    logging.getLogger("vrss.jobs").addHandler(handler)
    try:
        with caplog.at_level(logging.INFO, logger="vrss.jobs"):
            async with asyncio.timeout(20), jobs_every(0.2 / 60, pool):
                await heard.wait()
                assert logged(caplog) == [
                    ("the jobs stopped, and are tried again in 0.2 s: " + ReadOnlyError().message, False)
                ]
                heard.clear()
                caplog.clear()
                name = sql.Identifier(seeded.info.dbname)
                seeded.execute(sql.SQL("ALTER DATABASE {} RESET default_transaction_read_only").format(name))
                while "deleted 5 posts" not in caplog.text:
                    await heard.wait()
                    heard.clear()
    finally:
        logging.getLogger("vrss.jobs").removeHandler(handler)
        await pool.close()
    assert scalar(seeded, "SELECT count(*) FROM posts WHERE id = ANY(%s)", posts) == 0
    assert count(seeded, "posts", "status = 'deleted'") == 0
