"""The scaled data are whole: counted, connected, in order, and written once or not at all."""

from collections.abc import Iterator
from datetime import UTC, datetime

import psycopg
import pytest
from psycopg import sql

from db.documents.media_urls import MediaUrls
from db.documents.section_config import section_config
from db.enums import SectionType
from db.feeds.rows import FilterRow, rules_from_rows
from db.migrations.migrate import dump_schema
from db.seed.scaled import seed_scaled
from tests.factories import Factory
from tests.seed.rows import one, pairs
from tests.servers import Server, database
from tests.triggers.recount import differences

ANCHOR = datetime(2026, 5, 4, tzinfo=UTC)
POSTS = 4_000
SMALL = 300

FOREIGN_KEYS = """
SELECT
    conrelid::regclass::text,
    confrelid::regclass::text,
    (SELECT array_agg(attname ORDER BY place)::text[] FROM unnest(conkey) WITH ORDINALITY AS own (number, place)
        INNER JOIN pg_attribute ON attrelid = conrelid AND attnum = own.number),
    (SELECT array_agg(attname ORDER BY place)::text[] FROM unnest(confkey) WITH ORDINALITY AS other (number, place)
        INNER JOIN pg_attribute ON attrelid = confrelid AND attnum = other.number)
FROM pg_constraint WHERE contype = 'f'
"""


@pytest.fixture(scope="module")
def scaled(server: Server, empty_template: str) -> Iterator[str]:
    """A scaled database that the tests of this file only read."""
    with database(server, empty_template) as name:
        seed_scaled(server.url(name), POSTS, anchor=ANCHOR)
        yield server.url(name)


def test_counters_friendships_and_storage_equal_a_recount(scaled: str) -> None:
    with psycopg.connect(scaled) as connection:
        assert differences(connection) == []
    assert one(scaled, b"SELECT max(likes_count) FROM posts WHERE id > 205") > 20
    assert one(scaled, b"SELECT count(*) FROM friendships") > 100
    assert one(scaled, b"SELECT count(*) FROM users WHERE id NOT IN (SELECT user_id FROM storage_usage)") == 0


def test_every_foreign_key_finds_its_row(scaled: str) -> None:
    with psycopg.connect(scaled) as connection:
        keys = connection.execute(FOREIGN_KEYS).fetchall()
        assert len(keys) > 30
        for table, referenced, columns, targets in keys:
            equal = sql.SQL(" AND ").join(
                sql.SQL("child.{} = parent.{}").format(sql.Identifier(column), sql.Identifier(target))
                for column, target in zip(columns, targets, strict=True)
            )
            filled = sql.SQL(" AND ").join(sql.SQL("child.{} IS NOT NULL").format(sql.Identifier(c)) for c in columns)
            query = sql.SQL(
                "SELECT count(*) FROM {} AS child WHERE {} AND NOT EXISTS (SELECT FROM {} AS parent WHERE {})"
            ).format(sql.Identifier(*table.split(".")), filled, sql.Identifier(*referenced.split(".")), equal)
            assert connection.execute(query).fetchone() == (0,), (table, columns)


def test_it_has_the_shape_of_the_demo_data(scaled: str) -> None:
    assert one(scaled, b"SELECT count(*) FROM posts WHERE id > 205") == POSTS
    assert one(scaled, b"SELECT count(*) FROM users WHERE id > 115") == POSTS // 10
    types = pairs(scaled, b"SELECT type::text, count(*) * 100.0 / sum(count(*)) OVER () FROM posts GROUP BY type")
    assert len(types) == 9
    assert 17 < types["text_short"] < 23
    assert 12 < types["video_short"] < 18
    visibility = pairs(scaled, b"SELECT visibility::text, count(*) FROM posts GROUP BY visibility")
    assert visibility["public"] > visibility["followers"] > visibility["private"] > POSTS // 60
    assert set(pairs(scaled, b"SELECT status::text, count(*) FROM posts GROUP BY status")) == {
        "published", "draft", "scheduled", "deleted"
    }  # fmt: skip
    depth = b"SELECT count(*) FROM comments AS c JOIN comments AS p ON p.id = c.parent_comment_id WHERE c.id > 200"
    assert one(scaled, depth + b" AND p.parent_comment_id IS NOT NULL") > 50
    assert one(scaled, b"SELECT count(*) FROM comments WHERE deleted_at IS NOT NULL AND replies_count > 0") > 0
    kinds = pairs(scaled, b"SELECT kind, count(*) FROM conversations WHERE id > 10 GROUP BY kind")
    assert kinds == {"direct": POSTS // 40 * 9 // 10, "group": POSTS // 40 // 10}
    unread = pairs(scaled, b"SELECT is_read, count(*) FROM notifications WHERE user_id > 115 GROUP BY is_read")
    assert unread[True] > unread[False] > 50


def test_followers_follow_a_power_law(scaled: str) -> None:
    followers = one(
        scaled,
        b"SELECT array_agg(n ORDER BY n DESC) FROM "
        b"(SELECT count(*) AS n FROM user_follows WHERE following_id > 115 GROUP BY following_id) AS f",
    )
    assert sum(followers[: len(followers) // 10]) > sum(followers) * 0.3
    assert followers[len(followers) // 2] < followers[0] / 10
    readers = (
        b"SELECT array_agg(n ORDER BY follower_id DESC) FROM (SELECT follower_id, count(*) AS n FROM user_follows"
        b" WHERE follower_id > (SELECT max(id) - 3 FROM users) GROUP BY follower_id) AS f"
    )
    assert one(scaled, readers) == [100, POSTS // 10 // 3, POSTS // 10 // 3]


def test_popular_people_have_friends_and_popular_comments_have_replies(scaled: str) -> None:
    friends = (
        b"SELECT max(n) FROM (SELECT count(*) AS n FROM friendships WHERE user_id_1 > 115 GROUP BY user_id_1) AS f"
    )
    assert one(scaled, friends) > 20
    replies = b"SELECT max(n) FROM (SELECT count(*) AS n FROM comments WHERE id > 200 GROUP BY parent_comment_id"
    assert one(scaled, replies + b" HAVING parent_comment_id IS NOT NULL) AS r") >= 3


def test_pages_have_documents_that_the_api_reads(scaled: str) -> None:
    with psycopg.connect(scaled) as connection:
        sections = connection.execute(
            "SELECT s.type, s.config, l.user_id = s.user_id FROM profile_sections AS s"
            " LEFT JOIN user_lists AS l ON l.id::text = s.config ->> 'list_id' WHERE s.user_id > 115"
        ).fetchall()
        feeds = connection.execute("SELECT id, algorithm_config FROM custom_feeds WHERE user_id > 115").fetchall()
        filters = connection.execute(
            "SELECT feed_id, type, operator, value, group_id, logical_operator, display_order FROM feed_filters"
        ).fetchall()
    assert (len(sections), len(feeds)) == (POSTS // 10 * 5, POSTS // 10 * 3)
    for type_, config, is_own in sections:
        assert section_config(SectionType(type_), config).model_dump(mode="json") == config
        assert is_own is (True if type_ == "list" else None)
    for feed_id, config in feeds:
        rows = [FilterRow(*one[1:]) for one in filters if one[0] == feed_id]
        assert rules_from_rows(config, rows).model_dump(mode="json") == config
    assert one(scaled, b"SELECT count(*) FROM list_members WHERE list_id > 2") > 400


def test_one_reader_follows_only_people_who_have_been_silent_for_a_year(scaled: str) -> None:
    reader = one(scaled, b"SELECT max(id) - 3 FROM users")
    with psycopg.connect(scaled) as connection:
        row = connection.execute(
            "SELECT count(DISTINCT following_id), max(posts.created_at) FROM user_follows"
            " LEFT JOIN posts ON posts.user_id = following_id WHERE follower_id = %s",
            [reader],
        ).fetchone()
    assert row is not None
    followed, newest = row
    assert followed == 56
    assert (ANCHOR - newest).days > 360


def test_nothing_happens_before_what_it_follows_from(scaled: str) -> None:
    for late in (
        b"posts AS c JOIN users AS p ON p.id = c.user_id",
        b"post_interactions AS c JOIN posts AS p ON p.id = c.post_id",
        b"post_interactions AS c JOIN users AS p ON p.id = c.user_id",
        b"comments AS c JOIN posts AS p ON p.id = c.post_id",
        b"comments AS c JOIN comments AS p ON p.id = c.parent_comment_id",
        b"reposts AS c JOIN posts AS p ON p.id = c.post_id",
        b"user_follows AS c JOIN users AS p ON p.id IN (c.follower_id, c.following_id)",
        b"messages AS c JOIN conversations AS p ON p.id = c.conversation_id",
    ):
        assert one(scaled, b"SELECT count(*) FROM " + late + b" WHERE c.created_at < p.created_at") == 0, late
    for table in (b"posts", b"comments", b"post_interactions", b"user_follows", b"messages", b"notifications"):
        query = b"SELECT max(created_at) <= '2026-05-04Z' FROM " + table
        assert one(scaled, query), table
    for table in (b"comments", b"post_interactions", b"reposts", b"messages", b"notifications"):
        order = b"(SELECT created_at < lag(created_at) OVER (ORDER BY id) AS is_back FROM " + table + b") AS o"
        steps_back = one(scaled, b"SELECT count(*) FROM " + order + b" WHERE is_back")
        assert steps_back == 1, table  # from the demo data, which come first, to the scaled ones


def test_nobody_reacts_to_what_they_cannot_see(scaled: str) -> None:
    hidden = b"(p.visibility = 'private' OR p.status IN ('draft', 'scheduled'))"
    for table in (b"post_interactions", b"comments", b"reposts"):
        query = b"SELECT count(*) FROM " + table + b" AS r JOIN posts AS p ON p.id = r.post_id WHERE "
        assert one(scaled, query + hidden) == 0
    followers = (
        b"SELECT count(*) FROM post_interactions AS r JOIN posts AS p ON p.id = r.post_id "
        b"WHERE p.id > 205 AND NOT EXISTS "
        b"(SELECT FROM user_follows AS f WHERE f.follower_id = r.user_id AND f.following_id = p.user_id)"
    )
    assert one(scaled, followers) == 0
    blocked = (
        b"SELECT count(*) FROM app.user_blocks AS b JOIN user_follows AS f "
        b"ON (f.follower_id, f.following_id) IN ((b.blocker_id, b.blocked_id), (b.blocked_id, b.blocker_id)) "
        b"WHERE b.blocker_id > 115"
    )
    assert one(scaled, blocked) == 0
    assert one(scaled, b"SELECT count(*) FROM app.user_blocks WHERE blocker_id > 115") == POSTS // 200


def test_the_copy_of_the_files_says_what_post_media_says(scaled: str) -> None:
    with psycopg.connect(scaled) as connection:
        found = connection.execute(
            "SELECT p.media_urls, p.thumbnail_url, (SELECT jsonb_agg(jsonb_build_object('id', m.id, 'type', m.type,"
            " 'url', m.file_url, 'width', m.width, 'height', m.height, 'duration_seconds', m.duration_seconds,"
            " 'thumbnail_url', m.thumbnail_url, 'alt_text', m.alt_text) ORDER BY m.display_order)"
            " FROM post_media AS m WHERE m.post_id = p.id) FROM posts AS p WHERE p.id > 205"
        ).fetchall()
    assert len(found) == POSTS
    for copies, thumbnail, truth in found:
        assert copies == (truth or [])
        files = MediaUrls.model_validate(copies).root
        assert thumbnail == ((files[0].thumbnail_url or files[0].url) if files else None)


def test_what_comes_afterwards_is_counted_as_before(empty_database: str) -> None:
    before = dump_schema(empty_database)
    seed_scaled(empty_database, SMALL, anchor=ANCHOR)
    assert dump_schema(empty_database) == before
    with psycopg.connect(empty_database, autocommit=True) as connection:
        make = Factory(connection)
        ada, ben = make.user("late_ada"), make.user("late_ben")
        post = make.post(ada)
        make.like(ben, post)
        make.comment(ben, post)
        make.media(ada, post)
        make.follow(ada, ben)
        make.follow(ben, ada)
        row = connection.execute("SELECT likes_count, comments_count FROM posts WHERE id = %s", [post])
        assert row.fetchone() == (1, 1)
        assert differences(connection) == []
