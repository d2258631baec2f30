"""An export has everything of one person, and nothing of anybody else's that is not theirs."""

import asyncio
import io
import json
import logging
import re
import time
import zipfile
from typing import Any, LiteralString

import httpx
import psycopg
import pytest

from api.downloads import PRICE
from api.exports import archive
from api.ids import encode
from db import exports
from db.exports import NOT_THEIRS, PARTS
from db.pool import Pool
from db.queries import accounts
from db.settings import DatabaseSettings
from tests.api.accounts import actions
from tests.api.conftest import Api, api_over

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
WHERE n.nspname IN ('public', 'app') AND c.relkind = 'r' AND a.attname ~ '(hash|secret|object_key)'
"""
# What hangs on what somebody has, by the tables that refer to it.
EXPORTED = """
account profile settings sessions letters audit_log storage subscriptions posts media uploads comments reposts
interactions following followers friends blocked muted sections section_content feeds feed_filters lists list_members
conversations messages notifications
"""


def read(content: bytes) -> dict[str, list[dict[str, Any]]]:
    """The rows of each file of an archive."""
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        assert file.testzip() is None
        counts = json.loads(file.read("contents.json"))["counts"]
        found = {name: [json.loads(line) for line in file.read(f"{name}.jsonl").splitlines()] for name in counts}
        assert {name: len(rows) for name, rows in found.items()} == counts
        assert set(file.namelist()) == {"README.txt", "contents.json", *(f"{name}.jsonl" for name in counts)}
        return found


def test_every_column_that_names_a_person_is_exported_or_says_why_not(connection: psycopg.Connection) -> None:
    referring = {name for (name,) in connection.execute(PEOPLE)}
    exported = {f"{part.table}.{part.owner}" for part in PARTS if part.through is None and part.table != "public.users"}
    assert referring == exported | set(NOT_THEIRS)
    assert list(dict.fromkeys(part.name for part in PARTS)) == EXPORTED.split()


def test_no_secret_is_exported(connection: psycopg.Connection) -> None:
    secrets = {(part.table, column) for part in PARTS for column in part.secret}
    assert {(table, column) for table, column in connection.execute(SECRETS)} == secrets


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


async def fetch(api: Api, user: int | None, **headers: str) -> httpx.Response:
    given = dict(headers)
    if user is not None:
        given["authorization"] = f"Bearer {api.factory.session(user)}"
    return await api.client.get("/export", headers=given)


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


@pytest.mark.parametrize("status", ["suspended", "deleted"])
async def test_those_who_may_do_nothing_else_may_take_their_data(api: Api, status: str) -> None:
    ada, *_ = api.factory.cast()
    api.factory.connection.execute("UPDATE users SET status = %s WHERE id = %s", (status, ada))
    data = await api.run("mutation { exportMyData { url } }", viewer=ada)
    assert data["exportMyData"]["url"] == "http://vrss.test/export"
    assert read((await fetch(api, ada)).content)["account"][0]["status"] == status


async def test_nobody_else_gets_it(api: Api) -> None:
    error = await api.fail("mutation { exportMyData { url } }")
    assert error["extensions"]["code"] == "UNAUTHENTICATED"
    ada, *_ = api.factory.cast()
    token = api.factory.session(ada)
    for headers in ({}, {"authorization": "Bearer wrong"}, {"authorization": "Basic x"}):
        response = await api.client.get("/export", headers=headers)
        assert response.status_code == 401
        assert response.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    foreign = await api.client.get(
        "/export", headers={"cookie": f"vrss_session={token}", "origin": "https://evil.example"}
    )
    assert foreign.status_code == 403
    own = await api.client.get("/export", headers={"cookie": f"vrss_session={token}"})
    assert own.status_code == 200
    assert (await api.client.post("/export")).status_code == 405


async def test_exports_are_counted(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    for _ in range(10):
        assert (await fetch(api, ada)).status_code == 200
    refused = await fetch(api, ada)
    assert refused.json()["errors"][0]["extensions"]["code"] == "RATE_LIMITED"
    assert (await fetch(api, ben)).status_code == 200


async def test_who_fetches_slowly_keeps_nobody_waiting(seeded_database: str) -> None:
    settings = {"DATABASE_URL": seeded_database, "pool_min_size": 1, "pool_max_size": 1, "pool_timeout_seconds": 5}
    pool = Pool(seeded_database, DatabaseSettings.model_validate(settings))
    await pool.open()
    async with pool.operation() as database:
        pieces = archive(database, 1)
        received = [await anext(pieces)]
        async with pool.operation() as other:  # there is one connection, and the export does not hold it
            assert await accounts.account_by_username(other, "ada") is not None
        received += [piece async for piece in pieces]
    await pool.close()
    assert read(b"".join(received))["account"]


async def test_an_account_fetches_one_archive_at_a_time(seeded_database: str) -> None:
    async with api_over(seeded_database) as api:
        ada, ben = api.user("ada"), api.user("ben")
        found = await asyncio.gather(*(fetch(api, user) for user in (ada, ada, ada, ada, ben)))
        assert sorted(response.status_code for response in found) == [200, 200, 429, 429, 429]
        assert found[-1].status_code == 200
        refused = next(response for response in found if response.status_code == 429)
        assert refused.json()["errors"][0]["extensions"]["code"] == "RATE_LIMITED"
        assert refused.headers["retry-after"] == "10"
        assert actions(api, ada) == ["data_exported"]
        assert (await fetch(api, ada)).status_code == 200


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


async def test_an_archive_may_be_fetched_by_pages_that_may_call_the_api(empty_database: str) -> None:
    page, evil = "https://www.example.org", "https://evil.example"
    async with api_over(empty_database, settings={"cors_origins": (page,)}) as api:
        ada, *_ = api.factory.cast()
        found = await fetch(api, ada, origin=page)
        assert (found.status_code, found.headers["access-control-allow-origin"]) == (200, page)
        assert found.headers["access-control-allow-credentials"] == "true"
        asked = {"origin": page, "access-control-request-method": "GET"}
        preflight = await api.client.options("/export", headers=asked)
        assert (preflight.status_code, preflight.headers["access-control-allow-origin"]) == (204, page)
        refused = await fetch(api, None, origin=page)
        assert (refused.status_code, refused.headers["access-control-allow-origin"]) == (401, page)
        foreign = await fetch(api, ada, origin=evil, **{"sec-fetch-site": "cross-site"})
        assert foreign.status_code == 403
        assert "access-control-allow-origin" not in foreign.headers
        assert actions(api, ada) == ["data_exported"]


async def test_an_archive_is_charged_like_an_operation(empty_database: str) -> None:
    async with api_over(empty_database, settings={"rate_limit": 2 * PRICE}) as api:
        ada, *_ = api.factory.cast()
        given = {"authorization": f"Bearer {api.factory.session(ada)}"}
        found = [await api.client.get("/export", headers=given) for _ in range(3)]
        assert [response.status_code for response in found] == [200, 200, 429]
        assert found[-1].json()["errors"][0]["extensions"]["code"] == "RATE_LIMITED"
        assert int(found[-1].headers["retry-after"]) > 0
        assert actions(api, ada) == ["data_exported"] * 2


@pytest.mark.parametrize("accept", ["application/json", "application/graphql-response+json", "application/zip"])
async def test_a_refusal_has_the_media_type_that_the_client_reads(api: Api, accept: str) -> None:
    kind = "application/json" if accept == "application/zip" else accept
    unknown = await fetch(api, None, accept=accept)
    wrong = await api.client.put("/export", headers={"accept": accept})
    assert (unknown.status_code, wrong.status_code, wrong.headers["allow"]) == (401, 405, "GET")
    for response in (unknown, wrong):
        assert response.headers["content-type"] == f"{kind}; charset=utf-8"
        (error,) = response.json()["errors"]
        assert error["extensions"]["requestId"] == response.headers["x-request-id"]


async def test_a_wrong_header_does_not_take_a_valid_cookie_away(api: Api) -> None:
    ada, *_ = api.factory.cast()
    cookie = f"vrss_session={api.factory.session(ada)}"
    for authorization in ("Bearer wrong", "Basic x"):
        refused = await api.client.get("/export", headers={"authorization": authorization, "cookie": cookie})
        assert refused.status_code == 401
        assert "set-cookie" not in refused.headers
    stale = await api.client.get("/export", headers={"cookie": "vrss_session=stale"})
    assert stale.status_code == 401
    assert stale.headers["set-cookie"].startswith("vrss_session=; Max-Age=0;")
    assert (await api.client.get("/export", headers={"cookie": cookie})).status_code == 200


async def test_a_refusal_is_found_in_the_log_with_its_code(api: Api, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "vrss.access"):
        refused = await api.client.get("/export")
    (record,) = [record for record in caplog.records if record.name == "vrss.access"]
    found = {name: vars(record)[name] for name in ("request_id", "path", "status", "codes")}
    expected = {"request_id": refused.headers["x-request-id"], "path": "/export", "status": 401}
    assert found == {**expected, "codes": ["UNAUTHENTICATED"]}


async def test_a_refusal_for_too_many_requests_takes_a_moment(empty_database: str) -> None:
    async with api_over(empty_database, settings={"rate_limit": PRICE}) as api:
        ada, *_ = api.factory.cast()
        given = {"authorization": f"Bearer {api.factory.session(ada)}"}
        assert (await api.client.get("/export", headers=given)).status_code == 200
        started = time.monotonic()
        assert (await api.client.get("/export", headers=given)).status_code == 429
        assert time.monotonic() - started >= 0.1
        assert actions(api, ada) == ["data_exported"]


async def test_a_network_address_fetches_four_archives_at_a_time(api: Api) -> None:
    people = [api.factory.user(f"person_{n}") for n in range(6)]
    found = await asyncio.gather(*(fetch(api, person) for person in people))
    refused = [response for response in found if response.status_code != 200]
    assert [response.status_code for response in refused] == [429, 429]
    for response in refused:
        (error,) = response.json()["errors"]
        assert error["extensions"]["code"] == "RATE_LIMITED"
        assert response.headers["retry-after"] == "10"
    assert actions(api) == ["data_exported"] * 4
    assert (await fetch(api, people[0])).status_code == 200
