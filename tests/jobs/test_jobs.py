"""What is due goes, what is not stays, and nobody else loses anything by it."""

import asyncio
import json
import logging
from typing import Any, LiteralString

import psycopg
import pytest

from db import jobs
from db.errors import ConflictingWritesError
from db.jobs import JobsBusyError
from db.pool import Database, Pool
from tests.triggers.recount import differences
from tests.waiting import until_blocked_by

COLUMNS_THAT_NAME_PEOPLE: LiteralString = """
SELECT key.conrelid::regclass::text, a.attname
FROM pg_constraint AS key
INNER JOIN pg_attribute AS a ON a.attrelid = key.conrelid AND a.attnum = key.conkey[1]
WHERE key.contype = 'f' AND key.confrelid = 'public.users'::regclass
"""

CHILDREN: tuple[LiteralString, ...] = ("comments", "post_interactions", "reposts", "notifications")
MEMBERS: LiteralString = "SELECT FROM app.conversation_members AS m WHERE m.conversation_id = t.id"
TALKS: LiteralString = "SELECT FROM conversations AS c WHERE c.participant_ids @> ARRAY[t.id]"


def scalar(connection: psycopg.Connection, query: LiteralString, *values: object) -> Any:
    row = connection.execute(query, values).fetchone()
    assert row is not None
    return row[0]


def count(connection: psycopg.Connection, table: LiteralString, condition: LiteralString = "TRUE") -> int:
    return scalar(connection, f"SELECT count(*) FROM {table} AS t WHERE {condition}")


def delete(connection: psycopg.Connection, username: str, days: int) -> int:
    """Delete an account as its owner would have, that many days ago."""
    return scalar(
        connection,
        "UPDATE users SET status = 'deleted', deleted_at = now() - make_interval(days => %s) WHERE username = %s"
        " RETURNING id",
        days,
        username,
    )


async def told(database: Database) -> dict[str, int]:
    done: dict[str, int] = {}
    await jobs.run(database, done.__setitem__)
    return done


async def test_nothing_is_due_in_fresh_data(database: Database) -> None:
    assert await told(database) == {"sessions": 0, "tokens": 0, "notifications": 0, "posts": 0, "accounts": 0}


async def test_sessions_letters_and_posts_go_when_they_are_over(seeded: psycopg.Connection, database: Database) -> None:
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
    assert await told(database) == {"sessions": 3, "tokens": 3, "notifications": 0, "posts": 2, "accounts": 0}
    assert count(seeded, "app.sessions") == before - 3
    assert scalar(seeded, "SELECT count(*) FROM app.sessions WHERE expires_at < now()") == 0
    assert seeded.execute("SELECT id FROM posts WHERE id = ANY(%s)", (posts,)).fetchall() == [(posts[2],)]
    assert differences(seeded) == []


async def test_a_purged_account_leaves_nothing_but_what_others_have(
    seeded: psycopg.Connection, database: Database
) -> None:
    ada = scalar(seeded, "SELECT id FROM users WHERE username = 'ada'")
    words = scalar(seeded, "SELECT count(*) FROM messages WHERE sender_id = %s", ada)
    of_others = scalar(
        seeded,
        "SELECT count(*) FROM comments AS c INNER JOIN posts AS p ON c.post_id = p.id"
        " WHERE c.user_id <> %s AND p.user_id <> %s",
        ada,
        ada,
    )
    messages, conversations = count(seeded, "messages"), count(seeded, "conversations")
    assert words > 0
    delete(seeded, "ada", days=29)
    assert (await told(database))["accounts"] == 0
    delete(seeded, "ada", days=31)
    assert (await told(database))["accounts"] == 1
    for table, column in seeded.execute(COLUMNS_THAT_NAME_PEOPLE).fetchall():
        assert scalar(seeded, f"SELECT count(*) FROM {table} WHERE {column} = %s", ada) == 0, (table, column)  # pyright: ignore[reportArgumentType]
    assert scalar(seeded, "SELECT count(*) FROM conversations WHERE participant_ids @> ARRAY[%s::bigint]", ada) == 0
    assert count(seeded, "messages") == messages
    assert scalar(seeded, "SELECT count(*) FROM messages WHERE sender_id IS NULL") >= words
    assert count(seeded, "conversations") == conversations
    assert count(seeded, "comments") == of_others
    assert scalar(seeded, "SELECT count(*) FROM app.audit_log WHERE action = 'account_purged' AND user_id IS NULL") == 1
    assert differences(seeded) == []
    (tombstone,) = seeded.execute(
        "SELECT username, email, password_hash FROM users WHERE status = 'deleted' AND status_before_delete IS NULL"
    ).fetchall()
    assert "ada" not in json.dumps(tombstone)
    assert (await told(database))["accounts"] == 0


async def test_a_conversation_ends_with_the_last_of_its_members(seeded: psycopg.Connection, database: Database) -> None:
    pair = scalar(seeded, "SELECT participant_ids FROM conversations WHERE kind = 'direct' ORDER BY id LIMIT 1")
    names = [scalar(seeded, "SELECT username FROM users WHERE id = %s", user) for user in pair]
    before = count(seeded, "conversations")
    for name in names:
        delete(seeded, name, days=31)
    assert (await told(database))["accounts"] == 2
    ended = before - count(seeded, "conversations")
    assert ended >= 1
    assert count(seeded, "conversations", f"NOT EXISTS ({MEMBERS})") == 0
    assert count(seeded, "users", f"status = 'deleted' AND status_before_delete IS NULL AND NOT EXISTS ({TALKS})") == 0


async def test_two_who_are_gone_keep_their_talks_with_one_person_apart(
    seeded: psycopg.Connection, database: Database
) -> None:
    ben = scalar(seeded, "SELECT id FROM users WHERE username = 'ben'")
    theirs: LiteralString = (
        "SELECT count(*) FROM conversations WHERE kind = 'direct' AND participant_ids @> ARRAY[%s::bigint]"
    )
    for name in ("ada", "mira"):
        other = delete(seeded, name, days=31)
        both = {"ben": ben, "other": other}
        seeded.execute(
            "INSERT INTO conversations (kind, participant_ids)"
            " VALUES ('direct', ARRAY[%(ben)s::bigint, %(other)s]) ON CONFLICT DO NOTHING",
            both,
        )
        seeded.execute(
            "INSERT INTO app.conversation_members (conversation_id, user_id)"
            " SELECT id, unnest(participant_ids) FROM conversations"
            " WHERE participant_ids @> ARRAY[%(ben)s::bigint, %(other)s] AND kind = 'direct' ON CONFLICT DO NOTHING",
            both,
        )
    talks = scalar(seeded, theirs, ben)
    assert talks >= 2
    assert (await told(database))["accounts"] == 2
    assert scalar(seeded, theirs, ben) == talks


async def test_who_cancels_in_time_is_not_purged(seeded: psycopg.Connection, database: Database) -> None:
    ada = delete(seeded, "ada", days=31)
    with seeded.transaction():
        seeded.execute("UPDATE users SET status = status_before_delete WHERE id = %s", (ada,))
        purging = asyncio.create_task(jobs.purge_account(database, ada))
        await asyncio.to_thread(until_blocked_by, seeded)
    assert await purging is False
    assert scalar(seeded, "SELECT status FROM users WHERE id = %s", ada) == "active"
    assert scalar(seeded, "SELECT count(*) FROM posts WHERE user_id = %s", ada) > 0


async def test_one_at_a_time(seeded: psycopg.Connection, pool: Pool, database: Database) -> None:
    async with pool.operation() as other, other.transaction():
        assert await jobs.jobs.take_turn(other)
        with pytest.raises(JobsBusyError):
            await told(database)
    assert await told(database) == {"sessions": 0, "tokens": 0, "notifications": 0, "posts": 0, "accounts": 0}


async def test_more_than_a_batch_is_done_in_several(seeded: psycopg.Connection, database: Database) -> None:
    seeded.execute(
        "INSERT INTO app.sessions (user_id, token_hash, created_at, expires_at)"
        " SELECT 1, sha256(n::text::bytea), now() - interval '9 days', now() - interval '1 day'"
        " FROM generate_series(1, 1203) AS n"
    )
    assert await jobs.purge_sessions(database) == 1203


async def test_who_is_in_the_way_is_waited_for(database: Database) -> None:
    attempts = 0

    async def in_the_way() -> int:
        nonlocal attempts
        attempts += 1
        if attempts < 3:
            raise ConflictingWritesError
        return 7

    assert await jobs._in_turn(database, in_the_way) == 7  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]


async def test_an_account_with_many_likes_goes_in_batches_and_those_behind_it_too(
    seeded: psycopg.Connection, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "_BATCH", 7)
    ada, ben = delete(seeded, "ada", days=32), delete(seeded, "ben", days=31)
    seeded.execute(
        "INSERT INTO post_interactions (user_id, post_id, type) SELECT %s, id, 'like' FROM posts"
        " ON CONFLICT DO NOTHING",
        (ada,),
    )
    assert await jobs.purge_accounts(database) == 2
    assert count(seeded, "users", "t.status_before_delete IS NOT NULL") == 0
    for user in (ada, ben):
        assert scalar(seeded, "SELECT count(*) FROM post_interactions WHERE user_id = %s", user) == 0
    assert differences(seeded) == []


async def test_an_account_that_cannot_be_purged_stops_no_other(
    seeded: psycopg.Connection, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    ada, ben = delete(seeded, "ada", days=32), delete(seeded, "ben", days=31)
    seeded.execute("CREATE TABLE public.kept (user_id bigint REFERENCES users (id))")
    seeded.execute("INSERT INTO public.kept VALUES (%s)", (ada,))
    with caplog.at_level(logging.ERROR, logger="vrss.jobs"):
        assert await jobs.purge_accounts(database) == 1
    assert f"the account {ada} was not purged" in caplog.text
    assert scalar(seeded, "SELECT array_agg(id) FROM users WHERE id IN (%s, %s)", ada, ben) == [ada]
    assert differences(seeded) == []


def deleted_posts(connection: psycopg.Connection, number: int) -> list[int]:
    """Some posts that the job has to purge, the one that waits longest first."""
    found = [
        row[0] for row in connection.execute("SELECT id FROM posts WHERE status = 'published' LIMIT %s", (number,))
    ]
    for days, post in enumerate(reversed(found), 31):
        connection.execute("UPDATE posts SET status = 'deleted' WHERE id = %s", (post,))
        connection.execute(
            "UPDATE posts SET deleted_at = now() - make_interval(days => %s) WHERE id = %s", (days, post)
        )
    return found


def crowd(connection: psycopg.Connection, post: int, comments: int) -> None:
    """Everybody likes, shares and is told of a post, and somebody comments and is answered, again and again."""
    connection.execute(
        "INSERT INTO post_interactions (user_id, post_id, type) SELECT id, %s, 'like' FROM users"
        " ON CONFLICT DO NOTHING",
        (post,),
    )
    connection.execute(
        "INSERT INTO reposts (user_id, post_id) SELECT id, %s FROM users ON CONFLICT DO NOTHING", (post,)
    )
    parent = scalar(
        connection, "INSERT INTO comments (post_id, user_id, content) VALUES (%s, 1, 'Hi') RETURNING id", post
    )
    connection.execute(
        "INSERT INTO comments (post_id, user_id, parent_comment_id, content)"
        " SELECT %s, 2, %s, 'Hi' FROM generate_series(1, %s)",
        (post, parent, comments),
    )
    connection.execute(
        "INSERT INTO notifications (user_id, actor_id, type, post_id, comment_id, title)"
        " SELECT 1, 2, 'comment', post_id, id, 'Hi' FROM comments WHERE post_id = %s",
        (post,),
    )


async def test_a_post_with_many_children_goes_in_batches(
    seeded: psycopg.Connection, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "_BATCH", 7)
    posts = deleted_posts(seeded, 2)
    for post in posts:
        crowd(seeded, post, 40)
    seeded.execute("CREATE TABLE public.sizes (size bigint)")
    seeded.execute(
        "CREATE FUNCTION public.measure() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN INSERT INTO public.sizes SELECT count(*) FROM changed; RETURN NULL; END $$"
    )
    for table in CHILDREN:
        seeded.execute(
            f"CREATE TRIGGER measure AFTER DELETE ON {table} REFERENCING OLD TABLE AS changed"
            " FOR EACH STATEMENT EXECUTE FUNCTION public.measure()".encode()
        )
    # Replies that lose their parent.
    seeded.execute(
        "CREATE TRIGGER measure_update AFTER UPDATE ON comments REFERENCING NEW TABLE AS changed"
        " FOR EACH STATEMENT EXECUTE FUNCTION public.measure()"
    )
    assert await jobs.purge_posts(database) == 2
    assert scalar(seeded, "SELECT max(size) FROM public.sizes") == 7
    for table in CHILDREN:
        assert count(seeded, table, f"post_id IN ({posts[0]}, {posts[1]})") == 0  # pyright: ignore[reportArgumentType]
    assert differences(seeded) == []


async def test_a_post_that_cannot_be_purged_stops_no_other(
    seeded: psycopg.Connection,
    database: Database,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(jobs, "_BATCH", 2)
    posts = deleted_posts(seeded, 5)
    seeded.execute("CREATE TABLE public.kept (post_id bigint REFERENCES posts (id))")
    seeded.execute("INSERT INTO public.kept VALUES (%s), (%s)", tuple(posts[:2]))
    with caplog.at_level(logging.ERROR, logger="vrss.jobs"):
        assert await jobs.purge_posts(database) == 3
    for post in posts[:2]:
        assert caplog.text.count(f"the post {post} was not purged") == 1
    left = [row[0] for row in seeded.execute("SELECT id FROM posts WHERE id = ANY(%s) ORDER BY id", (posts,))]
    assert left == sorted(posts[:2])
    assert differences(seeded) == []


async def test_accounts_that_cannot_be_purged_stop_no_other_even_a_batch_of_them(
    seeded: psycopg.Connection, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "_BATCH", 1)
    ada, ben = delete(seeded, "ada", days=32), delete(seeded, "ben", days=31)
    seeded.execute("CREATE TABLE public.kept (user_id bigint REFERENCES users (id))")
    seeded.execute("INSERT INTO public.kept VALUES (%s)", (ada,))
    assert await jobs.purge_accounts(database) == 1
    assert scalar(seeded, "SELECT array_agg(id) FROM users WHERE id IN (%s, %s)", ada, ben) == [ada]


async def test_notifications_across_a_block_and_of_nobody_are_deleted(
    seeded: psycopg.Connection, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "_BATCH", 7)
    seeded.execute("TRUNCATE notifications, app.user_blocks")
    seeded.execute("INSERT INTO app.user_blocks (blocker_id, blocked_id) VALUES (1, 2)")
    seeded.execute(
        "INSERT INTO notifications (user_id, actor_id, type, title)"
        " SELECT user_id, actor_id, 'message', 'Hi' FROM generate_series(1, 10),"
        " (VALUES (1, 2), (2, 1), (1, 3), (3, 2), (1, NULL)) AS pair (user_id, actor_id)"
    )
    seeded.execute("INSERT INTO notifications (user_id, type, title) VALUES (1, 'system', 'Hi')")
    assert await jobs.purge_notifications(database) == 30
    assert seeded.execute(
        "SELECT user_id, actor_id, count(*) FROM notifications GROUP BY user_id, actor_id ORDER BY 1, 2"
    ).fetchall() == [(1, 3, 10), (1, None, 1), (3, 2, 10)]
