"""Seeing from outside that a session waits, instead of guessing how long it takes to."""

import time

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
