"""What has drifted is found by name and healed, and what has not is left alone."""

import logging
from typing import LiteralString

import psycopg
import pytest

from db.maintenance.counters import Drift
from tests.counters.running import Steps, repaired, verified
from tests.factories import Factory
from tests.seed.rows import contents
from tests.triggers.recount import differences

BUCKETS: LiteralString = (
    "UPDATE storage_usage SET images_bytes = 1, videos_bytes = 2, audio_bytes = 3, other_bytes = 4 WHERE user_id = 1"
)
COUNTS: LiteralString = (
    "UPDATE app.user_counts SET followers_count = 7, following_count = 8, friends_count = 9, posts_count = 0"
    " WHERE user_id IN (1, 4)"
)

# Ada (1), Ben (2), Cleo (3) and Dan (4); see `small_world`.
PLANTED: list[tuple[LiteralString, list[Drift]]] = [
    ("UPDATE posts SET likes_count = 7 WHERE id = 1", [Drift("posts", "1", "likes_count", 7, 2)]),
    ("UPDATE posts SET likes_count = 0 WHERE id = 1", [Drift("posts", "1", "likes_count", 0, 2)]),
    ("UPDATE posts SET comments_count = 0 WHERE id = 1", [Drift("posts", "1", "comments_count", 0, 2)]),
    ("UPDATE posts SET reposts_count = 3 WHERE id = 2", [Drift("posts", "2", "reposts_count", 3, 0)]),
    (
        "UPDATE posts SET likes_count = 1, reposts_count = 1 WHERE id = 2",
        [Drift("posts", "2", "likes_count", 1, 0), Drift("posts", "2", "reposts_count", 1, 0)],
    ),
    ("UPDATE comments SET replies_count = 5 WHERE id = 1", [Drift("comments", "1", "replies_count", 5, 1)]),
    ("UPDATE comments SET likes_count = 5 WHERE id = 2", [Drift("comments", "2", "likes_count", 5, 1)]),
    ("DELETE FROM friendships WHERE user_id_1 = 1", [Drift("friendships", "1-2", "rows", 0, 1)]),
    ("INSERT INTO friendships VALUES (1, 3), (3, 4)",
     [Drift("friendships", "1-3", "rows", 1, 0), Drift("friendships", "3-4", "rows", 1, 0)]),
    (
        "UPDATE storage_usage SET used_bytes = 0 WHERE user_id = 1",
        [Drift("storage_usage", "1", "used_bytes", 0, 1500)],
    ),
    (
        BUCKETS,
        [
            Drift("storage_usage", "1", "images_bytes", 1, 1000),
            Drift("storage_usage", "1", "videos_bytes", 2, 0),
            Drift("storage_usage", "1", "audio_bytes", 3, 500),
            Drift("storage_usage", "1", "other_bytes", 4, 0),
        ],
    ),
    ("DELETE FROM storage_usage WHERE user_id = 4", [Drift("storage_usage", "4", "rows", 0, 1)]),
    ("DELETE FROM app.user_counts WHERE user_id = 1", [Drift("user_counts", "1", "rows", 0, 1)]),
    (
        COUNTS,
        [
            Drift("user_counts", "1", "followers_count", 7, 2),
            Drift("user_counts", "1", "following_count", 8, 1),
            Drift("user_counts", "1", "friends_count", 9, 1),
            Drift("user_counts", "1", "posts_count", 0, 1),
            Drift("user_counts", "4", "followers_count", 7, 0),
            Drift("user_counts", "4", "following_count", 8, 0),
            Drift("user_counts", "4", "friends_count", 9, 0),
        ],
    ),
    (
        """INSERT INTO notifications (user_id, actor_id, type, post_id, comment_id, title) VALUES
            (1, 3, 'follow', NULL, NULL, 'x'), (3, 1, 'follow', NULL, NULL, 'x'),
            (1, 2, 'friend_request', NULL, NULL, 'x'), (1, 3, 'friend_request', NULL, NULL, 'x'),
            (1, 2, 'like', 1, NULL, 'x'), (2, 1, 'like', 2, NULL, 'x'),
            (1, 2, 'repost', 1, NULL, 'x'), (1, 4, 'mention', 1, NULL, 'x'), (4, 1, 'like', 1, 1, 'x')""",
        [Drift("notifications", str(id_), "rows", 1, 0) for id_ in (2, 4, 6, 7, 8, 9)],
    ),
]  # fmt: skip


@pytest.fixture(autouse=True)
def small_world(connection: psycopg.Connection, make: Factory) -> None:
    ada, ben, cleo, _ = make.cast()
    connection.execute("INSERT INTO storage_usage (user_id) SELECT id FROM users ON CONFLICT DO NOTHING")
    post, _ = make.post(ada), make.post(ben)
    make.like(ben, post)
    make.like(cleo, post)
    asked = make.comment(ben, post)
    reply = make.comment(ada, post, parent_comment_id=asked)
    make.insert("app.comment_likes", user_id=ben, comment_id=reply)
    make.follow(ada, ben)
    make.follow(ben, ada)
    make.follow(cleo, ada)
    make.media(ada, post)
    make.media(ada, post, type="audio", file_size_bytes=500)


@pytest.mark.parametrize(("planted", "drifts"), PLANTED)
def test_each_kind_of_drift_is_named_and_healed(
    empty_database: str, connection: psycopg.Connection, planted: LiteralString, drifts: list[Drift]
) -> None:
    before = contents(empty_database)
    connection.execute(planted)
    assert verified(empty_database) == drifts
    assert verified(empty_database) == drifts, "verifying changes nothing"
    assert repaired(empty_database) == drifts
    assert verified(empty_database) == []
    after = contents(empty_database)
    stamped = {"public.storage_usage"} if drifts[0].table == "storage_usage" else set[str]()
    stamped |= {"public.friendships"} if drifts[0].counted == 1 and drifts[0].column == "rows" else set()
    stamped |= {"public.notifications", "sequences"} if drifts[0].table == "notifications" else set()
    for table in before.keys() - stamped:
        assert after[table] == before[table], table


def test_blanks_that_hang_on_a_lost_count_are_healed_one_by_one(
    empty_database: str, connection: psycopg.Connection, make: Factory
) -> None:
    below = make.comment(1, 1, parent_comment_id=2)
    connection.execute("UPDATE comments SET deleted_at = now() WHERE id < %s", [below])
    before = contents(empty_database)
    connection.execute("UPDATE comments SET replies_count = 0 WHERE id = 2")
    connection.execute("UPDATE comments SET replies_count = 0 WHERE id = 1")
    assert verified(empty_database) == [Drift("comments", "2", "replies_count", 0, 1)]
    assert repaired(empty_database) == [
        Drift("comments", "2", "replies_count", 0, 1), Drift("comments", "1", "replies_count", 0, 1)
    ]  # fmt: skip
    assert contents(empty_database)["public.comments"] == before["public.comments"]


def test_a_healed_friendship_is_as_old_as_the_second_follow(
    empty_database: str, connection: psycopg.Connection
) -> None:
    (before,) = connection.execute("DELETE FROM friendships RETURNING *").fetchall()
    repaired(empty_database)
    assert connection.execute("SELECT * FROM friendships").fetchall() == [before]


def test_a_missing_storage_row_gets_the_plans_quota_and_the_bytes_of_media(
    empty_database: str, connection: psycopg.Connection
) -> None:
    connection.execute(
        "INSERT INTO user_subscriptions (user_id, tier_id, current_period_end) VALUES (1, 3, now() + interval '1 day')"
    )
    connection.execute("DELETE FROM storage_usage WHERE user_id IN (1, 2)")
    assert [(drift.id, drift.column) for drift in repaired(empty_database)] == [
        ("1", "rows"), ("2", "rows"), ("1", "used_bytes"), ("1", "images_bytes"), ("1", "audio_bytes")
    ]  # fmt: skip
    query = "SELECT user_id, quota_bytes, used_bytes, images_bytes, audio_bytes FROM storage_usage WHERE user_id < 3"
    assert sorted(connection.execute(query).fetchall()) == [
        (1, 5_368_709_120, 1500, 1000, 500),
        (2, 52_428_800, 0, 0, 0),
    ]


def test_everything_at_once_is_healed_in_one_run(empty_database: str, connection: psycopg.Connection) -> None:
    for planted, _ in PLANTED:
        connection.execute(planted)
    assert len(verified(empty_database)) == 25
    repaired(empty_database)
    assert differences(connection) == []
    assert verified(empty_database) == []


def test_a_clean_database_has_nothing_to_say(empty_database: str, seeded_database: str) -> None:
    for url in (empty_database, seeded_database):
        held = contents(url)
        assert verified(url) == []
        assert repaired(url) == []
        assert contents(url) == held


def test_notifications_of_what_was_undone_go_and_of_what_was_read_the_words(
    empty_database: str, connection: psycopg.Connection, make: Factory
) -> None:
    told = {"user_id": 1, "actor_id": 2, "post_id": 1, "title": "x", "content": "Words"}
    kept = make.insert("notifications", **told, type="comment", comment_id=1)
    make.insert("notifications", **told, type="mention", comment_id=make.comment(2, 1, deleted_at="now"))
    read = make.insert("notifications", **told, type="repost", is_read=True, read_at="now")
    assert len(repaired(empty_database)) == 2
    rows = "SELECT id, content, withdrawn_at IS NOT NULL FROM notifications ORDER BY id"
    assert connection.execute(rows).fetchall() == [(kept, "Words", False), (read, None, True)]
    assert verified(empty_database) == []


def test_no_statement_counts_more_than_a_batch(
    empty_database: str, connection: psycopg.Connection, make: Factory, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(11):
        make.post(1)
    connection.execute("UPDATE posts SET likes_count = 9 WHERE id IN (1, 5, 13)")
    steps = Steps()
    with caplog.at_level(logging.DEBUG, "vrss.statements"):
        drifts = verified(empty_database, batch=5, steps=steps)
    assert [drift.id for drift in drifts] == ["1", "5", "13"]
    ran = [record.message.split()[0] for record in caplog.records]
    assert ran.count("drifted_posts") == 3
    assert ran.count("post_ids_after") == 4
    assert ran.count("drifted_comments") == 1
    assert [total for _, total in steps.announced] == steps.done == [13, 2, 4, 4, 4, 4, 4, 0]


def test_ids_need_not_be_dense(empty_database: str, connection: psycopg.Connection, make: Factory) -> None:
    connection.execute("SELECT setval(pg_get_serial_sequence('posts', 'id'), 9000000000)")
    far = make.post(1)
    connection.execute("UPDATE posts SET reposts_count = 1")
    assert [drift.id for drift in verified(empty_database, batch=1)] == ["1", "2", str(far)]
    assert [drift.id for drift in repaired(empty_database, batch=1)] == ["1", "2", str(far)]
