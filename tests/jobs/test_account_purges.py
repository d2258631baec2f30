"""An account that is purged takes its own along, and nobody else loses anything by it."""

import logging
import re
from typing import LiteralString

import psycopg
import pytest

from db.maintenance import purges
from db.pool import Database
from tests.jobs.scene import count, delete, purged, scalar
from tests.triggers.recount import differences

COLUMNS_THAT_NAME_PEOPLE: LiteralString = """
SELECT key.conrelid::regclass::text, a.attname
FROM pg_constraint AS key
INNER JOIN pg_attribute AS a ON a.attrelid = key.conrelid AND a.attnum = key.conkey[1]
WHERE key.contype = 'f' AND key.confrelid = 'public.users'::regclass
"""

MEMBERS: LiteralString = "SELECT FROM app.conversation_members AS m WHERE m.conversation_id = t.id"
TALKS: LiteralString = "SELECT FROM conversations AS c WHERE c.participant_ids @> ARRAY[t.id]"


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
    assert (await purged(database))["accounts"] == 0
    delete(seeded, "ada", days=31)
    assert (await purged(database))["accounts"] == 1
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
    assert [re.sub("[0-9a-f]{20}", "*", word) for word in tombstone] == ["deleted_*", "*@deleted.invalid", "!"]
    assert (await purged(database))["accounts"] == 0


async def test_a_conversation_ends_with_the_last_of_its_members(seeded: psycopg.Connection, database: Database) -> None:
    pair = scalar(seeded, "SELECT participant_ids FROM conversations WHERE kind = 'direct' ORDER BY id LIMIT 1")
    names = [scalar(seeded, "SELECT username FROM users WHERE id = %s", user) for user in pair]
    before = count(seeded, "conversations")
    for name in names:
        delete(seeded, name, days=31)
    assert (await purged(database))["accounts"] == 2
    ended = before - count(seeded, "conversations")
    assert ended >= 1
    assert count(seeded, "conversations", f"NOT EXISTS ({MEMBERS})") == 0
    assert count(seeded, "users", f"status = 'deleted' AND status_before_delete IS NULL AND NOT EXISTS ({TALKS})") == 0


async def test_conversations_with_two_purged_accounts_stay_separate(
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
    assert (await purged(database))["accounts"] == 2
    assert scalar(seeded, theirs, ben) == talks


async def test_an_account_with_many_likes_goes_in_batches_and_those_behind_it_too(
    seeded: psycopg.Connection, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(purges, "_BATCH", 7)
    ada, ben = delete(seeded, "ada", days=32), delete(seeded, "ben", days=31)
    seeded.execute(
        "INSERT INTO post_interactions (user_id, post_id, type) SELECT %s, id, 'like' FROM posts"
        " ON CONFLICT DO NOTHING",
        (ada,),
    )
    assert await purges.purge_accounts(database) == 2
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
        assert await purges.purge_accounts(database) == 1
    assert f"the account {ada} was not purged" in caplog.text
    assert scalar(seeded, "SELECT array_agg(id) FROM users WHERE id IN (%s, %s)", ada, ben) == [ada]
    assert differences(seeded) == []


async def test_accounts_that_cannot_be_purged_stop_no_other_even_a_batch_of_them(
    seeded: psycopg.Connection, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(purges, "_BATCH", 1)
    ada, ben = delete(seeded, "ada", days=32), delete(seeded, "ben", days=31)
    seeded.execute("CREATE TABLE public.kept (user_id bigint REFERENCES users (id))")
    seeded.execute("INSERT INTO public.kept VALUES (%s)", (ada,))
    assert await purges.purge_accounts(database) == 1
    assert scalar(seeded, "SELECT array_agg(id) FROM users WHERE id IN (%s, %s)", ada, ben) == [ada]


async def test_a_purge_takes_comments_out_of_threads_and_leaves_right_counts(
    seeded: psycopg.Connection, database: Database
) -> None:
    """Ben answers Cleo, Ada answers Ben, Ben answers Ada; Cleo and Ada have deleted theirs."""
    insert: LiteralString = (
        "INSERT INTO comments (post_id, user_id, parent_comment_id, content)"
        " SELECT %s, id, %s, 'Word' FROM users WHERE username = %s RETURNING id"
    )
    post = scalar(seeded, "SELECT id FROM posts WHERE user_id = (SELECT id FROM users WHERE username = 'mira') LIMIT 1")
    thread: list[int] = []
    for name in ("cleo", "ben", "ada", "ben"):
        thread.append(scalar(seeded, insert, post, thread[-1] if thread else None, name))
    seeded.execute("INSERT INTO app.comment_likes (user_id, comment_id) SELECT id, %s FROM users", [thread[1]])
    seeded.execute("UPDATE comments SET deleted_at = now() WHERE id IN (%s, %s)", [thread[0], thread[2]])
    delete(seeded, "ada", days=31)
    assert (await purged(database))["accounts"] == 1
    rows = seeded.execute(
        "SELECT id, parent_comment_id, depth, replies_count FROM comments WHERE id = ANY(%s) ORDER BY id", [thread]
    ).fetchall()
    assert rows == [(thread[0], None, 0, 1), (thread[1], thread[0], 1, 0), (thread[3], None, 0, 0)]
    people = count(seeded, "users", "t.status_before_delete IS NULL AND t.status <> 'deleted'")
    assert scalar(seeded, "SELECT likes_count FROM comments WHERE id = %s", thread[1]) == people
    delete(seeded, "ben", days=31)
    assert (await purged(database))["accounts"] == 1
    blank = seeded.execute("SELECT id, replies_count FROM comments WHERE id = ANY(%s)", [thread]).fetchall()
    assert blank == [(thread[0], 0)], "the blank whose last reply is gone is shown no more"
    assert differences(seeded) == []
