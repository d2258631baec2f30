"""Logging in and out, and what a token is worth."""

from datetime import UTC, datetime

import pytest
from argon2 import PasswordHasher

from api.accounts.sessions import SESSION_LIFETIME, SessionCache
from api.gql.ids import encode
from db.queries.sessions import SessionRow
from tests.api.accounts import LOGIN, NEW_PASSWORD, PASSWORD, WHO, actions, with_password
from tests.api.conftest import Api

SESSIONS = """{ viewer { sessions(first: 10) { nodes {
  id userAgent address createdAt lastUsedAt expiresAt isCurrent } pageInfo { hasNextPage } } } }"""


async def test_a_login_by_name_or_address_gives_a_token_that_works(api: Api) -> None:
    with_password(api, "ada")
    for login in ("ADA", " ada ", "Ada@Example.org"):
        data = (await api.run(LOGIN, login=login, password=PASSWORD))["login"]
        assert data["viewer"] == {"username": "ada", "email": "ada@example.org", "status": "ACTIVE"}
        assert data["userErrors"] == []
        response = await api.post(
            {"query": "{ viewer { username } }"}, headers={"authorization": f"Bearer {data['token']}"}
        )
        assert response.json()["data"] == {"viewer": {"username": "ada"}}
    assert api.factory.scalar("SELECT count(*) FROM app.sessions WHERE token_hash = %s", data["token"].encode()) == 0


async def test_wrong_password_and_unknown_name_answer_alike_and_open_nothing(api: Api) -> None:
    with_password(api, "ada")
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


async def test_a_request_extends_its_session_once_whatever_aliases_it_has(api: Api) -> None:
    ada = api.factory.user("ada")
    await api.run(WHO, viewer=ada)  # from now on it is known whose the token is, and resolvers run beside the check
    api.factory.connection.execute("UPDATE app.sessions SET expires_at = now() + interval '1 day'")
    aliases = " ".join(f"a{n}: viewer {{ email }}" for n in range(20))
    data = await api.run(f"{{ {aliases} }}", viewer=ada)
    assert list(data.values()) == [{"email": "ada@example.org"}] * 20
    assert api.statements == ["session_by_token_hash", "extend_session"]


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


@pytest.mark.parametrize(
    ("time_cost", "parallelism", "outdated"), [(1, 4, "m=65536,t=1,p=4"), (3, 4, "m=65536,t=3,p=4")]
)
async def test_a_login_stores_the_hash_anew_when_its_parameters_are_outdated(
    api: Api, time_cost: int, parallelism: int, outdated: str
) -> None:
    api.factory.user("ada")
    made = PasswordHasher(time_cost=time_cost, parallelism=parallelism).hash(PASSWORD)
    api.factory.connection.execute("UPDATE users SET password_hash = %s", (made,))
    await api.run(LOGIN, login="ada", password=PASSWORD)
    stored = api.factory.scalar("SELECT password_hash FROM users")
    assert made.split("$")[3] == outdated
    assert stored.split("$")[3] == "m=65536,t=3,p=1"
    await api.run(LOGIN, login="ada", password=PASSWORD)
    assert api.factory.scalar("SELECT password_hash FROM users") == stored
    assert "replace_password" not in api.statements
    assert actions(api) == ["login", "login"]


async def test_a_password_is_the_same_however_its_accents_are_composed(api: Api) -> None:
    with_password(api, "ada", "ein schönes Wort")
    data = await api.run(LOGIN, login="ada", password="ein scho\u0308nes Wort")
    assert data["login"]["userErrors"] == []


async def test_a_hash_that_is_none_lets_nobody_in(api: Api) -> None:
    ada = api.factory.user("ada")
    data = await api.run(LOGIN, login="ada", password="x")
    assert data["login"]["userErrors"][0]["code"] == "INVALID_CREDENTIALS"
    assert actions(api, ada) == ["login_failed"]


async def test_failed_logins_are_noted_without_what_was_typed(api: Api) -> None:
    ada = with_password(api, "ada")
    await api.run(LOGIN, login="ada", password=NEW_PASSWORD)
    await api.run(LOGIN, login="my password by mistake", password="x")
    rows = api.factory.connection.execute("SELECT user_id, action, details::text, host(ip_address) FROM app.audit_log")
    assert rows.fetchall() == [
        (ada, "login_failed", "{}", "127.0.0.1"),
        (None, "login_failed", "{}", "127.0.0.1"),
    ]


def test_owners_are_cached_up_to_a_bound_and_only_of_active_accounts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("api.accounts.sessions._REMEMBERED_OWNERS", 2)
    known = SessionCache()

    def session(status: str) -> SessionRow:
        return SessionRow._make([None, None, 7, "ada", "ada@example.org", True, status, False])

    for digest in (b"1", b"2", b"3"):
        known.learn(digest, session("active"))
    assert [known.owner(digest) for digest in (b"1", b"2", b"3")] == [None, 7, 7]
    known.learn(b"3", session("suspended"))
    assert known.owner(b"3") is None


async def test_what_follows_a_login_in_a_request_is_charged_to_the_account(api: Api) -> None:
    ada = with_password(api, "ada")
    rate = "{ rateLimit { remaining } }"
    before = (await api.run(rate, viewer=ada))["rateLimit"]["remaining"]
    posts = " ".join(
        f'p{n}: createPost(input: {{type: TEXT_SHORT, content: "x"}}) {{ post {{ id }} }}' for n in range(20)
    )
    login = f'mutation {{ login(input: {{login: "ada", password: "{PASSWORD}"}}) {{ viewer {{ username }} }} {posts} }}'
    response = await api.post({"query": login})
    cost = response.json()["extensions"]["cost"]["actual"]
    after = (await api.run(rate, viewer=ada))["rateLimit"]["remaining"]
    assert cost > 2_000
    assert after < before


def test_a_session_is_taken_to_pay_for_a_minute_after_it_was_seen_to_live() -> None:
    now = 0.0
    sessions = SessionCache(lambda: now)
    session = SessionRow(1, datetime.now(UTC) + SESSION_LIFETIME, 7, "ada", "ada@example.org", True, "active", False)
    sessions.learn(b"digest", session)
    now = 59.0
    assert sessions.payer(b"digest") == 7
    now = 61.0
    assert (sessions.payer(b"digest"), sessions.owner(b"digest")) == (None, 7)
