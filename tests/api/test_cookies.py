"""Signed in by a cookie: from the API's own pages and those on the list, and from no others."""

from collections.abc import AsyncGenerator

import httpx
import pytest

from tests.api.accounts import LOGIN, PASSWORD, REGISTER, WHO, fingerprint, with_password
from tests.api.conftest import Api, api_over

SITE = "https://www.example.org"
EVIL = "https://evil.example"
OWN = "http://vrss.test"
SAME = {"origin": OWN, "sec-fetch-site": "same-origin"}
FOREIGN = {"origin": EVIL, "sec-fetch-site": "cross-site"}


@pytest.fixture
async def site(empty_database: str) -> AsyncGenerator[Api]:
    async with api_over(empty_database, settings={"cors_origins": (SITE,)}) as api:
        yield api


async def login(api: Api, **headers: str) -> httpx.Response:
    """Log in by cookie; the client keeps it, as a browser does."""
    variables = {"login": "ada", "password": PASSWORD, "asCookie": True}
    return await api.post({"query": LOGIN, "variables": variables}, headers={**SAME, **headers})


async def test_the_cookie_holds_the_token_and_the_payload_does_not(site: Api) -> None:
    with_password(site, "ada")
    answer = await login(site)
    assert answer.json()["data"]["login"]["token"] is None
    name, _, rest = answer.headers["set-cookie"].partition("=")
    token, _, flags = rest.partition("; ")
    assert name == "vrss_session"
    assert flags == "Max-Age=604800; Path=/; HttpOnly; SameSite=Lax"
    assert token not in answer.text
    assert (await site.post({"query": WHO}, headers=SAME)).json()["data"] == {"viewer": {"username": "ada"}}
    from_the_list = await site.post({"query": WHO}, headers={"origin": SITE, "sec-fetch-site": "cross-site"})
    assert from_the_list.json()["data"] == {"viewer": {"username": "ada"}}
    assert from_the_list.headers["access-control-allow-credentials"] == "true"
    assert "set-cookie" not in from_the_list.headers


async def test_who_joins_may_have_a_cookie(site: Api) -> None:
    person = {"username": "ada", "email": "ada@example.org", "password": PASSWORD, "asCookie": True}
    answer = await site.post({"query": REGISTER, "variables": person}, headers=SAME)
    assert answer.json()["data"]["register"]["token"] is None
    assert (await site.post({"query": WHO}, headers=SAME)).json()["data"] == {"viewer": {"username": "ada"}}


@pytest.mark.parametrize("headers", [FOREIGN, {"origin": EVIL}, {"origin": "null"}, {"sec-fetch-site": "same-site"}])
async def test_a_page_of_another_site_is_refused_and_changes_nothing(site: Api, headers: dict[str, str]) -> None:
    with_password(site, "ada")
    await login(site)
    before = fingerprint(site)
    rename = 'mutation { changeUsername(input: {username: "eve"}) { viewer { id } } }'
    for query in (WHO, rename, "mutation { logout { loggedOut } }", "{ __typename }"):
        answer = await site.post({"query": query}, headers=headers)
        (error,) = answer.json()["errors"]
        assert (answer.status_code, error["extensions"]["code"]) == (403, "FORBIDDEN")
        assert site.statements == []
    assert fingerprint(site) == before


@pytest.mark.parametrize("headers", [FOREIGN, {"origin": EVIL}, {"sec-fetch-site": "cross-site"}])
async def test_a_page_of_another_site_signs_nobody_in(site: Api, headers: dict[str, str]) -> None:
    with_password(site, "ada")
    before = fingerprint(site)
    person = {"username": "new", "email": "new@example.org", "password": PASSWORD, "asCookie": True}
    credentials = {"login": "ada", "password": PASSWORD, "asCookie": True}
    for query, variables in ((LOGIN, credentials), (REGISTER, person)):
        answer = await site.post({"query": query, "variables": variables}, headers=headers)
        (error,) = answer.json()["errors"]
        assert (answer.status_code, error["extensions"]["code"]) == (403, "FORBIDDEN")
        assert "set-cookie" not in answer.headers
    assert fingerprint(site) == before


async def test_logging_out_takes_the_cookie_away(site: Api) -> None:
    with_password(site, "ada")
    await login(site)
    answer = await site.post({"query": "mutation { logout { loggedOut } }"}, headers=SAME)
    assert answer.headers["set-cookie"].startswith("vrss_session=; Max-Age=0;")
    assert dict(site.client.cookies) == {}
    assert (await site.post({"query": WHO}, headers=SAME)).json()["data"] == {"viewer": None}


async def test_a_stale_cookie_is_cleared_and_does_not_prevent_a_login(site: Api) -> None:
    with_password(site, "ada")
    await login(site)
    site.factory.connection.execute("UPDATE app.sessions SET revoked_at = now()")
    stale = dict(site.client.cookies)
    answer = await site.post({"query": WHO}, headers=SAME)
    assert answer.status_code == 401
    assert answer.headers["set-cookie"].startswith("vrss_session=; Max-Age=0;")
    site.client.cookies.update(stale)
    assert (await login(site)).json()["data"]["login"]["viewer"]["username"] == "ada"


async def test_the_cookie_lives_on_with_its_session(site: Api) -> None:
    with_password(site, "ada")
    await login(site)
    site.factory.connection.execute("UPDATE app.sessions SET expires_at = now() + interval '1 day'")
    answer = await site.post({"query": WHO}, headers=SAME)
    assert "Max-Age=604800" in answer.headers["set-cookie"]
    assert "set-cookie" not in (await site.post({"query": WHO}, headers=SAME)).headers
    site.client.cookies.clear()
    site.factory.connection.execute("UPDATE app.sessions SET expires_at = now() + interval '1 day'")
    ben = site.factory.user("ben")
    site.tokens[ben] = site.factory.session(ben, expires_at=site.factory.scalar("SELECT now() + interval '1 day'"))
    assert "set-cookie" not in (await site.post({"query": WHO}, viewer=ben)).headers


AGED = "UPDATE app.sessions SET expires_at = now() + interval '1 day'"


async def test_a_login_as_somebody_else_is_not_undone_by_the_renewal(site: Api) -> None:
    with_password(site, "ada")
    with_password(site, "ben")
    await login(site)
    site.factory.connection.execute(AGED)
    variables = {"login": "ben", "password": PASSWORD, "asCookie": True}
    answer = await site.post({"query": LOGIN, "variables": variables}, headers=SAME)
    assert answer.json()["data"]["login"]["viewer"]["username"] == "ben"
    assert len(answer.headers.get_list("set-cookie")) == 1
    assert (await site.post({"query": WHO}, headers=SAME)).json()["data"] == {"viewer": {"username": "ben"}}


async def test_a_logout_is_not_undone_by_the_renewal(site: Api) -> None:
    with_password(site, "ada")
    await login(site)
    site.factory.connection.execute(AGED)
    answer = await site.post({"query": "mutation { logout { loggedOut } }"}, headers=SAME)
    (cookie,) = answer.headers.get_list("set-cookie")
    assert cookie.startswith("vrss_session=; Max-Age=0;")
    assert (await site.post({"query": WHO}, headers=SAME)).json()["data"] == {"viewer": None}
