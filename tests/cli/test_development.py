"""What `vrss run` allows besides on a developer's machine, and what is the same in production."""

import http.client
import json
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from typing import NamedTuple

import psycopg
import pytest

from tests.cli.commands import serving

LOCAL = ["http://localhost:5173", "http://localhost", "http://127.0.0.1:3000", "http://[::1]:8080"]
FOREIGN = [
    "https://evil.example",
    "http://localhost.evil.example",
    "http://evil.example:5173",
    "http://localhost:5173.evil.example",
    "http://127.0.0.10:3000",
    "https://localhost:5173",
    "null",
]
PREFLIGHT = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
LOGIN = 'mutation { login(input: {login: "ada", password: "Vrss-demo-2026", asCookie: true}) { token } }'
RENAME = 'mutation { changeUsername(input: {username: "eve"}) { viewer { username } } }'
WHO = "{ viewer { username } }"


class Answer(NamedTuple):
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def permissions(self) -> dict[str, str]:
        return {name: value for name, value in self.headers.items() if name.startswith("access-control-allow")}


def send(address: str, method: str, body: object = None, **headers: str) -> Answer:
    """One request over a connection of its own, with no other headers than a browser would send."""
    connection = http.client.HTTPConnection(address.removeprefix("http://"))
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    if body is not None:
        given["Content-Type"] = "application/json"
    try:
        connection.request(method, "/graphql", None if body is None else json.dumps(body), given)
        response = connection.getresponse()
        found = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, found, response.read())
    finally:
        connection.close()


def preflight(address: str, origin: str) -> Answer:
    return send(address, "OPTIONS", origin=origin, **PREFLIGHT)


def codes(answer: Answer) -> list[str]:
    return [error["extensions"]["code"] for error in json.loads(answer.body)["errors"]]


@contextmanager
def signed_in(address: str) -> Generator[str]:
    """Ada's cookie, as the API's own page gets it."""
    answer = send(address, "POST", {"query": LOGIN}, origin=address)
    assert json.loads(answer.body)["data"] == {"login": {"token": None}}
    yield answer.headers["set-cookie"].partition(";")[0]


def username(url: str) -> str:
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT username FROM public.users WHERE id = 1").fetchone()
    assert row is not None
    return row[0]


def test_run_answers_pages_of_any_local_port_with_their_cookie_and_no_others(seeded_database: str) -> None:
    with serving("run", DATABASE_URL=seeded_database) as (_, address), signed_in(address) as cookie:
        for origin in LOCAL:
            allowed = preflight(address, origin)
            assert (allowed.status, allowed.permissions) == (
                204,
                {
                    "access-control-allow-origin": origin,
                    "access-control-allow-credentials": "true",
                    "access-control-allow-methods": "GET, POST",
                    "access-control-allow-headers": "authorization, content-type, x-request-id",
                },
            )
            answer = send(address, "POST", {"query": WHO}, origin=origin, cookie=cookie, sec_fetch_site="same-site")
            assert json.loads(answer.body)["data"] == {"viewer": {"username": "ada"}}
            assert answer.permissions == {
                "access-control-allow-origin": origin,
                "access-control-allow-credentials": "true",
            }
        login = send(address, "POST", {"query": LOGIN}, origin=LOCAL[0], sec_fetch_site="same-site")
        assert login.headers["set-cookie"].startswith("vrss_session=")
        for origin in FOREIGN:
            assert (preflight(address, origin).status, preflight(address, origin).permissions) == (204, {})
            refused = send(address, "POST", {"query": RENAME}, origin=origin, cookie=cookie)
            assert (refused.status, codes(refused), refused.permissions) == (403, ["FORBIDDEN"], {})
        assert username(seeded_database) == "ada"


@pytest.mark.parametrize(
    ("command", "settings"),
    [("serve", {}), ("serve", {"VRSS_ENVIRONMENT": "development"}), ("run", {"VRSS_ENVIRONMENT": "production"})],
)
def test_production_refuses_local_pages_that_are_not_listed(
    seeded_database: str, command: str, settings: dict[str, str]
) -> None:
    settings = {"DATABASE_URL": seeded_database, **settings}
    with serving(command, **settings) as (_, address), signed_in(address) as cookie:
        for origin in (*LOCAL, *FOREIGN):
            refused = preflight(address, origin)
            assert (refused.status, codes(refused), refused.permissions) == (405, ["BAD_USER_INPUT"], {})
            refused = send(address, "POST", {"query": RENAME}, origin=origin, cookie=cookie)
            assert (refused.status, codes(refused), refused.permissions) == (403, ["FORBIDDEN"], {})
        assert username(seeded_database) == "ada"


def test_serve_answers_the_local_pages_that_are_listed(seeded_database: str) -> None:
    listed = "http://localhost:5173"
    settings = {"DATABASE_URL": seeded_database, "VRSS_CORS_ORIGINS": listed}
    with serving("serve", **settings) as (_, address), signed_in(address) as cookie:
        assert preflight(address, listed).permissions["access-control-allow-origin"] == listed
        answer = send(address, "POST", {"query": WHO}, origin=listed, cookie=cookie)
        assert json.loads(answer.body)["data"] == {"viewer": {"username": "ada"}}
        assert preflight(address, "http://localhost:3000").permissions == {}
        refused = send(address, "POST", {"query": RENAME}, origin="http://localhost:3000", cookie=cookie)
        assert (refused.status, codes(refused)) == (403, ["FORBIDDEN"])
        assert username(seeded_database) == "ada"
