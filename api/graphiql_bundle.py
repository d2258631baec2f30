"""Building GraphiQL from its npm packages, where npm is at hand; without it the server shows a plain page."""

import os
import shutil
import signal
import subprocess
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[1] / "graphiql"
BUNDLE = SOURCE / "dist"
PATIENCE = 90.0  # seconds; a first start has three minutes for everything


def build() -> bool:
    """Whether the bundle is there, after building it if it was not. Never an error, never longer than PATIENCE."""
    if (BUNDLE / "index.html").exists():
        return True
    npm = shutil.which("npm")
    if npm is None or not (SOURCE / "package-lock.json").exists():
        return False
    # In a session of its own, so that all that npm starts can be stopped together.
    process = subprocess.Popen(  # noqa: S603
        ["/bin/sh", "-c", '"$0" ci --no-audit --no-fund --ignore-scripts && "$0" run build', npm],
        cwd=SOURCE,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        return False
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    return (BUNDLE / "index.html").exists()
