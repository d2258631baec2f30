"""`vrss run` and `vrss serve` as an operator sees them."""

import json
import signal
import socket
import subprocess
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg

from db.embedded.data_directory import choose
from db.embedded.postmaster import Postmaster
from db.embedded.server import EmbeddedPostgres
from db.migrations.migrate import upgrade
from db.migrations.readiness import current, head
from tests.cli.commands import VRSS, environment, serving, serving_with_log, vrss
from tests.embedded.processes import wait_for_end


def get(address: str, **headers: str) -> tuple[int, str]:
    with urllib.request.urlopen(urllib.request.Request(address, headers=headers)) as response:
        return response.status, response.read().decode()


def ask(address: str, query: str, **headers: str) -> dict[str, Any]:
    request = urllib.request.Request(
        f"{address}/graphql",
        data=json.dumps({"query": query}).encode(),
        headers={"Content-Type": "application/json", **headers},
    )
    with urllib.request.urlopen(request) as response:
        return json.load(response)["data"]


def ended(process: subprocess.Popen[str]) -> tuple[int, str]:
    """Exit status, and what was said on stderr."""
    _, complaint = process.communicate()
    return process.returncode, complaint


def answers(host: str, port: int) -> bool:
    with socket.socket() as caller:
        return caller.connect_ex((host, port)) == 0


def people(url: str) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT count(*) FROM public.users").fetchone()
    assert row is not None
    return row[0]


def test_run_makes_a_living_api_of_an_empty_folder(data_path: Path) -> None:
    with serving_with_log("run", VRSS_DATA_DIR=str(data_path)) as (process, address):
        postmaster = Postmaster.recorded_in(choose(data_path).cluster).pid
        assert get(f"{address}/healthz")[0] == 200
        assert get(f"{address}/readyz")[0] == 200
        assert process.stdout is not None
        assert next(process.stdout) == "  Log in as    ada, with the password Vrss-demo-2026\n"
        assert next(process.stdout) == f"  Data         {data_path}\n"
        assert "<title>VRSS" in get(f"{address}/graphql", Accept="text/html")[1]
        assert ask(address, '{ user(username: "ada") { username } }') == {"user": {"username": "ada"}}
        url = vrss("db", "url", VRSS_DATA_DIR=str(data_path)).stdout.strip()
        first = people(url)
        process.send_signal(signal.SIGTERM)
        assert ended(process) == (0, "")
    wait_for_end(postmaster)

    with serving_with_log("run", VRSS_DATA_DIR=str(data_path)) as (process, _):
        assert people(url) == first
        process.send_signal(signal.SIGINT)
        assert ended(process) == (130, "")


def test_the_example_that_is_printed_works(seeded_database: str) -> None:
    with serving("serve", DATABASE_URL=seeded_database) as (process, _):
        assert process.stdout is not None
        assert next(process.stdout).split()[0] == "Mail"
        assert [next(process.stdout) for _ in range(2)] == ["\n", "  Try it:\n"]
        example = next(process.stdout) + next(process.stdout)
        done = subprocess.run(["sh", "-c", example], capture_output=True, check=True)
    assert json.loads(done.stdout)["data"]["user"]["username"] == "ada"


def test_a_request_under_way_is_answered_before_the_server_stops(seeded_database: str) -> None:
    url = seeded_database
    patient = {"DATABASE_URL": url, "VRSS_SLOW_STATEMENT_MS": "60000"}  # the one that waits here is none to report
    with serving_with_log("serve", **patient) as (process, address), ThreadPoolExecutor() as browser:
        login = 'mutation { login(input: { login: "ada", password: "Vrss-demo-2026" }) { token } }'
        token = ask(address, login)["login"]["token"]
        with psycopg.connect(url) as blocker, psycopg.connect(url, autocommit=True) as watcher:
            blocker.execute("LOCK TABLE public.posts IN EXCLUSIVE MODE")
            post = 'mutation { createPost(input: { type: TEXT_SHORT, content: "Late" }) { post { content } } }'
            answer = browser.submit(ask, address, post, Authorization=f"Bearer {token}")
            waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'public.posts'::regclass"
            while watcher.execute(waiting).fetchone() == (0,):
                assert not answer.done()
            process.send_signal(signal.SIGTERM)
            host, port = address.removeprefix("http://").split(":")
            while answers(host, int(port)):
                assert not answer.done()
            blocker.rollback()
        assert answer.result() == {"createPost": {"post": {"content": "Late"}}}
        assert ended(process) == (0, "")


def test_an_attached_server_says_that_the_owner_stopped(data_path: Path) -> None:
    assert vrss("migrate", VRSS_DATA_DIR=str(data_path)).returncode == 0
    with (
        serving_with_log("serve", VRSS_DATA_DIR=str(data_path)) as (owner, _),
        serving_with_log("serve", VRSS_DATA_DIR=str(data_path)) as (guest, address),
    ):
        assert get(f"{address}/readyz")[0] == 200
        owner.send_signal(signal.SIGTERM)
        assert ended(owner) == (0, "")
        status, complaint = ended(guest)
    assert status == 1
    # Before it, its workers may have missed the database.
    assert complaint.endswith("The process that owns the embedded database stopped, and the database with it.\n")
    assert "Traceback" not in complaint


def test_a_migration_that_is_killed_half_way_is_done_by_the_next_run(data_path: Path) -> None:
    server = EmbeddedPostgres(choose(data_path), durable=False)
    url = server.start()
    try:
        upgrade(url, "0002")
        with (
            psycopg.connect(url) as blocker,
            subprocess.Popen([str(VRSS), "migrate"], env=environment(VRSS_DATA_DIR=str(data_path))) as killed,
        ):
            blocker.execute("LOCK TABLE public.users IN ROW EXCLUSIVE MODE")
            waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'public.users'::regclass"
            with psycopg.connect(url, autocommit=True) as watcher:
                while watcher.execute(waiting).fetchone() == (0,):
                    assert killed.poll() is None
            killed.kill()
        assert current(url) == "0002"
        assert vrss("migrate", VRSS_DATA_DIR=str(data_path)).stdout == f"The database is at {head()}.\n"
    finally:
        server.stop()


def test_a_seeding_that_is_killed_half_way_is_done_by_the_next_run(data_path: Path) -> None:
    with subprocess.Popen(
        [str(VRSS), "run"],
        env=environment(VRSS_DATA_DIR=str(data_path), PORT="0"),
        stdout=subprocess.PIPE,
        text=True,
    ) as killed:
        assert killed.stdout is not None
        assert next(killed.stdout) == "Filling the empty database with demo people …\n"
        killed.kill()
    with serving("run", VRSS_DATA_DIR=str(data_path)) as (_, address):
        names = ask(address, '{ user(username: "dan") { username } }')
    assert names == {"user": {"username": "dan"}}
