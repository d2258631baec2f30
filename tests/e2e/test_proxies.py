"""What a proxy may say of the caller, over real HTTP: nothing, unless its address is trusted."""

import httpx
import psycopg
import pytest

from tests.api.accounts import LOGIN
from tests.cli.commands import serving
from tests.e2e.conftest import PASSWORD

FORGED = {"x-forwarded-for": "192.0.2.7", "x-forwarded-proto": "https"}
PICTURE = """{ user(username: "ada") { profile { avatarUrl } } }"""


def sign_in(address: str, password: str, forwarded_for: str = "192.0.2.7") -> httpx.Response:
    headers = {**FORGED, "x-forwarded-for": forwarded_for}
    variables = {"login": "ada", "password": password, "asCookie": True}
    return httpx.post(f"{address}/graphql", json={"query": LOGIN, "variables": variables}, headers=headers, timeout=30)


def codes(answer: httpx.Response) -> list[str]:
    return [error["code"] for error in answer.json()["data"]["login"]["userErrors"]]


@pytest.mark.parametrize("trusted", [{}, {"VRSS_TRUSTED_PROXIES": "192.0.2.0/24"}, {"FORWARDED_ALLOW_IPS": "*"}])
def test_a_forged_header_changes_neither_address_nor_scheme(seeded_database: str, trusted: dict[str, str]) -> None:
    with serving("serve", DATABASE_URL=seeded_database, VRSS_LOGIN_FAILURES_PER_ADDRESS="2", **trusted) as (_, address):
        answer = sign_in(address, PASSWORD)
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith("vrss_session=")
        assert "Secure" not in cookie
        assert session_address(seeded_database) == "127.0.0.1"
        assert picture(address).startswith(f"{address}/")
        refused = [codes(sign_in(address, "wrong", f"192.0.2.{n}")) for n in range(3)]
        assert refused == [["INVALID_CREDENTIALS"], ["INVALID_CREDENTIALS"], ["RATE_LIMITED"]]


def test_a_trusted_proxy_names_the_address_and_the_scheme(seeded_database: str) -> None:
    settings = {"VRSS_LOGIN_FAILURES_PER_ADDRESS": "2", "VRSS_TRUSTED_PROXIES": "127.0.0.0/8, 10.0.0.5"}
    with serving("serve", DATABASE_URL=seeded_database, **settings) as (_, address):
        cookie = sign_in(address, PASSWORD).headers["set-cookie"]
        assert cookie.startswith("__Host-vrss_session=")
        assert cookie.endswith("; Secure")
        assert session_address(seeded_database) == "192.0.2.7"
        assert picture(address).startswith(f"{address.replace('http:', 'https:')}/")
        refused = [codes(sign_in(address, "wrong", f"192.0.2.{n}")) for n in range(3)]
        assert refused == [["INVALID_CREDENTIALS"]] * 3
        # What the caller itself wrote stands to the left of what the proxies saw.
        chained = [codes(sign_in(address, "wrong", f"192.0.2.{n}, 192.0.2.99, 10.0.0.5")) for n in range(10, 13)]
        assert chained == [["INVALID_CREDENTIALS"], ["INVALID_CREDENTIALS"], ["RATE_LIMITED"]]


def session_address(url: str) -> str:
    with psycopg.connect(url) as connection:
        found = connection.execute("SELECT host(ip_address) FROM app.sessions ORDER BY id DESC LIMIT 1").fetchone()
    assert found is not None
    return found[0]


def picture(address: str) -> str:
    """The address of a file that the API serves itself: it begins with the address that the API was reached under."""
    answer = httpx.post(f"{address}/graphql", json={"query": PICTURE}, headers=FORGED, timeout=30)
    return answer.json()["data"]["user"]["profile"]["avatarUrl"]
