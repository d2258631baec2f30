"""Counters under writers that meet: nothing is lost, and nobody waits in a circle."""

import threading
from concurrent.futures import ThreadPoolExecutor

import psycopg

from tests.factories import Factory
from tests.waiting import in_background, until_blocked_by

REPLY = "INSERT INTO comments (post_id, user_id, parent_comment_id, content) VALUES (%s, %s, %s, 'A reply')"
LIKES = "INSERT INTO post_interactions (user_id, post_id, type) SELECT %s, unnest(%s::bigint[]), 'like'"


def test_fifty_likes_at_once_count_fifty(empty_database: str, make: Factory) -> None:
    its = make.post(make.user("ada"))
    fans = [make.user(f"fan{number}") for number in range(50)]
    ready = threading.Barrier(len(fans))

    def like(fan: int) -> None:
        with psycopg.connect(empty_database, autocommit=True) as session:
            ready.wait()
            session.execute(LIKES, [fan, [its]])

    with ThreadPoolExecutor(len(fans)) as crowd:
        list(crowd.map(like, fans))
    assert make.scalar("SELECT likes_count FROM posts") == 50


def test_parents_are_locked_in_the_order_of_their_ids(
    make: Factory, one: psycopg.Connection, other: psycopg.Connection
) -> None:
    """Who waits for the first post holds none that comes after it, in whatever order they were named."""
    ada = make.user("ada")
    posts = [make.post(ada) for _ in range(3)]
    # The first post now lies last on its page, and the plan may only read pages in the order in which they lie.
    make.connection.execute("UPDATE posts SET title = 'Moved' WHERE id = %s", [posts[0]])
    for way in ("nestloop", "mergejoin", "indexscan", "bitmapscan", "sort"):
        other.execute(f"SET enable_{way} = off".encode())
    one.execute("SELECT FROM posts WHERE id = %s FOR NO KEY UPDATE", [posts[0]])
    liking = in_background(other, LIKES, [ada, posts[::-1]])
    until_blocked_by(one)
    rest = one.execute("SELECT FROM posts WHERE id > %s FOR NO KEY UPDATE NOWAIT", [posts[0]])
    assert rest.rowcount == 2
    one.commit()
    liking.join()
    assert make.scalar("SELECT array_agg(likes_count) FROM posts") == [1, 1, 1]


def test_opposite_orders_do_not_deadlock(make: Factory, one: psycopg.Connection, other: psycopg.Connection) -> None:
    ada, ben, _, _ = make.cast()
    posts = [make.post(ada) for _ in range(50)]
    start = threading.Barrier(2)

    def like_and_unlike(session: psycopg.Connection, fan: int, order: list[int]) -> None:
        for _ in range(10):
            start.wait()
            session.execute(LIKES, [fan, order])
            session.commit()
            session.execute("DELETE FROM post_interactions WHERE user_id = %s", [fan])
            session.commit()

    with ThreadPoolExecutor(2) as both:
        runs = [
            both.submit(like_and_unlike, one, ada, posts),
            both.submit(like_and_unlike, other, ben, posts[::-1]),
        ]
        for run in runs:
            run.result()
    assert make.scalar("SELECT sum(likes_count) FROM posts") == 0


def test_a_reply_waits_for_its_parent_before_it_holds_the_post(
    connection: psycopg.Connection, make: Factory, one: psycopg.Connection, other: psycopg.Connection
) -> None:
    """One deletes a comment, another replies to it: the other way round they would wait for each other."""
    ada = make.user("ada")
    its = make.post(ada)
    asked = make.comment(ada, its)
    one.execute("SELECT FROM comments WHERE id = %s FOR NO KEY UPDATE", [asked])
    replying = in_background(other, REPLY, [its, ada, asked])
    until_blocked_by(one)
    one.execute("SELECT FROM posts WHERE id = %s FOR NO KEY UPDATE NOWAIT", [its])
    one.execute("UPDATE comments SET deleted_at = now() WHERE id = %s", [asked])
    one.commit()
    replying.join()
    assert connection.execute("SELECT comments_count FROM posts").fetchall() == [(1,)]
    assert connection.execute("SELECT replies_count FROM comments ORDER BY id").fetchall() == [(1,), (0,)]


def test_two_who_delete_the_same_comment_delete_it_once(
    make: Factory, one: psycopg.Connection, other: psycopg.Connection
) -> None:
    ada = make.user("ada")
    its = make.post(ada)
    first, second = make.comment(ada, its), make.comment(ada, its)
    delete = "UPDATE comments SET deleted_at = now() WHERE id = %s AND deleted_at IS NULL"
    one.execute(delete, [first])
    again = in_background(other, delete, [first])
    until_blocked_by(one)
    one.commit()
    again.join()
    assert make.scalar("SELECT comments_count FROM posts") == 1
    assert make.scalar("SELECT id FROM comments WHERE deleted_at IS NULL") == second


def test_restoring_while_another_deletes_for_good(
    make: Factory, one: psycopg.Connection, other: psycopg.Connection
) -> None:
    ada = make.user("ada")
    its = make.post(ada)
    asked = make.comment(ada, its)
    answer = make.comment(ada, its, parent_comment_id=asked, deleted_at="2026-01-01T00:00:00Z")
    one.execute("UPDATE comments SET deleted_at = NULL WHERE id = %s", [answer])
    purge = in_background(other, "DELETE FROM comments WHERE id = %s", [answer])
    until_blocked_by(one)
    one.commit()
    purge.join()
    assert make.scalar("SELECT comments_count FROM posts") == 1
    assert make.scalar("SELECT replies_count FROM comments") == 0


def test_uploads_of_one_person_at_once_are_all_charged(empty_database: str, make: Factory) -> None:
    """The first two meet while the row of their owner does not exist yet."""
    ada = make.user("ada")
    ready = threading.Barrier(20)

    def upload(number: int) -> None:
        with psycopg.connect(empty_database, autocommit=True) as session:
            ready.wait()
            Factory(session).media(ada, object_key=f"upload-{number}", file_size_bytes=number)

    with ThreadPoolExecutor(20) as crowd:
        list(crowd.map(upload, range(1, 21)))
    assert make.scalar("SELECT used_bytes FROM storage_usage") == 210
