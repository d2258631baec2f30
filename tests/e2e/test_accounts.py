"""Accounts over real HTTP: guesses, many logins at once, cookies, and what never reaches a log."""

import asyncio
import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from tests.api.accounts import LOGIN, NEW_PASSWORD, PASSWORD, REGISTER, WHO
from tests.api.mailbox import Mailbox
from tests.cli.commands import serving_with_log
from tests.servers import Server, database

WRONG = "not the password"
# Far more than the two that hash at the same time.
AT_ONCE = 16
COOKIE = {"origin": "https://evil.example", "sec-fetch-site": "cross-site"}


class Client:
    """Somebody at an address of its own, as a proxy on this machine would report it."""

    def __init__(self, http: httpx.AsyncClient, address: str) -> None:
        self._http = http
        self._headers = {"x-forwarded-for": address}

    async def post(self, query: str, headers: dict[str, str] | None = None, **variables: object) -> httpx.Response:
        body = {"query": query, "variables": variables}
        return await self._http.post("/graphql", json=body, headers={**self._headers, **(headers or {})})

    async def run(self, query: str, **variables: object) -> Any:
        body = (await self.post(query, None, **variables)).json()
        assert "errors" not in body, body
        return body["data"]

    async def login(self, password: str, login: str = "ada") -> str:
        """The code of the refusal, or IN."""
        return outcome((await self.run(LOGIN, login=login, password=password))["login"])

    async def join(self, username: str = "ada") -> str:
        person = {"username": username, "email": f"{username}@example.org", "password": PASSWORD}
        return (await self.run(REGISTER, **person))["register"]["token"]


def outcome(payload: dict[str, Any]) -> str:
    return "IN" if payload["viewer"] else payload["userErrors"][0]["code"]


@asynccontextmanager
async def service(url: str, **settings: str) -> AsyncGenerator[tuple[Any, httpx.AsyncClient]]:
    """A server that believes a proxy on this machine."""
    settings = {"VRSS_RATE_LIMIT": "0", "VRSS_TRUSTED_PROXIES": "127.0.0.1", **settings}
    with serving_with_log("serve", DATABASE_URL=url, **settings) as (process, address):
        limits = httpx.Limits(max_connections=200)
        async with httpx.AsyncClient(base_url=address, timeout=300, limits=limits) as http:
            yield process, http


@pytest.fixture(scope="module")
async def origin(server: Server, empty_template: str) -> AsyncGenerator[httpx.URL]:
    """The one server of the tests that need no settings: each has a person and addresses of its own."""
    with database(server, empty_template) as name:
        async with service(server.url(name)) as (_, opened):
            yield opened.base_url


@pytest.fixture
async def http(origin: httpx.URL) -> AsyncGenerator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=origin, timeout=300) as opened:
        yield opened


async def test_guesses_by_aliases_count_each(http: httpx.AsyncClient) -> None:
    home, cafe = Client(http, "192.0.2.1"), Client(http, "198.51.100.7")
    await home.join()
    fields = "viewer { id } userErrors { code ... on RateLimitedError { retryAfter } }"
    guesses = " ".join(
        f'g{n}: login(input: {{login: "ada", password: "{WRONG} {n}"}}) {{ {fields} }}' for n in range(15)
    )
    data = await home.run(f"mutation {{ {guesses} }}")
    assert [outcome(data[f"g{n}"]) for n in range(15)] == ["INVALID_CREDENTIALS"] * 10 + ["RATE_LIMITED"] * 5
    assert 3500 < data["g14"]["userErrors"][0]["retryAfter"] <= 3600
    assert await home.login(PASSWORD) == "RATE_LIMITED"
    assert await cafe.login(PASSWORD) == "IN"


async def test_guesses_at_many_accounts_and_all_at_once_count_for_their_address(http: httpx.AsyncClient) -> None:
    home, cafe = Client(http, "192.0.2.2"), Client(http, "198.51.100.8")
    await home.join("ben")
    codes = await asyncio.gather(*(home.login(WRONG, f"somebody_{n}") for n in range(30)))
    assert sorted(codes) == ["INVALID_CREDENTIALS"] * 10 + ["RATE_LIMITED"] * 20
    assert await home.login(PASSWORD, "ben") == "RATE_LIMITED"
    assert await cafe.login(PASSWORD, "ben") == "IN"


async def test_the_addresses_of_one_household_are_one(empty_database: str) -> None:
    async with service(empty_database, VRSS_LOGIN_FAILURES_PER_ADDRESS="2") as (_, http):
        codes = [await Client(http, f"2001:db8:0:1::{n}").login(WRONG, f"somebody_{n}") for n in range(3)]
        assert codes == ["INVALID_CREDENTIALS"] * 2 + ["RATE_LIMITED"]
        assert await Client(http, "2001:db8:0:2::1").login(WRONG) == "INVALID_CREDENTIALS"


async def test_guesses_from_many_addresses_get_slower_and_lock_nobody_out(http: httpx.AsyncClient) -> None:
    owner = Client(http, "192.0.2.3")
    token = await owner.join("cleo")
    codes = [await Client(http, f"198.51.100.{n}").login(WRONG, "cleo") for n in range(100, 111)]
    assert codes == ["INVALID_CREDENTIALS"] * 11
    slow = asyncio.create_task(Client(http, "203.0.113.1").login(PASSWORD, "cleo"))
    # The owner, who is signed in elsewhere, overtakes the one who has to wait.
    known = await owner.post(LOGIN, {"authorization": f"Bearer {token}"}, login="cleo", password=PASSWORD)
    assert not slow.done()
    assert outcome(known.json()["data"]["login"]) == "IN"
    assert await slow == "IN"


async def test_the_throttle_survives_a_restart_with_redis(empty_database: str, redis_url: str) -> None:
    settings = {"VRSS_THROTTLE_URL": redis_url, "VRSS_LOGIN_FAILURES_PER_ADDRESS": "2"}
    async with service(empty_database, **settings) as (_, http):
        await Client(http, "192.0.2.1").join()
        assert [await Client(http, "192.0.2.1").login(WRONG) for _ in range(2)] == ["INVALID_CREDENTIALS"] * 2
    async with service(empty_database, **settings) as (_, http):
        assert await Client(http, "192.0.2.1").login(PASSWORD) == "RATE_LIMITED"
        assert await Client(http, "198.51.100.7").login(PASSWORD) == "IN"


async def test_many_logins_at_once_leave_other_requests_answering(empty_database: str) -> None:
    # Where many tests share a few cores, so many take longer than one request may.
    async with service(empty_database, VRSS_DEADLINE_SECONDS="300") as (_, http):
        ada = Client(http, "192.0.2.1")
        headers = {"authorization": f"Bearer {await ada.join()}"}
        logins = [asyncio.create_task(Client(http, f"198.51.100.{n}").login(PASSWORD)) for n in range(AT_ONCE)]
        await logins[0]
        for _ in range(10):
            assert (await ada.post(WHO, headers)).json()["data"] == {"viewer": {"username": "ada"}}
        assert sum(login.done() for login in logins) < AT_ONCE
        assert await asyncio.gather(*logins) == ["IN"] * AT_ONCE


async def test_a_full_line_answers_503_and_says_when_to_come_again(empty_database: str) -> None:
    async with service(empty_database, VRSS_PASSWORD_QUEUE="0") as (_, http):

        async def join(number: int) -> httpx.Response:
            person = {"username": f"new_{number}", "email": f"{number}@example.org", "password": PASSWORD}
            return await Client(http, f"198.51.100.{number}").post(REGISTER, None, **person)

        answers = await asyncio.gather(*map(join, range(12)))
        assert {answer.status_code for answer in answers} == {200, 503}
        refused = next(answer for answer in answers if answer.status_code == 503)
        assert refused.json()["errors"][0]["extensions"]["code"] == "OVERLOADED"
        assert refused.headers["retry-after"] == "1"
        joined = sum(answer.status_code == 200 for answer in answers)
        with psycopg.connect(empty_database) as connection:
            assert connection.execute("SELECT count(*) FROM users").fetchone() == (joined,)


async def test_a_cookie_from_a_foreign_page_is_refused_and_a_revoked_one_fails(http: httpx.AsyncClient) -> None:
    dan = Client(http, "192.0.2.4")
    await dan.join("dan")
    own = {"origin": str(http.base_url).rstrip("/"), "sec-fetch-site": "same-origin"}
    answer = await dan.post(LOGIN, own, login="dan", password=PASSWORD, asCookie=True)
    assert "HttpOnly; SameSite=Lax" in answer.headers["set-cookie"]
    foreign = await dan.post(WHO, COOKIE)
    assert (foreign.status_code, foreign.json()["errors"][0]["extensions"]["code"]) == (403, "FORBIDDEN")
    assert (await dan.post(WHO, own)).json()["data"] == {"viewer": {"username": "dan"}}
    await dan.post("mutation { revokeOtherSessions { revokedCount } }", own)
    secure = await dan.post(LOGIN, {"x-forwarded-proto": "https"}, login="dan", password=PASSWORD, asCookie=True)
    assert re.match(r"__Host-vrss_session=[\w-]{43}; .*; Secure$", secure.headers["set-cookie"])
    await dan.post("mutation { logout { loggedOut } }", own)
    assert (await dan.post(WHO, own)).json()["data"] == {"viewer": None}


async def _use_everything(ada: Client, mailbox: Mailbox) -> tuple[set[str], list[str]]:
    """The secrets that went over the wire in one life of an account, and all that was answered."""
    secrets, answers = {PASSWORD, NEW_PASSWORD, WRONG}, list[str]()

    async def post(query: str, headers: dict[str, str] | None = None, **variables: object) -> httpx.Response:
        answer = await ada.post(query, headers, **variables)
        answers.append(answer.text)
        return answer

    first = await ada.join()
    proof = await mailbox.token("ada@example.org")
    secrets |= {first, proof}
    signed_in = {"authorization": f"Bearer {first}"}
    by_cookie = await post(LOGIN, login="ada", password=PASSWORD, asCookie=True)
    secrets.add(by_cookie.headers["set-cookie"].partition("=")[2].partition(";")[0])
    await post(LOGIN, login="ada", password=WRONG)
    await post("mutation ($t: String!) { verifyEmail(input: {token: $t}) { userErrors { message } } }", t=proof)
    await post("mutation ($t: String!) { verifyEmail(input: {token: $t}) { userErrors { message } } }", t=proof)
    await post('mutation { requestPasswordReset(input: {email: "ada@example.org"}) { accepted } }')
    reset = await mailbox.token("ada@example.org")
    secrets.add(reset)
    change = """mutation ($old: String!, $new: String!) {
      changePassword(input: {currentPassword: $old, newPassword: $new}) { userErrors { message } } }"""
    await post(change, signed_in, old=WRONG, new=NEW_PASSWORD)
    await post(change, signed_in, old=PASSWORD, new=NEW_PASSWORD)
    await post("{ viewer { sessions { nodes { id } } } nothing }", signed_in)
    await post("mutation ($t: Int!) { verifyEmail(input: {token: $t}) { email } }", signed_in, t=reset)
    await post("mutation { logout { loggedOut } }", signed_in)
    await post(WHO, signed_in)
    return secrets, answers


@pytest.mark.parametrize("environment", ["production", "development"])
async def test_no_token_and_no_password_reaches_a_log_or_an_error(
    empty_database: str, tmp_path: Path, environment: str
) -> None:
    settings = {"VRSS_LOG_LEVEL": "debug", "VRSS_ENVIRONMENT": environment, "VRSS_MAIL_URL": f"file:{tmp_path}"}
    async with service(empty_database, **settings) as (process, http):
        ada = Client(http, "192.0.2.1")
        secrets, answers = await _use_everything(ada, Mailbox(tmp_path))
        process.terminate()
        output, log = process.communicate()
    assert "session_by_token_hash" in log
    assert len(secrets) == 7
    for secret in secrets:
        assert secret not in output
        assert secret not in log
    shown = [answer for answer in answers if any(secret in answer for secret in secrets)]
    assert shown == []


def _log_until(process: Any, words: str) -> str:
    lines: list[str] = []
    for line in process.stderr:
        lines.append(line)
        if words in line:
            break
    return "".join(lines)


async def test_an_unreachable_mail_server_puts_no_email_into_the_log(empty_database: str) -> None:
    settings = {"VRSS_LOG_LEVEL": "debug", "VRSS_MAIL_URL": "smtp://127.0.0.1:1"}
    async with service(empty_database, **settings) as (process, http):
        token = await Client(http, "192.0.2.1").join()
        log = await asyncio.to_thread(_log_until, process, "was not delivered")
    assert token not in log
    assert not re.search(r"\b[\w-]{43}\b", log)
    assert "ada@example.org" not in log
