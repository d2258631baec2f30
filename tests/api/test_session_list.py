"""The viewer's sessions: listed, and ended."""

from api.accounts.tokens import token_hash
from tests.api.accounts import LOGIN, PASSWORD, WHO, actions, fingerprint, with_password
from tests.api.conftest import Api

SESSIONS = """{ viewer { sessions(first: 10) { nodes {
  id userAgent address createdAt lastUsedAt expiresAt isCurrent } pageInfo { hasNextPage } } } }"""
REVOKE = "mutation ($id: ID!) { revokeSession(input: {sessionId: $id}) { deletedId userErrors { code field } } }"
REVOKE_OTHERS = "mutation { revokeOtherSessions { revokedCount userErrors { code } } }"


async def test_the_viewer_sees_where_it_is_signed_in(api: Api) -> None:
    ada, ben = with_password(api, "ada"), api.factory.user("ben")
    api.factory.session(ben)
    body = {"query": LOGIN, "variables": {"login": "ada", "password": PASSWORD}}
    answer = await api.post(body, headers={"user-agent": "Browser " + "x" * 1000})
    api.tokens[ada] = answer.json()["data"]["login"]["token"]
    past = api.factory.scalar("SELECT now() - interval '2 days'")
    other = api.factory.session(ada, last_used_at=past)
    api.factory.session(ada, revoked_at=past)
    api.factory.session(ada, created_at=past, expires_at=api.factory.scalar("SELECT now()"))
    page = (await api.run(SESSIONS, viewer=ada))["viewer"]["sessions"]
    assert [(one["isCurrent"], one["address"]) for one in page["nodes"]] == [(True, "127.0.0.1"), (False, None)]
    assert page["nodes"][0]["userAgent"] == ("Browser " + "x" * 1000)[:500]
    assert page["pageInfo"] == {"hasNextPage": False}
    assert token_hash(other).hex() not in str(page)


async def test_the_pages_of_sessions_are_the_list(api: Api) -> None:
    ada = api.factory.user("ada")
    for hours in range(5):
        api.factory.session(ada, last_used_at=api.factory.scalar(f"SELECT now() - interval '{hours} hours'"))
    query = """query ($first: Int, $after: String, $last: Int, $before: String) { viewer {
      sessions(first: $first, after: $after, last: $last, before: $before) { nodes { id }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }"""
    whole = (await api.run(query, viewer=ada))["viewer"]["sessions"]["nodes"]
    first = (await api.run(query, viewer=ada, first=2))["viewer"]["sessions"]
    after = first["pageInfo"]["endCursor"]
    rest = (await api.run(query, viewer=ada, first=9, after=after))["viewer"]["sessions"]
    back = (await api.run(query, viewer=ada, last=9, before=after))["viewer"]["sessions"]
    assert len(whole) == 6
    assert first["nodes"] + rest["nodes"] == whole
    assert back["nodes"] == whole[:1]


async def test_a_session_is_ended_by_its_owner_and_fails_on_its_next_use(api: Api) -> None:
    ada, ben = api.factory.user("ada"), api.factory.user("ben")
    api.tokens[ada] = api.factory.session(ada)
    other = api.factory.session(ada)
    headers = {"authorization": f"Bearer {other}"}
    assert (await api.post({"query": WHO}, headers=headers)).status_code == 200
    nodes = (await api.run(SESSIONS, viewer=ada))["viewer"]["sessions"]["nodes"]
    (ended,) = [one["id"] for one in nodes if not one["isCurrent"]]
    refused = {
        "revokeSession": {"deletedId": None, "userErrors": [{"code": "NOT_FOUND", "field": ["input", "sessionId"]}]}
    }
    api.tokens[ben] = api.factory.session(ben)
    before = fingerprint(api)
    assert await api.run(REVOKE, viewer=ben, id=ended) == refused
    assert fingerprint(api) == before
    assert await api.run(REVOKE, viewer=ada, id=ended) == {"revokeSession": {"deletedId": ended, "userErrors": []}}
    response = await api.post({"query": WHO}, headers=headers)
    assert (response.status_code, response.json()["errors"][0]["extensions"]["code"]) == (401, "UNAUTHENTICATED")
    assert await api.run(REVOKE, viewer=ada, id=ended) == refused
    assert actions(api, ada) == ["session_revoked"]


async def test_who_ends_the_session_of_the_request_is_nobody_after_it(api: Api) -> None:
    ada = api.factory.user("ada")
    (current,) = (await api.run(SESSIONS, viewer=ada))["viewer"]["sessions"]["nodes"]
    query = f"""mutation {{ a: revokeSession(input: {{sessionId: "{current["id"]}"}}) {{ deletedId }}
      b: revokeOtherSessions {{ revokedCount }} }}"""
    body = (await api.post({"query": query}, viewer=ada)).json()
    assert body["data"] == {"a": {"deletedId": current["id"]}, "b": None}
    assert [error["extensions"]["code"] for error in body["errors"]] == ["UNAUTHENTICATED"]
    assert (await api.post({"query": WHO}, viewer=ada)).status_code == 401


async def test_all_other_sessions_end_at_once_and_nobody_elses(api: Api) -> None:
    ada, ben = api.factory.user("ada"), api.factory.user("ben")
    api.tokens[ada], others = api.factory.session(ada), [api.factory.session(ada) for _ in range(3)]
    data = await api.run(REVOKE_OTHERS, viewer=ada)
    assert data == {"revokeOtherSessions": {"revokedCount": 3, "userErrors": []}}
    for token in others:
        response = await api.post({"query": WHO}, headers={"authorization": f"Bearer {token}"})
        assert response.status_code == 401
    assert await api.run(WHO, viewer=ada) == {"viewer": {"username": "ada"}}
    assert await api.run(WHO, viewer=ben) == {"viewer": {"username": "ben"}}
    assert actions(api) == ["other_sessions_revoked"]


async def test_an_account_has_a_hundred_sessions_at_most(api: Api) -> None:
    """A new one ends the one that was used longest ago, and nobody else's."""
    ada, ben = with_password(api, "ada"), api.factory.user("ben")
    ago = api.factory.scalar("SELECT now() - interval '1 day'")
    oldest = api.factory.session(ada, created_at=ago, last_used_at=ago)
    api.tokens |= {ben: api.factory.session(ben, created_at=ago, last_used_at=ago)}
    rest = [api.factory.session(ada) for _ in range(99)]
    living = "SELECT count(*) FROM app.sessions WHERE revoked_at IS NULL AND user_id = %s"
    assert api.factory.scalar(living, ada) == 100
    assert (await api.run(LOGIN, login="ada", password=PASSWORD))["login"]["userErrors"] == []
    assert api.factory.scalar(living, ada) == 100
    ended = "SELECT revoked_at IS NOT NULL FROM app.sessions WHERE token_hash = %s"
    assert api.factory.scalar(ended, token_hash(oldest))
    assert not any(api.factory.scalar(ended, token_hash(token)) for token in rest)
    assert api.factory.scalar(living, ben) == 1
