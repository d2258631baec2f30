"""Clients that do not read their archives keep neither connections nor other people waiting."""

import io
import json
import socket
import zipfile
from collections.abc import Generator
from contextlib import contextmanager
from urllib.parse import urlsplit

import httpx
import psycopg

from tests.cli.commands import serving
from tests.driver.scene import Outside
from tests.e2e.conftest import FEED, Person, Service

SLOW = ("ada", "ben", "cleo")
# What no compression makes small: some 16 MB for each of them. Drafts, since nobody searches for noise.
POSTS = """
INSERT INTO posts (user_id, type, status, content)
SELECT u.id, 'text_long', 'draft', noise.content
FROM users AS u
CROSS JOIN (
    SELECT n, (SELECT string_agg(md5(random()::text || n || g), '') FROM generate_series(1, 300) AS g) AS content
    FROM generate_series(1, 2500) AS n
) AS noise
WHERE u.username = ANY (%s)
"""


@contextmanager
def started(service: Service, person: Person) -> Generator[socket.socket]:
    """A download of which the client reads the head and nothing more."""
    url = urlsplit(service.address)
    with socket.socket() as wire:
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        wire.settimeout(30)
        wire.connect((url.hostname, url.port))
        authorization = person.client.headers["authorization"]
        wire.sendall(f"GET /export HTTP/1.1\r\nhost: {url.netloc}\r\nauthorization: {authorization}\r\n\r\n".encode())
        assert wire.recv(12) == b"HTTP/1.1 200"
        yield wire


async def test_downloads_that_nobody_reads_block_nobody(seeded_database: str) -> None:
    with psycopg.connect(seeded_database, autocommit=True) as connection:
        connection.execute(POSTS, [list(SLOW)])
        settings = {"VRSS_POOL_MAX_SIZE": "2", "VRSS_POOL_TIMEOUT_SECONDS": "2", "VRSS_RATE_LIMIT": "0"}
        with serving("serve", DATABASE_URL=seeded_database, **settings) as (_, address):
            service = Service(address, seeded_database)
            people = [await service.person(name) for name in (*SLOW, "dan")]
            ada, *_, dan = people
            with started(service, people[0]), started(service, people[1]), started(service, people[2]):
                outside = Outside(connection)
                await outside.until_running(0)
                for _ in range(10):
                    await dan.run(FEED)
                archive = await dan.client.get("/export")
                again = await ada.client.get("/export")
                await outside.until_running(0)
            assert read(archive) == "dan"
            assert (again.status_code, again.json()["errors"][0]["extensions"]["code"]) == (429, "RATE_LIMITED")
            for person in people:
                await person.client.aclose()


def read(response: httpx.Response) -> str:
    """Whose archive it is, once all of it is found whole."""
    assert response.status_code == 200
    with zipfile.ZipFile(io.BytesIO(response.content)) as file:
        assert file.testzip() is None
        return json.loads(file.read("account.jsonl"))["username"]
