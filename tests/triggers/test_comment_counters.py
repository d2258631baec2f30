"""Comments on their post and replies on their comment: what is deleted counts nowhere."""

import psycopg
import pytest

from tests.factories import Factory


def on_posts(connection: psycopg.Connection) -> list[int]:
    return [n for (n,) in connection.execute("SELECT comments_count FROM posts ORDER BY id")]


def on_comments(connection: psycopg.Connection) -> list[int]:
    return [n for (n,) in connection.execute("SELECT replies_count FROM comments ORDER BY id")]


@pytest.fixture
def thread(make: Factory) -> tuple[int, int, int]:
    """A comment, a reply to it, and a reply to that; on the first of two posts."""
    ada, ben, _, _ = make.cast()
    its = make.post(ada)
    make.post(ada)
    asked = make.comment(ada, its)
    answer = make.comment(ben, its, parent_comment_id=asked)
    return asked, answer, make.comment(ada, its, parent_comment_id=answer)


def test_a_post_counts_comments_and_replies_a_comment_its_direct_replies(
    connection: psycopg.Connection, thread: tuple[int, int, int]
) -> None:
    assert len(thread) == 3
    assert on_posts(connection) == [3, 0]
    assert on_comments(connection) == [1, 1, 0]


def test_a_deleted_comment_counts_no_more_and_again_when_restored(
    connection: psycopg.Connection, thread: tuple[int, int, int]
) -> None:
    _, answer, _ = thread
    connection.execute("UPDATE comments SET deleted_at = now() WHERE id = %s", [answer])
    assert on_posts(connection) == [2, 0]
    assert on_comments(connection) == [0, 1, 0]
    connection.execute("UPDATE comments SET deleted_at = now() WHERE id = %s", [answer])
    assert on_posts(connection) == [2, 0]
    connection.execute("UPDATE comments SET deleted_at = NULL WHERE id = %s", [answer])
    assert on_posts(connection) == [3, 0]
    assert on_comments(connection) == [1, 1, 0]


def test_a_comment_that_was_deleted_and_goes_for_good_does_not_count_twice(
    connection: psycopg.Connection, thread: tuple[int, int, int]
) -> None:
    *_, last = thread
    connection.execute("UPDATE comments SET deleted_at = now() WHERE id = %s", [last])
    connection.execute("DELETE FROM comments WHERE id = %s", [last])
    assert on_posts(connection) == [2, 0]
    assert on_comments(connection) == [1, 0]


def test_replies_outlive_their_parent(connection: psycopg.Connection, thread: tuple[int, int, int]) -> None:
    asked, _, _ = thread
    connection.execute("DELETE FROM comments WHERE id = %s", [asked])
    assert on_posts(connection) == [2, 0]
    assert on_comments(connection) == [1, 0]


def test_a_whole_thread_in_one_statement(connection: psycopg.Connection, thread: tuple[int, int, int]) -> None:
    connection.execute("UPDATE comments SET deleted_at = now() WHERE id = ANY(%s)", [list(thread)])
    assert on_posts(connection) == [0, 0]
    assert on_comments(connection) == [0, 0, 0]
    connection.execute("UPDATE comments SET deleted_at = NULL")
    assert on_posts(connection) == [3, 0]
    assert on_comments(connection) == [1, 1, 0]
    connection.execute("DELETE FROM comments")
    assert on_posts(connection) == [0, 0]


def test_a_comment_that_arrives_deleted_counts_nowhere(connection: psycopg.Connection, make: Factory) -> None:
    ada = make.user("ada")
    its = make.post(ada)
    asked = make.comment(ada, its)
    make.comment(ada, its, parent_comment_id=asked, deleted_at="2026-01-01T00:00:00Z")
    assert on_posts(connection) == [1]
    assert on_comments(connection) == [0, 0]


def test_a_reply_that_moves_takes_its_count_along(connection: psycopg.Connection, thread: tuple[int, int, int]) -> None:
    asked, _, last = thread
    connection.execute("UPDATE comments SET parent_comment_id = %s WHERE id = %s", [asked, last])
    assert on_posts(connection) == [3, 0]
    assert on_comments(connection) == [2, 0, 0]


def test_an_edit_touches_neither_post_nor_parent(connection: psycopg.Connection, thread: tuple[int, int, int]) -> None:
    _, answer, _ = thread
    parents = "SELECT xmin FROM posts UNION ALL SELECT xmin FROM comments WHERE id <> %s"
    before = connection.execute(parents, [answer]).fetchall()
    connection.execute("UPDATE comments SET content = 'Better' WHERE id = %s", [answer])
    assert connection.execute(parents, [answer]).fetchall() == before


def test_a_person_goes_with_posts_comments_and_counts(
    connection: psycopg.Connection, thread: tuple[int, int, int], make: Factory
) -> None:
    ben, cleo = (make.scalar("SELECT id FROM users WHERE username = %s", name) for name in ("ben", "cleo"))
    its = make.post(cleo)
    mine = make.comment(cleo, its)
    make.comment(ben, its, parent_comment_id=mine)
    connection.execute("DELETE FROM users WHERE id = %s", [ben])
    assert on_posts(connection) == [2, 0, 1]
    assert on_comments(connection) == [0, 0, 0]
    assert connection.execute("SELECT parent_comment_id FROM comments WHERE id = %s", [thread[2]]).fetchone() == (None,)
