"""Followers, followed people, friends and published posts of each user, alone and under writers that meet."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import LiteralString

import psycopg
import pytest

from tests.factories import Factory
from tests.triggers.recount import differences
from tests.waiting import in_background, until_blocked_by

Counts = tuple[int, int, int, int]

FOLLOW = "INSERT INTO user_follows (follower_id, following_id) VALUES (%s, %s)"
FOLLOW_ALL = "INSERT INTO user_follows (follower_id, following_id) SELECT %s, unnest(%s::bigint[])"
FOLLOWED_BY_ALL = "INSERT INTO user_follows (follower_id, following_id) SELECT unnest(%s::bigint[]), %s"
UNFOLLOW_ALL = "DELETE FROM user_follows WHERE follower_id = %s"
HOLD = "SELECT FROM app.user_counts WHERE user_id = %s FOR NO KEY UPDATE"


def counts(connection: psycopg.Connection, user: int) -> Counts | None:
    """Followers, followed people, friends, published posts."""
    return connection.execute(
        "SELECT followers_count, following_count, friends_count, posts_count FROM app.user_counts WHERE user_id = %s",
        [user],
    ).fetchone()


def test_follows_and_friendships_are_counted_on_both_sides(connection: psycopg.Connection, make: Factory) -> None:
    ada, ben, cleo, _ = make.cast()
    make.follow(ada, ben)
    assert [counts(connection, one) for one in (ada, ben, cleo)] == [(0, 1, 0, 0), (1, 0, 0, 0), (0, 0, 0, 0)]
    make.follow(ben, ada)
    make.follow(cleo, ada)
    assert [counts(connection, one) for one in (ada, ben, cleo)] == [(2, 1, 1, 0), (1, 1, 1, 0), (0, 1, 0, 0)]
    connection.execute("UPDATE user_follows SET following_id = %s WHERE follower_id = %s", [cleo, ada])
    assert [counts(connection, one) for one in (ada, ben, cleo)] == [(2, 1, 1, 0), (0, 1, 0, 0), (1, 1, 1, 0)]
    connection.execute("DELETE FROM user_follows")
    assert [counts(connection, one) for one in (ada, ben, cleo)] == [(0, 0, 0, 0)] * 3


def test_a_statement_of_many_follows_counts_each_person_once(connection: psycopg.Connection, make: Factory) -> None:
    ada, ben, cleo, dan = make.cast()
    connection.execute(
        "INSERT INTO user_follows (follower_id, following_id) VALUES"
        " (%(a)s, %(b)s), (%(b)s, %(a)s), (%(a)s, %(c)s), (%(d)s, %(a)s)",
        {"a": ada, "b": ben, "c": cleo, "d": dan},
    )
    assert counts(connection, ada) == (2, 2, 1, 0)
    connection.execute("DELETE FROM user_follows WHERE %(a)s IN (follower_id, following_id)", {"a": ada})
    assert counts(connection, ada) == (0, 0, 0, 0)
    assert differences(connection) == []


STEPS: list[tuple[LiteralString, int]] = [
    ("UPDATE posts SET scheduled_for = now(), status = 'scheduled'", 0),
    ("UPDATE posts SET status = 'published'", 2),
    ("UPDATE posts SET content = 'Edited', visibility = 'private'", 2),
    ("UPDATE posts SET status = 'deleted' WHERE id = 1", 1),
    ("UPDATE posts SET content = 'Edited again'", 1),
    ("UPDATE posts SET status = status_before_delete WHERE id = 1", 2),
    ("UPDATE posts SET status = 'draft' WHERE id = 1", 1),
    ("DELETE FROM posts WHERE id = 1", 1),
    ("DELETE FROM posts WHERE id = 2", 0),
]


def test_only_published_posts_count_whatever_becomes_of_them(connection: psycopg.Connection, make: Factory) -> None:
    ada = make.user("ada")
    posts = [make.post(ada, status="draft") for _ in range(2)]
    assert (posts, counts(connection, ada)) == ([1, 2], (0, 0, 0, 0))
    for statement, published in STEPS:
        connection.execute(statement)
        assert counts(connection, ada) == (0, 0, 0, published), statement


def test_a_post_that_changes_hands_counts_for_its_new_author(connection: psycopg.Connection, make: Factory) -> None:
    ada, ben, _, _ = make.cast()
    make.post(ada)
    connection.execute("UPDATE posts SET user_id = %s", [ben])
    assert [counts(connection, one) for one in (ada, ben)] == [(0, 0, 0, 0), (0, 0, 0, 1)]


def test_every_new_user_has_a_row_also_in_bulk(connection: psycopg.Connection) -> None:
    connection.execute(
        "INSERT INTO users (username, email, password_hash)"
        " SELECT 'person' || n, 'person' || n || '@example.org', 'x' FROM generate_series(1, 300) AS n"
    )
    assert connection.execute("SELECT count(*), sum(followers_count) FROM app.user_counts").fetchone() == (300, 0)
    connection.execute("DELETE FROM users")
    assert connection.execute("SELECT count(*) FROM app.user_counts").fetchone() == (0,)


# After a dump was restored, constraints are in another order, and friendships may go before the follows do.
RESTORED = """
ALTER TABLE user_follows DROP CONSTRAINT user_follows_follower_id_fkey, DROP CONSTRAINT user_follows_following_id_fkey;
ALTER TABLE user_follows
ADD CONSTRAINT user_follows_follower_id_fkey FOREIGN KEY (follower_id) REFERENCES users (id) ON DELETE CASCADE,
ADD CONSTRAINT user_follows_following_id_fkey FOREIGN KEY (following_id) REFERENCES users (id) ON DELETE CASCADE;
"""


@pytest.mark.parametrize("restored", [False, True])
def test_a_deleted_user_leaves_exact_counts(connection: psycopg.Connection, make: Factory, *, restored: bool) -> None:
    if restored:
        connection.execute(RESTORED)
    ada, ben, cleo, dan = make.cast()
    for other in (ben, cleo):
        make.follow(ada, other)
        make.follow(other, ada)
    make.follow(dan, ada)
    make.follow(ben, cleo)
    make.post(ada)
    connection.execute("DELETE FROM users WHERE id = %s", [ada])
    assert [counts(connection, one) for one in (ada, ben, cleo, dan)] == [
        None, (0, 1, 0, 0), (1, 0, 0, 0), (0, 0, 0, 0)
    ]  # fmt: skip
    assert differences(connection) == []


def test_what_is_rolled_back_is_not_counted(
    connection: psycopg.Connection, make: Factory, one: psycopg.Connection
) -> None:
    ada, ben, _, _ = make.cast()
    one.execute(FOLLOW, [ada, ben])
    make_post = "INSERT INTO posts (user_id, type, content) VALUES (%s, 'text_short', 'x')"
    one.execute(make_post, [ada])
    assert counts(one, ada) == (0, 1, 0, 1)
    one.rollback()
    assert counts(connection, ada) == (0, 0, 0, 0)


UNCOUNTED: list[LiteralString] = [
    "UPDATE posts SET content = 'Edited'",
    "INSERT INTO post_interactions (user_id, post_id, type) SELECT 2, id, 'like' FROM posts",
    "INSERT INTO comments (user_id, post_id, content) SELECT 2, id, 'x' FROM posts",
    "INSERT INTO posts (user_id, type, status, content) VALUES (1, 'text_short', 'draft', 'x')",
    "UPDATE posts SET status = 'deleted' WHERE status = 'draft'",
    "DELETE FROM posts WHERE status <> 'published'",
]


def test_what_changes_no_count_waits_for_none(
    make: Factory, one: psycopg.Connection, other: psycopg.Connection
) -> None:
    ada, _, _, _ = make.cast()
    make.post(ada)
    make.post(ada, status="draft")
    one.execute(HOLD, [ada])
    other.execute("SET lock_timeout = '1ms'")
    for statement in UNCOUNTED:
        assert other.execute(statement).rowcount > 0, statement


@pytest.mark.parametrize("follows", [True, False])
def test_all_people_of_a_statement_are_locked_by_id(
    connection: psycopg.Connection, make: Factory, one: psycopg.Connection, other: psycopg.Connection, *, follows: bool
) -> None:
    """Who waits for the first holds no other: not the friends either, who are counted before the follows."""
    first, *crowd = [make.user(f"person{number}") for number in range(5)]
    ada = make.user("ada")
    connection.execute(FOLLOWED_BY_ALL, [crowd, ada])
    if not follows:
        connection.execute(FOLLOW_ALL, [ada, [*crowd, first]])
    # Its row lies last by now, where a plan that reads pages in their order finds it.
    connection.execute("UPDATE app.user_counts SET posts_count = 0 WHERE user_id = %s", [first])
    one.execute(HOLD, [first])
    statement, given = (FOLLOW_ALL, [ada, [*crowd, first]]) if follows else (UNFOLLOW_ALL, [ada])
    later = in_background(other, statement, given)
    until_blocked_by(one)
    rest = one.execute("SELECT FROM app.user_counts WHERE user_id <> %s FOR NO KEY UPDATE NOWAIT", [first])
    assert rest.rowcount == 5
    one.commit()
    later.join()
    assert counts(connection, ada) == ((4, 5, 4, 0) if follows else (4, 0, 0, 0))
    assert differences(connection) == []


def test_fifty_who_follow_one_person_at_once_count_fifty(
    empty_database: str, connection: psycopg.Connection, make: Factory
) -> None:
    star = make.user("star")
    fans = [make.user(f"fan{number}") for number in range(50)]
    ready = threading.Barrier(len(fans))

    def follow(fan: int) -> None:
        with psycopg.connect(empty_database, autocommit=True) as session:
            ready.wait()
            session.execute(FOLLOW, [fan, star])

    with ThreadPoolExecutor(len(fans)) as crowd:
        list(crowd.map(follow, fans))
    assert counts(connection, star) == (50, 0, 0, 0)
    assert differences(connection) == []


def test_following_each_other_and_a_crowd_in_any_order_does_not_deadlock(
    connection: psycopg.Connection, make: Factory, one: psycopg.Connection, other: psycopg.Connection
) -> None:
    crowd = [make.user(f"person{number}") for number in range(30)]
    ada, ben = make.user("ada"), make.user("ben")
    connection.execute(FOLLOWED_BY_ALL, [crowd[10:], ada])
    connection.execute(FOLLOWED_BY_ALL, [crowd[:20], ben])
    start = threading.Barrier(2)

    def follow_and_leave(session: psycopg.Connection, follower: int, order: list[int]) -> None:
        for _ in range(10):
            start.wait()
            session.execute(FOLLOW_ALL, [follower, order])
            session.commit()
            session.execute(UNFOLLOW_ALL, [follower])
            session.commit()

    with ThreadPoolExecutor(2) as both:
        runs = [
            both.submit(follow_and_leave, one, ada, [*crowd, ben]),
            both.submit(follow_and_leave, other, ben, [ada, *crowd[::-1]]),
        ]
        for run in runs:
            run.result()
    assert [counts(connection, person) for person in (ada, ben)] == [(20, 0, 0, 0), (20, 0, 0, 0)]
    assert differences(connection) == []


def test_deleting_the_same_posts_twice_at_once_counts_each_once(
    connection: psycopg.Connection, make: Factory, one: psycopg.Connection, other: psycopg.Connection
) -> None:
    ada, ben, _, _ = make.cast()
    make.post(ada)
    both = [make.post(ben), make.post(ada)]
    remove = "UPDATE posts SET status = 'deleted' WHERE id = ANY(%s) AND status = 'published'"
    one.execute(remove, [both])
    again = in_background(other, remove, [both[::-1]])
    until_blocked_by(one)
    one.commit()
    again.join()
    assert [counts(connection, person) for person in (ada, ben)] == [(0, 0, 0, 1), (0, 0, 0, 0)]


def test_counting_reads_no_row_but_those_of_the_people_concerned(
    connection: psycopg.Connection, make: Factory, one: psycopg.Connection
) -> None:
    """Also where a session began with thousands of follows: plans are kept."""
    ada = make.user("ada")
    connection.execute(
        "INSERT INTO users (username, email, password_hash)"
        " SELECT 'fan' || n, 'fan' || n || '@example.org', 'x' FROM generate_series(1, 5000) AS n"
    )
    connection.execute("VACUUM ANALYZE app.user_counts")
    scans: LiteralString = (
        "SELECT seq_scan, idx_tup_fetch FROM pg_stat_xact_user_tables WHERE relid = 'app.user_counts'::regclass"
    )
    one.execute("INSERT INTO user_follows SELECT id, %(ada)s FROM users WHERE id > 1000", {"ada": ada})
    one.execute("INSERT INTO posts (user_id, type, content) SELECT id, 'text_short', 'x' FROM users WHERE id > 1000")
    one.commit()
    one.execute("SELECT pg_stat_force_next_flush()")
    one.commit()
    assert one.execute(scans).fetchone() == (0, 0)
    one.execute(FOLLOW, [ada, 5000])
    one.execute("INSERT INTO posts (user_id, type, content) VALUES (%s, 'text_short', 'x')", [ada])
    one.execute("DELETE FROM user_follows WHERE following_id = %s", [5000])
    seen = one.execute(scans).fetchone()
    assert seen is not None
    assert seen[0] == 0
    assert seen[1] <= 20
