"""Headers of a request that come in several lines: a list, or a mistake (RFC 9110, 5.3 and 7.2)."""

import re

Header = tuple[bytes, bytes]

HOST = re.compile(rb"(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?")

# Those that have one value: two of them are two answers to one question.
_SINGLE = frozenset(
    (
        b"access-control-request-method",
        b"authorization",
        b"content-length",
        b"content-type",
        b"date",
        b"from",
        b"host",
        b"if-modified-since",
        b"if-range",
        b"if-unmodified-since",
        b"max-forwards",
        b"origin",
        b"proxy-authorization",
        b"range",
        b"referer",
        b"sec-fetch-dest",
        b"sec-fetch-mode",
        b"sec-fetch-site",
        b"user-agent",
        b"x-request-id",
    )
)


class HeaderError(ValueError):
    """What is wrong with the headers, in a sentence for the client's developer."""


def combined(headers: list[Header], http_version: str) -> list[Header]:
    """The headers with each name once: the lines of a list are joined, a cookie's by semicolons."""
    found = dict(headers)
    if len(found) != len(headers):
        found = _joined(headers)
    if found.get(b"transfer-encoding", b"chunked").lower() != b"chunked":
        raise HeaderError("The only Transfer-Encoding is chunked.")
    host = found.get(b"host")
    if host is None:
        if http_version == "1.1":
            raise HeaderError("The request has no Host.")
    elif HOST.fullmatch(host) is None:
        raise HeaderError("The Host of the request is not valid.")
    return list(found.items())


def _joined(headers: list[Header]) -> dict[bytes, bytes]:
    found: dict[bytes, list[bytes]] = {}
    for name, value in headers:
        found.setdefault(name, []).append(value)
    for name in _SINGLE & found.keys():
        if len(found[name]) > 1:
            raise HeaderError(f"The request has {name.decode().title()} more than once.")
    return {name: (b"; " if name == b"cookie" else b", ").join(values) for name, values in found.items()}
