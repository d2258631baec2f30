"""What was there before search: an upgrade adds it, in batches, and again from where it stopped."""

import psycopg
import pytest

from db.maintenance import search_rows
from db.maintenance.search_rows import SCRIPT, index_missing
from tests.factories import Factory

POSTS = "SELECT post_id, user_id, visibility, created_at, document, texts FROM app.post_search ORDER BY post_id"
PEOPLE = "SELECT user_id, username, name FROM app.user_search ORDER BY user_id"


@pytest.mark.parametrize("way", ["batches", "script"])
def test_what_is_missing_is_added_as_triggers_write_it(
    empty_database: str, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    monkeypatch.setattr(search_rows, "_BATCH", 2)
    with psycopg.connect(empty_database, autocommit=True) as connection:
        make = Factory(connection)
        people = [make.user(f"user_{n}", visibility="private" if n == 1 else "public") for n in range(5)]
        make.user("gone", status="suspended")
        for number in range(7):
            make.post(people[number % 5], f"Post {number}", tags=["a"], title="T", visibility="followers")
        make.post(people[0], status="draft")
        whole = connection.execute(POSTS).fetchall(), connection.execute(PEOPLE).fetchall()
        assert tuple(map(len, whole)) == (7, 5)
        connection.execute("DELETE FROM app.post_search WHERE post_id NOT IN (2, 3)")
        connection.execute("UPDATE app.post_search SET texts = NULL WHERE post_id = 3")
        connection.execute("DELETE FROM app.user_search WHERE user_id <> 2")
        if way == "batches":
            assert index_missing(connection) == 6 + 4
            assert index_missing(connection) == 0
        else:
            connection.execute(SCRIPT.encode())
        assert (connection.execute(POSTS).fetchall(), connection.execute(PEOPLE).fetchall()) == whole


def test_a_name_and_a_status_that_change_at_once_are_both_found(empty_database: str) -> None:
    with (
        psycopg.connect(empty_database, autocommit=True) as own,
        psycopg.connect(empty_database) as one,
        psycopg.connect(empty_database) as other,
    ):
        ada = Factory(own).user("ada")
        one.execute("UPDATE users SET status = 'suspended' WHERE id = %s", [ada])
        other.execute("SET lock_timeout = '50ms'")
        with pytest.raises(psycopg.errors.LockNotAvailable):  # it waits, and would read what the first one wrote
            other.execute("UPDATE user_profiles SET display_name = 'Countess' WHERE user_id = %s", [ada])
        other.rollback()
        one.commit()
        other.execute("UPDATE user_profiles SET display_name = 'Countess' WHERE user_id = %s", [ada])
        other.commit()
        assert own.execute(PEOPLE).fetchall() == []
