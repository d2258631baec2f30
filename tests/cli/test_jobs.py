"""`vrss jobs run` that is killed, and run again."""

import signal
import subprocess

import psycopg

from tests.cli.commands import VRSS, environment, vrss
from tests.cli.test_counters import CLEAN
from tests.waiting import until_blocked_by

COMMENTS = 700  # two batches of the purge


def test_a_purge_killed_between_two_batches_leaves_true_counters(seeded_database: str) -> None:
    with psycopg.connect(seeded_database, autocommit=True) as connection, psycopg.connect(seeded_database) as holder:
        connection.execute(
            "INSERT INTO comments (post_id, user_id, content) SELECT 9, 1, 'Hi' FROM generate_series(1, %s)",
            (COMMENTS,),
        )
        connection.execute("UPDATE posts SET status = 'deleted' WHERE id = 9")
        connection.execute("UPDATE posts SET deleted_at = now() - interval '31 days' WHERE id = 9")
        before = comments(connection)
        # The comment that the second batch comes to.
        holder.execute("SELECT FROM comments WHERE post_id = 9 ORDER BY id LIMIT 1 FOR UPDATE")
        with subprocess.Popen([VRSS, "jobs", "run"], env=environment(DATABASE_URL=seeded_database)) as purging:
            backend = until_blocked_by(holder)
            purging.kill()
        assert purging.returncode == -signal.SIGKILL
        assert connection.execute("SELECT pg_terminate_backend(%s, 10000)", (backend,)).fetchone() == (True,)
        holder.rollback()

        assert comments(connection) == before - 500
        done = vrss("counters", "verify", DATABASE_URL=seeded_database)
        assert (done.returncode, done.stdout) == (0, CLEAN)

        done = vrss("jobs", "run", DATABASE_URL=seeded_database)
        assert done.returncode == 0, done.stderr
        assert connection.execute("SELECT FROM posts WHERE id = 9").fetchall() == []
        assert comments(connection) == 0
        done = vrss("counters", "verify", DATABASE_URL=seeded_database)
        assert (done.returncode, done.stdout) == (0, CLEAN)


def comments(connection: psycopg.Connection) -> int:
    row = connection.execute("SELECT count(*) FROM comments WHERE post_id = 9").fetchone()
    assert row is not None
    return row[0]
