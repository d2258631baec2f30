"""Which pages of other sites may call, and which may read."""

import httpx

from tests.http.asking import post, refusal
from tests.http.conftest import Serve, over

SITE = "https://www.vrss.example"
PREFLIGHT = {"origin": SITE, "access-control-request-method": "POST", "access-control-request-headers": "content-type"}


async def test_without_a_list_no_other_site_may_call(client: httpx.AsyncClient) -> None:
    response = await client.options("/", headers=PREFLIGHT)
    assert refusal(response) == (405, "BAD_USER_INPUT")
    response = await post(client, "{ echo }", headers={"origin": SITE})
    assert not [name for name in response.headers if name.startswith("access-control")]
    assert "vary" not in response.headers


async def test_a_site_on_the_list_may_call_and_read(view: Serve) -> None:
    async with over(view(origins=(SITE,))) as client:
        leave = await client.options("/", headers=PREFLIGHT)
        assert (leave.status_code, leave.content) == (204, b"")
        assert leave.headers["access-control-allow-origin"] == SITE
        assert leave.headers["access-control-allow-methods"] == "GET, POST"
        assert leave.headers["access-control-allow-headers"] == "authorization, content-type, x-request-id"
        assert leave.headers["access-control-allow-credentials"] == "true"
        for response in (
            await post(client, "{ echo }", headers={"origin": SITE}),
            await post(client, "{", headers={"origin": SITE}),
            await client.put("/", headers={"origin": SITE}),
        ):
            assert response.headers["access-control-allow-origin"] == SITE
            assert response.headers["vary"] == "origin"
            assert response.headers["access-control-expose-headers"] == "x-request-id, retry-after"
        for other in (f"{SITE}.evil.example", "https://vrss.example", "http://www.vrss.example", "null"):
            response = await post(client, "{ echo }", headers={"origin": other})
            assert "access-control-allow-origin" not in response.headers
            assert response.headers["vary"] == "origin"
            response = await client.options("/", headers={**PREFLIGHT, "origin": other})
            assert response.status_code == 204
            assert not [name for name in response.headers if name.startswith("access-control")]


async def test_a_star_stands_for_every_site(view: Serve) -> None:
    async with over(view(origins=("*",))) as client:
        response = await post(client, "{ echo }", headers={"origin": SITE})
        assert response.headers["access-control-allow-origin"] == SITE
        assert "access-control-allow-credentials" not in response.headers


async def test_a_page_of_another_site_cannot_have_a_browser_send_a_query(view: Serve) -> None:
    """A GET is all that a page may send without leave; browsers name what it comes from."""
    asked = {"query": "{ echo }"}
    async with over(view(origins=(SITE,))) as client:
        for site in ("cross-site", "same-site"):
            response = await client.get("/", params=asked, headers={"sec-fetch-site": site})
            assert refusal(response) == (403, "FORBIDDEN")
            response = await client.get("/", params=asked, headers={"sec-fetch-site": site, "origin": SITE})
            assert response.json()["data"] == {"echo": ""}
        for site in ("same-origin", "none"):
            response = await client.get("/", params=asked, headers={"sec-fetch-site": site})
            assert response.json()["data"] == {"echo": ""}
