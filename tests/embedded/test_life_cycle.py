"""One owner, others attached, nobody left behind."""

import os
import signal
import subprocess
import threading
from pathlib import Path

import psycopg
import pytest

from db.embedded.binaries import packaged
from db.embedded.data_directory import SOCKET_NAME, choose
from db.embedded.os_user import Account
from db.embedded.postmaster import Postmaster
from db.embedded.server import EmbeddedPostgres
from tests.embedded.processes import holding, line_of, ordinary_accounts, wait_for_end

KINDS = [signal.SIGKILL, signal.SIGTERM]


def cluster_of(path: Path) -> Path:
    return choose(path).cluster


def postmaster_of(path: Path) -> int:
    return Postmaster.recorded_in(cluster_of(path)).pid


def test_data_are_kept_between_runs(data_path: Path) -> None:
    server = EmbeddedPostgres(choose(data_path))
    with psycopg.connect(server.start()) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS number")
    server.stop()

    assert not server.answers()
    with psycopg.connect(server.start()) as connection:
        assert connection.execute("SELECT number FROM kept").fetchone() == (42,)
    server.stop()


def test_the_server_runs_unprivileged_behind_a_private_socket(data_path: Path) -> None:
    server = EmbeddedPostgres(choose(data_path), durable=False)
    with psycopg.connect(server.start()) as connection:
        listening = connection.execute("SHOW listen_addresses").fetchone()
        logging = connection.execute("SHOW wal_level").fetchone()
    owner = Path(f"/proc/{postmaster_of(data_path)}").stat().st_uid
    folder = server.folder.socket_folder.stat()
    server.stop()

    assert owner == Account.for_server().uid != 0
    assert (folder.st_uid, folder.st_mode & 0o777) == (owner, 0o700)
    assert listening == ("",)
    assert logging == ("minimal",)


@pytest.mark.parametrize(("account", "interpreter"), ordinary_accounts())
def test_an_ordinary_user_can_run_it(data_path: Path, account: Account, interpreter: str) -> None:
    data_path.mkdir()
    os.chown(data_path, account.uid, account.gid)
    with holding(data_path, account=account, interpreter=interpreter) as holder:
        assert holder.role == "owns"
        assert Path(f"/proc/{postmaster_of(data_path)}").stat().st_uid == account.uid
        assert holder.end() == 0


@pytest.mark.parametrize("kind", KINDS)
def test_no_server_outlives_its_owner(data_path: Path, kind: signal.Signals) -> None:
    with holding(data_path) as owner:
        url = owner.url
        postmaster = postmaster_of(data_path)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CREATE TABLE kept ()")
        owner.process.send_signal(kind)
        assert owner.process.wait() == -kind
        wait_for_end(postmaster)

    with holding(data_path) as successor:
        assert successor.role == "owns"
        with psycopg.connect(successor.url) as connection:
            assert connection.execute("TABLE kept").fetchall() == []


def test_a_second_process_attaches_and_leaves_the_server_running(data_path: Path) -> None:
    with holding(data_path) as owner:
        assert owner.role == "owns"  # ready, before the other one starts
        with holding(data_path) as guest:
            assert guest.role == "attached"
            assert guest.url == owner.url
            assert guest.end() == 0
        with psycopg.connect(owner.url) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)


def test_the_attached_process_learns_that_the_owner_stopped(data_path: Path) -> None:
    with holding(data_path) as owner:
        assert owner.role == "owns"
        with holding(data_path, "watch") as guest, psycopg.connect(guest.url) as connection:
            assert guest.role == "attached"
            assert owner.end() == 0
            with pytest.raises(psycopg.errors.AdminShutdown):
                connection.execute("SELECT 1")
            sentence = guest.next_line()
    assert sentence == "The process that owns the embedded database stopped, and the database with it."


def test_the_owner_learns_that_the_server_died(data_path: Path) -> None:
    with holding(data_path, "watch") as owner:
        assert owner.role == "owns"
        os.kill(postmaster_of(data_path), signal.SIGKILL)
        log = choose(data_path).log
        assert owner.next_line() == f"The embedded database stopped by itself; its last messages are in {log}."
    with holding(data_path) as successor:
        assert successor.role == "owns"  # and recovers what the killed server left, shared memory included


def test_two_that_start_at_once_share_one_server(data_path: Path) -> None:
    with holding(data_path) as one, holding(data_path) as other, holding(data_path) as third:
        assert sorted([one.role, other.role, third.role]) == ["attached", "attached", "owns"]


def test_an_attached_process_becomes_the_owner_when_it_starts_again(data_path: Path) -> None:
    with holding(data_path) as owner:
        assert owner.role == "owns"
        owner.kill()
        with holding(data_path) as successor:
            assert successor.role == "owns"


def zombie() -> subprocess.Popen[bytes]:
    process = subprocess.Popen(["true"])
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    return process


def test_the_locks_of_a_dead_server_are_cleared(data_path: Path) -> None:
    server = EmbeddedPostgres(choose(data_path), durable=False)
    server.start()
    server.stop()
    unreaped = zombie()
    gone = subprocess.Popen(["true"])
    gone.wait()
    stranger = os.getpid()
    for pid in (unreaped.pid, gone.pid, stranger):
        record = f"{pid}\n{server.folder.cluster}\n1\n5432\n{server.folder.socket_folder}\n\n\nready\n"
        (server.folder.cluster / "postmaster.pid").write_text(record)
        (server.folder.socket_folder / f"{SOCKET_NAME}.lock").write_text(record)
        (server.folder.socket_folder / SOCKET_NAME).touch()
        assert server.start() == server.url()
        assert server.owned
        server.stop()
    unreaped.wait()


def test_a_server_without_an_owner_is_stopped_first(data_path: Path) -> None:
    server = EmbeddedPostgres(choose(data_path), durable=False)
    server.start()
    server.stop()
    with subprocess.Popen(
        [packaged() / "postgres", "-D", server.folder.cluster, "-c", "listen_addresses=", "-k", server.folder.postgres],
        cwd=server.folder.postgres,
        stderr=subprocess.PIPE,
        text=True,
        **server.folder.account.process_arguments,
    ) as orphan:
        while "ready to accept connections" not in line_of(orphan.stderr):
            assert orphan.poll() is None
        server.start()
        assert server.owned
        assert orphan.wait() == 0
        assert orphan.pid != postmaster_of(data_path)
        server.stop()


def test_a_start_that_is_killed_in_initdb_leaves_no_half_cluster(data_path: Path) -> None:
    with holding(data_path) as owner:
        while not list(data_path.glob("postgres/initdb-*/PG_VERSION")):
            assert owner.process.poll() is None
        owner.process.kill()
    assert not cluster_of(data_path).exists()

    with holding(data_path) as successor:
        assert successor.role == "owns"
        contents = {path.name for path in choose(data_path).postgres.iterdir()}
    assert contents == {"cluster", SOCKET_NAME, f"{SOCKET_NAME}.lock"}


def test_it_starts_from_the_main_thread_only(data_path: Path) -> None:
    caught: list[RuntimeError] = []

    def start() -> None:
        try:
            EmbeddedPostgres(choose(data_path)).start()
        except RuntimeError as error:
            caught.append(error)

    thread = threading.Thread(target=start)
    thread.start()
    thread.join()
    assert [str(error) for error in caught] == ["the embedded server is started from the main thread only"]
    assert not data_path.exists()


def test_settings_of_a_user_s_postgres_do_not_disturb(data_path: Path) -> None:
    with holding(data_path, PGPORT="1", PGDATA="/nowhere", PGHOST="nowhere.invalid", PGUSER="x") as owner:
        assert owner.role == "owns"
