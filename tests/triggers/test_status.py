"""What the database does by itself when a status changes."""

from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from psycopg.rows import DictRow, dict_row

from tests.factories import Factory

MONTH_AGO = datetime.now(UTC) - timedelta(days=30)


def post_row(connection: psycopg.Connection, post_id: int) -> DictRow:
    row = connection.cursor(row_factory=dict_row).execute("SELECT * FROM posts WHERE id = %s", [post_id]).fetchone()
    assert row is not None
    return row


def test_a_post_is_published_when_it_is_made(connection: psycopg.Connection, make: Factory) -> None:
    now = post_row(connection, make.post(make.user("ada")))
    assert now["published_at"] == now["created_at"]
    assert now["drafted_at"] is None


def test_a_published_post_is_as_old_as_it_says(connection: psycopg.Connection, make: Factory) -> None:
    ada = make.user("ada")
    created = post_row(connection, make.post(ada, created_at=MONTH_AGO))
    assert created["published_at"] == created["created_at"] == MONTH_AGO
    published = post_row(connection, make.post(ada, published_at=MONTH_AGO))
    assert published["published_at"] == published["created_at"] == MONTH_AGO


@pytest.mark.parametrize("status", ["draft", "scheduled"])
def test_publishing_puts_a_month_old_draft_on_top(connection: psycopg.Connection, make: Factory, status: str) -> None:
    its = make.post(make.user("ada"), status=status, created_at=MONTH_AGO, scheduled_for=MONTH_AGO)
    assert post_row(connection, its)["published_at"] is None
    with connection.transaction():
        connection.execute("UPDATE posts SET status = 'published' WHERE id = %s", [its])
        now = make.scalar("SELECT now()")
    published = post_row(connection, its)
    assert published["created_at"] == published["published_at"] == now
    assert published["drafted_at"] == MONTH_AGO


def test_publishing_at_a_given_time(connection: psycopg.Connection, make: Factory) -> None:
    its = make.post(make.user("ada"), status="draft")
    connection.execute("UPDATE posts SET status = 'published', published_at = %s WHERE id = %s", [MONTH_AGO, its])
    published = post_row(connection, its)
    assert published["created_at"] == published["published_at"] == MONTH_AGO


@pytest.mark.parametrize("status", ["draft", "scheduled", "published"])
def test_a_restored_post_is_what_it_was(connection: psycopg.Connection, make: Factory, status: str) -> None:
    its = make.post(make.user("ada"), status=status, created_at=MONTH_AGO, scheduled_for=MONTH_AGO)
    before = post_row(connection, its)
    connection.execute("UPDATE posts SET status = 'deleted' WHERE id = %s", [its])
    deleted = post_row(connection, its)
    assert deleted["deleted_at"] is not None
    assert deleted["status_before_delete"] == status
    connection.execute("UPDATE posts SET status = status_before_delete WHERE id = %s", [its])
    after = post_row(connection, its)
    assert after.pop("updated_at") > before.pop("updated_at")
    assert after == before


def test_deleting_twice_keeps_the_first_memory(connection: psycopg.Connection, make: Factory) -> None:
    its = make.post(make.user("ada"), status="draft")
    for _ in range(2):
        connection.execute("UPDATE posts SET status = 'deleted' WHERE id = %s", [its])
    assert post_row(connection, its)["status_before_delete"] == "draft"


def test_cancelling_a_deletion_does_not_lift_a_suspension(connection: psycopg.Connection, make: Factory) -> None:
    ada = make.user("ada", status="suspended")
    connection.execute("UPDATE users SET status = 'deleted' WHERE id = %s", [ada])
    assert make.scalar("SELECT deleted_at IS NOT NULL FROM users WHERE id = %s", ada)
    connection.execute("UPDATE users SET status = status_before_delete WHERE id = %s", [ada])
    row = connection.execute("SELECT status, deleted_at, status_before_delete FROM users WHERE id = %s", [ada])
    assert row.fetchone() == ("suspended", None, None)


def test_participants_are_sorted_and_distinct(connection: psycopg.Connection, make: Factory) -> None:
    talk = make.insert("conversations", kind="group", participant_ids=[3, 1, 2, 3, 1])
    assert make.scalar("SELECT participant_ids FROM conversations") == [1, 2, 3]
    connection.execute("UPDATE conversations SET participant_ids = participant_ids || 0::bigint WHERE id = %s", [talk])
    assert make.scalar("SELECT participant_ids FROM conversations") == [0, 1, 2, 3]
