"""A real PostgreSQL server inside the project, with a life cycle of its own.

Whoever holds the lock of the data folder owns the server: starts it and stops it. Another process finds the
lock taken and attaches. The kernel frees the lock when its holder dies, however it dies; so a server that
runs while the lock is free is an orphan, and the next owner stops it before starting its own. On Linux there
is hardly one to find, since the kernel also tells the server to stop when its owner dies.

Who may connect is decided by the socket alone: it lies in a folder that only the server's account (and root)
may enter, and the server listens nowhere else.
"""

import atexit
import ctypes
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from db.binaries import runnable_by
from db.data_folder import SOCKET_NAME, DataFolder
from db.settings import OperatorError

DATABASE = "vrss"
ROLE = "vrss"
PATIENCE = 60.0  # seconds for a start or a stop; crash recovery may need many of them
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

        Only from the main thread: the kernel counts the end of the starting thread as the owner's death.
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
        """Stop the server if it is ours; a server that we attached to goes on."""
        atexit.unregister(self.stop)
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)  # a fast shutdown: clients are cut off, data are kept
            try:
                self._process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self._process.send_signal(signal.SIGQUIT)
                self._process.wait()
            self._process = None
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def answers(self) -> bool:
        try:
            psycopg.connect(self.url(), connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def wait_until_gone(self) -> str:
        """Block until the server has stopped or lost its owner; one sentence that says which."""
        if self._process is not None:
            self._process.wait()
            return f"The embedded database stopped unexpectedly; its last words are in {self.folder.log}."
        lock = os.open(self.folder.lock, os.O_RDONLY)
        try:
            fcntl.flock(lock, fcntl.LOCK_SH)
        finally:
            os.close(lock)
        return "The process that owned the embedded database stopped, and the database with it."

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
        self._clear_remains()
        if not self.folder.cluster.exists():
            self._make_cluster(programs)
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": '"' + str(self.folder.socket_folder).replace('"', '""') + '"',
            "unix_socket_permissions": "0700",
            "port": "5432",
        }
        if not self.durable:
            settings |= dict.fromkeys(("fsync", "synchronous_commit", "full_page_writes"), "off")
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        self._process = self._spawn([programs / "postgres", "-D", self.folder.cluster, *options], signal.SIGINT)
        self._wait_until_ready(self._process)
        self._make_database()

    def _spawn(self, command: Sequence[str | Path], signal_at_our_death: signal.Signals) -> subprocess.Popen[bytes]:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        environment |= {"LC_ALL": "C", "TZ": "UTC"}
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW
        log = os.open(self.folder.log, flags, 0o644)
        try:
            return subprocess.Popen(  # noqa: S603  (our own programs and arguments)
                command,
                cwd=self.folder.postgres,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for the owner, which then stops the server
                preexec_fn=_dies_with_us(signal_at_our_death),  # noqa: PLW1509  (one system call, no locks)
                **self.folder.account.process_arguments,
            )
        finally:
            os.close(log)

    def _make_cluster(self, programs: Path) -> None:
        """Make the cluster under another name and rename it: one that was killed half-way never counts."""
        draft = self.folder.postgres / "initdb"
        shutil.rmtree(draft, ignore_errors=True)
        locale = ["--encoding", "UTF8", "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"]
        command = [programs / "initdb", "-D", draft, "--username", ROLE, "--auth", "trust", *locale]
        if not self.durable:
            command.append("--no-sync")
        if self._spawn(command, signal.SIGKILL).wait() != 0:
            raise OperatorError(f"initdb failed; its last words are in {self.folder.log}.")
        draft.rename(self.folder.cluster)

    def _wait_until_ready(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + PATIENCE
        while self._recorded().get(7, "").strip() != "ready":
            if process.poll() is not None:
                raise OperatorError(f"PostgreSQL did not start; its last words are in {self.folder.log}.")
            if time.monotonic() > deadline:
                raise OperatorError(f"PostgreSQL did not become ready; see {self.folder.log}.")
            time.sleep(STEP)

    def _make_database(self) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            name = sql.Identifier(DATABASE)
            with suppress(psycopg.errors.DuplicateDatabase):
                connection.execute(sql.SQL("CREATE DATABASE {}").format(name))

    def _recorded(self) -> dict[int, str]:
        """The lines of postmaster.pid, by number: 0 is the process, 7 its state."""
        try:
            return dict(enumerate((self.folder.cluster / "postmaster.pid").read_text().split("\n")))
        except FileNotFoundError:
            return {}

    def _clear_remains(self) -> None:
        """Stop an orphan and remove the locks of a dead server.

        PostgreSQL itself only asks whether a process with the recorded number exists; a zombie that nobody
        reaps, or a stranger that got the number since, would block it for ever.
        """
        pid = int(self._recorded().get(0) or 0)
        deadline = time.monotonic() + PATIENCE
        told = False
        while pid and self._is_our_server(pid):
            if not told:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGINT)
                told = True
            if time.monotonic() > deadline:
                raise OperatorError(f"An earlier PostgreSQL (process {pid}) does not stop.")
            time.sleep(STEP)
        (self.folder.cluster / "postmaster.pid").unlink(missing_ok=True)
        for name in (SOCKET_NAME, f"{SOCKET_NAME}.lock"):
            (self.folder.socket_folder / name).unlink(missing_ok=True)

    def _is_our_server(self, pid: int) -> bool:
        """Whether the process serves this cluster. Its command line says so; a zombie has none."""
        if not Path("/proc/self").exists():
            return self.answers()
        try:
            words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except (FileNotFoundError, ProcessLookupError):
            return False
        return os.fsencode(self.folder.cluster) in words


def _dies_with_us(sign: signal.Signals) -> Callable[[], None] | None:
    """A function for the child to run, after its change of account, which would undo it.

    Elsewhere than on Linux there is no such call: an owner that is killed leaves the server running until the
    next owner stops it.
    """
    if _libc is None:
        return None
    prctl = _libc.prctl
    owner = os.getpid()

    def tie() -> None:
        prctl(PR_SET_PDEATHSIG, sign)
        if os.getppid() != owner:  # the owner died before the call
            os._exit(1)

    return tie
