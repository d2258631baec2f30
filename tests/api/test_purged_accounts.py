"""What stands in conversations for a purged account is nobody whom one could meet."""

from datetime import timedelta
from typing import Any

import pytest

from api.gql.ids import encode
from db.maintenance import purges
from db.pool import Pool
from db.settings import DatabaseSettings
from tests.api.accounts import LOGIN, PASSWORD, with_password
from tests.api.conftest import Api

FOLLOW = "mutation ($id: ID!) { follow(input: {userId: $id}) { user { id } userErrors { code field } } }"
SEND = """mutation ($input: SendMessageInput!) {
  sendMessage(input: $input) { message { id } userErrors { code field } } }"""
NODE = "query ($id: ID!) { node(id: $id) { id } }"
USER = "query ($name: String!) { user(username: $name) { id } }"


@pytest.fixture
async def purged(api: Api, empty_database: str) -> tuple[int, int, str, str]:
    """The viewer, and the id, username and e-mail address of what stands for somebody whom it had written to."""
    ada = api.factory.user("ada")
    ben = with_password(api, "ben")
    sent = await api.run(SEND, viewer=ada, input={"recipientId": encode("User", ben), "content": "Hi"})
    assert sent["sendMessage"]["userErrors"] == []
    api.factory.scalar("UPDATE users SET status = 'deleted' WHERE id = %s RETURNING id", ben)
    pool = Pool(empty_database, DatabaseSettings.model_validate({"DATABASE_URL": empty_database}))
    await pool.open()
    async with pool.operation() as database:
        assert await purges.purge_account(database, ben, timedelta(seconds=-1))
    await pool.close()
    ((key, username, email),) = api.factory.connection.execute(
        "SELECT id, username, email FROM users WHERE id <> %s", (ada,)
    ).fetchall()
    return ada, key, username, email


async def test_a_purged_account_is_not_found_followed_or_messaged(api: Api, purged: tuple[int, int, str, str]) -> None:
    ada, key, username, _ = purged
    assert await api.run(USER, viewer=ada, name=username) == {"user": None}
    assert await api.run(NODE, viewer=ada, id=encode("User", key)) == {"node": None}
    refused: list[dict[str, Any]] = [
        (await api.run(FOLLOW, viewer=ada, id=encode("User", key)))["follow"],
        (await api.run(SEND, viewer=ada, input={"recipientId": encode("User", key), "content": "Hi"}))["sendMessage"],
    ]
    assert refused == [
        {"user": None, "userErrors": [{"code": "NOT_FOUND", "field": ["input", "userId"]}]},
        {"message": None, "userErrors": [{"code": "NOT_FOUND", "field": ["input", "recipientId"]}]},
    ]
    assert api.factory.scalar("SELECT count(*) FROM user_follows") == 0
    assert api.factory.scalar("SELECT count(*) FROM messages") == 1


async def test_nobody_logs_in_to_a_purged_account(api: Api, purged: tuple[int, int, str, str]) -> None:
    _, key, username, email = purged
    sessions = api.factory.scalar("SELECT count(*) FROM app.sessions")
    for login in (username, email, "ben", "ben@example.org"):
        for password in (PASSWORD, "!"):
            found = (await api.run(LOGIN, login=login, password=password))["login"]
            assert (found["token"], found["viewer"]) == (None, None)
            assert [error["code"] for error in found["userErrors"]] == ["INVALID_CREDENTIALS"]
    assert api.factory.scalar("SELECT count(*) FROM app.sessions") == sessions
    assert api.factory.scalar("SELECT count(*) FROM app.sessions WHERE user_id = %s", key) == 0
