"""Which other sites' pages may call the API from a browser, and read what it answers (CORS).

Cookies may cross from the origins that are named; with `*` for all they may not, since then every page could use them.
"""

import re
from collections.abc import Iterable, Sequence

from starlette.types import Send

from api.http.requests import Header, Headers

_VARY = (b"vary", b"origin")
_CREDENTIALS = (b"access-control-allow-credentials", b"true")
_EXPOSED = (b"access-control-expose-headers", b"x-request-id, retry-after")
_METHODS = b"GET, POST"
_PREFLIGHT = (
    (b"access-control-allow-headers", b"authorization, content-type, x-request-id"),
    (b"access-control-max-age", b"7200"),  # the longest that a browser keeps
    (b"content-length", b"0"),
)
_LOCAL = re.compile(rb"http://(localhost|127\.0\.0\.1|\[::1\])(:[0-9]{1,5})?")


class NamedOrigins:
    """The origins of a list, as `https://www.example.org`, without `*`; with `local`, those of this machine too."""

    def __init__(self, names: Iterable[str], *, local: bool = False) -> None:
        self._names = frozenset(name.encode() for name in names if name != "*")
        self._local = local

    def __contains__(self, origin: bytes) -> bool:
        return origin in self._names or (self._local and _LOCAL.fullmatch(origin) is not None)

    def __bool__(self) -> bool:
        return self._local or bool(self._names)


class Origins:
    """The origins of a list; `*` stands for all. With `local`, pages of any port of this machine: http://localhost:*."""

    def __init__(self, allowed: Sequence[str], *, local: bool = False) -> None:
        self._named = NamedOrigins(allowed, local=local)
        self._all = "*" in allowed
        self._any = self._all or bool(self._named)
        # For origins that are not allowed: caches must keep a response for each origin.
        self._others: tuple[Header, ...] = (_VARY,) if self._any else ()

    def allows(self, headers: Headers) -> bool:
        origin = headers.get(b"origin")
        return origin is not None and (self._all or origin in self._named)

    def headers(self, headers: Headers) -> tuple[Header, ...]:
        """What is added to every answer."""
        if not self.allows(headers):
            return self._others
        permission = (_VARY, (b"access-control-allow-origin", headers[b"origin"]), _EXPOSED)
        return (*permission, _CREDENTIALS) if headers[b"origin"] in self._named else permission

    def is_preflight(self, method: str, headers: Headers) -> bool:
        """Whether this is a preflight request, where any origin is allowed at all."""
        return method == "OPTIONS" and self._any and b"access-control-request-method" in headers

    async def answer_preflight(self, headers: Headers, send: Send, *, methods: bytes = _METHODS) -> None:
        allowed = ((b"access-control-allow-methods", methods), *_PREFLIGHT)
        permission = allowed if self.allows(headers) else _PREFLIGHT[-1:]
        start = {"type": "http.response.start", "status": 204, "headers": (*permission, *self.headers(headers))}
        await send(start)
        await send({"type": "http.response.body", "body": b""})
