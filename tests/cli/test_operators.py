"""`vrss users` and `vrss sessions` as an operator sees them."""

import stat
import zipfile
from pathlib import Path
from typing import Any, LiteralString

import psycopg
import pytest

from tests.cli.commands import vrss


@pytest.fixture
def ask(seeded_database: str) -> Any:
    def scalar(query: LiteralString) -> Any:
        with psycopg.connect(seeded_database, autocommit=True) as connection:
            row = connection.execute(query).fetchone()
        assert row is not None
        return row[0]

    return scalar


def said(url: str, *words: str) -> tuple[int, str]:
    done = vrss(*words, DATABASE_URL=url)
    return done.returncode, done.stdout or done.stderr


def test_accounts_are_suspended_restored_and_deleted(seeded_database: str, ask: Any) -> None:
    status = "SELECT status::text FROM users WHERE username = 'ada'"
    assert said(seeded_database, "users", "suspend", "Ada")[0] == 0
    assert ask(status) == "suspended"
    assert said(seeded_database, "users", "suspend", "ada") == (1, "ada is suspended already.\n")
    token = ask("INSERT INTO app.verification_tokens (user_id, purpose, token_hash, email, expires_at)"
                " SELECT id, 'email_verification', sha256('x'), 'eve@example.org', now() + interval '1 day'"
                " FROM users WHERE username = 'ada' RETURNING used_at")  # fmt: skip
    assert token is None
    assert said(seeded_database, "users", "delete", "ada") == (0, "ada is deleted; it goes for good in 30 days.\n")
    assert ask("SELECT count(*) FROM app.verification_tokens WHERE used_at IS NULL") == 0
    assert ask(
        "SELECT args ->> 'subject' FROM jobs.procrastinate_jobs WHERE args ->> 'to' = 'ada@demo.vrss.example'"
    ) == ("Your account will be deleted")
    assert said(seeded_database, "users", "delete", "ada") == (1, "ada is deleted already.\n")
    assert said(seeded_database, "users", "suspend", "ada")[0] == 1
    assert ask("SELECT count(*) FROM app.sessions AS s JOIN users AS u ON s.user_id = u.id"
               " WHERE u.username = 'ada' AND s.revoked_at IS NULL") == 0  # fmt: skip
    assert said(seeded_database, "users", "restore", "ada") == (0, "ada is suspended again.\n")
    assert said(seeded_database, "users", "restore", "ada") == (0, "ada is active again.\n")
    assert said(seeded_database, "users", "restore", "ada") == (1, "ada is active already.\n")
    assert said(seeded_database, "users", "suspend", "nobody") == (1, "There is no account nobody.\n")
    trail = "SELECT string_agg(action, ' ' ORDER BY a.id) FROM app.audit_log AS a JOIN users AS u ON a.user_id = u.id"
    assert ask(trail) == "account_suspended account_deleted account_restored account_restored"


def test_an_account_goes_for_good_at_once(seeded_database: str, ask: Any) -> None:
    assert said(seeded_database, "users", "delete", "ada", "--purge") == (0, "ada is gone for good.\n")
    assert ask("SELECT count(*) FROM jobs.procrastinate_jobs") == 0
    assert ask("SELECT count(*) FROM users WHERE username = 'ada'") == 0
    assert said(seeded_database, "users", "delete", "ada", "--purge") == (1, "There is no account ada.\n")
    tombstone = ask("SELECT username FROM users WHERE status = 'deleted' AND status_before_delete IS NULL")
    assert said(seeded_database, "users", "delete", tombstone, "--purge")[0] == 1
    assert said(seeded_database, "users", "restore", tombstone) == (
        1,
        f"{tombstone} is deleted for good, and cannot be restored.\n",
    )


def test_a_deletion_is_final_after_30_days(seeded_database: str, ask: Any) -> None:
    kept = "SELECT ARRAY[count(*), count(*) FILTER (WHERE status = 'deleted')] FROM users WHERE username = 'ada'"
    ask("UPDATE users SET status = 'deleted', deleted_at = now() - interval '30 days'"
        " WHERE username = 'ada' RETURNING id")  # fmt: skip
    refused = (1, "ada is deleted for good, and cannot be restored.\n")
    assert said(seeded_database, "users", "restore", "ada") == refused
    assert ask(kept) == [1, 1]
    assert ask("SELECT count(*) FROM app.audit_log") == 0


def test_a_purge_at_once_is_final_though_it_is_broken_off(seeded_database: str, ask: Any) -> None:
    with psycopg.connect(seeded_database) as busy:
        busy.execute("SELECT FROM post_interactions WHERE user_id = 1 FOR UPDATE")
        purging = {"DATABASE_URL": seeded_database, "VRSS_LOCK_TIMEOUT_MS": "10"}
        assert vrss("users", "delete", "ada", "--purge", **purging).returncode == 1
    assert ask("SELECT count(*) FROM jobs.procrastinate_jobs") == 0
    refused = (1, "ada is deleted for good, and cannot be restored.\n")
    assert said(seeded_database, "users", "restore", "ada") == refused
    assert said(seeded_database, "jobs", "run", "purge_accounts") == (0, "purge_accounts 1: 1 accounts deleted\n")
    assert ask("SELECT count(*) FROM users WHERE username = 'ada'") == 0


def test_an_export_is_a_file_for_the_operator_alone(seeded_database: str, ask: Any, tmp_path: Path) -> None:
    file = tmp_path / "ada.zip"
    assert said(seeded_database, "users", "export", "ada", str(file))[0] == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with zipfile.ZipFile(file) as archive:
        assert b'"username": "ada"' in archive.read("account.jsonl")
    again = said(seeded_database, "users", "export", "ada", str(file))
    assert again == (1, f"{file} cannot be written: File exists.\n")
    other = tmp_path / "nobody.zip"
    assert said(seeded_database, "users", "export", "nobody", str(other))[0] == 1
    assert not other.exists()
    assert ask("SELECT count(*) FROM app.audit_log WHERE action = 'data_exported'") == 1


def test_sessions_that_are_over_are_purged(seeded_database: str, ask: Any) -> None:
    ask(
        "INSERT INTO app.sessions (user_id, token_hash, created_at, expires_at)"
        " VALUES (1, sha256('over'), now() - interval '9 days', now() - interval '1 day') RETURNING id"
    )
    assert said(seeded_database, "sessions", "purge") == (0, "1 sessions were over, and are deleted.\n")
