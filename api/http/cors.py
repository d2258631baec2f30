"""Which other sites' pages may call the API from a browser, and read what it answers (CORS).

Cookies may cross from the origins that are named; with `*` for all they may not, since then every page could use them.
"""

from collections.abc import Iterable

from starlette.types import Send

from api.http.requests import Header, Headers

_VARY = (b"vary", b"origin")
_CREDENTIALS = (b"access-control-allow-credentials", b"true")
_EXPOSED = (b"access-control-expose-headers", b"x-request-id, retry-after")
_PREFLIGHT = (
    (b"access-control-allow-methods", b"GET, POST"),
    (b"access-control-allow-headers", b"authorization, content-type, x-request-id"),
    (b"access-control-max-age", b"7200"),  # the longest that a browser keeps
    (b"content-length", b"0"),
)


class Origins:
    """The origins on a list, as `https://www.example.org`; `*` stands for all."""

    def __init__(self, allowed: Iterable[str]) -> None:
        self._allowed = frozenset(origin.encode() for origin in allowed)
        # For origins that are not allowed: caches must keep a response for each origin.
        self._others: tuple[Header, ...] = (_VARY,) if self._allowed else ()

    def allows(self, headers: Headers) -> bool:
        origin = headers.get(b"origin")
        return origin is not None and (origin in self._allowed or b"*" in self._allowed)

    def headers(self, headers: Headers) -> tuple[Header, ...]:
        """What is added to every answer."""
        if not self._allowed or not self.allows(headers):
            return self._others
        permission = (_VARY, (b"access-control-allow-origin", headers[b"origin"]), _EXPOSED)
        return (*permission, _CREDENTIALS) if headers[b"origin"] in self._allowed else permission

    def is_preflight(self, method: str, headers: Headers) -> bool:
        """Whether this is a preflight request, where any origin is allowed at all."""
        return method == "OPTIONS" and bool(self._allowed) and b"access-control-request-method" in headers

    async def answer_preflight(self, headers: Headers, send: Send) -> None:
        permission = _PREFLIGHT if self.allows(headers) else _PREFLIGHT[-1:]
        start = {"type": "http.response.start", "status": 204, "headers": (*permission, *self.headers(headers))}
        await send(start)
        await send({"type": "http.response.body", "body": b""})
