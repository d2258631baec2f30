"""Bodies that do not end: how many bytes of them are held, and for how long."""

import socket
import time
from collections.abc import Generator
from contextlib import ExitStack, contextmanager

import pytest

from api.http.requests import RequestLimits
from api.http.unfinished import UnfinishedBodies
from tests.http.conftest import Serve, listening
from tests.http.test_bodies import padded
from tests.http.test_wire import HEAD, answer, connected, is_closed, is_serving, refusal

SIZE = 60_000  # below what one caller may send at a time
BODY = padded(SIZE)
MOST = 4


@contextmanager
def sending(port: int, *headers: bytes) -> Generator[socket.socket]:
    """A request whose body lacks its last byte."""
    with connected(port) as wire:
        head = HEAD + b"".join(header + b"\r\n" for header in headers)
        wire.sendall(head + b"content-length: %d\r\n\r\n" % SIZE + BODY[:-1])
        yield wire


def until(unfinished: UnfinishedBodies, count: int, total: int) -> None:
    deadline = time.monotonic() + 10
    while (found := (unfinished.count, unfinished.total)) != (count, total):
        assert time.monotonic() < deadline, f"{found} are held"


@pytest.fixture
def unfinished() -> UnfinishedBodies:
    return UnfinishedBodies(max_bytes=MOST * SIZE)


def test_where_too_much_of_bodies_is_held_the_oldest_are_refused(view: Serve, unfinished: UnfinishedBodies) -> None:
    with listening(view(), unfinished) as port, ExitStack() as stack:
        wires: list[socket.socket] = []
        for number in range(2 * MOST):
            wires.append(stack.enter_context(sending(port)))
            held = min(number + 1, MOST)
            until(unfinished, held, held * (SIZE - 1))
        for wire in wires[:MOST]:
            assert refusal(wire) == (503, "OVERLOADED")
            assert is_closed(wire)
        assert is_serving(port)
        for wire in wires[MOST:]:
            wire.sendall(BODY[-1:])
            assert answer(wire) == (200, {"data": {"echo": ""}})
        until(unfinished, 0, 0)


def test_bodies_that_are_complete_or_given_up_are_held_no_more(view: Serve, unfinished: UnfinishedBodies) -> None:
    with listening(view(RequestLimits(body_seconds=0.3)), unfinished) as port:
        with sending(port) as wire:
            wire.sendall(BODY[-1:])
            assert answer(wire) == (200, {"data": {"echo": ""}})
            until(unfinished, 0, 0)
        with sending(port):
            until(unfinished, 1, SIZE - 1)
        until(unfinished, 0, 0)
        with sending(port) as wire:
            assert refusal(wire) == (408, "TIMEOUT")
            until(unfinished, 0, 0)


def test_of_a_body_that_is_not_read_nothing_is_held_after_the_answer(view: Serve, unfinished: UnfinishedBodies) -> None:
    """It is read to its end, so that the client can send another request, but not for ever."""
    with listening(view(), unfinished) as port:
        with sending(port, b"content-encoding: gzip") as wire:
            assert refusal(wire) == (415, "BAD_USER_INPUT")
            until(unfinished, 0, 0)
            wire.sendall(BODY[-1:] + HEAD + b"content-length: %d\r\n\r\n" % SIZE + BODY)
            assert answer(wire) == (200, {"data": {"echo": ""}})
        with sending(port, b"content-encoding: gzip") as wire:
            assert refusal(wire) == (415, "BAD_USER_INPUT")
            assert is_closed(wire)
        with sending(port, b"content-encoding: gzip") as wire:
            assert refusal(wire) == (415, "BAD_USER_INPUT")
            wire.sendall(BODY[-1:])
            assert is_closed(wire)
