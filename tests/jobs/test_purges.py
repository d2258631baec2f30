"""Purges delete what is due and nothing else, also when two run at once."""

import asyncio

import psycopg
import pytest

from db.errors import ConflictingWritesError
from db.maintenance import purges
from db.maintenance.transactions import in_transaction
from db.pool import Database, Pool
from db.queries import purges as queries
from tests.jobs.scene import count, purged, scalar
from tests.triggers.recount import differences


def over_sessions(seeded: psycopg.Connection, many: int) -> None:
    """Sessions that are over, so many."""
    seeded.execute(
        "INSERT INTO app.sessions (user_id, token_hash, created_at, expires_at)"
        " SELECT 1, sha256(n::text::bytea), now() - interval '9 days', now() - interval '1 day'"
        " FROM generate_series(1, %s) AS n",
        (many,),
    )


async def test_nothing_is_due_in_fresh_data(database: Database) -> None:
    assert await purged(database) == {"sessions": 0, "tokens": 0, "notifications": 0, "posts": 0, "accounts": 0}


async def test_expired_sessions_tokens_and_posts_are_deleted(seeded: psycopg.Connection, database: Database) -> None:
    for table, extra in (("sessions", ""), ("verification_tokens", ", purpose, email")):
        more = ", 'password_reset', 'a@example.org'" if extra else ""
        seeded.execute(
            f"INSERT INTO app.{table} (user_id, token_hash, created_at, expires_at{extra})"
            f" SELECT 1, sha256(n::text::bytea), now() - interval '9 days', now() + n * interval '1 day'{more}"
            " FROM generate_series(-3, 3) AS n WHERE n <> 0".encode()
        )
    posts = [row[0] for row in seeded.execute("SELECT id FROM posts WHERE status = 'published' ORDER BY id LIMIT 3")]
    seeded.execute("UPDATE posts SET status = 'deleted' WHERE id = ANY(%s)", (posts,))
    seeded.execute("UPDATE posts SET deleted_at = now() - interval '31 days' WHERE id = ANY(%s)", (posts[:2],))
    before = count(seeded, "app.sessions")
    assert await purged(database) == {"sessions": 3, "tokens": 3, "notifications": 0, "posts": 2, "accounts": 0}
    assert count(seeded, "app.sessions") == before - 3
    assert scalar(seeded, "SELECT count(*) FROM app.sessions WHERE expires_at < now()") == 0
    assert seeded.execute("SELECT id FROM posts WHERE id = ANY(%s)", (posts,)).fetchall() == [(posts[2],)]
    assert differences(seeded) == []


async def test_keys_of_retries_are_deleted_after_a_day(seeded: psycopg.Connection, database: Database) -> None:
    seeded.execute(
        "INSERT INTO app.idempotency_keys (user_id, key, fingerprint, object_id, created_at)"
        " SELECT 1, n || ' hours', '', 1, now() - n * interval '1 hour' FROM generate_series(22, 26) AS n"
    )
    assert await purges.purge_idempotency_keys(database) == 3
    left = seeded.execute("SELECT key FROM app.idempotency_keys ORDER BY key").fetchall()
    assert left == [("22 hours",), ("23 hours",)]


async def test_two_purges_at_once_delete_each_row_once(
    seeded: psycopg.Connection, pool: Pool, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(purges, "_BATCH", 7)
    over_sessions(seeded, 100)
    posts = [row[0] for row in seeded.execute("SELECT id FROM posts WHERE status = 'published' ORDER BY id LIMIT 30")]
    seeded.execute("UPDATE posts SET status = 'deleted' WHERE id = ANY(%s)", (posts,))
    seeded.execute("UPDATE posts SET deleted_at = now() - interval '31 days' WHERE id = ANY(%s)", (posts,))
    async with pool.operation() as other:
        both = await asyncio.gather(*(purged(each) for each in (database, other)))
    assert sum(each["sessions"] for each in both) == 100
    assert count(seeded, "posts", "status = 'deleted'") == 0
    assert differences(seeded) == []


async def test_more_than_a_batch_is_done_in_several(seeded: psycopg.Connection, database: Database) -> None:
    over_sessions(seeded, 1203)
    assert await purges.purge_sessions(database) == 1203


async def test_who_is_in_the_way_is_waited_for(database: Database) -> None:
    attempts = 0

    async def in_the_way() -> int:
        nonlocal attempts
        attempts += 1
        if attempts < 3:
            raise ConflictingWritesError
        return 7

    assert await in_transaction(database, in_the_way) == 7


async def test_notifications_across_a_block_and_of_nobody_are_deleted(
    seeded: psycopg.Connection, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(purges, "_BATCH", 7)
    seeded.execute("TRUNCATE notifications, app.user_blocks")
    # Of more blocks than a batch, with nothing between most of the people.
    seeded.execute("INSERT INTO app.user_blocks (blocker_id, blocked_id) SELECT 4, id FROM users WHERE id > 4")
    seeded.execute("INSERT INTO app.user_blocks (blocker_id, blocked_id) VALUES (1, 2), (6, 5)")
    seeded.execute(
        "INSERT INTO notifications (user_id, actor_id, type, title)"
        " SELECT user_id, actor_id, 'message', 'Hi' FROM generate_series(1, 10),"
        " (VALUES (1, 2), (2, 1), (1, 3), (3, 2), (1, NULL), (5, 6)) AS pair (user_id, actor_id)"
    )
    seeded.execute("INSERT INTO notifications (user_id, type, title) VALUES (1, 'system', 'Hi')")
    assert await purges.purge_notifications(database) == 40
    assert seeded.execute(
        "SELECT user_id, actor_id, count(*) FROM notifications GROUP BY user_id, actor_id ORDER BY 1, 2"
    ).fetchall() == [(1, 3, 10), (1, None, 1), (3, 2, 10)]


async def test_a_batch_may_take_longer_than_a_request(seeded: psycopg.Connection, pool: Pool) -> None:
    seeded.execute("CREATE TABLE public.seen (timeout text)")
    seeded.execute(
        "CREATE FUNCTION public.see() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN INSERT INTO public.seen VALUES (current_setting('statement_timeout')); RETURN NULL; END $$"
    )
    seeded.execute("CREATE TRIGGER see AFTER DELETE ON app.sessions FOR EACH STATEMENT EXECUTE FUNCTION public.see()")
    seeded.execute(
        "INSERT INTO app.sessions (user_id, token_hash, created_at, expires_at)"
        " VALUES (1, sha256('over'), now() - interval '9 days', now() - interval '1 day')"
    )
    async with pool.operation() as operation:
        assert await purges.purge_sessions(operation) == 1
        async with operation.transaction():
            assert await queries.purge_sessions(operation, 1) == 0
    assert seeded.execute("SELECT timeout FROM public.seen").fetchall() == [("1min",), ("10s",)]
