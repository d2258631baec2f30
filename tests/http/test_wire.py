"""What only the wire shows: heads and bodies that do not end, clients that leave, and a server that goes on."""

import json
import socket
import time
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any, BinaryIO

import pytest

from tests.http.conftest import MAX_HEAD_BYTES, Serve, Signals, listening

HEAD = b"POST /graphql HTTP/1.1\r\nhost: vrss.test\r\ncontent-type: application/json\r\n"
PATIENCE = 10


@contextmanager
def connected(port: int) -> Generator[socket.socket]:
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as wire:
        yield wire


def request(query: str, *headers: bytes) -> bytes:
    body = json.dumps({"query": query}).encode()
    return HEAD + b"".join(header + b"\r\n" for header in headers) + b"content-length: %d\r\n\r\n" % len(body) + body


def answer(wire: socket.socket) -> tuple[int, Any]:
    """Status and body of the next answer, without what it cost."""
    return read_answer(wire.makefile("rb"))


def read_answer(stream: BinaryIO) -> tuple[int, Any]:
    """As `answer`, where several may be on their way: the stream keeps what follows."""
    status = int(stream.readline().split()[1])
    length = 0
    while (line := stream.readline()) not in (b"\r\n", b""):
        name, _, value = line.partition(b":")
        length = int(value) if name == b"content-length" else length
    body = json.loads(stream.read(length))
    body.pop("extensions", None)
    return status, body


def refusal(wire: socket.socket) -> tuple[int, str]:
    status, body = answer(wire)
    (error,) = body["errors"]
    assert error["extensions"]["requestId"]
    return status, error["extensions"]["code"]


def is_closed(wire: socket.socket) -> bool:
    try:
        return wire.recv(1) == b""
    except ConnectionResetError:
        return True


def is_serving(port: int) -> bool:
    with connected(port) as wire:
        wire.sendall(request("{ echo }"))
        return answer(wire) == (200, {"data": {"echo": ""}})


def padded(size: int) -> bytes:
    """A request whose head, without line ends, has this size as it is counted: names, values, and 4 for each."""
    bare = request("{ echo }", b"x-pad: ")
    head = bare.partition(b"\r\n\r\n")[0].split(b"\r\n")[1:]
    counted = len(b"/graphql") + sum(len(line) - len(b": ") + 4 for line in head)
    return request("{ echo }", b"x-pad: " + b"x" * (size - counted))


def test_a_head_as_large_as_allowed_is_read_and_a_larger_one_refused(port: int) -> None:
    with connected(port) as wire:
        wire.sendall(padded(MAX_HEAD_BYTES))
        assert answer(wire) == (200, {"data": {"echo": ""}})
        wire.sendall(padded(MAX_HEAD_BYTES + 1))
        assert refusal(wire) == (431, "BAD_USER_INPUT")
        assert is_closed(wire)
    assert is_serving(port)


@pytest.mark.parametrize(
    "flood",
    [
        HEAD + b"x-one: " + b"x" * 100_000 + b"\r\n\r\n",
        HEAD + b"x-one: " + b"x" * 100_000,
        HEAD + b"x: y\r\n" * 20_000,
        b"GET /graphql?query=" + b"x" * 100_000 + b" HTTP/1.1\r\n\r\n",
        b"GET /graphql?query=" + b"x" * 100_000,
    ],
)
def test_a_head_that_does_not_end_is_refused(port: int, flood: bytes) -> None:
    with connected(port) as wire:
        wire.sendall(flood)
        assert refusal(wire) == (431, "BAD_USER_INPUT")
        assert is_closed(wire)
    assert is_serving(port)


def test_a_refusal_reaches_a_client_that_is_still_sending(port: int) -> None:
    """Not closed at once: bytes that nobody reads would reset the connection, and the refusal with it."""
    with connected(port) as wire:
        wire.sendall(HEAD + b"x-one: " + b"x" * 20_000)
        time.sleep(0.2)
        for _ in range(20):
            wire.sendall(b"x" * 20_000)
            time.sleep(0.01)
        assert refusal(wire) == (431, "BAD_USER_INPUT")
        assert is_closed(wire)


def test_a_client_that_goes_on_sending_after_a_refusal_is_disconnected(port: int) -> None:
    def keep_sending() -> None:
        for _ in range(500):
            wire.sendall(b"x" * 100_000)

    with connected(port) as wire, pytest.raises((ConnectionResetError, BrokenPipeError)):
        keep_sending()


def test_trailers_that_do_not_end_are_refused(port: int) -> None:
    with connected(port) as wire:
        wire.sendall(HEAD + b"transfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n" + b"x: y\r\n" * 20_000)
        assert refusal(wire) == (431, "BAD_USER_INPUT")
        assert is_closed(wire)
    assert is_serving(port)


@pytest.mark.parametrize("parts", [1, 3])
def test_trailers_are_no_headers(port: int, parts: int) -> None:
    """Neither who asks nor how to answer is said after the body, however it is cut into packets."""
    head, chunks = HEAD + b"transfer-encoding: chunked\r\n\r\n", b'15\r\n{"query": "{ echo }"}\r\n0\r\n'
    trailers = b"authorization: Bearer wrong\r\naccept: text/plain\r\nhost: other\r\n\r\n"
    with connected(port) as wire:
        for part in [head + chunks + trailers] if parts == 1 else [head, chunks, trailers]:
            wire.sendall(part)
            if parts > 1:
                time.sleep(0.05)
        assert answer(wire) == (200, {"data": {"echo": ""}})
        wire.sendall(request("{ echo }"))
        assert answer(wire) == (200, {"data": {"echo": ""}})


@pytest.mark.parametrize("coding", [b"gzip, chunked", b"gzip", b"identity"])
def test_a_body_in_a_coding_that_is_not_known_is_refused(port: int, coding: bytes) -> None:
    with connected(port) as wire:
        wire.sendall(HEAD + b"transfer-encoding: " + coding + b"\r\n\r\n2\r\n{}\r\n0\r\n\r\n")
        assert refusal(wire) == (400, "BAD_USER_INPUT")
        assert is_closed(wire)


def test_a_body_in_the_smallest_chunks_is_read(port: int) -> None:
    body = json.dumps({"query": '{ echo(text: "' + "x" * 2000 + '") }'}).encode()
    chunks = b"".join(b"1\r\n%c\r\n" % byte for byte in body)
    with connected(port) as wire:
        wire.sendall(HEAD + b"transfer-encoding: chunked\r\n\r\n" + chunks + b"0\r\n\r\n")
        assert answer(wire) == (200, {"data": {"echo": "x" * 2000}})


def test_what_is_not_http_is_refused(port: int) -> None:
    with connected(port) as wire:
        wire.sendall(b"\x16\x03\x01 is TLS\r\n\r\n")
        assert refusal(wire) == (400, "BAD_USER_INPUT")
        assert is_closed(wire)
    assert is_serving(port)


def test_whoever_says_nothing_is_cut_off(port: int) -> None:
    with connected(port) as silent, connected(port) as slow:
        slow.sendall(HEAD)
        assert is_closed(silent)
        assert is_closed(slow)
    assert is_serving(port)


def test_a_head_that_trickles_in_after_an_answer_is_cut_off(port: int) -> None:
    with connected(port) as wire:
        wire.sendall(request("{ echo }"))
        answer(wire)
        wire.sendall(HEAD)
        assert is_closed(wire)


def test_a_body_that_does_not_come_is_a_time_out(port: int) -> None:
    with connected(port) as wire:
        wire.sendall(HEAD + b'content-length: 100\r\n\r\n{"query":')
        assert refusal(wire) == (408, "TIMEOUT")
        assert is_closed(wire)


def test_a_body_that_is_announced_too_large_is_refused_before_it_comes(port: int) -> None:
    for announced in (b"10001", b"9" * 18):
        with connected(port) as wire:
            wire.sendall(HEAD + b"content-length: " + announced + b"\r\n\r\n{")
            assert refusal(wire) == (413, "BAD_USER_INPUT")
            assert is_closed(wire)


@pytest.mark.parametrize("head", [HEAD, HEAD + b"connection: close\r\n", HEAD.replace(b"HTTP/1.1", b"HTTP/1.0")])
def test_what_is_left_of_a_body_that_is_too_large_is_thrown_away(port: int, head: bytes) -> None:
    """As most clients send all of it before they read the answer, which would be lost where the connection is reset."""
    with connected(port) as wire:
        wire.sendall(head + b"content-length: 9000001\r\n\r\n{")
        for _ in range(90):
            wire.sendall(b"x" * 100_000)
        assert refusal(wire) == (413, "BAD_USER_INPUT")
        assert is_closed(wire)
    assert is_serving(port)


def test_a_body_that_grows_too_large_is_refused(port: int) -> None:
    with connected(port) as wire:
        wire.sendall(HEAD + b"transfer-encoding: chunked\r\n\r\n" + b"1000\r\n" + b" " * 4096 + b"\r\n")
        wire.sendall(b"2000\r\n" + b" " * 8192 + b"\r\n")
        assert refusal(wire) == (413, "BAD_USER_INPUT")
        assert is_closed(wire)


def test_one_connection_serves_request_after_request(port: int) -> None:
    with connected(port) as wire:
        for text in ("one", "two"):
            wire.sendall(request(f'{{ echo(text: "{text}") }}'))
            assert answer(wire) == (200, {"data": {"echo": text}})


def test_a_client_that_leaves_stops_its_request(view: Serve, signals: Signals) -> None:
    with listening(view()) as port:
        with connected(port) as wire:
            wire.sendall(request("{ never }"))
            assert signals.begun.wait(PATIENCE)
        assert signals.stopped.wait(PATIENCE)
        assert is_serving(port)


def test_a_client_that_leaves_within_its_body_harms_nobody(port: int) -> None:
    with connected(port) as wire:
        wire.sendall(HEAD + b'content-length: 100\r\n\r\n{"query":')
    assert is_serving(port)


def test_a_client_that_stays_gets_its_answer_however_late(view: Serve, signals: Signals) -> None:
    """The eye that is kept on a slow request takes nothing from its connection."""
    with listening(view()) as port, connected(port) as wire:
        wire.sendall(request("{ slow echo }"))
        assert answer(wire) == (200, {"data": {"slow": 1, "echo": ""}})
        wire.sendall(request("{ echo }"))
        assert answer(wire) == (200, {"data": {"echo": ""}})
        assert not signals.stopped.is_set()
