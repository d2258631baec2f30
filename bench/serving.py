"""`make bench`: this server beside its peers, over one database, in one run.

Each round asks every server for every document, one server after the other, so that what else the machine does hits
all of them alike. Requests per second and latencies are those of autocannon, with as many connections as AT_ONCE; the
processor time is the server's own, as the kernel counts it. What is shown are medians over the rounds.
"""

import hashlib
import json
import os
import platform
import statistics
import subprocess
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

import psycopg

from api.ids import encode
from bench.servers import AUTOCANNON, NODE, Contender, Running, ask, contenders, export_statements, running
from db.embedded import temporary_server
from db.migrate import upgrade
from db.seed import seed

ROUNDS = int(os.environ.get("ROUNDS", "5"))
SECONDS = int(os.environ.get("SECONDS", "3"))
AT_ONCE = 8
FIRST_PORT = 18_100
TOKEN = "bench-token"  # noqa: S105  # of a database that lives for this run
DOCUMENTS = Path(__file__).parent / "documents"
NAMES = ("feed_page", "viewer", "profile_page", "like")


class Sample(NamedTuple):
    per_second: float
    cpu_ms: float
    p50_ms: float
    p99_ms: float


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, temporary_server() as server:
        statements = Path(folder) / "statements.json"
        export_statements(statements)
        with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
            connection.execute("CREATE DATABASE bench")
        upgrade(server.url("bench"))
        seed(server.url("bench"))
        documents = _prepared(server.url("bench"))
        with ExitStack() as stack:
            servers = [
                stack.enter_context(running(contender, server.url("bench"), FIRST_PORT + number))
                for number, contender in enumerate(contenders(statements))
                if (DOCUMENTS / contender.dialect).is_dir() or contender.dialect == "vrss"
            ]
            _report(_measure(servers, documents), servers)


def _prepared(url: str) -> Callable[[Contender, str], str | None]:
    """Give ada a session; a function that fills in the documents."""
    with psycopg.connect(url, autocommit=True) as connection:
        digest = hashlib.sha256(TOKEN.encode()).digest()
        connection.execute(
            "INSERT INTO app.sessions (user_id, token_hash, expires_at)"
            " SELECT id, %s, now() + interval '7 days' FROM users WHERE username = 'ada'",
            (digest,),
        )
        connection.execute("VACUUM ANALYZE")
        (post,) = connection.execute("SELECT max(id) FROM posts WHERE status = 'published'").fetchone() or (0,)

    def document(contender: Contender, name: str) -> str | None:
        folder = DOCUMENTS if contender.dialect == "vrss" else DOCUMENTS / contender.dialect
        path = folder / f"{name}.graphql"
        if not path.exists():
            return None
        text = path.read_text(encoding="utf-8")
        return text.replace("USERNAME", "mira").replace("POST_KEY", str(post)).replace("POST", encode("Post", post))

    return document


def _measure(
    servers: list[Running], document: Callable[[Contender, str], str | None]
) -> dict[tuple[str, str], list[Sample]]:
    samples: dict[tuple[str, str], list[Sample]] = {}
    for number in range(ROUNDS + 1):
        for name in NAMES:
            for server in servers:
                text = document(server.contender, name)
                if text is None:
                    continue
                if number == 0:  # everybody warms up, and answers right
                    size = len(ask(server.url, text, {"authorization": f"Bearer {TOKEN}"}))
                    print(f"{name}: {server.contender.name} answers with {size} bytes")
                found = _fired(server, text, SECONDS if number else 1)
                if number:
                    samples.setdefault((name, server.contender.name), []).append(found)
    return samples


def _fired(server: Running, text: str, seconds: int) -> Sample:
    body = json.dumps({"query": text})
    before = server.cpu_seconds()
    command = [str(NODE), str(AUTOCANNON), "--json", "-c", str(AT_ONCE), "-d", str(seconds), "-m", "POST"]
    command += ["-H", "content-type=application/json", "-H", f"authorization=Bearer {TOKEN}", "-b", body, server.url]
    done = subprocess.run(command, capture_output=True, check=True)  # noqa: S603  # our own command
    result: dict[str, Any] = json.loads(done.stdout)
    answered = result["2xx"]
    if result["non2xx"] or result["errors"]:
        raise RuntimeError(f"{server.contender.name}: {result['non2xx']} refusals, {result['errors']} errors")
    cpu = (server.cpu_seconds() - before) * 1000 / answered
    return Sample(answered / result["duration"], cpu, result["latency"]["p50"], result["latency"]["p99"])


def _report(samples: dict[tuple[str, str], list[Sample]], servers: list[Running]) -> None:
    print(f"\n{platform.machine()}, {os.cpu_count()} cores; {ROUNDS} rounds of {SECONDS} s, {AT_ONCE} connections")
    for name in NAMES:
        print(f"\n{name:26}{'req/s':>9}{'CPU ms/req':>12}{'p50 ms':>9}{'p99 ms':>9}{'CPU against it':>20}")
        ours = samples[name, servers[0].contender.name]
        for server in servers:
            found = samples.get((name, server.contender.name))
            if found is None:
                continue
            medians = [statistics.median(column) for column in zip(*found, strict=True)]
            ratios = sorted(mine.cpu_ms / theirs.cpu_ms for mine, theirs in zip(ours, found, strict=True))
            spread = f"{statistics.median(ratios):.2f}x ({ratios[0]:.2f}-{ratios[-1]:.2f})"
            print(
                f"{server.contender.name:26}{medians[0]:9.0f}{medians[1]:12.2f}{medians[2]:9.1f}{medians[3]:9.1f}"
                f"{spread:>20}"
            )


if __name__ == "__main__":
    main()
