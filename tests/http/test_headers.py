"""Headers that come in several lines, and the one that every request must have."""

import pytest

from api.http.headers import combined
from api.http.media_types import media_type
from tests.http.test_wire import answer, connected, is_closed, is_serving, refusal, request

ECHO = (200, {"data": {"echo": ""}})


@pytest.mark.parametrize(
    "line",
    [
        b"host: vrss.test",
        b"host: other.test",
        b"content-type: application/json",
        b"authorization: Bearer one\r\nAuthorization: Bearer two",
        b"origin: https://a.test\r\norigin: https://a.test",
        b"x-request-id: 12345678\r\nx-request-id: 87654321",
    ],
)
def test_a_header_of_one_value_is_refused_when_it_is_repeated(port: int, line: bytes) -> None:
    with connected(port) as wire:
        wire.sendall(request("{ echo }", line))
        assert refusal(wire) == (400, "BAD_USER_INPUT")
        assert is_closed(wire)
    assert is_serving(port)


@pytest.mark.parametrize("host", [b"", b"host:\r\n", b"host: a b\r\n", b"host: a/b\r\n", b"host: user@a\r\n"])
def test_a_request_without_a_valid_host_is_refused(port: int, host: bytes) -> None:
    with connected(port) as wire:
        wire.sendall(request("{ echo }").replace(b"host: vrss.test\r\n", host))
        assert refusal(wire) == (400, "BAD_USER_INPUT")
        assert is_closed(wire)


def test_http_1_0_needs_no_host(port: int) -> None:
    with connected(port) as wire:
        wire.sendall(request("{ echo }").replace(b"host: vrss.test\r\n", b"").replace(b"HTTP/1.1", b"HTTP/1.0"))
        assert answer(wire) == ECHO


def test_the_lines_of_a_list_are_joined() -> None:
    host = (b"host", b"[::1]:8000")
    lines = [
        (b"accept", b"text/css"),
        host,
        (b"cookie", b"a=1"),
        (b"accept", b"application/json"),
        (b"x-forwarded-for", b"10.0.0.1"),
        (b"cookie", b"b=2"),
        (b"x-forwarded-for", b"10.0.0.2"),
    ]
    assert combined(lines, "1.1") == [
        (b"accept", b"text/css, application/json"),
        host,
        (b"cookie", b"a=1; b=2"),
        (b"x-forwarded-for", b"10.0.0.1, 10.0.0.2"),
    ]


def test_what_a_client_accepts_may_come_in_several_lines(port: int) -> None:
    with connected(port) as wire:
        wire.sendall(request("{ echo }", b"accept: application/json", b"accept: text/css"))
        assert answer(wire) == ECHO


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        (b"application/json;q=0", None),
        (b"application/json; charset=utf-8; q=0.0", None),
        (b"application/json;q = 0", None),
        (b"application/json;q=0, */*", b"application/graphql-response+json"),
        (b"application/*;q=0, */*", None),
        (b"*/*;q=0, application/*", b"application/json"),
        (b"*/*;q=0", None),
        (b"application/*;q=0, application/json;q=0.1", b"application/json"),
    ],
)
def test_no_quality_means_no_and_the_narrowest_wish_counts(accept: bytes, kind: bytes | None) -> None:
    assert media_type(accept) == kind
