"""A real PostgreSQL server inside the project, with a life cycle of its own.

Whoever holds the lock of the data folder owns the server: starts it and stops it. Another process finds the
lock taken and attaches. The kernel frees the lock when its holder dies, however it dies; so a server that
runs while the lock is free is an orphan, and the next owner stops it before starting its own. On Linux there
is hardly one to find, since the kernel also signals the server to stop when its owner dies. Elsewhere a server
whose owner was killed goes on until it is stopped by hand.

Who may connect is decided by the socket alone: it lies in a folder that only the server's account (and root)
may enter, and the server listens nowhere else.
"""

import atexit
import ctypes
import fcntl
import os
import secrets
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from db.embedded.binaries import runnable_by
from db.embedded.data_directory import LOCK, DataFolder, choose
from db.embedded.postmaster import Postmaster, clear_remains
from db.settings import OperatorError

DATABASE = "vrss"
ROLE = "vrss"
TEMPORARY = "vrss-temporary-"
PATIENCE = 60.0  # seconds that another process's start, or a stop, may take
STEP = 0.005
PR_SET_PDEATHSIG = 1
# Loaded here, since nothing may be loaded between fork and exec.
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


class EmbeddedPostgres:
    def __init__(self, folder: DataFolder, *, durable: bool = True) -> None:
        """`durable=False` is for tests: nothing survives a power cut, and everything is faster."""
        self.folder = folder
        self.durable = durable
        self._lock: int | None = None
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def owned(self) -> bool:
        """Whether this process started the server, or attached to another's."""
        return self._process is not None

    def url(self, dbname: str = DATABASE) -> str:
        host = quote(str(self.folder.socket_folder))
        return f"postgresql://{ROLE}@/{quote(dbname, safe='')}?host={host}&port=5432"

    def start(self) -> str:
        """Start the server or attach to the running one; the URL of a database that is ready.

        Only from the main thread: the kernel takes the end of the starting thread for the owner's death.
        """
        if threading.current_thread() is not threading.main_thread():
            raise RuntimeError("the embedded server is started from the main thread only")
        self.folder.make()
        deadline = time.monotonic() + PATIENCE
        while not self._take_lock():
            if self.answers():
                return self.url()
            if time.monotonic() > deadline:
                raise OperatorError(f"Another process holds {self.folder.lock}, and its database does not answer.")
            time.sleep(STEP)
        try:
            self._launch()
        except BaseException:
            self.stop()
            raise
        atexit.register(self.stop)
        return self.url()

    def stop(self) -> None:
        """Stop the server if it is ours; a server that we attached to keeps running."""
        atexit.unregister(self.stop)
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)  # a fast shutdown: clients are cut off, data are kept
            try:
                self._process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self._process.send_signal(signal.SIGQUIT)
                self._process.wait()
            self._process = None
            self.folder.forget_socket_folder()
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def answers(self) -> bool:
        try:
            psycopg.connect(self.url(), connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def wait_until_stopped(self) -> str:
        """Block until the server has stopped or lost its owner; one sentence that says which."""
        if self._process is not None:
            self._process.wait()
            return f"The embedded database stopped by itself; its last messages are in {self.folder.log}."
        lock = os.open(self.folder.lock, os.O_RDONLY)
        try:
            fcntl.flock(lock, fcntl.LOCK_SH)
        finally:
            os.close(lock)
        return "The process that owns the embedded database stopped, and the database with it."

    def _take_lock(self) -> bool:
        lock = os.open(self.folder.lock, os.O_RDONLY)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            return False
        self._lock = lock
        return True

    def _launch(self) -> None:
        programs = runnable_by(self.folder.account)
        clear_remains(self.folder, patience=PATIENCE, step=STEP)
        if not self.folder.cluster.exists():
            self._make_cluster(programs)
        settings = {
            "listen_addresses": "",
            "port": "5432",
            "unix_socket_directories": '"' + str(self.folder.socket_folder).replace('"', '""') + '"',
            "unix_socket_permissions": "0700",
            # Nobody replicates it, so what a transaction loads into new files need not be written to the log as well.
            "wal_level": "minimal",
            "max_wal_senders": "0",
        }
        if not self.durable:
            settings |= dict.fromkeys(("fsync", "synchronous_commit", "full_page_writes"), "off")
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        command = [programs / "postgres", "-D", self.folder.cluster, *options]
        self._process = self._spawn(command, signal.SIGINT)
        # No deadline: it may have a long crash recovery to do, and Ctrl-C is at hand.
        while not Postmaster.recorded_in(self.folder.cluster).ready:
            if self._process.poll() is not None:
                raise OperatorError(f"PostgreSQL did not start: {self._last_message()}")
            time.sleep(STEP)
        self._make_database()

    def _make_cluster(self, programs: Path) -> None:
        """Make the cluster under another name and rename it: one that was killed half-way never counts."""
        for old in self.folder.postgres.glob("initdb-*"):
            shutil.rmtree(old, ignore_errors=True)
        draft = self.folder.postgres / f"initdb-{secrets.token_hex(4)}"
        command = [programs / "initdb", "-D", draft, "--username", ROLE, "--encoding", "UTF8"]
        command += ["--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"]
        command += ["--auth-local", "trust", "--auth-host", "reject"]
        if not self.durable:
            command.append("--no-sync")
        if self._spawn(command, signal.SIGKILL).wait() != 0:
            raise OperatorError(f"initdb failed: {self._last_message()}")
        draft.rename(self.folder.cluster)

    def _make_database(self) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            known = connection.execute("SELECT FROM pg_database WHERE datname = %s", [DATABASE])
            if known.fetchone() is None:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))

    def _spawn(self, command: Sequence[str | Path], sign: signal.Signals) -> subprocess.Popen[bytes]:
        """Run a program of PostgreSQL's under the server's account; it gets `sign` when we die."""
        with self.folder.open_log() as log:
            return subprocess.Popen(  # noqa: S603  (our own programs and arguments)
                command,
                cwd=self.folder.postgres,
                env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for the owner, which then stops the server
                preexec_fn=_dies_with_us(sign),  # noqa: PLW1509  (two system calls, no locks)
                **self.folder.account.process_arguments,
            )

    def _last_message(self) -> str:
        lines = self.folder.log.read_text(errors="replace").splitlines()
        fatal = [line for line in lines if "FATAL:" in line or "error:" in line]
        return f"{(fatal or lines or ['it logged nothing'])[-1].strip()} (log: {self.folder.log})"


@contextmanager
def temporary_server() -> Generator[EmbeddedPostgres]:
    """A server for one test or command, in memory where there is such a file system, and deleted afterwards."""
    parent = Path("/dev/shm" if Path("/dev/shm").is_dir() else "/tmp").resolve()  # noqa: S108  (the name is random)
    _sweep(parent)
    path = parent / f"{TEMPORARY}{secrets.token_hex(8)}"
    server = EmbeddedPostgres(choose(path), durable=False)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(path, ignore_errors=True)


def _sweep(parent: Path) -> None:
    """Remove what temporary servers of killed processes left: memory that would never be freed."""
    for folder in parent.glob(f"{TEMPORARY}*"):
        with suppress(OSError):
            status = folder.lstat()
            if status.st_uid != os.geteuid() or time.time() - status.st_mtime < PATIENCE:
                continue  # a stranger's, or so new that it may be about to be locked
            with (folder / LOCK).open() as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)


def _dies_with_us(sign: signal.Signals) -> Callable[[], None] | None:
    """What the child runs before it becomes the program: after its change of account, which would undo it."""
    if _libc is None:
        return None
    prctl = _libc.prctl
    owner = os.getpid()

    def tie() -> None:
        prctl(PR_SET_PDEATHSIG, sign)
        if os.getppid() != owner:  # the owner died before the call
            os._exit(1)

    return tie
