"""Comments on their post, replies and likes on their comment: what is shown no more counts nowhere."""

import psycopg
import pytest

from tests.factories import Factory
from tests.triggers.recount import differences


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
    _, answer, last = thread
    connection.execute("UPDATE comments SET deleted_at = now() WHERE id = %s", [last])
    assert on_posts(connection) == [2, 0]
    assert on_comments(connection) == [1, 0, 0]
    connection.execute("UPDATE comments SET deleted_at = now() WHERE id = %s", [last])
    assert on_posts(connection) == [2, 0]
    connection.execute("UPDATE comments SET deleted_at = now() WHERE id = %s", [answer])
    assert on_posts(connection) == [1, 0]
    assert on_comments(connection) == [0, 0, 0]
    connection.execute("UPDATE comments SET deleted_at = NULL")
    assert on_posts(connection) == [3, 0]
    assert on_comments(connection) == [1, 1, 0]


def test_a_blank_counts_on_its_parent_and_not_on_its_post(
    connection: psycopg.Connection, thread: tuple[int, int, int]
) -> None:
    _, answer, _ = thread
    connection.execute("UPDATE comments SET deleted_at = now() WHERE id = %s", [answer])
    assert on_posts(connection) == [2, 0]
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


def shown(connection: psycopg.Connection) -> list[int]:
    rows = connection.execute("SELECT id FROM comments WHERE deleted_at IS NULL OR replies_count > 0 ORDER BY id")
    return [id_ for (id_,) in rows]


def delete(connection: psycopg.Connection, comment: int) -> None:
    connection.execute("UPDATE comments SET deleted_at = now() WHERE id = %s", [comment])


def test_blanks_above_a_reply_stay_while_it_does_and_go_with_it(
    connection: psycopg.Connection, thread: tuple[int, int, int]
) -> None:
    asked, answer, last = thread
    delete(connection, answer)
    delete(connection, asked)
    assert (on_comments(connection), on_posts(connection)) == ([1, 1, 0], [1, 0])
    assert shown(connection) == [asked, answer, last]
    delete(connection, last)
    assert (on_comments(connection), on_posts(connection)) == ([0, 0, 0], [0, 0])
    assert shown(connection) == []
    connection.execute("UPDATE comments SET deleted_at = NULL WHERE id = %s", [last])
    assert (on_comments(connection), shown(connection)) == ([1, 1, 0], [asked, answer, last])
    assert differences(connection) == []


def test_a_reply_that_is_purged_takes_the_blanks_above_it_along(
    connection: psycopg.Connection, thread: tuple[int, int, int]
) -> None:
    asked, answer, last = thread
    delete(connection, answer)
    delete(connection, asked)
    connection.execute("DELETE FROM comments WHERE id = %s", [last])
    assert shown(connection) == []
    assert differences(connection) == []


def test_a_blank_that_is_purged_leaves_its_reply_and_not_the_blank_above(
    connection: psycopg.Connection, thread: tuple[int, int, int]
) -> None:
    asked, answer, last = thread
    delete(connection, answer)
    delete(connection, asked)
    connection.execute("DELETE FROM comments WHERE id = %s", [answer])
    assert shown(connection) == [last]
    assert differences(connection) == []


def test_a_reply_is_one_deeper_than_its_parent_and_rises_when_that_is_purged(
    connection: psycopg.Connection, thread: tuple[int, int, int], make: Factory
) -> None:
    asked, answer, last = thread
    below = make.comment(
        make.user("eve"), make.scalar("SELECT post_id FROM comments LIMIT 1"), parent_comment_id=last, depth=7
    )
    depths = "SELECT id, depth FROM comments ORDER BY id"
    assert connection.execute(depths).fetchall() == [(asked, 0), (answer, 1), (last, 2), (below, 3)]
    connection.execute("DELETE FROM comments WHERE id = %s", [answer])
    assert connection.execute(depths).fetchall() == [(asked, 0), (last, 0), (below, 1)]
    assert differences(connection) == []


def test_a_thread_of_blanks_of_any_depth_goes_in_one_statement(connection: psycopg.Connection, make: Factory) -> None:
    ada = make.user("ada")
    its = make.post(ada)
    last = make.comment(ada, its)
    for _ in range(1_000):
        last = make.comment(ada, its, parent_comment_id=last)
    connection.execute("UPDATE comments SET deleted_at = now() WHERE id < %s", [last])
    assert len(shown(connection)) == 1_001
    delete(connection, last)
    assert shown(connection) == []
    assert connection.execute("SELECT sum(replies_count), max(depth) FROM comments").fetchall() == [(0, 1_000)]


def test_likes_of_comments_count_once_for_each_person(connection: psycopg.Connection, make: Factory) -> None:
    ada, ben, _, _ = make.cast()
    its = make.post(ada)
    first, second = make.comment(ada, its), make.comment(ben, its)
    likes = "SELECT array_agg(likes_count ORDER BY id) FROM comments"
    pairs = [(ada, first), (ada, second), (ben, second)]
    for user, comment in pairs:
        make.insert("app.comment_likes", user_id=user, comment_id=comment)
    assert make.scalar(likes) == [1, 2]
    connection.execute("UPDATE app.comment_likes SET comment_id = %s WHERE user_id = %s", [first, ben])
    assert make.scalar(likes) == [2, 1]
    connection.execute("DELETE FROM users WHERE id = %s", [ben])
    assert make.scalar(likes) == [1]
    assert differences(connection) == []
