"""A server with the demo data, and Node.js with the clients that use it as docs/clients.md says."""

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.commands import serving
from tests.clients.page import write_blocks
from tests.servers import Server, database

HERE = Path(__file__).parent
LOCK = HERE / "package-lock.json"
CACHE = HERE / "node_modules" / ".cache"
PATIENCE = 300

Node = Callable[..., Any]


@pytest.fixture(scope="session")
def packages() -> Path:
    """The packages of package-lock.json, installed on first use."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        assert "CI" not in os.environ, "CI must have Node.js with npm"
        pytest.skip("needs Node.js 20 or newer with npm")
    with LOCK.open() as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        installed = CACHE / hashlib.sha256(LOCK.read_bytes()).hexdigest()
        if not installed.exists():
            command = [npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
            done = subprocess.run(command, cwd=HERE, check=False, capture_output=True, text=True, timeout=PATIENCE)
            if done.returncode:
                assert "CI" not in os.environ, done.stderr
                pytest.skip(f"npm cannot install the clients: {done.stderr[-200:]}")
            installed.mkdir(parents=True)
    return HERE / "node_modules"


@pytest.fixture(scope="module")
def folder(packages: Path) -> Generator[Path]:
    """A folder with the files of docs/clients.md and the scripts of this one, which finds the packages."""
    with tempfile.TemporaryDirectory(dir=CACHE) as name:
        write_blocks(Path(name))
        for script in HERE.glob("*.mjs"):
            shutil.copy(script, name)
        yield Path(name)


@pytest.fixture(scope="module")
def mails(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the server writes its e-mails into."""
    return tmp_path_factory.mktemp("mails")


@pytest.fixture(scope="module")
def database_url(server: Server, seeded_template: str) -> Generator[str]:
    with database(server, seeded_template) as name:
        yield server.url(name)


@pytest.fixture(scope="module")
def address(database_url: str, mails: Path) -> Generator[str]:
    """A server process over the demo data."""
    settings = {"VRSS_RATE_LIMIT": "0", "VRSS_MAIL_URL": f"file:{mails}"}
    with serving("serve", DATABASE_URL=database_url, **settings) as (_, found):
        yield f"{found}/graphql"


@pytest.fixture(scope="module")
def node(folder: Path, address: str, mails: Path) -> Node:
    """Runs a script against the server and gives what it prints as JSON."""

    def run(script: str, *arguments: str) -> Any:
        done = subprocess.run(
            ["node", script, *arguments],
            cwd=folder,
            env={**os.environ, "GRAPHQL_URL": address, "MAILS": str(mails), "NODE_ENV": "development"},
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, ""), done.stderr
        return json.loads(done.stdout or "null")

    run("fetch-schema.mjs")
    return run
