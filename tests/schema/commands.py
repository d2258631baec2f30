"""The programs that an operator runs: alembic, and psql from the packaged PostgreSQL."""

import os
import subprocess
import sys
from pathlib import Path

from db.embedded import binaries

PROJECT = Path(__file__).parents[2]
ALEMBIC = Path(sys.executable).with_name("alembic")


def environment(url: str | None) -> dict[str, str]:
    """Nothing but DATABASE_URL, and what a program needs to start at all."""
    return {"PATH": os.environ["PATH"], **({"DATABASE_URL": url} if url else {})}


def alembic(url: str | None, *arguments: str, project: Path = PROJECT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [ALEMBIC, *arguments], cwd=project, env=environment(url), capture_output=True, text=True, check=False
    )


def psql(url: str, script: str) -> None:
    done = subprocess.run(
        [binaries.packaged() / "psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", f"--dbname={url}"],
        input=script,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
