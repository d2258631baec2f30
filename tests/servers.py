"""Which PostgreSQL the tests run on."""

import gc
import os
import shutil
import uuid
import warnings
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol

import psycopg
from psycopg import sql

from db.embedded.server import EmbeddedPostgres, temporary_server

IMAGE = "postgres:18-alpine"


class Server(Protocol):
    def url(self, dbname: str) -> str: ...


class GivenServer:
    def __init__(self, url: str) -> None:
        self._url = url

    def url(self, dbname: str) -> str:
        address, mark, options = self._url.partition("?")
        scheme, _, place = address.split("/", 3)[:3]
        return f"{scheme}//{place}/{dbname}{mark}{options}"


def docker_answers() -> bool:
    import docker  # noqa: PLC0415  (half a second that only this question needs)
    from docker.errors import DockerException  # noqa: PLC0415

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # a refused ping leaves its socket to the collector
        try:
            docker.from_env(timeout=3).close()  # asks the engine for its version
        except DockerException:
            return False
        finally:
            gc.collect()
    return True


@contextmanager
def chosen_server() -> Generator[Server]:
    """TEST_DATABASE_URL, else a container when Docker answers, else the embedded server in memory.

    A container that fails to start is an error: falling back would hide it.
    """
    if url := os.environ.get("TEST_DATABASE_URL"):
        yield GivenServer(url)
    elif docker_answers():
        from testcontainers.postgres import PostgresContainer  # noqa: PLC0415

        with PostgresContainer(IMAGE, driver=None).with_command("-c fsync=off") as container:
            yield GivenServer(container.get_connection_url())
    else:
        with temporary_server() as server:
            yield server


@contextmanager
def database(server: Server, template: str = "template1") -> Generator[str]:
    """A database of its own, cloned from `template`; its name."""
    name = f"t_{uuid.uuid4().hex[:12]}"
    # Copying files takes half the time of logging their pages where the checkpoint before it need not reach a disk.
    strategy = sql.SQL("file_copy" if isinstance(server, EmbeddedPostgres) else "wal_log")
    create = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY {}")
    _administer(server, create.format(sql.Identifier(name), sql.Identifier(template), strategy))
    try:
        yield name
    finally:
        _administer(server, sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


# Open as long as its server is chosen: two connections for each database would cost more than most requests.
_administrators: dict[str, psycopg.Connection] = {}


def _administer(server: Server, command: sql.Composed) -> None:
    url = server.url("postgres")
    if url not in _administrators:
        _administrators[url] = psycopg.connect(url, autocommit=True)
    _administrators[url].execute(command)


def close_administrators() -> None:
    """Before their servers stop."""
    while _administrators:
        _administrators.popitem()[1].close()


@contextmanager
def memory_path() -> Generator[Path]:
    """A path, with nothing there yet, in a folder that every account may enter; in memory where there is such."""
    memory = Path("/dev/shm")
    parent = memory if memory.is_dir() else Path("/tmp")
    container = parent / f"vrss-test-{uuid.uuid4().hex[:12]}"
    container.mkdir()
    container.chmod(0o755)
    try:
        yield container / "data"
    finally:
        # A server whose owner was killed still tidies up in there: what it takes away meanwhile is no error.
        while container.exists():
            with suppress(OSError):
                shutil.rmtree(container)
