"""Real processes for the tests of the embedded server's life cycle."""

import os
import select
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import IO

from db.embedded.os_user import Account, ProcessArguments

PROJECT = Path(__file__).resolve().parents[2]
PATIENCE = 30.0


def ordinary_accounts() -> list[tuple[Account, str]]:
    """Accounts other than root that can run this project here, each with the interpreter to do so."""
    account = Account.for_server()
    if os.geteuid() != 0:
        return [(account, sys.executable)]
    minor = f"python{sys.version_info.major}.{sys.version_info.minor}"
    for interpreter in (Path(sys.executable).resolve(), Path("/usr/bin") / minor):
        reachable = interpreter.exists() and account.closed_folder(interpreter.parent) is None
        if reachable and account.closed_folder(PROJECT) is None:
            return [(account, str(interpreter))]
    return []


class Holder:
    """A process that started or attached to the server."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    @cached_property
    def _greeting(self) -> list[str]:
        return self.next_line().split(" ", 1)

    @property
    def role(self) -> str:
        """`owns` or `attached`; waits until the database is ready."""
        return self._greeting[0]

    @property
    def url(self) -> str:
        return self._greeting[1]

    def next_line(self) -> str:
        """What the process says next; its last words when it ends instead."""
        return line_of(self.process.stdout) or line_of(self.process.stderr)

    def end(self) -> int:
        """End its input, so that it stops in order."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        return self.process.wait(PATIENCE)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(PATIENCE)


def line_of(stream: IO[str] | None) -> str:
    assert stream is not None
    return stream.readline().strip()


@contextmanager
def holding(
    folder: Path, *mode: str, account: Account | None = None, interpreter: str = sys.executable, **environment: str
) -> Generator[Holder]:
    identity = account.process_arguments if account else ProcessArguments()
    with subprocess.Popen(
        [interpreter, str(Path(__file__).with_name("owner.py")), str(folder), *mode],
        cwd="/",
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(PROJECT), *sys.path[1:]]), **environment},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **identity,
    ) as process:
        try:
            yield Holder(process)
        finally:
            process.kill()


def wait_for_end(pid: int) -> None:
    """Return when the process, which is not our child, has ended."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    try:
        ended, _, _ = select.select([handle], [], [], PATIENCE)
    finally:
        os.close(handle)
    assert ended, f"process {pid} still runs"
