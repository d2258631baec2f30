"""Who waits for a lock."""

from collections.abc import Iterator
from time import monotonic

import psycopg


def waiting_backends(watcher: psycopg.Connection) -> Iterator[int]:
    """The server processes that wait for a lock; an error when none has come to it within a minute."""
    deadline = monotonic() + 60
    while monotonic() < deadline:
        for (pid,) in watcher.execute("SELECT pid FROM pg_locks WHERE NOT granted AND pid <> pg_backend_pid()"):
            yield pid
    raise TimeoutError("The seeding never came to the lock")
