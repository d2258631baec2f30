"""Which folder is taken, which is refused, and that nobody else's folder is changed."""

import importlib
import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from db.embedded.binaries import PACKAGE, packaged, runnable_by
from db.embedded.data_directory import PROJECT, choose
from db.embedded.os_user import Account
from db.embedded.server import EmbeddedPostgres, temporary_server
from db.settings import OperatorError
from tests.embedded.processes import holding, ordinary_accounts

ROOT = os.geteuid() == 0


def modes(*paths: Path) -> list[tuple[int, int, int]]:
    return [(status.st_mode, status.st_uid, status.st_gid) for status in map(Path.stat, paths)]


def test_a_file_is_refused(data_path: Path) -> None:
    data_path.touch()
    with pytest.raises(OperatorError, match=rf"^VRSS_DATA_DIR {data_path} is not a folder\.$"):
        choose(data_path)


def test_a_path_below_a_file_is_refused(data_path: Path) -> None:
    data_path.touch()
    with pytest.raises(OperatorError, match=rf"^VRSS_DATA_DIR {data_path}/data is not a folder\.$"):
        choose(data_path / "data")


def test_a_folder_of_other_things_is_refused_and_left_alone(data_path: Path) -> None:
    data_path.mkdir()
    (data_path / "letters.txt").touch()
    sentence = f"VRSS_DATA_DIR {data_path} is neither empty nor made by VRSS: name a folder of its own."
    with pytest.raises(OperatorError, match=f"^{re.escape(sentence)}$"):
        choose(data_path)
    assert [path.name for path in data_path.iterdir()] == ["letters.txt"]


def test_another_major_version_is_refused(data_path: Path) -> None:
    folder = choose(data_path)
    folder.make()
    folder.cluster.mkdir()
    (folder.cluster / "PG_VERSION").write_text("17\n")
    sentence = (
        f"VRSS_DATA_DIR {data_path} holds data of PostgreSQL 17, and the embedded server is 18: "
        "restore a dump of them into an empty folder."
    )
    with pytest.raises(OperatorError, match=f"^{re.escape(sentence)}$"):
        choose(data_path)


def test_a_link_where_the_private_folder_belongs_is_refused(data_path: Path, tmp_path: Path) -> None:
    data_path.mkdir()
    (data_path / "vrss.lock").touch()
    (data_path / "postgres").symlink_to(tmp_path)
    with pytest.raises(OperatorError, match=r"postgres is in the way: it is not a private folder of \w+\.$"):
        choose(data_path).make()
    assert modes(tmp_path)[0][1:] == (os.geteuid(), os.getegid())


def test_a_link_where_the_log_belongs_is_not_followed(data_path: Path, tmp_path: Path) -> None:
    data_path.mkdir()
    (data_path / "vrss.lock").touch()
    (data_path / "postgres.log").symlink_to(tmp_path / "target")
    with pytest.raises(OperatorError, match=rf"^The data folder {data_path} cannot be used: "):
        choose(data_path).make()
    assert not (tmp_path / "target").exists()


def test_an_existing_folder_keeps_its_owner_and_mode(data_path: Path) -> None:
    data_path.mkdir(mode=0o755)
    before = modes(data_path)
    EmbeddedPostgres(choose(data_path), durable=False).folder.make()
    assert modes(data_path) == before


@pytest.mark.parametrize("umask", [0o000, 0o077])
def test_missing_folders_are_made_whatever_the_umask(data_path: Path, umask: int) -> None:
    earlier = os.umask(umask)
    try:
        choose(data_path / "deep" / "data").make()
    finally:
        os.umask(earlier)
    private = data_path / "deep" / "data" / "postgres"
    assert [mode & 0o777 for mode, _, _ in modes(data_path, data_path / "deep")] == [0o755, 0o755]
    assert stat.S_IMODE(private.stat().st_mode) == 0o700


@pytest.mark.parametrize("name", ["with space", 'quote"comma,', "ümlaut%41", "com,ma", "x" * 120])
def test_any_name_will_do_for_a_folder(data_path: Path, name: str) -> None:
    server = EmbeddedPostgres(choose(data_path / name), durable=False)
    server.start()
    server.stop()
    assert server.folder.cluster.is_relative_to(data_path / name)


def test_a_long_path_moves_the_socket_to_a_short_private_folder(data_path: Path) -> None:
    folder = choose(data_path / ("x" * 120))
    folder.make()
    assert len(os.fsencode(folder.socket_folder)) < 60
    [(mode, owner, _)] = modes(folder.socket_folder)
    assert (stat.S_IMODE(mode), owner) == (0o700, folder.account.uid)
    folder.socket_folder.rmdir()


def test_a_short_folder_that_others_prepared_is_refused(data_path: Path, tmp_path: Path) -> None:
    folder = choose(data_path / ("x" * 120))
    folder.socket_folder.symlink_to(tmp_path)
    try:
        with pytest.raises(OperatorError, match=r"is in the way: it is not a private folder of \w+\.$"):
            folder.make()
        folder.socket_folder.unlink()
        folder.socket_folder.mkdir(mode=0o755)
        folder.socket_folder.chmod(0o777)
        with pytest.raises(OperatorError, match=r"is in the way: it is not a private folder of \w+\.$"):
            folder.make()
    finally:
        folder.socket_folder.rmdir()


def test_a_temporary_server_leaves_nothing() -> None:
    with temporary_server() as server:
        path = server.folder.path
        assert path.is_dir()
    assert not path.exists()


def test_leftovers_of_killed_temporary_servers_are_swept(data_path: Path) -> None:
    memory, token = data_path.parents[1], data_path.parent.name
    dead, busy, new = (memory / f"vrss-temporary-{token}-{name}" for name in ("dead", "busy", "new"))
    for path in (dead, busy, new):
        choose(path).make()
    for path in (dead, busy):
        os.utime(path, (0, 0))
    holder = EmbeddedPostgres(choose(busy), durable=False)
    holder.start()
    os.utime(busy, (0, 0))
    with temporary_server():
        remaining = [path.exists() for path in (dead, busy, new)]
    holder.stop()
    subprocess.run(["rm", "-rf", dead, busy, new], check=True)
    assert remaining == [False, True, True]


if ROOT:

    def test_a_private_folder_is_refused_and_stays_private(tmp_path: Path) -> None:
        tmp_path.chmod(0o700)
        before = modes(tmp_path)
        account = Account.for_server().name
        with pytest.raises(OperatorError, match=rf"out of reach: the database runs as {account}, who may not enter /"):
            choose(tmp_path / "data")
        assert modes(tmp_path) == before
        assert list(tmp_path.iterdir()) == []

    def test_only_the_default_moves_away_from_a_private_folder(tmp_path: Path, data_path: Path) -> None:
        tmp_path.chmod(0o700)
        folder = choose(None, default=tmp_path / ".data", system=data_path)
        assert folder.path.parent == data_path / "data"
        assert folder.moved_from == tmp_path / ".data"
        server = EmbeddedPostgres(folder, durable=False)
        server.start()
        server.stop()
        assert list(tmp_path.iterdir()) == []

    def test_root_serves_an_owner_s_data_as_that_owner(data_path: Path) -> None:
        folder = choose(data_path)
        folder.make()
        os.chown(folder.postgres, 12345, 12345)
        assert choose(data_path).account == Account(12345, 12345)

    def test_programs_in_a_private_folder_are_mirrored(data_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        private = data_path.with_name("private")
        private.mkdir(mode=0o700)
        subprocess.run(["cp", "-r", packaged().parents[1], private], check=True)
        monkeypatch.setattr(sys, "path", [str(private), *sys.path])
        importlib.invalidate_caches()
        assert packaged() == private / PACKAGE / "pginstall" / "bin"
        account = Account.for_server()

        programs = runnable_by(account, data_path)

        assert programs.is_relative_to(data_path / "bin")
        assert (programs / "postgres").stat().st_ino == (packaged() / "postgres").stat().st_ino
        assert runnable_by(account, data_path) == programs
        said = subprocess.run(
            [programs / "postgres", "--version"],
            check=True,
            capture_output=True,
            text=True,
            **account.process_arguments,
        ).stdout
        assert said.startswith("postgres (PostgreSQL) 18.")
        assert stat.S_IMODE(private.stat().st_mode) == 0o700

        os.utime(packaged() / "postgres", (1, 1))
        renewed = runnable_by(account, data_path)
        assert renewed != programs
        assert not programs.exists()

    def test_programs_that_cannot_be_mirrored_are_a_sentence(data_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        data_path.touch()
        private = data_path.with_name("private")
        programs = private / PACKAGE / "pginstall" / "bin"
        programs.mkdir(parents=True)
        for file in (private / PACKAGE / "__init__.py", programs / "postgres"):
            file.touch()
        private.chmod(0o700)
        monkeypatch.setattr(sys, "path", [str(private), *sys.path])
        importlib.invalidate_caches()
        with pytest.raises(OperatorError, match=rf"and {data_path} cannot hold a copy: Not a directory\.$"):
            runnable_by(Account.for_server(), data_path)

    @pytest.mark.parametrize(("account", "interpreter"), ordinary_accounts())
    def test_somebody_else_s_database_is_refused(data_path: Path, account: Account, interpreter: str) -> None:
        folder = choose(data_path)
        folder.make()
        os.chown(data_path, account.uid, account.gid)
        os.chown(folder.postgres, 12345, 12345)
        with holding(data_path, account=account, interpreter=interpreter) as holder:
            sentence = holder.next_line()
        assert sentence == f"The database in {data_path} belongs to uid 12345, and you are {account.name}."

else:

    def test_the_default_stays_in_the_project() -> None:
        assert choose(None).path == PROJECT / ".data"


@pytest.mark.parametrize(("account", "interpreter"), ordinary_accounts())
def test_a_folder_that_may_not_be_written_is_refused(data_path: Path, account: Account, interpreter: str) -> None:
    data_path.mkdir(mode=0o555)
    data_path.chmod(0o555)
    with holding(data_path, account=account, interpreter=interpreter) as holder:
        sentence = holder.next_line()
    assert sentence == f"VRSS_DATA_DIR {data_path} is not writable for {account.name}."
