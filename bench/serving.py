"""`make bench`: this server beside its peers, over one database, in one run.

Each round asks every server for every document, one server after the other, so that what else the machine does hits
all of them alike. Requests per second and latencies are those of autocannon, with as many connections as AT_ONCE; the
processor time is the server's own, as the kernel counts it. What is shown are medians over the rounds.
"""

import json
import os
import platform
import statistics
import subprocess
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

from bench.servers import AUTOCANNON, NODE, ROUTE, VRSS, Running, ask, contenders, export_statements, running
from bench.stage import HEADERS, TOKEN, Stage, stage

ROUNDS = int(os.environ.get("ROUNDS", "5"))
SECONDS = int(os.environ.get("SECONDS", "3"))
AT_ONCE = 8
NAMES = ("feed_page", "viewer", "profile_page", "like")


class Sample(NamedTuple):
    per_second: float
    cpu_ms: float
    p50_ms: float
    p99_ms: float


Samples = dict[tuple[str, str], list[Sample]]


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, stage() as stood, ExitStack() as stack:
        statements = Path(folder) / "statements.json"
        export_statements(statements)
        servers = [stack.enter_context(running(contender, stood.url)) for contender in contenders(statements)]
        _compare_answers(servers, stood)
        samples = _measure(servers, stood)
    _report(samples, servers)


def _compare_answers(servers: list[Running], stood: Stage) -> None:
    """Whoever is asked in the same words gives the same data; whoever is asked in others shows how much it gives."""
    for name in NAMES:
        expected: Any = None
        for server in servers:
            text = stood.document(server.contender, name)
            if text is None:
                continue
            answer = ask(server.url, text, HEADERS)
            print(f"{name}: {server.contender.name} answers with {len(answer)} bytes")
            if server.contender.dialect != "vrss":
                continue
            data = json.loads(answer.replace(server.origin.encode(), b""))["data"]
            expected = expected or data
            if data != expected:
                raise RuntimeError(f"{name}: {server.contender.name} answers {data}, others {expected}")


def _measure(servers: list[Running], stood: Stage) -> Samples:
    samples: Samples = {}
    for number in range(ROUNDS + 1):
        for name in NAMES:
            for server in servers:
                text = stood.document(server.contender, name)
                if text is None:
                    continue
                found = _fired(server, text, SECONDS if number else 1)  # everybody warms up for a second
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


def _report(samples: Samples, servers: list[Running]) -> None:
    print(f"\n{platform.machine()}, {os.cpu_count()} cores; {ROUNDS} rounds of {SECONDS} s, {AT_ONCE} connections")
    for name in NAMES:
        print(f"\n{name:26}{'req/s':>9}{'CPU ms/req':>12}{'p50 ms':>9}{'p99 ms':>9}{'CPU of ours to it':>20}")
        ours = samples[name, VRSS]
        for server in servers:
            found = samples.get((name, server.contender.name))
            if found is None:
                continue
            medians = [statistics.median(column) for column in zip(*found, strict=True)]
            ratios = sorted(mine.cpu_ms / theirs.cpu_ms for mine, theirs in zip(ours, found, strict=True))
            spread = f"{statistics.median(ratios):.2f}x ({ratios[0]:.2f}-{ratios[-1]:.2f})"
            print(
                f"{server.contender.name:26}{medians[0]:9.0f}{medians[1]:12.3f}{medians[2]:9.1f}{medians[3]:9.1f}"
                f"{spread:>20}"
            )
    more = [
        mine.cpu_ms - bare.cpu_ms for mine, bare in zip(samples["viewer", VRSS], samples["viewer", ROUTE], strict=True)
    ]
    print(
        f"\nThe viewer costs {statistics.median(more):.3f} ms ({min(more):.3f} to {max(more):.3f}) of CPU more than the"
        " Starlette route that runs the same statement."
    )


if __name__ == "__main__":
    main()
