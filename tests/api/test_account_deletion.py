"""Accounts that are suspended or about to be deleted: the little that they may do, and the way back."""

from typing import Any

import pytest

from api.gql.ids import encode
from api.gql.permissions import AllowsSuspended, IsActive, IsAuthenticated
from api.schema import schema
from tests.api.accounts import LOGIN, NEW_PASSWORD, PASSWORD, actions, fingerprint, with_password
from tests.api.conftest import Api

DELETE = """mutation ($password: String!) { deleteAccount(input: {password: $password}) {
  deletesAt userErrors { code field } } }"""
CANCEL = "mutation { cancelAccountDeletion { viewer { status } userErrors { code } } }"
SETTINGS = """mutation ($likes: Boolean, $follows: Boolean) {
  updateAccountSettings(input: {emailLikes: $likes, emailFollows: $follows}) {
    settings { emailFollows emailLikes emailComments emailReposts emailMentions emailMessages emailFriendRequests }
    userErrors { code } } }"""
RENAME = """mutation ($name: String!) { changeUsername(input: {username: $name}) {
  viewer { username user { username } } userErrors { code field } } }"""
WHO = "{ viewer { id username status email emailVerified } }"


async def codes(api: Api, query: str, viewer: int) -> list[str]:
    body = (await api.post({"query": query}, viewer=viewer)).json()
    return [error["extensions"]["code"] for error in body.get("errors", [])]


def declared(kind: str) -> dict[str, Any]:
    """The fields of a type as Strawberry knows them."""
    found: Any = schema._schema.type_map[kind]  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
    return {name: field.extensions["strawberry-definition"] for name, field in found.fields.items()}


def allowed(kind: str) -> set[str]:
    """The fields of a type that answer those who are suspended, by their directive."""
    return {
        name
        for name, field in declared(kind).items()
        if any(isinstance(directive, AllowsSuspended) for directive in field.directives)
    }


def guarded(kind: str) -> set[str]:
    """The fields of a type that look whether the account is active."""

    def looks(permission: object) -> bool:
        return isinstance(permission, IsActive | IsAuthenticated) and not vars(permission).get("_allows_suspended")

    return {
        name
        for name, field in declared(kind).items()
        if any(looks(one) for extension in field.extensions for one in extension.permissions)
    }


@pytest.mark.parametrize("kind", ["Query", "Mutation", "Viewer"])
def test_every_field_requires_an_active_account_or_is_marked(kind: str) -> None:
    assert allowed(kind) | guarded(kind) == set(declared(kind))
    assert allowed(kind) & guarded(kind) == set()


def test_what_suspended_accounts_may_ask_for_is_this() -> None:
    assert allowed("Query") == {"viewer"}
    assert allowed("Viewer") == {
        *("id", "username", "status", "email", "emailVerified", "pendingEmail", "deletesAt"),
    }
    assert allowed("Mutation") >= {"logout", "deleteAccount", "cancelAccountDeletion", "login"}


@pytest.mark.parametrize(("status", "code"), [("suspended", "ACCOUNT_SUSPENDED"), ("deleted", "ACCOUNT_DELETED")])
async def test_such_an_account_reads_who_it_is_and_nothing_else(api: Api, status: str, code: str) -> None:
    ada = with_password(api, "ada")
    post = encode("Post", api.factory.post(api.factory.user("ben")))
    api.factory.connection.execute("UPDATE users SET status = %s WHERE id = %s", (status, ada))
    data = (await api.run(LOGIN, login="ada", password=PASSWORD))["login"]
    assert data["viewer"] == {"username": "ada", "email": "ada@example.org", "status": status.upper()}
    api.tokens[ada] = data["token"]
    who = (await api.run(WHO, viewer=ada))["viewer"]
    assert (who["username"], who["status"]) == ("ada", status.upper())
    before = fingerprint(api)
    for query in (
        "{ homeFeed { nodes { id } } }",
        '{ user(username: "ben") { id } }',
        f'{{ post(id: "{post}") {{ id }} }}',
        f'{{ node(id: "{post}") {{ id }} }}',
        f'{{ nodes(ids: ["{post}"]) {{ id }} }}',
        "{ rateLimit { remaining } }",
        "{ viewer { user { username } } }",
        "{ viewer { sessions { nodes { id } } } }",
        "{ viewer { settings { emailLikes } } }",
        "{ viewer { storage { used } } }",
        f'mutation {{ likePost(input: {{postId: "{post}"}}) {{ post {{ id }} }} }}',
        'mutation { changeUsername(input: {username: "eve"}) { viewer { id } } }',
        "mutation { revokeOtherSessions { revokedCount } }",
    ):
        assert await codes(api, query, ada) == [code], query
    assert fingerprint(api) == before
    assert api.factory.scalar("SELECT count(*) FROM post_interactions") == 0
    response = await api.post({"query": "{ homeFeed { nodes { id } } }"}, viewer=ada)
    assert response.status_code == 403
    both = (await api.post({"query": f'{{ viewer {{ username }} post(id: "{post}") {{ id }} }}'}, viewer=ada)).json()
    assert both["data"] == {"viewer": {"username": "ada"}, "post": None}


async def test_who_is_suspended_in_a_moment_gets_nothing_more(api: Api) -> None:
    """Reads run beside the question whether the session lives: what they gave is thrown away."""
    ada, ben = api.factory.user("ada"), api.factory.user("ben")
    api.factory.follow(ada, ben)
    api.factory.post(ben, "for ada")
    feed = "{ homeFeed { nodes { content } } }"
    await api.run(feed, viewer=ada)
    api.factory.connection.execute("UPDATE users SET status = 'suspended' WHERE id = %s", (ada,))
    response = await api.post({"query": feed}, viewer=ada)
    assert (response.status_code, "for ada" in response.text) == (403, False)
    assert await codes(api, feed, ada) == ["ACCOUNT_SUSPENDED"]
    assert (await api.run(WHO, viewer=ada))["viewer"]["status"] == "SUSPENDED"


async def test_who_is_suspended_in_a_moment_still_reads_who_it_is(api: Api) -> None:
    ada = api.factory.user("ada")
    await api.run(WHO, viewer=ada)
    api.factory.connection.execute("UPDATE users SET status = 'suspended' WHERE id = %s", (ada,))
    assert (await api.run(WHO, viewer=ada))["viewer"]["status"] == "SUSPENDED"


async def test_a_deleted_account_is_not_found_and_comes_back_as_it_was(api: Api) -> None:
    ada, ben = with_password(api, "ada"), api.factory.user("ben")
    post = encode("Post", api.factory.post(ada))
    api.tokens[ada], other = api.factory.session(ada), api.factory.session(ada)
    data = (await api.run(DELETE, viewer=ada, password=PASSWORD))["deleteAccount"]
    assert data["userErrors"] == []
    assert api.factory.scalar(
        "SELECT %s::timestamptz - deleted_at = '30 days' FROM users WHERE id = %s", data["deletesAt"], ada
    )
    for token in (api.tokens[ada], other):
        assert (await api.post({"query": WHO}, headers={"authorization": f"Bearer {token}"})).status_code == 401
    see = f'{{ user(username: "ada") {{ id }} post(id: "{post}") {{ id }} }}'
    assert await api.run(see, viewer=ben) == {"user": None, "post": None}
    api.tokens[ada] = (await api.run(LOGIN, login="ada", password=PASSWORD))["login"]["token"]
    until = "{ viewer { status deletesAt } }"
    waiting = {"viewer": {"status": "DELETED", "deletesAt": data["deletesAt"]}}
    assert await api.run(until, viewer=ada) == waiting
    assert await api.run(until, viewer=ben) == {"viewer": {"status": "ACTIVE", "deletesAt": None}}
    assert await api.run(CANCEL, viewer=ada) == {
        "cancelAccountDeletion": {"viewer": {"status": "ACTIVE"}, "userErrors": []}
    }
    assert await api.run(until, viewer=ada) == {"viewer": {"status": "ACTIVE", "deletesAt": None}}
    assert (await api.run(see, viewer=ben))["post"] == {"id": post}
    again = (await api.run(CANCEL, viewer=ada))["cancelAccountDeletion"]
    assert (again["viewer"], again["userErrors"]) == (None, [{"code": "CONFLICT"}])
    assert actions(api, ada) == ["account_deleted", "login", "account_deletion_canceled"]


async def test_what_is_back_can_be_used_in_the_same_request(api: Api) -> None:
    ada = with_password(api, "ada")
    api.factory.connection.execute("UPDATE users SET status = 'deleted' WHERE id = %s", (ada,))
    query = "mutation { cancelAccountDeletion { viewer { user { username } } } }"
    assert await api.run(query, viewer=ada) == {"cancelAccountDeletion": {"viewer": {"user": {"username": "ada"}}}}


async def test_cancelling_does_not_lift_a_suspension(api: Api) -> None:
    ada = with_password(api, "ada", status="suspended")
    await api.run(DELETE, viewer=ada, password=PASSWORD)
    api.tokens[ada] = (await api.run(LOGIN, login="ada", password=PASSWORD))["login"]["token"]
    data = await api.run(CANCEL, viewer=ada)
    assert data["cancelAccountDeletion"]["viewer"] == {"status": "SUSPENDED"}


async def test_an_account_is_not_deleted_without_the_password_or_twice(api: Api) -> None:
    ada = with_password(api, "ada")
    api.tokens[ada] = api.factory.session(ada)
    before = fingerprint(api)
    data = (await api.run(DELETE, viewer=ada, password=NEW_PASSWORD))["deleteAccount"]
    assert data == {"deletesAt": None, "userErrors": [{"code": "INVALID_CREDENTIALS", "field": ["input", "password"]}]}
    assert fingerprint(api) == before
    api.factory.connection.execute("UPDATE users SET status = 'deleted' WHERE id = %s", (ada,))
    data = (await api.run(DELETE, viewer=ada, password=PASSWORD))["deleteAccount"]
    assert [error["code"] for error in data["userErrors"]] == ["CONFLICT"]


@pytest.mark.parametrize("deleted_at", ["now() - interval '30 days'", "'-infinity'"])
async def test_a_deletion_is_not_cancelled_after_the_grace(api: Api, deleted_at: str) -> None:
    """With a session from before its end. A purge that has begun ends it early, and leaves this mark."""
    ada = with_password(api, "ada")
    query = f"UPDATE users SET status = 'deleted', deleted_at = {deleted_at} WHERE id = {ada}"
    api.factory.connection.execute(query.encode())
    api.tokens[ada] = api.factory.session(ada)
    before = fingerprint(api)
    assert await api.run(CANCEL, viewer=ada) == {
        "cancelAccountDeletion": {"viewer": None, "userErrors": [{"code": "CONFLICT"}]}
    }
    assert fingerprint(api) == before
    assert actions(api) == []


async def test_nobody_logs_in_after_the_grace(api: Api) -> None:
    ada = with_password(api, "ada")
    api.factory.connection.execute(
        "UPDATE users SET status = 'deleted', deleted_at = now() - interval '30 days' WHERE id = %s", (ada,)
    )
    data = await api.run(LOGIN, login="ada", password=PASSWORD)
    assert data["login"]["userErrors"][0]["code"] == "INVALID_CREDENTIALS"


async def test_settings_change_where_they_are_named(api: Api) -> None:
    ada, ben = api.factory.user("ada"), api.factory.user("ben")
    settings = (await api.run(SETTINGS, viewer=ada, likes=True))["updateAccountSettings"]["settings"]
    expected = {
        "emailFollows": True, "emailLikes": True, "emailComments": True, "emailReposts": False,
        "emailMentions": True, "emailMessages": True, "emailFriendRequests": True,
    }  # fmt: skip
    assert settings == expected
    settings = (await api.run(SETTINGS, viewer=ada, follows=False))["updateAccountSettings"]["settings"]
    assert settings == {**expected, "emailFollows": False}
    assert await api.run("{ viewer { settings { emailLikes emailFollows } } }", viewer=ben) == {
        "viewer": {"settings": {"emailLikes": False, "emailFollows": True}}
    }
    assert api.factory.scalar("SELECT count(*) FROM app.user_settings") == 1


async def test_a_user_name_changes_at_once_and_the_old_one_is_free(api: Api) -> None:
    ada, ben = api.factory.user("ada"), api.factory.user("ben")
    data = await api.run(RENAME, viewer=ada, name="ada_l")
    assert data["changeUsername"]["viewer"] == {"username": "ada_l", "user": {"username": "ada_l"}}
    assert await api.run('{ user(username: "ada") { id } }') == {"user": None}
    assert (await api.run(RENAME, viewer=ben, name="Ada"))["changeUsername"]["userErrors"] == []
    assert (await api.run(RENAME, viewer=ben, name="ben"))["changeUsername"]["userErrors"] == []
    row = api.factory.connection.execute("SELECT details FROM app.audit_log WHERE user_id = %s", (ada,)).fetchone()
    assert row == ({"old": "ada", "new": "ada_l"},)


@pytest.mark.parametrize(("name", "code"), [("BEN", "DUPLICATE_USERNAME"), ("a b", "BAD_USER_INPUT")])
async def test_a_user_name_that_is_taken_or_none_is_refused(api: Api, name: str, code: str) -> None:
    ada, _ = api.factory.user("ada"), api.factory.user("ben")
    api.tokens[ada] = api.factory.session(ada)
    before = fingerprint(api)
    data = (await api.run(RENAME, viewer=ada, name=name))["changeUsername"]
    assert data == {"viewer": None, "userErrors": [{"code": code, "field": ["input", "username"]}]}
    assert fingerprint(api) == before
    assert actions(api) == []
