"""The folder in which the embedded server keeps everything: chosen, checked and laid out.

    DATA/vrss.lock        marks the folder as ours; the process that holds the lock owns the running server
    DATA/postgres.log     what the server says
    DATA/postgres/        belongs to the server's account alone: the cluster and the socket

The lock and the log lie outside postgres/, so that root never opens a file in a folder that an unprivileged
account could fill with links.
"""

import hashlib
import os
import stat
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from db.embedded.binaries import MAJOR, SYSTEM_FOLDER, make_folder
from db.embedded.os_user import Account
from db.settings import OperatorError

PROJECT = Path(__file__).resolve().parents[2]
LOCK = "vrss.lock"
SOCKET_NAME = ".s.PGSQL.5432"
LONGEST_SOCKET_PATH = 100  # the kernel's limit is 107 bytes on Linux and 103 on macOS


@dataclass(frozen=True)
class DataFolder:
    path: Path
    account: Account
    moved_from: Path | None = None

    @property
    def lock(self) -> Path:
        return self.path / LOCK

    @property
    def log(self) -> Path:
        return self.path / "postgres.log"

    @property
    def postgres(self) -> Path:
        return self.path / "postgres"

    @property
    def cluster(self) -> Path:
        return self.postgres / "cluster"

    @property
    def socket_folder(self) -> Path:
        """Beside the cluster, or a short private folder where that path cannot name a socket.

        A comma would make two hosts of it in a URL.
        """
        if len(os.fsencode(self.postgres / SOCKET_NAME)) <= LONGEST_SOCKET_PATH and "," not in str(self.path):
            return self.postgres
        digest = hashlib.sha256(os.fsencode(self.path)).hexdigest()[:16]
        return Path("/tmp").resolve() / f"vrss-{self.account.uid}-{digest}"  # noqa: S108  (made private and checked)

    def make(self) -> None:
        """Create what is missing. Existing folders keep their owner and mode."""
        try:
            make_folder(self.path)
            os.close(os.open(self.lock, os.O_RDONLY | os.O_CREAT | os.O_NOFOLLOW, 0o644))
            self.open_log().close()
            _make_private(self.postgres, self.account)
            if self.socket_folder != self.postgres:
                _make_private(self.socket_folder, self.account)
        except OSError as error:
            raise OperatorError(f"The data folder {self.path} cannot be used: {error.strerror}.") from error

    def forget_socket_folder(self) -> None:
        """Remove the short folder after the server's end; a cluster's own folder stays."""
        if self.socket_folder != self.postgres:
            with suppress(OSError):
                self.socket_folder.rmdir()

    def open_log(self) -> IO[bytes]:
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW
        return os.fdopen(os.open(self.log, flags, 0o644), "ab")


def choose(setting: Path | None, *, default: Path = PROJECT / ".data", system: Path = SYSTEM_FOLDER) -> DataFolder:
    """The folder that VRSS_DATA_DIR names, obeyed or refused; without it the default.

    Only the default may move: to the system's folder, when the server's account cannot reach the project.
    """
    name = "The data folder" if setting is None else "VRSS_DATA_DIR"
    path = Path(os.path.realpath((setting or default).expanduser()))
    moved_from = None
    if setting is None and _account_for(path).closed_folder(path) is not None:
        moved_from, path = path, system / "data" / hashlib.sha256(os.fsencode(path)).hexdigest()[:12]
    contents = _contents(name, path)
    if contents and LOCK not in contents:
        raise OperatorError(f"{name} {path} is neither empty nor made by VRSS: name a folder of its own.")
    account = _account_for(path)
    closed = account.closed_folder(path)
    if closed is not None:
        raise OperatorError(
            f"{name} {path} is out of reach: the database runs as {account.name}, who may not enter {closed}."
        )
    if contents is not None and not os.access(path, os.W_OK):
        raise OperatorError(f"{name} {path} is not writable for {account.name}.")
    folder = DataFolder(path, account, moved_from)
    _refuse_other_major(name, folder)
    return folder


def _contents(name: str, path: Path) -> set[str] | None:
    """The names in the folder; None when there is no such folder yet."""
    try:
        return {entry.name for entry in path.iterdir()}
    except FileNotFoundError:
        return None
    except NotADirectoryError:
        raise OperatorError(f"{name} {path} is not a folder.") from None
    except OSError as error:
        raise OperatorError(f"{name} {path} cannot be read: {error.strerror}.") from None


def _account_for(path: Path) -> Account:
    """Data that exist decide: root serves the owner's data as that owner, anyone else only their own."""
    account = Account.for_server()
    try:
        status = (path / "postgres").lstat()
    except OSError:
        return account
    owner = Account(status.st_uid, status.st_gid)
    if owner.uid in {account.uid, os.geteuid()}:
        return account
    if os.geteuid() == 0:
        return owner
    raise OperatorError(f"The database in {path} belongs to {owner.name}, and you are {account.name}.")


def _refuse_other_major(name: str, folder: DataFolder) -> None:
    try:
        major = (folder.cluster / "PG_VERSION").read_text().strip()
    except FileNotFoundError:
        return
    if major != str(MAJOR):
        raise OperatorError(
            f"{name} {folder.path} holds data of PostgreSQL {major}, and the embedded server is {MAJOR}: "
            "restore a dump of them into an empty folder."
        )


def _make_private(path: Path, account: Account) -> None:
    """A folder that the account alone may enter, whoever else may write beside it.

    mkdir fails on whatever stands there, links included, and what stands there is trusted only when it is a
    folder of the account's own with no rights for others.
    """
    with suppress(FileExistsError):
        path.mkdir(mode=0o700)
    if path.lstat().st_uid == os.geteuid() != account.uid:  # just made, or by a start that was killed right here
        os.chown(path, account.uid, account.gid, follow_symlinks=False)
    status = path.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != account.uid or status.st_mode & 0o077:
        raise OperatorError(f"{path} is in the way: it is not a private folder of {account.name}.")
