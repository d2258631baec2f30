"""The cookie that may stand for the Authorization header, for pages in a browser.

A browser sends a cookie with requests of any page, so a request with one must come from a page that is allowed to
use it: the API's own or one on the list. Over https its name begins with `__Host-`, which binds it to this very host.
"""

from collections.abc import Iterable
from http import HTTPStatus
from urllib.parse import urlsplit

from starlette.types import Scope

from api.http.cors import NamedOrigins
from api.http.headers import Header
from api.http.requests import (
    OWN_SITE,
    Headers,
    RequestError,
    address_of,
)

_BEARER = b"Bearer "
FOREIGN_PAGE = "Pages of this site may not use the session's cookie."


class SessionCookies:
    """`origins` are the pages that may use the cookie, besides those of the API's own address; `*` names none.

    With `local`, pages of any port of this machine may, too.
    """

    def __init__(
        self, name: str, origins: Iterable[str], public_url: str | None = None, *, local: bool = False
    ) -> None:
        self._name = name
        self._origins = NamedOrigins(origins, local=local)
        self._public_url = public_url

    def authorize(self, scope: Scope, headers: Headers) -> bool:
        """Set the Authorization header from the cookie; whether there was one. 403 from other pages."""
        if b"authorization" in headers or b"cookie" not in headers:
            return False
        token = self.token(scope, headers)
        if token is None:
            return False
        if not self.allows_page(scope, headers):
            raise RequestError(403, FOREIGN_PAGE, code="FORBIDDEN")
        headers[b"authorization"] = _BEARER + token.encode("latin-1")
        return True

    def allows_page(self, scope: Scope, headers: Headers) -> bool:
        """Whether the requesting page may use the cookie. Browsers send its origin; other clients send none."""
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

    def header_to_set(self, scope: Scope, token: str, seconds: int) -> Header:
        return self._header(scope, f"{token}; Max-Age={seconds}")

    def header_to_clear(self, scope: Scope) -> Header:
        return self._header(scope, "; Max-Age=0")

    def response_headers(self, scope: Scope, status: int, *, by_cookie: bool) -> tuple[Header, ...]:
        """Headers for the response to a request that `authorize` has seen: a cookie with an invalid token is cleared.

        A page cannot delete a cookie that it cannot read, and with it could not even log in.
        """
        return (self.header_to_clear(scope),) if by_cookie and status == HTTPStatus.UNAUTHORIZED else ()

    def _header(self, scope: Scope, value: str) -> Header:
        secure = "; Secure" if self._is_secure(scope) else ""
        cookie = f"{self._full_name(scope)}={value}; Path=/; HttpOnly; SameSite=Lax{secure}"
        return b"set-cookie", cookie.encode()

    def _full_name(self, scope: Scope) -> str:
        return f"__Host-{self._name}" if self._is_secure(scope) else self._name

    def _is_secure(self, scope: Scope) -> bool:
        return scope["scheme"] in {"https", "wss"} or (self._public_url or "").startswith("https:")


class CookieJar:
    """The cookie of one request, and at most one in its response: the last that the operation set or cleared."""

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
    def is_allowed(self) -> bool:
        """Whether the requesting page may have a cookie."""
        return self._cookies.allows_page(self._scope, self._headers)

    def set(self, token: str, seconds: int) -> None:
        self._decided = True
        self._header = self._cookies.header_to_set(self._scope, token, seconds)

    def renew(self, token: str, seconds: int) -> None:
        """Extend the cookie if it holds this token, unless the operation set or cleared one."""
        if not self._decided and self._cookies.token(self._scope, self._headers) == token:
            self._header = self._cookies.header_to_set(self._scope, token, seconds)

    def clear(self) -> None:
        """Clear the cookie if there is one, or was about to be."""
        if self._header is not None or self._cookies.token(self._scope, self._headers) is not None:
            self._header = self._cookies.header_to_clear(self._scope)
        self._decided = True


def _origin(url: str) -> bytes:
    """Scheme and host, as a browser names them."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower().encode()
