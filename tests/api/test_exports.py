"""An export has everything of one person, and nothing of anybody else's that is not theirs."""

import asyncio
import io
import json
import zipfile
from typing import Any, LiteralString

import httpx
import psycopg
import pytest

from api.exports import archive
from db import exports
from db.exports import NOT_THEIRS, PARTS
from db.pool import Pool
from db.queries import accounts
from db.settings import DatabaseSettings
from tests.api.accounts import actions
from tests.api.conftest import Api, api_over

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
            ("notifications", "SELECT id FROM notifications WHERE user_id = %s"),
            (
                "feed_filters",
                "SELECT f.id FROM feed_filters f JOIN custom_feeds c ON f.feed_id = c.id WHERE c.user_id = %s",
            ),
        ]
        for name, query in expected:
            assert [row["id"] for row in found[name]] == sorted(key for (key,) in connection.execute(query, (ada,))), (
                name
            )
        both = connection.execute(
            "SELECT user_id_1 + user_id_2 - %s FROM friendships WHERE %s IN (user_id_1, user_id_2)", (ada, ada)
        ).fetchall()
        friends = {row["user_id_1"] + row["user_id_2"] - ada for row in found["friends"]}
        assert friends == {key for (key,) in both} != set()
        followers = {row["follower_id"] for row in found["followers"]}
        assert followers == {
            key for (key,) in connection.execute("SELECT follower_id FROM user_follows WHERE following_id = %s", (ada,))
        }
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


async def test_more_exports_than_fit_are_refused_for_now(seeded_database: str) -> None:
    async with api_over(seeded_database) as api:
        found = await asyncio.gather(*(fetch(api, 1) for _ in range(6)))
    codes = [response.status_code for response in found]
    assert set(codes) == {200, 503}
    refused = found[codes.index(503)]
    assert refused.json()["errors"][0]["extensions"]["code"] == "OVERLOADED"
    assert refused.headers["retry-after"] == "1"
