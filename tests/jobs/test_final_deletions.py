"""A purge that has begun excludes a cancellation of the deletion, and a cancellation excludes the purge."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from db.maintenance import purges
from db.pool import Database, Pool
from db.queries import accounts
from db.statements import load
from tests.jobs.scene import count, delete, scalar
from tests.triggers.recount import differences
from tests.waiting import until_blocked_by

CANCEL = load("accounts")["cancel_account_deletion"].sql
BEGIN = load("account_purges")["begin_account_purge"].sql
DRIFTED = load("counters")["drifted_notifications"].sql
PARTS = (
    "SELECT count(*) FROM notifications WHERE user_id = %(user)s",
    "SELECT count(*) FROM notifications WHERE actor_id = %(user)s",
    "SELECT count(*) FROM post_interactions WHERE user_id = %(user)s",
    "SELECT count(*) FROM reposts WHERE user_id = %(user)s",
    "SELECT count(*) FROM app.comment_likes WHERE user_id = %(user)s",
    "SELECT count(*) FROM app.seen_posts WHERE user_id = %(user)s",
    "SELECT count(*) FROM user_follows WHERE follower_id = %(user)s",
    "SELECT count(*) FROM user_follows WHERE following_id = %(user)s",
    "SELECT count(*) FROM app.follow_requests WHERE %(user)s IN (requester_id, target_id)",
    "SELECT count(*) FROM messages WHERE sender_id = %(user)s",
    "SELECT count(*) FROM post_interactions AS i JOIN posts AS p ON i.post_id = p.id WHERE p.user_id = %(user)s",
    "SELECT count(*) FROM reposts AS r JOIN posts AS p ON r.post_id = p.id WHERE p.user_id = %(user)s",
    (
        "SELECT count(*) FROM app.comment_likes AS l JOIN comments AS c ON l.comment_id = c.id"
        " JOIN posts AS p ON c.post_id = p.id WHERE p.user_id = %(user)s"
    ),
    "SELECT count(*) FROM comments AS c JOIN posts AS p ON c.post_id = p.id WHERE p.user_id = %(user)s",
    "SELECT count(*) FROM posts WHERE user_id = %(user)s",
    "SELECT count(*) FROM app.comment_likes AS l JOIN comments AS c ON l.comment_id = c.id WHERE c.user_id = %(user)s",
    "SELECT count(*) FROM comments WHERE user_id = %(user)s",
    "SELECT count(*) FROM app.conversation_members WHERE user_id = %(user)s",
)
"""What a purge takes, part by part."""


@pytest.fixture(autouse=True)
def what_demo_people_lack(seeded: psycopg.Connection) -> None:
    """They like no comments, and ask nobody whether they may follow."""
    seeded.execute(
        "INSERT INTO app.follow_requests (requester_id, target_id) SELECT a.id, b.id FROM users AS a, users AS b"
        " WHERE a.username = 'ada' AND b.username = 'ben'"
    )
    seeded.execute(
        "INSERT INTO app.comment_likes (user_id, comment_id) SELECT u.id, c.id FROM users AS u, comments AS c"
        " WHERE u.username IN ('ada', 'ben')"
    )


def left(connection: psycopg.Connection, user: int) -> list[int]:
    found: list[int] = []
    for query in PARTS:
        row = connection.execute(query.encode(), {"user": user}).fetchone()
        assert row is not None
        found.append(row[0])
    return found


def cancelled(connection: psycopg.Connection, user: int) -> str | None:
    """The status that the account has again."""
    given = {"user_id": user, "grace": accounts.DELETION_GRACE}
    row = connection.execute(CANCEL, given).fetchone()
    return None if row is None else row[0]


def after_transactions(monkeypatch: pytest.MonkeyPatch, act: Callable[[int], object]) -> None:
    """Do something between two transactions of a job, given how many there were."""
    in_transaction, transactions = purges.in_transaction, 0

    async def followed(database: Database, work: Callable[[], Awaitable[Any]]) -> Any:
        nonlocal transactions
        result = await in_transaction(database, work)
        transactions += 1
        act(transactions)
        return result

    monkeypatch.setattr(purges, "in_transaction", followed)


async def test_no_notification_is_there_without_its_act_between_two_batches(
    seeded: psycopg.Connection, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(purges, "_BATCH", 9)

    def drifted() -> int:
        ids = seeded.execute("SELECT array_agg(id) FROM notifications").fetchone()
        assert ids is not None
        return len(seeded.execute(DRIFTED, {"ids": ids[0]}).fetchall())

    ada = delete(seeded, "ada", days=31)
    assert drifted() == 0
    found: list[int] = []
    after_transactions(monkeypatch, lambda _: found.append(drifted()))
    assert await purges.purge_account(database, ada)
    assert len(found) > 20
    assert set(found) == {0}


@pytest.mark.parametrize("days", [0, 29, 31])
async def test_a_deletion_is_cancelled_within_30_days_and_not_after(
    seeded: psycopg.Connection, database: Database, days: int
) -> None:
    ada = delete(seeded, "ada", days)
    before = left(seeded, ada)
    status = "active" if days < 30 else None
    assert await accounts.cancel_account_deletion(database, ada) == status
    assert scalar(seeded, "SELECT status FROM users WHERE id = %s", ada) == (status or "deleted")
    assert left(seeded, ada) == before


@pytest.mark.parametrize("grace", [timedelta(days=30), timedelta(seconds=-1)])
async def test_nobody_cancels_between_two_batches_of_a_purge(
    seeded: psycopg.Connection, database: Database, monkeypatch: pytest.MonkeyPatch, grace: timedelta
) -> None:
    """Also where the purge did not wait for 30 days."""
    ada = delete(seeded, "ada", days=31 if grace > timedelta() else 0)
    tried: list[str | None] = []
    after_transactions(monkeypatch, lambda _: tried.append(cancelled(seeded, ada)))
    assert await purges.purge_account(database, ada, grace)
    assert len(tried) > len(PARTS)
    assert set(tried) == {None}
    assert count(seeded, "users", "t.username = 'ada'") == 0
    assert differences(seeded) == []


async def test_a_broken_off_purge_is_not_cancelled_but_ended_by_the_next_run(
    seeded: psycopg.Connection, database: Database
) -> None:
    ada = delete(seeded, "ada", days=0)
    seeded.execute("CREATE TABLE public.kept (user_id bigint REFERENCES users (id))")
    seeded.execute("INSERT INTO public.kept VALUES (%s)", (ada,))
    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        await purges.purge_account(database, ada, timedelta(seconds=-1))
    assert left(seeded, ada) == [0] * len(PARTS)
    assert await accounts.cancel_account_deletion(database, ada) is None
    assert scalar(seeded, "SELECT status FROM users WHERE id = %s", ada) == "deleted"
    seeded.execute("DROP TABLE public.kept")
    assert await purges.purge_accounts(database) == 1
    assert count(seeded, "users", "t.username = 'ada'") == 0


@pytest.mark.parametrize(
    ("transactions", "parts"),
    [
        pytest.param(1, 0, id="before its likes"),
        pytest.param(6, 5, id="between its follows"),
        pytest.param(22, 11, id="between the likes and the reposts of its posts"),
        pytest.param(29, 14, id="before its posts"),
        pytest.param(30, 15, id="before its comments"),
        pytest.param(35, 17, id="before its conversations"),
        pytest.param(36, 18, id="before the account itself"),
    ],
)
async def test_an_account_that_is_no_longer_deleted_keeps_what_is_left(
    seeded: psycopg.Connection, database: Database, monkeypatch: pytest.MonkeyPatch, transactions: int, parts: int
) -> None:
    """An operator's own UPDATE restores an account though its purge has begun: the purge takes nothing more."""
    kept: list[int] = []

    def restore(done: int) -> None:
        if done == transactions:
            seeded.execute("UPDATE users SET status = 'active' WHERE username = 'ada'")
            kept.extend(left(seeded, ada))

    ada = delete(seeded, "ada", days=31)
    before = left(seeded, ada)
    assert 0 not in before
    after_transactions(monkeypatch, restore)
    assert await purges.purge_account(database, ada) is False
    assert [number == 0 for number in kept] == [part < parts for part in range(len(PARTS))]
    assert left(seeded, ada) == kept
    assert scalar(seeded, "SELECT status FROM users WHERE id = %s", ada) == "active"
    assert differences(seeded) == []


async def test_a_purge_waits_for_a_cancellation_and_takes_nothing(
    seeded: psycopg.Connection, database: Database
) -> None:
    ada = delete(seeded, "ada", days=29)
    before = left(seeded, ada)
    with seeded.transaction():
        assert cancelled(seeded, ada) == "active"
        purging = asyncio.create_task(purges.purge_account(database, ada, timedelta(seconds=-1)))
        await asyncio.to_thread(until_blocked_by, seeded)
    assert await purging is False
    assert scalar(seeded, "SELECT status FROM users WHERE id = %s", ada) == "active"
    assert left(seeded, ada) == before


async def test_a_cancellation_waits_for_a_purge_that_begins_and_is_refused(
    seeded: psycopg.Connection, pool: Pool, database: Database
) -> None:
    ada = delete(seeded, "ada", days=29)
    with seeded.transaction():
        assert seeded.execute(BEGIN, {"user_id": ada}).fetchone() == (ada,)
        cancelling = asyncio.create_task(accounts.cancel_account_deletion(database, ada))
        await asyncio.to_thread(until_blocked_by, seeded)
    assert await cancelling is None
    async with pool.operation() as other:
        assert await purges.purge_accounts(other) == 1
