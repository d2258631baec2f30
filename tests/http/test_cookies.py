"""The cookie that stands for the Authorization header: from which pages, and under which name."""

import pytest
from starlette.types import Scope

from api.http.cookies import CookieJar, SessionCookies
from api.http.requests import RequestError

SITE = "https://www.example.org"
PUBLIC = "https://api.example.org/v1"


def scope(scheme: str = "http") -> Scope:
    return {"type": "http", "scheme": scheme, "server": ("vrss.test", 80)}


def request(**headers: str) -> dict[bytes, bytes]:
    given = {"host": "vrss.test", "cookie": "other=1; session=abc"} | headers
    return {name.replace("_", "-").encode(): value.encode() for name, value in given.items()}


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"sec_fetch_site": "same-origin"},
        {"sec_fetch_site": "none"},
        {"origin": "http://vrss.test", "sec_fetch_site": "same-origin"},
        {"origin": SITE, "sec_fetch_site": "cross-site"},
        {"cookie": 'a/b=1;odd"name="x;session=abc;  c'},
    ],
)
def test_a_cookie_from_a_page_that_may_ask_becomes_the_header(headers: dict[str, str]) -> None:
    given = request(**headers)
    assert SessionCookies("session", (SITE, "*")).authorize(scope(), given)
    assert given[b"authorization"] == b"Bearer abc"


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "https://evil.example", "sec_fetch_site": "same-origin"},
        {"origin": "https://vrss.test"},
        {"origin": "http://vrss.test:8080"},
        {"origin": "null"},
        {"origin": ""},
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
    ],
)
def test_a_cookie_from_another_page_is_refused(headers: dict[str, str]) -> None:
    given = request(**headers)
    with pytest.raises(RequestError) as refused:
        SessionCookies("session", (SITE, "*")).authorize(scope(), given)
    assert (refused.value.status, refused.value.code) == (403, "FORBIDDEN")
    assert b"authorization" not in given


@pytest.mark.parametrize(
    "headers",
    [
        {"cookie": ""},
        {"cookie": "session="},
        {"cookie": "other=session"},
        {"cookie": "session=abc", "authorization": "Bearer mine"},
        {"cookie": "session; =abc"},
    ],
)
def test_without_the_cookie_any_page_asks_as_nobody(headers: dict[str, str]) -> None:
    given = request(origin="https://evil.example", **headers)
    assert not SessionCookies("session", ()).authorize(scope(), given)
    assert given.get(b"authorization") in (None, b"Bearer mine")


def test_under_https_the_cookie_is_bound_to_the_host() -> None:
    for cookies, place in (
        (SessionCookies("session", ()), scope("https")),
        (SessionCookies("session", (), PUBLIC), scope()),
    ):
        cookie_jar = CookieJar(cookies, place, request())
        cookie_jar.set("abc", 60)
        assert cookie_jar.answer_headers == [
            (b"set-cookie", b"__Host-session=abc; Max-Age=60; Path=/; HttpOnly; SameSite=Lax; Secure")
        ]
        assert not cookies.authorize(place, request())
        assert cookies.authorize(place, request(cookie="__Host-session=abc"))


def test_the_public_address_is_an_own_page() -> None:
    cookies = SessionCookies("session", (), PUBLIC)
    assert cookies.authorize(scope(), request(cookie="__Host-session=abc", origin="https://api.example.org"))


def test_only_the_cookie_of_this_session_is_renewed_or_taken() -> None:
    cookie_jar = CookieJar(SessionCookies("session", ()), scope(), request())
    cookie_jar.renew("another", 60)
    assert cookie_jar.answer_headers == []
    cookie_jar.renew("abc", 60)
    assert cookie_jar.answer_headers == [(b"set-cookie", b"session=abc; Max-Age=60; Path=/; HttpOnly; SameSite=Lax")]
    without = CookieJar(SessionCookies("session", ()), scope(), request(cookie=""))
    without.clear()
    assert without.answer_headers == []
    cookie_jar.clear()
    assert cookie_jar.answer_headers == [TAKEN]


TAKEN = (b"set-cookie", b"session=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax")
GIVEN = (b"set-cookie", b"session=new; Max-Age=60; Path=/; HttpOnly; SameSite=Lax")


def test_renewing_does_not_overwrite_what_the_operation_decided() -> None:
    cookies = SessionCookies("session", ())
    put, emptied = CookieJar(cookies, scope(), request()), CookieJar(cookies, scope(), request())
    put.set("new", 60)
    emptied.clear()
    for cookie_jar in (put, emptied):
        cookie_jar.renew("abc", 60)
    assert (put.answer_headers, emptied.answer_headers) == ([GIVEN], [TAKEN])


def test_of_several_cookies_in_one_operation_the_last_is_sent() -> None:
    cookie_jar = CookieJar(SessionCookies("session", ()), scope(), request(cookie=""))
    cookie_jar.set("new", 60)
    cookie_jar.clear()
    assert cookie_jar.answer_headers == [TAKEN]
    cookie_jar.set("new", 60)
    assert cookie_jar.answer_headers == [GIVEN]
