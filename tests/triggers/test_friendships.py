"""Friends are two who follow each other, also when both decide at the same moment."""

import threading
from typing import LiteralString

import psycopg
import pytest
from psycopg import errors

from tests.factories import Factory
from tests.waiting import in_background, until_blocked_by

Step = tuple[LiteralString, list[int]]

FOLLOW = "INSERT INTO user_follows (follower_id, following_id) VALUES (%s, %s)"
UNFOLLOW = "DELETE FROM user_follows WHERE follower_id = %s AND following_id = %s"


def friends(connection: psycopg.Connection) -> list[tuple[int, int]]:
    return connection.execute("SELECT user_id_1, user_id_2 FROM friendships ORDER BY 1, 2").fetchall()


@pytest.mark.parametrize("unfollows_first", [True, False])
def test_friends_while_both_follow(connection: psycopg.Connection, make: Factory, *, unfollows_first: bool) -> None:
    ada, ben, cleo, _ = make.cast()
    make.follow(ben, ada)
    make.follow(cleo, ada)
    assert friends(connection) == []
    make.follow(ada, ben)
    assert friends(connection) == [(ada, ben)]
    connection.execute(UNFOLLOW, [ada, ben] if unfollows_first else [ben, ada])
    assert friends(connection) == []


def test_the_friendship_is_as_old_as_the_later_follow(connection: psycopg.Connection, make: Factory) -> None:
    ada, ben, _, _ = make.cast()
    for follower, following, day in ((ada, ben, "2026-01-02"), (ben, ada, "2026-01-01")):
        make.insert(
            "user_follows", "follower_id", follower_id=follower, following_id=following, created_at=f"{day}T00:00:00Z"
        )
    assert make.scalar("SELECT created_at = '2026-01-02T00:00:00Z' FROM friendships")
    connection.execute("UPDATE user_follows SET created_at = now()")
    assert make.scalar("SELECT created_at = '2026-01-02T00:00:00Z' FROM friendships")


def test_both_follows_in_one_statement(connection: psycopg.Connection, make: Factory) -> None:
    ada, ben, cleo, _ = make.cast()
    connection.execute(
        "INSERT INTO user_follows (follower_id, following_id) VALUES (%(a)s, %(b)s), (%(b)s, %(a)s), (%(a)s, %(c)s)",
        {"a": ada, "b": ben, "c": cleo},
    )
    assert friends(connection) == [(ada, ben)]
    connection.execute("UPDATE user_follows SET following_id = %s WHERE follower_id = %s", [cleo, ben])
    assert friends(connection) == []
    connection.execute("DELETE FROM user_follows")
    assert friends(connection) == []


def test_twenty_thousand_follows_at_once_fit_the_lock_table(connection: psycopg.Connection, make: Factory) -> None:
    """One lock for each pair would be more than the server has room for."""
    ada = make.user("ada")
    connection.execute(
        "INSERT INTO users (username, email, password_hash)"
        " SELECT 'fan' || n, 'fan' || n || '@example.org', 'x' FROM generate_series(1, 20000) AS n"
    )
    connection.execute("INSERT INTO user_follows SELECT id, %(ada)s FROM users WHERE id <> %(ada)s", {"ada": ada})
    connection.execute("INSERT INTO user_follows SELECT %(ada)s, id FROM users WHERE id <> %(ada)s", {"ada": ada})
    assert len(friends(connection)) == 20_000
    connection.execute("DELETE FROM users WHERE id = %s", [ada])
    assert friends(connection) == []


def test_two_who_follow_each_other_at_the_same_moment_are_friends(
    connection: psycopg.Connection, make: Factory, one: psycopg.Connection, other: psycopg.Connection
) -> None:
    ada, ben, _, _ = make.cast()
    one.execute(FOLLOW, [ada, ben])
    second = in_background(other, FOLLOW, [ben, ada])
    assert until_blocked_by(one) == other.info.backend_pid
    one.commit()
    second.join()
    assert friends(connection) == [(ada, ben)]


def test_many_pairs_that_follow_each_other_at_the_same_moment(
    connection: psycopg.Connection, make: Factory, one: psycopg.Connection, other: psycopg.Connection
) -> None:
    people = [make.user(f"person{number}") for number in range(40)]
    pairs = [(people[n], people[n + 1]) for n in range(0, 40, 2)]
    start = threading.Barrier(2)

    def follow_all(session: psycopg.Connection, *, back: bool) -> None:
        for pair in pairs:
            start.wait()
            session.execute(FOLLOW, pair[::-1] if back else pair)
            session.commit()

    threads = [
        threading.Thread(target=follow_all, args=[session], kwargs={"back": back})
        for session, back in ((one, False), (other, True))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert friends(connection) == pairs


def test_following_back_while_the_other_leaves(
    connection: psycopg.Connection, make: Factory, one: psycopg.Connection, other: psycopg.Connection
) -> None:
    """Whoever comes second sees what the first has done: no friendship of one."""
    ada, ben, _, _ = make.cast()
    unfollow: Step = (UNFOLLOW, [ada, ben])
    follow_back: Step = (FOLLOW, [ben, ada])
    for first, second in ((unfollow, follow_back), (follow_back, unfollow)):
        connection.execute("DELETE FROM user_follows")
        make.follow(ada, ben)
        one.execute(*first)
        later = in_background(other, *second)
        assert until_blocked_by(one) == other.info.backend_pid
        one.commit()
        later.join()
        assert friends(connection) == []


def test_opposite_orders_in_bulk_do_not_deadlock(
    connection: psycopg.Connection, make: Factory, one: psycopg.Connection, other: psycopg.Connection
) -> None:
    ada, ben, cleo, dan = make.cast()
    crowd = [make.user(f"person{number}") for number in range(30)]
    start = threading.Barrier(2)
    failures: list[errors.Error] = []

    def follow_all(session: psycopg.Connection, follower: int, order: list[int]) -> None:
        start.wait()
        try:
            session.execute("INSERT INTO user_follows SELECT %s, unnest(%s::bigint[])", [follower, order])
            session.execute("DELETE FROM user_follows WHERE follower_id = %s", [follower])
            session.commit()
        except errors.Error as failure:
            session.rollback()
            failures.append(failure)

    for left, right in ((ada, ben), (cleo, dan)):
        threads = [
            threading.Thread(target=follow_all, args=[one, left, crowd]),
            threading.Thread(target=follow_all, args=[other, right, crowd[::-1]]),
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert failures == []
    assert friends(connection) == []
