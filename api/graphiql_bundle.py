"""Building GraphiQL from its npm packages, where npm is at hand; without it the server shows a plain page."""

import os
import shutil
import signal
import subprocess
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[1] / "graphiql"
BUNDLE = SOURCE / "dist"
PATIENCE = 90.0  # seconds; a first start has three minutes for everything
SCRIPT = '"$0" ci --no-audit --no-fund --ignore-scripts && "$0" run build'


def build(source: Path = SOURCE, *, patience: float = PATIENCE) -> bool:
    """Whether the bundle is there, after building it if it was not. Never an error, never longer than `patience`."""
    index = source / "dist" / "index.html"
    npm = shutil.which("npm")
    if index.exists() or npm is None or not os.access(source, os.W_OK):
        return index.exists()
    process = subprocess.Popen(  # noqa: S603  (our own script)
        ["/bin/sh", "-c", SCRIPT, npm],
        cwd=source,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # so that all that npm starts can be stopped together
    )
    try:
        process.wait(patience)
    except subprocess.TimeoutExpired:
        return False
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    return index.exists()
