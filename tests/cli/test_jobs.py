"""`vrss jobs run` that is killed, and run again."""

import signal
import subprocess

import psycopg
from psycopg import sql

from tests.cli.commands import VRSS, environment, vrss
from tests.cli.test_counters import CLEAN
from tests.waiting import until_blocked_by

COMMENTS = 700  # seven batches of the purge


def test_a_purge_killed_between_two_batches_leaves_true_counters(seeded_database: str) -> None:
    with psycopg.connect(seeded_database, autocommit=True) as connection, psycopg.connect(seeded_database) as holder:
        connection.execute(
            "INSERT INTO comments (post_id, user_id, content) SELECT 9, 1, 'Hi' FROM generate_series(1, %s)",
            (COMMENTS,),
        )
        connection.execute("UPDATE posts SET status = 'deleted' WHERE id = 9")
        connection.execute("UPDATE posts SET deleted_at = now() - interval '31 days' WHERE id = 9")
        before = comments(connection)
        # The comment that the last batch comes to.
        holder.execute("SELECT FROM comments WHERE post_id = 9 ORDER BY id LIMIT 1 FOR UPDATE")
        with subprocess.Popen([VRSS, "jobs", "run"], env=environment(DATABASE_URL=seeded_database)) as purging:
            backend = until_blocked_by(holder)
            purging.kill()
        assert purging.returncode == -signal.SIGKILL
        assert connection.execute("SELECT pg_terminate_backend(%s, 10000)", (backend,)).fetchone() == (True,)
        holder.rollback()

        assert comments(connection) == before - 600
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
        name = sql.Identifier(connection.info.dbname)
        connection.execute(sql.SQL("ALTER DATABASE {} SET default_transaction_read_only = on").format(name))
        done = vrss("jobs", "run", DATABASE_URL=seeded_database)
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.endswith(
            "Stopped (OVERLOADED): The service takes no changes at the moment. Try again in a moment.\n"
        )


def test_a_run_of_which_one_task_fails_does_the_others_and_fails(seeded_database: str) -> None:
    with psycopg.connect(seeded_database, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO app.sessions (user_id, token_hash, created_at, expires_at)"
            " VALUES (1, sha256('over'), now() - interval '9 days', now() - interval '1 day')"
        )
        connection.execute("UPDATE posts SET scheduled_for = now() WHERE status = 'scheduled'")
        connection.execute("CREATE TABLE public.kept (session_id bigint REFERENCES app.sessions (id))")
        connection.execute("INSERT INTO public.kept SELECT id FROM app.sessions")
        connection.execute("UPDATE posts SET status = 'deleted' WHERE id = 9")
        connection.execute("UPDATE posts SET deleted_at = now() - interval '31 days' WHERE id = 9")
        done = vrss("jobs", "run", DATABASE_URL=seeded_database)
        assert done.returncode == 1
        assert done.stderr.endswith("\n1 failed, as logged above; `vrss jobs list` shows what is tried again.\n")
        assert sorted(done.stdout.splitlines()) == [
            "delete_objects 12: 0 objects and 0 parts deleted",
            "publish_scheduled_posts 10: 1 posts published",
            "purge_accounts 8: 0 accounts deleted",
            "purge_ended_conversations 14: 0 conversations deleted",
            "purge_failed_jobs 2: 0 jobs deleted",
            "purge_idempotency_keys 5: 0 keys deleted",
            "purge_notifications 6: 0 notifications deleted",
            "purge_posts 7: 1 posts deleted",
            "purge_sessions 3: failed: ForeignKeyViolation.",
            "purge_tokens 4: 0 tokens deleted",
            "reconcile_counters 9: 0 values healed",
            "refresh_trending 13: 3 spans of time refreshed",
            "render_old_texts 1: 0 texts rendered",
            "sweep_uploads 11: 0 uploads deleted",
        ]
        assert connection.execute("SELECT FROM posts WHERE id = 9").fetchall() == []

        listed = vrss("jobs", "list", DATABASE_URL=seeded_database)
        head, line = listed.stdout.splitlines()
        assert head.split() == ["ID", "TASK", "STATUS", "ATTEMPTS", "SINCE", "DUE", "LAST", "ERROR"]
        assert line.split()[:4] == ["3", "purge_sessions", "waits", "1"]
        assert line.endswith("  ForeignKeyViolation.")
        assert vrss("jobs", "list", "--failed", DATABASE_URL=seeded_database).stdout == "No job has failed.\n"

        connection.execute("DROP TABLE public.kept")
        again = vrss("jobs", "retry", "3", "77", DATABASE_URL=seeded_database)
        assert (again.returncode, again.stdout) == (1, "The job 3 begins at once.\n")
        assert again.stderr == "Not tried again: 77. A job that runs, was given up or is not there cannot be.\n"
        done = vrss("jobs", "run", "purge_failed_jobs", "purge_tokens", DATABASE_URL=seeded_database)
        assert done.returncode == 0, done.stderr
        assert "purge_sessions 3: 1 sessions deleted" in done.stdout.splitlines()
        listed = vrss("jobs", "list", DATABASE_URL=seeded_database)
        assert (listed.returncode, listed.stdout) == (0, "No job waits, runs or has failed.\n")


def test_an_unknown_task_is_refused_and_nothing_runs(seeded_database: str) -> None:
    done = vrss("jobs", "run", "purge_everything", DATABASE_URL=seeded_database)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("There is no periodic task purge_everything; there are render_old_texts, purge_")


def test_a_task_that_another_worker_took_is_named(seeded_database: str) -> None:
    with psycopg.connect(seeded_database, autocommit=True) as connection:
        # As one that was faster: its job is done by the time that this one looks.
        connection.execute(
            "CREATE FUNCTION jobs.take() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN DELETE FROM jobs.procrastinate_jobs WHERE task_name = 'purge_posts'; RETURN NULL; END $$"
        )
        connection.execute(
            "CREATE TRIGGER take AFTER INSERT ON jobs.procrastinate_workers EXECUTE FUNCTION jobs.take()"
        )
        done = vrss("jobs", "run", "purge_posts", DATABASE_URL=seeded_database)
    assert (done.returncode, done.stdout) == (0, "purge_posts 1: another worker does it\n")


def test_the_list_shows_neither_addresses_nor_tokens(seeded_database: str) -> None:
    with psycopg.connect(seeded_database, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO jobs.procrastinate_jobs (queue_name, task_name, args) VALUES ('email', 'send_email',"
            """ '{"to": "ada@example.org", "paragraphs": ["a-secret-token"]}')"""
        )
        listed = vrss("jobs", "list", DATABASE_URL=seeded_database)
    assert listed.stdout.splitlines()[1].split()[:3] == ["1", "send_email", "waits"]
    assert "ada@" not in listed.stdout
    assert "secret" not in listed.stdout


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
