"""Clients that leave by the thousand, while their statements wait: none runs on, and every connection comes back."""

import json
import socket
import time
from urllib.parse import urlsplit

import httpx
import psycopg

from tests.cli.commands import serving
from tests.contention.scene import POST, VIEWER, Scene
from tests.waiting import until_blocked_by

ABORTED = 1000
AT_ONCE = 20
CONNECTIONS = 5
PATIENCE = 20
OURS = "FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'vrss'"


def test_aborted_requests_leave_no_statement_and_lose_no_connection(scene: Scene, one: psycopg.Connection) -> None:
    one.execute("LOCK TABLE posts IN ACCESS EXCLUSIVE MODE")
    token = scene.make.session(scene.ben)
    body = json.dumps({"query": POST, "variables": {"post": scene.post_id}})
    settings = {"POOL_MAX_SIZE": CONNECTIONS, "LOCK_TIMEOUT_MS": 60_000, "STATEMENT_TIMEOUT_MS": 60_000}
    settings |= {"OPERATIONS_AT_ONCE": AT_ONCE, "OPERATIONS_WAITING": ABORTED}
    environment = {f"VRSS_{name}": str(value) for name, value in settings.items()}
    with serving("serve", DATABASE_URL=scene.url, VRSS_WORKER="false", **environment) as (_, address):
        there = urlsplit(address)
        request = (
            f"POST /graphql HTTP/1.1\r\nhost: {there.netloc}\r\ncontent-type: application/json\r\n"
            f"authorization: Bearer {token}\r\ncontent-length: {len(body)}\r\n\r\n{body}"
        ).encode()
        for _ in range(ABORTED // AT_ONCE):
            clients = [socket.create_connection((there.hostname, there.port)) for _ in range(AT_ONCE)]
            for client in clients:
                client.sendall(request)
            until_blocked_by(one)
            for client in clients:
                client.close()
        deadline = time.monotonic() + PATIENCE
        while scene.make.scalar(f"SELECT count(*) {OURS} AND state <> 'idle'"):
            assert time.monotonic() < deadline, "a statement of an aborted request runs on"
        with httpx.Client(base_url=address, headers={"authorization": f"Bearer {token}"}) as client:
            for _ in range(2 * CONNECTIONS):
                answer = client.post("/graphql", json={"query": VIEWER})
                assert answer.json()["data"] == {"viewer": {"username": "ben"}}
        assert scene.make.scalar(f"SELECT count(*) {OURS}") <= CONNECTIONS
        one.rollback()
