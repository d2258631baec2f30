"""Clients that offer another protocol with `Upgrade` are answered in HTTP/1.1, and their bodies are read."""

import json

import pytest

from tests.http.test_wire import HEAD, answer, connected, is_closed, is_serving, read_answer, refusal, request

H2C = (b"connection: Upgrade, HTTP2-Settings", b"upgrade: h2c", b"http2-settings: AAMAAABkAAQCAAAAAAIAAAAA")
WEBSOCKET = (b"connection: keep-alive, Upgrade", b"upgrade: websocket", b"sec-websocket-version: 13")
OFFERS = pytest.mark.parametrize("offer", [H2C, WEBSOCKET], ids=["h2c", "websocket"])

ONE, TWO = (200, {"data": {"echo": "one"}}), (200, {"data": {"echo": "two"}})


def echo(text: str, *headers: bytes) -> bytes:
    return request(f'{{ echo(text: "{text}") }}', *headers)


@OFFERS
def test_an_upgrade_is_ignored_and_its_body_read(port: int, offer: tuple[bytes, ...]) -> None:
    with connected(port) as wire:
        wire.sendall(echo("one", *offer))
        assert answer(wire) == ONE
        wire.sendall(echo("two"))
        assert answer(wire) == TWO


@OFFERS
def test_the_body_may_come_after_the_head_of_an_upgrade(port: int, offer: tuple[bytes, ...]) -> None:
    head, _, body = echo("one", *offer).partition(b"\r\n\r\n")
    with connected(port) as wire:
        for piece in (head[:30], head[30:] + b"\r\n\r\n", body[:5], body[5:]):
            wire.sendall(piece)
            assert is_serving(port)  # by then the piece before has been read
        assert answer(wire) == ONE
        wire.sendall(echo("two"))
        assert answer(wire) == TWO


@OFFERS
def test_a_body_in_chunks_is_read_after_an_upgrade(port: int, offer: tuple[bytes, ...]) -> None:
    body = json.dumps({"query": '{ echo(text: "one") }'}).encode()
    head = HEAD + b"".join(line + b"\r\n" for line in offer) + b"transfer-encoding: chunked\r\n\r\n"
    with connected(port) as wire:
        wire.sendall(head + b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body))
        assert answer(wire) == ONE
        wire.sendall(echo("two"))
        assert answer(wire) == TWO


@OFFERS
def test_requests_that_follow_an_upgrade_at_once_are_answered(port: int, offer: tuple[bytes, ...]) -> None:
    with connected(port) as wire, wire.makefile("rb") as stream:
        wire.sendall(echo("one", *offer) + echo("two", *offer) + echo("one"))
        answers = [read_answer(stream) for _ in range(3)]
        assert answers == [ONE, TWO, ONE]


def test_the_body_of_an_upgrade_is_no_request(port: int) -> None:
    """What looks like a request inside of a body is its text."""
    hidden = b"GET /graphql?query=%7Becho%7D HTTP/1.1\r\nhost: vrss.test\r\n\r\n"
    head = HEAD + b"".join(line + b"\r\n" for line in H2C) + b"content-length: %d\r\n\r\n" % len(hidden)
    with connected(port) as wire:
        wire.sendall(head + hidden)
        assert refusal(wire) == (400, "BAD_USER_INPUT")
        wire.sendall(echo("two"))
        assert answer(wire) == TWO


def test_a_head_with_an_upgrade_has_the_same_bound(port: int) -> None:
    with connected(port) as wire:
        wire.sendall(echo("one", *H2C, b"x-pad: " + b"x" * 5000))
        assert refusal(wire) == (431, "BAD_USER_INPUT")
        assert is_closed(wire)


def test_a_tunnel_is_refused(port: int) -> None:
    with connected(port) as wire:
        wire.sendall(b"CONNECT vrss.test:443 HTTP/1.1\r\nhost: vrss.test:443\r\n\r\n")
        assert refusal(wire) == (400, "BAD_USER_INPUT")
        assert is_closed(wire)
    assert is_serving(port)
