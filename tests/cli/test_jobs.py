"""`vrss jobs run` that is killed, and run again."""

import signal
import subprocess

import psycopg
from psycopg import sql

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


def test_a_run_on_a_read_only_database_says_so_and_fails(seeded_database: str) -> None:
    with psycopg.connect(seeded_database, autocommit=True) as connection:
        connection.execute("UPDATE posts SET status = 'deleted' WHERE id = 9")
        connection.execute("UPDATE posts SET deleted_at = now() - interval '31 days' WHERE id = 9")
        name = sql.Identifier(connection.info.dbname)
        connection.execute(sql.SQL("ALTER DATABASE {} SET default_transaction_read_only = on").format(name))
        done = vrss("jobs", "run", DATABASE_URL=seeded_database)
        assert (done.returncode, done.stdout) == (1, "Deleted nothing.\n")
        assert done.stderr.endswith(
            "Stopped (OVERLOADED): The service takes no changes at the moment. Try again in a moment."
            " What was done before is done. Run it again.\n"
        )
        assert "Traceback" not in done.stderr
        assert connection.execute("SELECT status FROM posts WHERE id = 9").fetchall() == [("deleted",)]


def test_a_run_of_which_one_job_fails_does_the_others_and_fails(seeded_database: str) -> None:
    with psycopg.connect(seeded_database, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO app.sessions (user_id, token_hash, created_at, expires_at)"
            " VALUES (1, sha256('over'), now() - interval '9 days', now() - interval '1 day')"
        )
        connection.execute("CREATE TABLE public.kept (session_id bigint REFERENCES app.sessions (id))")
        connection.execute("INSERT INTO public.kept SELECT id FROM app.sessions")
        connection.execute("UPDATE posts SET status = 'deleted' WHERE id = 9")
        connection.execute("UPDATE posts SET deleted_at = now() - interval '31 days' WHERE id = 9")
        done = vrss("jobs", "run", DATABASE_URL=seeded_database)
        assert done.returncode == 1
        assert done.stderr.endswith(
            "\nDeleted 0 tokens, 0 notifications, 1 posts, 0 accounts."
            " These jobs failed, as logged above: sessions. Run them again.\n"
        )
        assert connection.execute("SELECT FROM posts WHERE id = 9").fetchall() == []


def comments(connection: psycopg.Connection) -> int:
    row = connection.execute("SELECT count(*) FROM comments WHERE post_id = 9").fetchone()
    assert row is not None
    return row[0]


def test_a_run_that_is_ended_says_so_by_its_status(seeded_database: str) -> None:
    with psycopg.connect(seeded_database) as holder:
        holder.execute("LOCK TABLE app.sessions IN ACCESS EXCLUSIVE MODE")
        with subprocess.Popen([VRSS, "jobs", "run"], env=environment(DATABASE_URL=seeded_database)) as running:
            until_blocked_by(holder)
            running.terminate()
    assert running.returncode == 128 + signal.SIGTERM
