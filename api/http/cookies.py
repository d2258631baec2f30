"""The cookie that may stand for the Authorization header, for pages in a browser.

A browser sends a cookie whoever's page asks, so a request that carries one must come from a page that may ask: the
API's own or one on the list. Over https its name begins with `__Host-`, which binds it to this very host.
"""

from collections.abc import Iterable
from http import HTTPStatus
from urllib.parse import urlsplit

from starlette.types import Scope

from api.http.headers import Header
from api.http.requests import (
    OWN_SITE,
    Headers,
    RequestError,
    address_of,
)

_BEARER = b"Bearer "
FOREIGN = "Pages of this site may not use the session's cookie."


class SessionCookies:
    """`origins` are the pages that may ask with a cookie, besides those that the API is reached under."""

    def __init__(self, name: str, origins: Iterable[str], public_url: str | None = None) -> None:
        self._name = name
        self._origins = frozenset(origin.encode() for origin in origins if origin != "*")
        self._public_url = public_url

    def let_in(self, scope: Scope, headers: Headers) -> bool:
        """Put the token of a cookie where a header would have had it; whether there was one. 403 from other pages."""
        if b"authorization" in headers or b"cookie" not in headers:
            return False
        token = self.token(scope, headers)
        if token is None:
            return False
        if not self.admits(scope, headers):
            raise RequestError(403, FOREIGN, code="FORBIDDEN")
        headers[b"authorization"] = _BEARER + token.encode("latin-1")
        return True

    def admits(self, scope: Scope, headers: Headers) -> bool:
        """Whether the page that asks may, as far as the browser says which it is. Programs say nothing."""
        origin = headers.get(b"origin")
        if origin is None:
            return headers.get(b"sec-fetch-site", b"none") in OWN_SITE
        own = (_origin(address_of(scope, headers)), _origin(self._public_url or ""))
        return origin in self._origins or origin in own

    def token(self, scope: Scope, headers: Headers) -> str | None:
        """The token that the cookie of a request holds."""
        wanted = self._full_name(scope).encode()
        for cookie in headers.get(b"cookie", b"").split(b";"):
            name, _, value = cookie.strip().partition(b"=")
            if name == wanted and value:
                return value.decode("latin-1")
        return None

    def given(self, scope: Scope, token: str, seconds: int) -> Header:
        return self._header(scope, f"{token}; Max-Age={seconds}")

    def taken(self, scope: Scope) -> Header:
        return self._header(scope, "; Max-Age=0")

    def answered(self, scope: Scope, status: int, *, by_cookie: bool) -> tuple[Header, ...]:
        """What an answer adds for a request that `let_in` has seen: a cookie whose token is refused is taken away.

        A page cannot throw a cookie away that it cannot read, and with it not even log in.
        """
        return (self.taken(scope),) if by_cookie and status == HTTPStatus.UNAUTHORIZED else ()

    def _header(self, scope: Scope, value: str) -> Header:
        secure = "; Secure" if self._is_secure(scope) else ""
        cookie = f"{self._full_name(scope)}={value}; Path=/; HttpOnly; SameSite=Lax{secure}"
        return b"set-cookie", cookie.encode()

    def _full_name(self, scope: Scope) -> str:
        return f"__Host-{self._name}" if self._is_secure(scope) else self._name

    def _is_secure(self, scope: Scope) -> bool:
        return scope["scheme"] == "https" or (self._public_url or "").startswith("https:")


class Jar:
    """The cookie in one request, and at most one in the head of its answer: the last that the operation decided on."""

    def __init__(self, cookies: SessionCookies, scope: Scope, headers: Headers) -> None:
        self._cookies = cookies
        self._scope = scope
        self._headers = headers
        self._decided = False
        self._header: Header | None = None

    @property
    def answer_headers(self) -> list[Header]:
        return [] if self._header is None else [self._header]

    @property
    def is_open(self) -> bool:
        """Whether the page that asks may have a cookie."""
        return self._cookies.admits(self._scope, self._headers)

    def put(self, token: str, seconds: int) -> None:
        self._decided = True
        self._header = self._cookies.given(self._scope, token, seconds)

    def renew(self, token: str, seconds: int) -> None:
        """Let the cookie live on if it was the one that held this token, unless the operation put or took one."""
        if not self._decided and self._cookies.token(self._scope, self._headers) == token:
            self._header = self._cookies.given(self._scope, token, seconds)

    def empty(self) -> None:
        """Take the cookie away if there is one, or was about to be."""
        if self._header is not None or self._cookies.token(self._scope, self._headers) is not None:
            self._header = self._cookies.taken(self._scope)
        self._decided = True


def _origin(url: str) -> bytes:
    """Scheme and host, as a browser names them."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower().encode()
