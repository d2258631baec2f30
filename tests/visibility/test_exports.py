"""An archive holds what GraphQL shows to the same person: every row of theirs, part by part, and no other words."""

import io
import json
import zipfile
from collections.abc import Mapping
from typing import Any, LiteralString, NamedTuple

import psycopg
import pytest
from psycopg.rows import dict_row

from api.accounts.archive import archive
from api.gql.ids import encode
from db.maintenance import export as exports
from db.pool import Pool
from db.settings import DatabaseSettings
from tests.api.conftest import Api, api_over
from tests.visibility.answers import SETTINGS, WORD, Oracle
from tests.visibility.world.cast import token

VIEWERS = ("open", "close", "shut", "shy", "stranger", "follower", "friend", "blocked", "blocker", "muter")


class Shown(NamedTuple):
    """The rows of a person's part: the columns that tell them apart, and the object that GraphQL shows for each."""

    key: tuple[str, ...]
    kind: str
    column: str
    rows: LiteralString


PARTS: Mapping[str, Shown] = {
    # What somebody has deleted is no part of their archive, though they can restore it for a while.
    "account": Shown(("id",), "User", "id", "SELECT id FROM users WHERE id = %(me)s"),
    "posts": Shown(("id",), "Post", "id", "SELECT id FROM posts WHERE user_id = %(me)s AND status <> 'deleted'"),
    "post_revisions": Shown(
        ("id",),
        "PostRevision",
        "id",
        "SELECT r.id FROM app.post_revisions AS r JOIN posts AS p ON r.post_id = p.id"
        " WHERE p.user_id = %(me)s AND p.status <> 'deleted'",
    ),
    "media": Shown(("id",), "Media", "id", "SELECT id FROM post_media WHERE user_id = %(me)s"),
    "comments": Shown(("id",), "Comment", "id", "SELECT id FROM comments WHERE user_id = %(me)s"),
    # Reactions to one's own draft, which the world has, show nowhere, though the draft does.
    "reposts": Shown(
        ("id",),
        "Post",
        "post_id",
        "SELECT r.id, r.post_id FROM reposts AS r JOIN posts AS p ON r.post_id = p.id"
        " WHERE r.user_id = %(me)s AND p.status NOT IN ('draft', 'scheduled', 'deleted')",
    ),
    "interactions": Shown(
        ("id",),
        "Post",
        "post_id",
        "SELECT i.id, i.post_id FROM post_interactions AS i JOIN posts AS p ON i.post_id = p.id"
        " WHERE i.user_id = %(me)s AND p.status NOT IN ('draft', 'scheduled', 'deleted')",
    ),
    "comment_likes": Shown(
        ("comment_id",), "Comment", "comment_id", "SELECT comment_id FROM app.comment_likes WHERE user_id = %(me)s"
    ),
    "seen_posts": Shown(
        ("post_id",),
        "Post",
        "post_id",
        "SELECT s.post_id FROM app.seen_posts AS s JOIN posts AS p ON s.post_id = p.id"
        " WHERE s.user_id = %(me)s AND p.status NOT IN ('draft', 'scheduled', 'deleted')",
    ),
    "following": Shown(
        ("following_id",), "User", "following_id", "SELECT following_id FROM user_follows WHERE follower_id = %(me)s"
    ),
    "followers": Shown(
        ("follower_id",), "User", "follower_id", "SELECT follower_id FROM user_follows WHERE following_id = %(me)s"
    ),
    "friends": Shown(
        ("user_id_1", "user_id_2"),
        "User",
        "other",
        "SELECT user_id_1, user_id_2, user_id_1 + user_id_2 - %(me)s AS other FROM friendships"
        " WHERE %(me)s IN (user_id_1, user_id_2)",
    ),
    "sent_follow_requests": Shown(
        ("id",), "FollowRequest", "id", "SELECT id FROM app.follow_requests WHERE requester_id = %(me)s"
    ),
    "follow_requests": Shown(
        ("id",), "FollowRequest", "id", "SELECT id FROM app.follow_requests WHERE target_id = %(me)s"
    ),
    "muted": Shown(("muted_id",), "User", "muted_id", "SELECT muted_id FROM app.user_mutes WHERE muter_id = %(me)s"),
    "profile_versions": Shown(
        ("id",), "ProfileVersion", "id", "SELECT id FROM app.profile_versions WHERE user_id = %(me)s"
    ),
    "mute_words": Shown(("id",), "MuteWord", "id", "SELECT id FROM app.mute_words WHERE user_id = %(me)s"),
    "sections": Shown(("id",), "ProfileSection", "id", "SELECT id FROM profile_sections WHERE user_id = %(me)s"),
    "section_content": Shown(
        ("id",),
        "ProfileSection",
        "section_id",
        "SELECT c.id, c.section_id FROM section_content AS c JOIN profile_sections AS s ON c.section_id = s.id"
        " WHERE s.user_id = %(me)s",
    ),
    "feeds": Shown(("id",), "Feed", "id", "SELECT id FROM custom_feeds WHERE user_id = %(me)s"),
    "feed_filters": Shown(
        ("id",),
        "Feed",
        "feed_id",
        "SELECT f.id, f.feed_id FROM feed_filters AS f JOIN custom_feeds AS c ON f.feed_id = c.id"
        " WHERE c.user_id = %(me)s",
    ),
    "feed_pins": Shown(
        ("feed_id", "post_id"),
        "Post",
        "post_id",
        "SELECT pin.feed_id, pin.post_id FROM app.feed_pins AS pin JOIN custom_feeds AS c ON pin.feed_id = c.id"
        " JOIN posts AS p ON pin.post_id = p.id WHERE c.user_id = %(me)s AND p.status = 'published'",
    ),
    "feed_markers": Shown(
        ("feed_id",), "Feed", "feed_id", "SELECT feed_id FROM app.feed_markers WHERE user_id = %(me)s"
    ),
    "lists": Shown(("id",), "UserList", "id", "SELECT id FROM user_lists WHERE user_id = %(me)s"),
    "list_members": Shown(
        ("list_id", "user_id"),
        "User",
        "user_id",
        "SELECT m.list_id, m.user_id FROM list_members AS m JOIN user_lists AS l ON m.list_id = l.id"
        " WHERE l.user_id = %(me)s",
    ),
    "conversations": Shown(
        ("conversation_id",),
        "Conversation",
        "conversation_id",
        "SELECT conversation_id FROM app.conversation_members WHERE user_id = %(me)s",
    ),
    "messages": Shown(("id",), "Message", "id", "SELECT id FROM messages WHERE sender_id = %(me)s"),
    "notifications": Shown(("id",), "Notification", "id", "SELECT id FROM notifications WHERE user_id = %(me)s"),
}
# Nothing in them is hidden from the person, or GraphQL has another question for it.
OTHERS = {
    "profile": "Asked of the account.",
    "settings": "Asked of the account.",
    "feed_opt_outs": "Asked of the account.",
    "email_tokens": "GraphQL has no field for it.",
    "audit_log": "GraphQL has no field for it.",
    "storage": "Asked of the account.",
    "counts": "Asked of the account.",
    "subscriptions": "GraphQL has no field for it.",
    "uploads": "GraphQL has no field for it.",
    "blocked": "Asked of viewer.blocked: a blocked user is found by no id.",
    "sessions": "Asked of viewer.sessions: a session is found by no id.",
}


def read(url: str, query: LiteralString, me: int) -> list[dict[str, Any]]:
    with psycopg.connect(url) as connection:
        return connection.cursor(row_factory=dict_row).execute(query, {"me": me}).fetchall()


async def archived(url: str, person: int) -> dict[str, list[dict[str, Any]]]:
    pool = Pool(url, DatabaseSettings.model_validate({"DATABASE_URL": url}))
    await pool.open()
    try:
        async with pool.operation() as database:
            content = b"".join([piece async for piece in archive(database, person)])
    finally:
        await pool.close()
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return {
            name.removesuffix(".jsonl"): [json.loads(line) for line in file.read(name).splitlines()]
            for name in file.namelist()
            if name.endswith(".jsonl")
        }


async def found(api: Api, person: int, ids: list[str]) -> set[str]:
    """Those of these ids that GraphQL finds an object for."""
    query = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    shown = set[str]()
    for start in range(0, len(ids), 50):
        data = await api.run(query, viewer=person, ids=ids[start : start + 50])
        shown |= {node["id"] for node in data["nodes"] if node is not None}
    return shown


def test_every_part_is_compared_with_graphql_or_says_why_not() -> None:
    assert {part.name for part in exports.PARTS} == {*PARTS, *OTHERS}


@pytest.mark.parametrize("name", VIEWERS)
async def test_an_archive_has_the_rows_that_graphql_shows_to_its_owner(
    world_database: str, oracle: Oracle, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(exports, "BATCH", 3)  # so that pages are cut everywhere, within and between the owners of rows
    me = oracle.viewers[name]
    assert me is not None
    files = await archived(world_database, me)
    async with api_over(world_database, settings=SETTINGS) as api:
        api.tokens[me] = token(me)
        for part, asked in PARTS.items():
            rows = read(world_database, asked.rows, me)
            shown = await found(api, me, sorted({encode(asked.kind, row[asked.column]) for row in rows}))
            expected = [
                tuple(row[column] for column in asked.key)
                for row in rows
                if encode(asked.kind, row[asked.column]) in shown
            ]
            written = [tuple(row[column] for column in asked.key) for row in files[part]]
            assert sorted(written) == sorted(expected), part
        query = "{ viewer { blocked(first: 100) { nodes { userId } } sessions(first: 100) { nodes { id } } } }"
        viewer = (await api.run(query, viewer=me))["viewer"]
    blocked = {encode("User", row["blocked_id"]) for row in files["blocked"]}
    assert blocked == {node["userId"] for node in viewer["blocked"]["nodes"]}
    sessions = [encode("Session", row["id"]) for row in files["sessions"]]
    assert sessions == [node["id"] for node in viewer["sessions"]["nodes"]]


@pytest.mark.parametrize("name", VIEWERS)
async def test_an_archive_has_no_words_that_graphql_hides_from_its_owner(
    world_database: str, oracle: Oracle, name: str
) -> None:
    me = oracle.viewers[name]
    assert me is not None
    files = await archived(world_database, me)
    told, _ = oracle.allowed(name)
    # GraphQL has no field for these; they are the person's own.
    own = {"feeds", "lists", "sections", "media", "sessions", "posts", "profile", "reposts"}
    for part, rows in files.items():
        words = set(WORD.findall(json.dumps(rows)))
        assert part in own or words <= told, (part, words - told)


@pytest.mark.parametrize("status", ["suspended", "deleted"])
@pytest.mark.parametrize("name", ["open", "friend"])
async def test_the_archive_of_a_suspended_or_deleted_account_is_whole(
    world_database: str, oracle: Oracle, name: str, status: str
) -> None:
    me = oracle.viewers[name]
    assert me is not None
    before = await archived(world_database, me)
    with psycopg.connect(world_database) as connection:
        deleted_at = "now()" if status == "deleted" else "NULL"
        query = f"UPDATE users SET status = '{status}', deleted_at = {deleted_at} WHERE id = {me}"
        connection.execute(query.encode())
    after = await archived(world_database, me)
    assert after.pop("account")[0]["status"] == status
    del before["account"]
    assert after == before
    assert all(before[part] for part in ("posts", "comments", "reposts", "interactions", "messages", "notifications"))
