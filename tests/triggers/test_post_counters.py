"""Likes and reposts on their post."""

import psycopg
import pytest

from tests.factories import Factory

COUNTED = {
    "likes_count": "INSERT INTO post_interactions (user_id, post_id, type) SELECT u, p, 'like'",
    "reposts_count": "INSERT INTO reposts (user_id, post_id) SELECT u, p",
}
TABLES = {"likes_count": "post_interactions", "reposts_count": "reposts"}


def counts(connection: psycopg.Connection, counter: str) -> list[int]:
    rows = connection.execute(f"SELECT {counter} FROM posts ORDER BY id".encode())
    return [count for (count,) in rows]


def add(connection: psycopg.Connection, counter: str, users: list[int], posts: list[int]) -> None:
    """By each of the users to each of the posts, in one statement."""
    pairs = " FROM unnest(%s::bigint[]) AS u CROSS JOIN unnest(%s::bigint[]) AS p"
    connection.execute((COUNTED[counter] + pairs).encode(), [users, posts])


@pytest.mark.parametrize("counter", COUNTED)
def test_every_row_counts_once(connection: psycopg.Connection, make: Factory, counter: str) -> None:
    ada, ben, cleo, _ = make.cast()
    first, second = make.post(ada), make.post(ada)
    add(connection, counter, [ben], [first])
    assert counts(connection, counter) == [1, 0]
    add(connection, counter, [ada, cleo], [second, first])
    assert counts(connection, counter) == [3, 2]
    connection.execute(f"DELETE FROM {TABLES[counter]} WHERE user_id = %s".encode(), [cleo])
    assert counts(connection, counter) == [2, 1]
    connection.execute(f"DELETE FROM {TABLES[counter]}".encode())
    assert counts(connection, counter) == [0, 0]


@pytest.mark.parametrize("counter", COUNTED)
def test_a_row_that_moves_takes_its_count_along(connection: psycopg.Connection, make: Factory, counter: str) -> None:
    ada, ben, _, _ = make.cast()
    first, second = make.post(ada), make.post(ada)
    add(connection, counter, [ada, ben], [first])
    connection.execute(f"UPDATE {TABLES[counter]} SET post_id = %s WHERE user_id = %s".encode(), [second, ben])
    assert counts(connection, counter) == [1, 1]


@pytest.mark.parametrize("counter", COUNTED)
def test_what_is_rolled_back_does_not_count(connection: psycopg.Connection, make: Factory, counter: str) -> None:
    ada = make.user("ada")
    its = make.post(ada)
    with connection.transaction(force_rollback=True):
        add(connection, counter, [ada], [its])
        assert counts(connection, counter) == [1]
    assert counts(connection, counter) == [0]


def test_only_likes_are_likes(connection: psycopg.Connection, make: Factory) -> None:
    ada = make.user("ada")
    its = make.post(ada)
    for kind in ("bookmark", "share"):
        make.insert("post_interactions", user_id=ada, post_id=its, type=kind)
    assert counts(connection, "likes_count") == [0]
    connection.execute("UPDATE post_interactions SET type = 'like' WHERE type = 'share'")
    assert counts(connection, "likes_count") == [1]
    connection.execute("DELETE FROM post_interactions WHERE type = 'bookmark'")
    assert counts(connection, "likes_count") == [1]


@pytest.mark.parametrize("counter", COUNTED)
def test_a_bulk_statement_writes_each_post_once(connection: psycopg.Connection, make: Factory, counter: str) -> None:
    fans = [make.user(f"fan{number}") for number in range(20)]
    posts = [make.post(fans[0]) for _ in range(3)]
    with connection.transaction():
        add(connection, counter, fans, posts)
        written = connection.execute(
            "SELECT n_tup_upd FROM pg_stat_xact_user_tables WHERE relname = 'posts'"
        ).fetchone()
    assert written == (3,)
    assert counts(connection, counter) == [20, 20, 20]


def test_likes_within_a_bucket_are_hot_updates(connection: psycopg.Connection, make: Factory) -> None:
    """From three to six likes the bucket stays two: no index entry is written."""
    fans = [make.user(f"fan{number}") for number in range(6)]
    its = make.post(fans[0])
    with connection.transaction():
        add(connection, "likes_count", fans[:3], [its])
        for fan in fans[3:]:
            make.like(fan, its)
        written = connection.execute(
            "SELECT n_tup_upd, n_tup_hot_upd FROM pg_stat_xact_user_tables WHERE relname = 'posts'"
        ).fetchone()
    assert written == (4, 3)


def test_the_bucket_is_the_logarithm_of_the_engagement(connection: psycopg.Connection, make: Factory) -> None:
    """Exact on both sides of every power of two, up to three full counters."""
    ada = make.user("ada")
    steps = [(2**power - 1 - below, power - below) for power in range(1, 32) for below in (0, 1)]
    for likes, bucket in [*steps, (2**31 - 1, 31)]:
        its = make.post(ada, likes_count=likes)
        row = connection.execute("SELECT engagement_bucket FROM posts WHERE id = %s", [its]).fetchone()
        assert row == (bucket,), likes
    most = make.post(ada, likes_count=2**31 - 1, comments_count=2**31 - 1, reposts_count=2**31 - 1)
    assert make.scalar("SELECT engagement_bucket FROM posts WHERE id = %s", most) == 32


def test_a_counter_that_was_tampered_with_does_not_refuse_an_unlike(
    connection: psycopg.Connection, make: Factory
) -> None:
    ada = make.user("ada")
    its = make.post(ada)
    make.like(ada, its)
    connection.execute("UPDATE posts SET likes_count = 0")
    connection.execute("DELETE FROM post_interactions")
    assert counts(connection, "likes_count") == [0]


def test_a_post_goes_with_all_that_counts_on_it(connection: psycopg.Connection, make: Factory) -> None:
    ada, ben, _, _ = make.cast()
    gone, stays = make.post(ada), make.post(ben)
    for counter in COUNTED:
        add(connection, counter, [ada, ben], [gone, stays])
    connection.execute("DELETE FROM posts WHERE id = %s", [gone])
    for counter in COUNTED:
        assert counts(connection, counter) == [2]
    connection.execute("DELETE FROM users WHERE id = %s", [ada])
    for counter in COUNTED:
        assert counts(connection, counter) == [1]
