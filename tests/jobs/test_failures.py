"""What fails: a row is left behind for its own fault, a task stops no other, and an outage ends no worker for good."""

import asyncio
import logging

import psycopg
import pytest
from psycopg import sql

from api.jobs import worker
from api.jobs.tasks import MAINTENANCE
from api.jobs.worker import working
from db.errors import ReadOnlyError
from db.maintenance import purges, transactions
from db.pool import Pool
from db.settings import DatabaseSettings
from tests.jobs.scene import delete, enqueue, run, scalar, settings_over, waiting
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
    monkeypatch.setattr(transactions, "_PAUSE_SECONDS", 0)
    posts, ada = deleted_posts(seeded, 5), delete(seeded, "ada", days=31)
    make_read_only(seeded)
    pool = pool_over(seeded_database)
    await pool.open()
    try:
        async with pool.operation() as database:
            for purge in (purges.purge_posts, purges.purge_accounts):
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
    monkeypatch.setattr(transactions, "_PAUSE_SECONDS", 0)
    posts = deleted_posts(seeded, 2)
    pool = pool_over(seeded_database, lock_timeout_ms=20)
    await pool.open()
    try:
        async with pool.operation() as database:
            with seeded.transaction():
                seeded.execute("SELECT FROM posts WHERE id = %s FOR UPDATE", (posts[0],))
                assert await purges.purge_posts(database) == 1
    finally:
        await pool.close()
    assert logged(caplog) == [(f"the post {posts[0]} was not purged; it is tried again next time", True)]
    assert scalar(seeded, "SELECT array_agg(id) FROM posts WHERE id = ANY(%s)", posts) == [posts[0]]


async def test_a_task_that_fails_stops_no_other_and_is_tried_again(
    seeded: psycopg.Connection, seeded_database: str, caplog: pytest.LogCaptureFixture
) -> None:
    session = scalar(seeded, OVER)
    seeded.execute("CREATE TABLE public.kept (session_id bigint REFERENCES app.sessions (id))")
    seeded.execute("INSERT INTO public.kept VALUES (%s)", (session,))
    posts = deleted_posts(seeded, 2)
    enqueue(seeded, "maintenance", "purge_sessions")
    enqueue(seeded, "maintenance", "purge_posts")
    done = await run(seeded_database)
    assert [(outcome.task, outcome.succeeded, outcome.said) for outcome in done] == [
        ("purge_sessions", False, "ForeignKeyViolation."),
        ("purge_posts", True, "2 posts deleted"),
    ]
    assert logged(caplog) == [
        (f"the job {done[0].job_id} purge_sessions failed, and it is tried again in 60 s", True),
    ]
    assert scalar(seeded, "SELECT count(*) FROM posts WHERE id = ANY(%s)", posts) == 0
    assert scalar(seeded, "SELECT count(*) FROM app.sessions WHERE id = %s", session) == 1
    assert waiting(seeded) == [("purge_sessions", "todo", 1, {"error": "ForeignKeyViolation."}, True)]


async def test_a_task_that_fails_four_times_has_failed_until_its_next_time(
    seeded: psycopg.Connection, seeded_database: str
) -> None:
    session = scalar(seeded, OVER)
    seeded.execute("CREATE TABLE public.kept (session_id bigint REFERENCES app.sessions (id))")
    seeded.execute("INSERT INTO public.kept VALUES (%s)", (session,))
    enqueue(seeded, "maintenance", "purge_sessions")
    for _ in range(4):
        await run(seeded_database)
        seeded.execute("UPDATE jobs.procrastinate_jobs SET scheduled_at = now()")
    assert waiting(seeded) == [("purge_sessions", "failed", 4, {"error": "ForeignKeyViolation."}, True)]
    seeded.execute("DROP TABLE public.kept")
    enqueue(seeded, "maintenance", "purge_sessions")
    (outcome,) = await run(seeded_database)
    assert outcome.said == "1 sessions deleted"
    assert waiting(seeded) == []


async def test_workers_that_an_outage_ended_start_again(
    seeded: psycopg.Connection, seeded_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "_RESTART_SECONDS", 0.01)
    posts = deleted_posts(seeded, 5)
    enqueue(seeded, "maintenance", "purge_posts")
    make_read_only(seeded)
    reported, loop = asyncio.Queue[str](), asyncio.get_running_loop()

    class Reported(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            loop.call_soon_threadsafe(reported.put_nowait, record.getMessage())

    handler = Reported(logging.INFO)
    log = logging.getLogger("vrss.jobs")
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    try:
        async with asyncio.timeout(20), working(settings_over(seeded_database), seeded_database, (MAINTENANCE,)):
            while not (await reported.get()).startswith("the worker of maintenance failed, and starts again"):
                pass
            name = sql.Identifier(seeded.info.dbname)
            seeded.execute(sql.SQL("ALTER DATABASE {} RESET default_transaction_read_only").format(name))
            while not (await reported.get()).endswith("purge_posts: 5 posts deleted"):
                pass
    finally:
        log.removeHandler(handler)
        log.setLevel(logging.NOTSET)
    assert scalar(seeded, "SELECT count(*) FROM posts WHERE id = ANY(%s)", posts) == 0
