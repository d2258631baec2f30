"""A server with the demo data, and Node.js with the packages that drive a browser."""

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest

from api.http.graphiql_bundle import BUNDLE, build, can_build
from tests.cli.commands import serving
from tests.servers import Server, database

HERE = Path(__file__).parent
PACKAGES = HERE / "node_modules"
CACHE = PACKAGES / ".cache"  # where Chromium unpacks itself
PATIENCE = 300

Node = Callable[..., Any]


@pytest.fixture(scope="session")
def node() -> Node:
    """Runs a script of this folder and gives what it prints as JSON."""
    npm, program = shutil.which("npm"), shutil.which("node")
    if npm is None or program is None:
        assert "CI" not in os.environ, "CI must have Node.js with npm"
        pytest.skip("needs Node.js 20 or newer with npm")
    with (HERE / "package-lock.json").open() as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        installed = CACHE / hashlib.sha256((HERE / "package-lock.json").read_bytes()).hexdigest()
        if not installed.exists():
            command = [npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
            subprocess.run(command, cwd=HERE, check=True, capture_output=True, timeout=PATIENCE)
            installed.mkdir(parents=True)

    def run(script: str, *arguments: str) -> Any:
        done = subprocess.run(
            [program, HERE / script, *arguments],
            env={**os.environ, "TMPDIR": str(CACHE)},
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run


@pytest.fixture(scope="session")
def graphiql(node: Node) -> None:  # building needs what running scripts needs
    """The bundle, built as a first start builds it."""
    if can_build():
        build()
    assert (BUNDLE / "index.html").exists()


@pytest.fixture(scope="module")
def address(server: Server, seeded_template: str) -> Generator[str]:
    """A server process over the demo data."""
    with (
        database(server, seeded_template) as name,
        serving("serve", DATABASE_URL=server.url(name)) as (_, found),
    ):
        yield found


@pytest.fixture(scope="module")
def development(server: Server, seeded_template: str) -> Generator[str]:
    """As `address`, as a developer runs it."""
    with (
        database(server, seeded_template) as name,
        serving("run", DATABASE_URL=server.url(name)) as (_, found),
    ):
        yield found
