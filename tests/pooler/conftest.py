"""PgBouncer in transaction mode, in front of a database with the demo data."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from db.embedded.os_user import Account
from db.pool import PLANNER, TEXTS
from tests.servers import memory_path

PROGRAM = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
SERVERS = 3
PATIENCE_SECONDS = 20.0

# Round robin, so that two transactions in a row hardly ever meet the same server process.
CONFIGURATION = """[databases]
* = {target}
[pgbouncer]
listen_addr =
unix_socket_dir = {folder}
listen_port = 6432
auth_type = any
pool_mode = transaction
default_pool_size = {servers}
server_round_robin = 1
ignore_startup_parameters = options, extra_float_digits
logfile = {folder}/log
"""


@dataclass
class Pooled:
    """One database by two ways: `direct`, and through the `pooler`, which can be ended and started again."""

    direct: str
    pooler: str
    folder: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        assert PROGRAM is not None
        arguments = Account.for_server().process_arguments
        self.process = subprocess.Popen([PROGRAM, "-q", self.folder / "pgbouncer.ini"], **arguments)
        _await_answer(self.process, self.pooler, self.folder)

    def stop(self, sign: signal.Signals = signal.SIGKILL) -> None:
        if self.process is not None:
            self.process.send_signal(sign)
            self.process.wait()
            self.process = None


@pytest.fixture
def pooled(seeded_database: str) -> Generator[Pooled]:
    if PROGRAM is None:
        assert "CI" not in os.environ or "VRSS_PROOF" not in os.environ, "CI must have pgbouncer"
        pytest.skip("needs pgbouncer on the PATH")
    _set_for_the_database(seeded_database)
    given = conninfo_to_dict(seeded_database)
    with memory_path() as folder:
        folder.mkdir()
        folder.chmod(0o777)
        target = " ".join(f"{key}={given[key]}" for key in ("host", "port", "user", "password") if given.get(key))
        (folder / "pgbouncer.ini").write_text(
            CONFIGURATION.format(target=target, folder=folder, servers=SERVERS), encoding="utf-8"
        )
        pooled = Pooled(seeded_database, f"postgresql://anybody@/{given['dbname']}?host={folder}&port=6432", folder)
        try:
            pooled.start()
            yield pooled
        finally:
            pooled.stop()


def _set_for_the_database(url: str) -> None:
    """What the API's connections set for themselves, where no pooler drops it: see docs/operations.md."""
    settings = {name: value for name, _, value in (one.partition("=") for one in PLANNER.split()) if value}
    settings |= {**TEXTS, "default_transaction_isolation": "read committed"}
    settings |= {"statement_timeout": "10s", "lock_timeout": "3s"}
    with psycopg.connect(url, autocommit=True) as connection:
        for name, value in settings.items():
            database, setting = sql.Identifier(connection.info.dbname), sql.Identifier(name)
            command = sql.SQL("ALTER DATABASE {} SET {} = {}").format(database, setting, sql.Literal(value))
            connection.execute(command)


def _await_answer(process: subprocess.Popen[bytes], url: str, folder: Path) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            psycopg.connect(url, connect_timeout=5).close()
        except psycopg.OperationalError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError((folder / "log").read_text(encoding="utf-8")) from None
        else:
            return
