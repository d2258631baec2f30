"""What keeps a database from serving is said in sentences that an operator can act on."""

import socket
import struct
import threading
from collections.abc import Iterator

import psycopg
import pytest

from db.migrations.migrate import downgrade, upgrade
from db.migrations.readiness import head, problems
from db.settings import OperatorError
from tests.servers import Server


def test_a_database_at_head_has_none(empty_database: str) -> None:
    assert problems(empty_database) == []


def test_a_database_that_was_never_migrated(blank_database: str) -> None:
    assert problems(blank_database) == [f"The schema is at nothing, not at {head()}: run alembic upgrade head."]


def test_a_database_below_head(empty_database: str) -> None:
    downgrade(empty_database, "0002")
    assert problems(empty_database) == [f"The schema is at 0002, not at {head()}: run alembic upgrade head."]


def test_a_database_with_triggers_of_another_version(empty_database: str) -> None:
    with psycopg.connect(empty_database) as connection:
        connection.execute("UPDATE app.replaceable_sql SET digest = 'another'")
    assert problems(empty_database) == ["The triggers are not those of this version: run alembic upgrade head."]


def test_a_locale_that_does_not_fold_its_characters_is_a_problem(server: Server) -> None:
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        connection.execute(
            "CREATE DATABASE ascii_only TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER libc LOCALE 'C'"
        )
        try:
            upgrade(server.url("ascii_only"))
            assert problems(server.url("ascii_only")) == [
                "lower('É') is not é: the database needs encoding UTF8 and a locale that knows its letters."
            ]
        finally:
            connection.execute("DROP DATABASE ascii_only WITH (FORCE)")


@pytest.fixture
def old_server() -> Iterator[str]:
    """Something on loopback that greets like PostgreSQL 15 and waits for the first statement."""

    def message(kind: bytes, body: bytes) -> bytes:
        return kind + struct.pack("!i", len(body) + 4) + body

    def greet() -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            with client:
                client.recv(4096)
                client.sendall(
                    message(b"R", struct.pack("!i", 0))
                    + message(b"S", b"server_version\x0015.9\x00")
                    + message(b"S", b"client_encoding\x00UTF8\x00")
                    + message(b"K", struct.pack("!ii", 1, 1))
                    + message(b"Z", b"I")
                )
                client.recv(4096)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=greet)
        thread.start()
        port = listener.getsockname()[1]
        yield f"postgresql://vrss@127.0.0.1:{port}/vrss?sslmode=disable&gssencmode=disable"
        listener.shutdown(socket.SHUT_RDWR)
    thread.join()


def test_a_server_older_than_16_is_refused(old_server: str) -> None:
    assert problems(old_server) == ["PostgreSQL 16 or newer is needed."]
    with pytest.raises(OperatorError, match=r"^The database was not migrated: PostgreSQL 16 or newer is needed\.$"):
        upgrade(old_server)
