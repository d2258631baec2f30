"""Bodies that are passed on as they come: they count among no others, and the process does not grow by them."""

import resource
import socket
from pathlib import Path

from starlette.applications import Starlette
from starlette.routing import Route

from api.http.cors import Origins
from api.http.unfinished import UnfinishedBodies
from api.media.addresses import UPLOAD_PATH, Addresses
from api.media.receiving import Uploads
from api.media.store import Store, new_key
from tests.http.conftest import listening, present

SIZE = 40 * 1024 * 1024
PIECE = bytes(1024 * 1024)
MIB_OF_KIB = 1024


def send(wire: socket.socket, path: str, size: int) -> int:
    """The status of the answer to a body of so many zeros."""
    head = f"PUT {path} HTTP/1.1\r\nhost: t\r\ncontent-type: video/mp4\r\ncontent-length: {size}\r\n\r\n"
    wire.sendall(head.encode())
    for _ in range(size // len(PIECE)):
        wire.sendall(PIECE)
    return int(wire.makefile("rb").readline().split()[1])


def test_large_uploads_are_neither_held_nor_counted_as_held(tmp_path: Path) -> None:
    store = Store(tmp_path)
    addresses = Addresses(lambda: [b"a" * 32])
    app = Starlette(routes=[Route(UPLOAD_PATH + "{key:path}", Uploads(store, addresses, Origins(()), present))])
    unfinished = UnfinishedBodies(max_bytes=SIZE // 2)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with listening(app, unfinished) as port:
        keys = [new_key("in") for _ in range(2)]
        for key in keys:
            path = addresses.of_upload(key, SIZE, "video/mp4", int(addresses.now()) + 900, 1)
            with socket.create_connection(("127.0.0.1", port), timeout=60) as wire:
                assert send(wire, path, SIZE) == 200
    assert [store.size(key) for key in keys] == [SIZE, SIZE]
    assert unfinished.total == 0
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20 * MIB_OF_KIB
