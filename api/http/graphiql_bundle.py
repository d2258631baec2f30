"""Building GraphiQL from its npm packages, where npm is at hand; without it the server shows a plain page."""

import fcntl
import os
import shutil
import signal
import subprocess
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2] / "graphiql"
BUNDLE = SOURCE / "dist"
PATIENCE = 90.0  # seconds; a first start has three minutes for everything
# The packages are installed anew only when others are wanted than are there, so that a changed page needs no network.
SCRIPT = """
[ node_modules/.package-lock.json -nt package-lock.json ] || "$0" ci --no-audit --no-fund --ignore-scripts || exit
"$0" run build
"""


def can_build(source: Path = SOURCE) -> bool:
    """Whether there is something to build, or to build again since it was changed, and npm to do it."""
    return not _is_current(source) and os.access(source / "package.json", os.W_OK) and shutil.which("npm") is not None


def _is_current(source: Path) -> bool:
    """Whether there is a bundle, and it is as new as all that it is made of; the examples are in it, too."""
    index = source / "dist" / "index.html"
    if not index.exists():
        return False
    parts = (
        *source.glob("src/*"),
        *source.glob("*.mjs"),
        *source.glob("package*.json"),
        *source.parent.glob("docs/examples/*"),
    )
    return all(part.stat().st_mtime_ns <= index.stat().st_mtime_ns for part in parts)


def build(source: Path = SOURCE, *, patience: float = PATIENCE) -> bool:
    """Whether the build went well. It is silent, raises nothing, and ends after `patience` seconds at the latest.

    Two that build at once would remove each other's packages, so the second leaves it to the first.
    """
    with (source / "package.json").open() as lock_file:
        try:
            fcntl.flock(lock_file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return _run(["/bin/sh", "-c", SCRIPT, shutil.which("npm") or "npm"], source, patience)


def _run(command: list[str], folder: Path, patience: float) -> bool:
    process = subprocess.Popen(  # noqa: S603  (our own script)
        command,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # so that all that npm starts can be stopped together
    )
    try:
        return process.wait(patience) == 0
    except subprocess.TimeoutExpired:
        return False
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
