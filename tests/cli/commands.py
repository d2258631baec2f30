"""The `vrss` command as a process of its own."""

import os
import subprocess
import sys
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

VRSS = Path(sys.executable).with_name("vrss")
PATIENCE = 60.0


def environment(**settings: str) -> dict[str, str]:
    """This process's environment with these settings and no others of ours, quiet, and without npm."""
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("VRSS_") and name not in {"DATABASE_URL", "PORT"}
    }
    return inherited | {"PATH": "/nowhere", "VRSS_ACCESS_LOG": "false"} | settings


def vrss(*words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [VRSS, *words], env=environment(**settings), capture_output=True, text=True, timeout=PATIENCE, check=False
    )


@contextmanager
def serving(*words: str, **settings: str) -> Generator[tuple[subprocess.Popen[str], str]]:
    """A process that serves, and its address; it takes a free port and is killed at the end if it still runs."""
    with _serving(words, settings, None) as found:
        yield found


@contextmanager
def serving_with_log(*words: str, **settings: str) -> Generator[tuple[subprocess.Popen[str], str]]:
    """As `serving`, for those who read its log in `stderr`: one that nobody reads stops at a full pipe."""
    with _serving(words, settings, subprocess.PIPE) as found:
        yield found


@contextmanager
def _serving(
    words: Sequence[str], settings: Mapping[str, str], log: int | None
) -> Generator[tuple[subprocess.Popen[str], str]]:
    with subprocess.Popen(
        [VRSS, *words],
        env=environment(PORT="0", **settings),
        stdout=subprocess.PIPE,
        stderr=log,
        text=True,
    ) as process:
        try:
            yield process, address_from(process)
        finally:
            process.kill()


def address_from(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    for line in process.stdout:
        if "GraphiQL" in line:
            return line.split()[-1].removesuffix("/graphql")
    _, complaint = process.communicate()
    raise AssertionError(f"it did not serve: {complaint or 'see its log'}")
