"""An export as a ZIP archive that is sent while it is being made: a file of JSON lines for each kind of thing."""

import io
import json
from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, nullcontext
from datetime import UTC, datetime
from itertools import groupby
from operator import attrgetter
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from anyio import to_thread

from db.maintenance.export import PARTS, lines
from db.pool import Database

_UNBOUNDED: AbstractAsyncContextManager[None] = nullcontext()
_README = """\
This is what VRSS holds of you. Each file has one kind of thing, one to a line, as JSON. Times are in UTC. Ids are those
of the database, by which the files refer to one another. What others wrote is not in it, and neither are secrets, such
as the hash of your password, nor whom and what you may not see at the moment: what you deleted, conversations that you
left and messages before you cleared a history, and your comments, reposts and likes on posts that you may not see.
contents.json says how many there are of each.
"""


class _Outgoing(io.RawIOBase):
    """Holds what the archive writes until it is taken. It cannot go back, so the archive does not ask it to."""

    def __init__(self) -> None:
        super().__init__()
        self._held = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any, /) -> int:
        self._held += data
        return len(data)

    def take(self) -> bytes:
        taken = bytes(self._held)
        self._held.clear()
        return taken


async def archive(
    database: Database, user_id: int, *, at_work: AbstractAsyncContextManager[Any] = _UNBOUNDED
) -> AsyncGenerator[bytes]:
    """The archive of one person's data, piece by piece.

    `at_work` is entered to read and compress each piece, and left before the caller gets the piece.
    """
    outgoing, counts = _Outgoing(), dict[str, int]()
    begun = datetime.now(UTC).isoformat(timespec="seconds")
    with ZipFile(outgoing, "w", ZIP_DEFLATED) as file:
        file.writestr("README.txt", _README)
        for name, parts in groupby(PARTS, attrgetter("name")):
            counts[name] = 0
            with file.open(f"{name}.jsonl", "w") as entry:
                for part in parts:
                    batches = lines(database, user_id, part)
                    while True:
                        async with at_work:
                            found = await anext(batches, None)
                            if found is None:
                                break
                            counts[name] += len(found)
                            text = "".join(f"{line}\n" for line in found).encode()
                            await to_thread.run_sync(entry.write, text)  # to compress it takes a while
                        if piece := outgoing.take():
                            yield piece
        file.writestr("contents.json", json.dumps({"exported_at": begun, "counts": counts}, indent=2))
    yield outgoing.take()
