"""A token that is no longer valid stops none of those who have no other: login, register, verifying, resetting."""

import pytest

from tests.api.accounts import (
    LOGIN,
    NEW_PASSWORD,
    PASSWORD,
    REGISTER,
    REQUEST,
    RESET,
    VERIFY,
    WHO,
    fingerprint,
    with_password,
)
from tests.api.conftest import Api, Posted

EXPIRED, REVOKED = "expired", "revoked"


def authorization(api: Api, kind: str) -> str:
    """The header of somebody whose session has ended; `kind` itself if it is no way for a session to end."""
    if kind not in {EXPIRED, REVOKED}:
        return kind
    owner = api.factory.user("owner")
    past = api.factory.scalar("SELECT now() - interval '1 second'")
    ago = api.factory.scalar("SELECT now() - interval '8 days'")
    ended = {"created_at": ago, "expires_at": past} if kind == EXPIRED else {"revoked_at": past}
    return f"Bearer {api.factory.session(owner, **ended)}"


@pytest.mark.parametrize("kind", [EXPIRED, REVOKED, "Bearer x", "Basic YWRh", "Bearer "])
async def test_a_token_that_is_no_longer_valid_stops_no_way_to_sign_in(posted: Posted, kind: str) -> None:
    api, mailbox = posted
    headers = {"authorization": authorization(api, kind)}

    async def run(query: str, **variables: object) -> object:
        response = await api.post({"query": query, "variables": variables}, headers=headers)
        assert (response.status_code, response.json().get("errors")) == (200, None)
        (payload,) = response.json()["data"].values()
        assert payload["userErrors"] == []
        return payload

    assert (await api.post({"query": WHO}, headers=headers)).status_code == 401
    address = "ada@example.org"
    registered = await run(REGISTER, username="ada", email=address, password=PASSWORD)
    assert isinstance(registered, dict)
    assert registered["viewer"]["username"] == "ada"
    assert await run(VERIFY, token=await mailbox.token(address)) == {"email": address, "userErrors": []}
    await run(LOGIN, login="ada", password=PASSWORD)
    await run(REQUEST, email=address)
    reset = await mailbox.token(address)
    assert await run(RESET, token=reset, new=NEW_PASSWORD) == {"passwordReset": True, "userErrors": []}
    await run(LOGIN, login="ada", password=NEW_PASSWORD)


@pytest.mark.parametrize("kind", [EXPIRED, "Bearer x"])
async def test_beside_a_field_that_needs_a_session_it_stops_the_login_too(api: Api, kind: str) -> None:
    with_password(api, "ada")
    headers = {"authorization": authorization(api, kind)}
    before = fingerprint(api)
    both = LOGIN.replace("{\n  login", "{ revokeOtherSessions { revokedCount }\n  login", 1)
    response = await api.post({"query": both, "variables": {"login": "ada", "password": PASSWORD}}, headers=headers)
    (error,) = response.json()["errors"]
    assert (response.status_code, error["extensions"]["code"]) == (401, "UNAUTHENTICATED")
    assert "data" not in response.json()
    assert fingerprint(api) == before


async def test_what_clients_add_to_a_login_by_themselves_changes_nothing(api: Api) -> None:
    with_password(api, "ada")
    query = LOGIN.replace("{\n  login", "{ __typename\n  login", 1)
    variables = {"login": "ada", "password": PASSWORD}
    response = await api.post({"query": query, "variables": variables}, headers={"authorization": "Bearer x"})
    assert response.json()["data"]["__typename"] == "Mutation"
    assert response.json()["data"]["login"]["viewer"]["username"] == "ada"
