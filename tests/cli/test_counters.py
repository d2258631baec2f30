"""`vrss counters`, as an operator meets it."""

import psycopg

from tests.cli.commands import vrss

CLEAN = "Every counter, friendship and storage figure equals its recount.\n"


def test_a_clean_database_verifies_with_status_0(seeded_database: str) -> None:
    done = vrss("counters", "verify", DATABASE_URL=seeded_database)
    assert (done.returncode, done.stdout) == (0, CLEAN)


def test_drift_is_named_and_fails_until_it_is_healed(seeded_database: str) -> None:
    with psycopg.connect(seeded_database) as connection:
        row = connection.execute("UPDATE posts SET views_count = 1, likes_count = likes_count + 1 WHERE id = 9"
                                 " RETURNING likes_count").fetchone()  # fmt: skip
        assert row is not None
        (stored,) = row
    done = vrss("counters", "verify", DATABASE_URL=seeded_database)
    assert (done.returncode, done.stdout) == (1, f"posts 9 likes_count: stored {stored}, counted {stored - 1}\n")
    assert done.stderr.endswith("\n1 drifted; `vrss counters repair` heals them.\n")
    done = vrss("counters", "repair", DATABASE_URL=seeded_database)
    assert (done.returncode, done.stdout) == (0, f"posts 9 likes_count: was {stored}, is {stored - 1}\n1 healed.\n")
    done = vrss("counters", "repair", DATABASE_URL=seeded_database)
    assert (done.returncode, done.stdout) == (0, "Nothing had drifted.\n")
    assert vrss("counters", "verify", DATABASE_URL=seeded_database).returncode == 0


def test_what_stays_locked_is_said_and_the_rest_is_healed(seeded_database: str) -> None:
    with psycopg.connect(seeded_database, autocommit=True) as connection, psycopg.connect(seeded_database) as holder:
        connection.execute("UPDATE posts SET reposts_count = 90 WHERE id = 9")
        holder.execute("SELECT FROM posts WHERE id = 9 FOR UPDATE")
        done = vrss("counters", "repair", DATABASE_URL=seeded_database, VRSS_LOCK_TIMEOUT_MS="50")
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.endswith("\nStopped (OVERLOADED): what is named above holds. Run it again.\n")
        row = connection.execute("SELECT reposts_count FROM posts WHERE id = 9").fetchone()
        assert row == (90,)


def test_a_purge_leaves_nothing_to_wonder_about(seeded_database: str) -> None:
    """In the place of a person who is gone, an account that nobody has keeps what others were told."""
    done = vrss("users", "delete", "ada", "--purge", DATABASE_URL=seeded_database)
    assert done.returncode == 0, done.stderr
    done = vrss("counters", "verify", DATABASE_URL=seeded_database)
    assert (done.returncode, done.stdout) == (0, CLEAN)
