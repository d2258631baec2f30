"""Two sessions that meet: one acts in the background, and that it waits is seen, not guessed."""

import threading
import time
from collections.abc import Sequence
from typing import LiteralString

import psycopg

DEADLINE_SECONDS = 20


def until_blocked_by(blocker: psycopg.Connection) -> int:
    """Return the pid of a session that waits for a lock of this one, as soon as there is one."""
    observed = blocker.info.backend_pid
    deadline = time.monotonic() + DEADLINE_SECONDS
    with psycopg.connect(blocker.info.dsn, password=blocker.info.password, autocommit=True) as observer:
        while time.monotonic() < deadline:
            row = observer.execute(
                "SELECT pid FROM pg_stat_activity WHERE %s = ANY (pg_blocking_pids(pid))", [observed]
            ).fetchone()
            if row is not None:
                return int(row[0])
    raise AssertionError("nobody waits")


def until_it_waits(session: psycopg.Connection) -> None:
    """Return as soon as this session, busy in a thread, waits for a lock."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    with psycopg.connect(session.info.dsn, password=session.info.password, autocommit=True) as observer:
        while time.monotonic() < deadline:
            blockers = observer.execute("SELECT pg_blocking_pids(%s)", [session.info.backend_pid]).fetchone()
            if blockers != ([],):
                return
    raise AssertionError("it does not wait")


def in_background(session: psycopg.Connection, statement: LiteralString, values: Sequence[object]) -> threading.Thread:
    """Run a statement and commit, in a thread that has begun; what goes wrong there fails the test."""

    def run() -> None:
        session.execute(statement, values)
        session.commit()

    thread = threading.Thread(target=run)
    thread.start()
    return thread
