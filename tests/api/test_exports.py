"""An export has everything of one person, and nothing of anybody else's that is not theirs."""

import json
import re
from typing import LiteralString

import psycopg
import pytest

from api.accounts.archive import archive
from api.gql.ids import encode
from db.maintenance import export as exports
from db.maintenance.export import NOT_THEIRS, PARTS
from db.pool import Pool
from db.settings import DatabaseSettings
from tests.api.accounts import actions
from tests.api.archives import fetch, read
from tests.api.conftest import Api

COMMENT = "mutation ($id: ID!, $text: String!) { addComment(input: {postId: $id, content: $text}) { comment { id } } }"
PEOPLE: LiteralString = """
SELECT n.nspname || '.' || c.relname || '.' || a.attname
FROM pg_constraint AS key
INNER JOIN pg_class AS c ON c.oid = key.conrelid
INNER JOIN pg_namespace AS n ON n.oid = c.relnamespace
INNER JOIN pg_attribute AS a ON a.attrelid = key.conrelid AND a.attnum = key.conkey[1]
WHERE key.contype = 'f' AND key.confrelid = 'public.users'::regclass
"""
SECRETS: LiteralString = """
SELECT n.nspname || '.' || c.relname, a.attname
FROM pg_attribute AS a
INNER JOIN pg_class AS c ON c.oid = a.attrelid
INNER JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE n.nspname IN ('public', 'app') AND c.relkind = 'r' AND a.attname ~ '(hash|secret|object_key|final_key)'
"""
# What hangs on what somebody has, by the tables that refer to it.
EXPORTED = """
account profile settings feed_opt_outs sessions email_tokens audit_log storage counts subscriptions posts
post_revisions media uploads comments reposts interactions seen_posts comment_likes following followers friends
sent_follow_requests follow_requests blocked muted mute_words sections section_content profile_versions
feeds feed_filters feed_pins
feed_markers lists list_members conversations messages
notifications
"""


def test_every_column_that_names_a_person_is_exported_or_says_why_not(connection: psycopg.Connection) -> None:
    referring = {name for (name,) in connection.execute(PEOPLE)}
    exported = {f"{part.table}.{part.owner}" for part in PARTS if part.through is None and part.table != "public.users"}
    assert referring == exported | set(NOT_THEIRS)
    assert list(dict.fromkeys(part.name for part in PARTS)) == EXPORTED.split()


def test_every_table_of_what_is_exported_is_exported_or_says_why_not(connection: psycopg.Connection) -> None:
    exported = {part.table for part in PARTS}
    referring = "SELECT conrelid::regclass::text FROM pg_constraint WHERE contype = 'f' AND confrelid = %s::regclass"
    hanging = {name for table in exported for (name,) in connection.execute(referring, [table])}
    named = {name if "." in name else f"public.{name}" for name in hanging}
    assert named - exported == {
        "app.post_mentions",  # the names stand in the text of the post
        "app.post_search",  # made of the post, for search
        "app.user_search",  # made of the profile, for search
        "app.trending_posts",  # made of what everybody does
        "app.feed_tokens",  # digests of links, which are shown once
        "app.message_replies",  # of two people's messages, of which each has their own
        "app.idempotency_keys",  # a reason is in NOT_THEIRS
        "app.seen_marks",  # a reason is in NOT_THEIRS
    }


def test_no_secret_is_exported(connection: psycopg.Connection) -> None:
    secrets = {(part.table, column) for part in PARTS for column in part.secret}
    found = {(table, column) for table, column in connection.execute(SECRETS)}
    of_what_is_shown = {("public.notifications", "withdrawn_at")}  # always NULL, and no secret
    nobodys = {("app.feed_tokens", "token_hash"), ("app.doomed_objects", "object_key")}  # of which nothing is exported
    assert found == secrets - of_what_is_shown | nobodys


async def test_an_archive_has_what_the_tables_have(seeded_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "BATCH", 7)  # so that all that there is of ada takes several
    pool = Pool(seeded_database, DatabaseSettings.model_validate({"DATABASE_URL": seeded_database}))
    await pool.open()
    with psycopg.connect(seeded_database) as connection:
        (ada,) = connection.execute("SELECT id FROM users WHERE username = 'ada'").fetchone() or (0,)
        async with pool.operation() as database:
            found = read(b"".join([piece async for piece in archive(database, ada)]))
        await pool.close()
        expected: list[tuple[str, LiteralString]] = [
            ("account", "SELECT id FROM users WHERE id = %s"),
            ("posts", "SELECT id FROM posts WHERE user_id = %s"),
            ("comments", "SELECT id FROM comments WHERE user_id = %s"),
            ("interactions", "SELECT id FROM post_interactions WHERE user_id = %s"),
            ("messages", "SELECT id FROM messages WHERE sender_id = %s"),
            ("notifications", "SELECT id FROM app.visible_notifications(%s)"),
            (
                "feed_filters",
                "SELECT f.id FROM feed_filters f JOIN custom_feeds c ON f.feed_id = c.id WHERE c.user_id = %s",
            ),
        ]
        for name, query in expected:
            keys = sorted(key for (key,) in connection.execute(query, (ada,)))
            assert sorted(row["id"] for row in found[name]) == keys, name
        both = connection.execute(
            "SELECT v.id FROM friendships AS f"
            " JOIN app.visible_users(%(ada)s) AS v ON v.id = f.user_id_1 + f.user_id_2 - %(ada)s"
            " WHERE %(ada)s IN (f.user_id_1, f.user_id_2)",
            {"ada": ada},
        ).fetchall()
        friends = {row["user_id_1"] + row["user_id_2"] - ada for row in found["friends"]}
        assert friends == {key for (key,) in both} != set()
        followers = {row["follower_id"] for row in found["followers"]}
        visible = connection.execute(
            "SELECT v.id FROM user_follows AS f JOIN app.visible_users(%(ada)s) AS v ON v.id = f.follower_id"
            " WHERE f.following_id = %(ada)s",
            {"ada": ada},
        )
        assert followers == {key for (key,) in visible}
    assert len(found["posts"]) > 7
    assert "password_hash" not in found["account"][0]


async def test_one_gets_ones_own_where_the_mutation_says(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    post = api.factory.post(ada, "A word of mine")
    api.factory.comment(ben, post, "A word of Ben's")
    data = await api.run("mutation { exportMyData { url userErrors { code } } }", viewer=ada)
    assert data == {"exportMyData": {"url": "http://vrss.test/export", "userErrors": []}}
    response = await fetch(api, ada)
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/zip"
    assert response.headers["content-disposition"] == 'attachment; filename="vrss-ada.zip"'
    assert re.fullmatch(r"[0-9a-f]{16}", response.headers["x-request-id"])
    assert response.headers["cache-control"] == "no-store"
    found = read(response.content)
    assert [row["content"] for row in found["posts"]] == ["A word of mine"]
    assert "Ben's" not in json.dumps(found)
    assert actions(api, ada) == ["data_exported"]


async def test_an_archive_names_nobody_and_nothing_that_is_hidden(api: Api) -> None:
    ada, ben, cleo, *_ = api.factory.cast()
    hidden, shown = api.factory.post(ben), api.factory.post(cleo)
    for other, post in ((ben, hidden), (cleo, shown)):
        api.factory.follow(ada, other)
        api.factory.follow(other, ada)
        api.factory.like(ada, post)
        await api.run(COMMENT, viewer=other, id=encode("Post", api.factory.post(ada)), text=f"A word of {other}")
    before = read((await fetch(api, ada)).content)
    assert [len(before[name]) for name in ("following", "followers", "friends", "interactions")] == [2, 2, 2, 2]
    assert f"A word of {cleo}" in json.dumps(before["notifications"])
    api.factory.connection.execute("INSERT INTO app.user_blocks (blocker_id, blocked_id) VALUES (%s, %s)", (cleo, ada))
    api.factory.connection.execute("UPDATE posts SET status = 'deleted', deleted_at = now() WHERE id = %s", (hidden,))
    found = read((await fetch(api, ada)).content)
    assert {row["actor_id"] for row in found["notifications"]} == {ben}
    assert f"A word of {cleo}" not in json.dumps(found)
    assert found["interactions"] == []
    assert [row["following_id"] for row in found["following"]] == [ben]
    assert [row["follower_id"] for row in found["followers"]] == [ben]
    assert len(found["friends"]) == 1


def talk(api: Api, *people: int) -> int:
    """A conversation of these people."""
    talk = api.factory.insert("conversations", kind="direct", participant_ids=sorted(people))
    for person in people:
        api.factory.insert("app.conversation_members", "user_id", conversation_id=talk, user_id=person)
    return talk


async def test_an_archive_has_no_messages_of_a_conversation_that_was_left(api: Api) -> None:
    ada, ben, cleo, _ = api.factory.cast()
    left, stayed = talk(api, ada, ben), talk(api, ada, cleo)
    for one in (left, stayed):
        api.factory.insert("messages", conversation_id=one, sender_id=ada, content=f"Said in {one}")
    before = read((await fetch(api, ada)).content)
    assert [row["content"] for row in before["messages"]] == [f"Said in {left}", f"Said in {stayed}"]
    api.factory.connection.execute(
        "UPDATE app.conversation_members SET left_at = now() WHERE conversation_id = %s AND user_id = %s", (left, ada)
    )
    api.factory.insert("messages", conversation_id=left, sender_id=ada, content="Said afterwards")
    found = read((await fetch(api, ada)).content)
    assert [row["content"] for row in found["messages"]] == [f"Said in {stayed}"]
    assert [row["conversation_id"] for row in found["conversations"]] == [stayed]


async def test_an_archive_has_no_messages_of_a_history_that_was_cleared(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    one = talk(api, ada, ben)
    first, last, later = [
        api.factory.insert("messages", conversation_id=one, sender_id=ada, content=content)
        for content in ("First", "Last", "Later")
    ]
    api.factory.connection.execute(
        "UPDATE app.conversation_members SET hidden_before_message_id = %s WHERE user_id = %s", (last, ada)
    )
    found = read((await fetch(api, ada)).content)
    assert [row["id"] for row in found["messages"]] == [later]
    assert first < last < later


@pytest.mark.parametrize("days", [1, 31])
async def test_an_archive_has_no_content_that_was_deleted(api: Api, days: int) -> None:
    ada, ben, *_ = api.factory.cast()
    kept = api.factory.post(ada, "A kept post")
    api.factory.media(ada, kept)
    deleted = api.factory.post(ada, "A deleted post")
    bare = api.factory.comment(ada, kept, "A deleted comment")
    blank = api.factory.comment(ada, kept, "A deleted comment with a reply")
    api.factory.comment(ben, kept, "A reply", parent_comment_id=blank)
    one = talk(api, ada, ben)
    message = api.factory.insert("messages", conversation_id=one, sender_id=ada, content="A deleted message")
    change = f"SET deleted_at = now() - interval '{days} days'"
    for query in (
        f"UPDATE posts {change}, status = 'deleted' WHERE id = {deleted}",
        f"UPDATE comments {change} WHERE id IN ({bare}, {blank})",
        f"UPDATE messages {change} WHERE id = {message}",
    ):
        api.factory.connection.execute(query.encode())
    found = read((await fetch(api, ada)).content)
    assert [row["content"] for row in found["posts"]] == ["A kept post"]
    assert [(row["id"], row["content"]) for row in found["comments"]] == [(blank, None)]
    assert [(row["id"], row["content"]) for row in found["messages"]] == [(message, None)]
    assert "deleted post" not in json.dumps(found)
    assert "deleted comment" not in json.dumps(found)
    assert "deleted message" not in json.dumps(found)


@pytest.mark.parametrize("status", ["suspended", "deleted"])
async def test_a_suspended_or_deleted_account_gets_its_own_data_whole(api: Api, status: str) -> None:
    ada, ben, *_ = api.factory.cast()
    post = api.factory.post(ada)
    api.factory.like(ada, post)
    api.factory.insert("reposts", user_id=ada, post_id=post, comment="Look")
    api.factory.comment(ada, post, "My own word")
    api.factory.insert("messages", conversation_id=talk(api, ada, ben), sender_id=ada, content="Hello")
    api.factory.insert("notifications", user_id=ada, actor_id=ben, type="like", post_id=post, title="A like of yours")
    before = read((await fetch(api, ada)).content)
    parts = ("posts", "comments", "reposts", "interactions", "messages", "conversations", "notifications")
    assert [len(before[part]) for part in parts] == [1] * len(parts)
    api.factory.connection.execute("UPDATE users SET status = %s WHERE id = %s", (status, ada))
    found = read((await fetch(api, ada)).content)
    assert {part: found[part] for part in parts} == {part: before[part] for part in parts}
