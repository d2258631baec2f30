"""Logging in and out, and what a token is worth."""

import pytest
from argon2 import PasswordHasher

from api.identity import SESSION_LIFETIME
from api.ids import encode
from tests.api.conftest import Api

LOGIN = """
mutation ($login: String!, $password: String!) { login(input: {login: $login, password: $password}) {
  token expiresAt viewer { username email user { username } }
  userErrors { __typename code field message } } }
"""
PASSWORD = "a long password"


def _with_password(api: Api, username: str, **values: str) -> int:
    user = api.factory.user(username, **values)
    api.factory.connection.execute(
        "UPDATE users SET password_hash = %s WHERE id = %s", (PasswordHasher(time_cost=1).hash(PASSWORD), user)
    )
    return user


async def test_a_login_by_name_or_address_gives_a_token_that_works(api: Api) -> None:
    _with_password(api, "ada")
    for login in ("ADA", " ada ", "Ada@Example.org"):
        data = (await api.run(LOGIN, login=login, password=PASSWORD))["login"]
        assert data["viewer"] == {"username": "ada", "email": "ada@example.org", "user": {"username": "ada"}}
        assert data["userErrors"] == []
        response = await api.post(
            {"query": "{ viewer { username } }"}, headers={"authorization": f"Bearer {data['token']}"}
        )
        assert response.json()["data"] == {"viewer": {"username": "ada"}}
    assert api.factory.scalar("SELECT count(*) FROM app.sessions WHERE token_hash = %s", data["token"].encode()) == 0


async def test_wrong_password_and_unknown_name_answer_alike_and_open_nothing(api: Api) -> None:
    _with_password(api, "ada")
    answers = [
        await api.run(LOGIN, login=login, password=password)
        for login, password in (("ada", "wrong"), ("nobody", PASSWORD), ("ada", ""))
    ]
    assert answers[0] == answers[1] == answers[2]
    assert answers[0]["login"] == {
        "token": None,
        "expiresAt": None,
        "viewer": None,
        "userErrors": [
            {
                "__typename": "CredentialsError",
                "code": "INVALID_CREDENTIALS",
                "field": [],
                "message": "The name or the password is wrong.",
            }
        ],
    }
    assert api.factory.scalar("SELECT count(*) FROM app.sessions") == 0


async def test_a_suspended_account_logs_in_and_can_do_nothing_else(api: Api) -> None:
    _with_password(api, "ada", status="suspended")
    data = (await api.run(LOGIN, login="ada", password=PASSWORD))["login"]
    assert data["viewer"] is None
    response = await api.post(
        {"query": "{ viewer { username } }"}, headers={"authorization": f"Bearer {data['token']}"}
    )
    assert response.status_code == 403
    assert [error["extensions"]["code"] for error in response.json()["errors"]] == ["ACCOUNT_SUSPENDED"]


async def test_a_deleted_account_cannot_log_in(api: Api) -> None:
    user = _with_password(api, "ada")
    api.factory.connection.execute("UPDATE users SET status = 'deleted', deleted_at = now() WHERE id = %s", (user,))
    data = await api.run(LOGIN, login="ada", password=PASSWORD)
    assert data["login"]["userErrors"][0]["code"] == "INVALID_CREDENTIALS"


async def test_a_token_that_is_not_valid_fails_the_whole_request(api: Api) -> None:
    ada = api.factory.user("ada")
    past = api.factory.scalar("SELECT now() - interval '1 second'")
    ago = api.factory.scalar("SELECT now() - interval '8 days'")
    expired = api.factory.session(ada, created_at=ago, expires_at=past)
    revoked = api.factory.session(ada, revoked_at=past)
    for authorization in (f"Bearer {expired}", f"Bearer {revoked}", "Bearer x", "Basic YWRh", "Bearer "):
        response = await api.post({"query": "{ __typename }"}, headers={"authorization": authorization})
        assert response.status_code == 401
        assert response.headers["www-authenticate"] == "Bearer"
        (error,) = response.json()["errors"]
        assert error["extensions"]["code"] == "UNAUTHENTICATED"
        assert "data" not in response.json()


async def test_logging_out_ends_the_session(api: Api) -> None:
    ada = api.factory.user("ada")
    data = await api.run("mutation { logout { loggedOut userErrors { code } } }", viewer=ada)
    assert data == {"logout": {"loggedOut": True, "userErrors": []}}
    error = await api.fail("{ viewer { username } }", viewer=ada)
    assert error["extensions"]["code"] == "UNAUTHENTICATED"


async def test_a_session_slides_when_it_is_used_and_is_written_at_most_hourly(api: Api) -> None:
    ada = api.factory.user("ada")
    soon = api.factory.scalar("SELECT now() + interval '1 day'")
    api.tokens[ada] = api.factory.session(ada, expires_at=soon)
    await api.run("{ viewer { username } }", viewer=ada)
    assert api.statements == ["session_by_token_hash", "extend_session"]
    assert api.factory.scalar(
        "SELECT expires_at - now() > %s - interval '1 minute' FROM app.sessions", SESSION_LIFETIME
    )
    await api.run("{ viewer { username } }", viewer=ada)
    assert api.statements == ["session_by_token_hash"]


async def test_signed_out_there_is_no_viewer_and_what_needs_one_says_so(api: Api) -> None:
    assert await api.run("{ viewer { username } }") == {"viewer": None}
    for query in (
        "{ homeFeed { nodes { id } } }",
        "mutation { logout { loggedOut } }",
        'mutation { likePost(input: {postId: "x"}) { userErrors { code } } }',
    ):
        error = await api.fail(query)
        assert error["extensions"]["code"] == "UNAUTHENTICATED"
    assert api.statements == []


FEED = "{ homeFeed { nodes { content } } }"


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ("UPDATE app.sessions SET revoked_at = now()", 401, "UNAUTHENTICATED"),
        ("UPDATE app.sessions SET expires_at = now()", 401, "UNAUTHENTICATED"),
        ("DELETE FROM app.sessions", 401, "UNAUTHENTICATED"),
        ("UPDATE users SET status = 'suspended' WHERE username = 'ada'", 403, "ACCOUNT_SUSPENDED"),
    ],
)
async def test_a_token_that_was_good_is_asked_about_each_time(api: Api, change: str, status: int, code: str) -> None:
    ada, ben = api.factory.user("ada"), api.factory.user("ben")
    api.factory.follow(ada, ben)
    api.factory.post(ben, "for ada")
    for _ in range(2):
        assert await api.run(FEED, viewer=ada) == {"homeFeed": {"nodes": [{"content": "for ada"}]}}
    api.factory.connection.execute(change.encode())
    response = await api.post({"query": FEED}, viewer=ada)
    assert response.status_code == status
    assert "for ada" not in response.text
    assert [error["extensions"]["code"] for error in response.json()["errors"]] == [code]
    assert "data" not in response.json()


async def test_nothing_is_written_with_a_token_that_was_good(api: Api) -> None:
    ada = api.factory.user("ada")
    post = encode("Post", api.factory.post(ada))
    await api.run("{ viewer { id } }", viewer=ada)
    api.factory.connection.execute("UPDATE app.sessions SET revoked_at = now()")
    like = f'mutation {{ likePost(input: {{ postId: "{post}" }}) {{ post {{ id }} }} }}'
    response = await api.post({"query": like}, viewer=ada)
    assert response.status_code == 401
    assert api.factory.scalar("SELECT count(*) FROM post_interactions") == 0
    assert api.statements == ["session_by_token_hash"]
