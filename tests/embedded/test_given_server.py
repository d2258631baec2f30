"""A server that DATABASE_URL names is taken as it is, or refused in one sentence."""

import re
import socket
import struct
import threading
from collections.abc import Generator
from contextlib import contextmanager

import pytest
from psycopg.conninfo import conninfo_to_dict

from db.migrations.server import check
from db.settings import OperatorError
from tests.servers import Server


def message(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("!I", len(body) + 4) + body


@contextmanager
def old_server() -> Generator[int]:
    """The port of something that greets like PostgreSQL 15.4."""
    greeting = message(b"R", struct.pack("!I", 0))
    greeting += message(b"S", b"server_version\x0015.4\x00") + message(b"S", b"client_encoding\x00UTF8\x00")
    greeting += message(b"Z", b"I")
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            connection, _ = listener.accept()
            with connection:
                while connection.recv(8)[4:] in (b"\x04\xd2\x16\x2f", b"\x04\xd2\x16\x30"):
                    connection.sendall(b"N")  # neither TLS nor GSSAPI
                connection.recv(4096)
                connection.sendall(greeting)
                connection.recv(4096)

        thread = threading.Thread(target=answer)
        thread.start()
        yield listener.getsockname()[1]
        thread.join()


def test_both_schemes_and_socket_hosts_are_taken(server: Server) -> None:
    url = server.url("postgres")
    place = conninfo_to_dict(url)
    check(url)
    check(url.replace("postgresql://", "postgres://"))
    check(f"host={place['host']} port={place['port']} user={place['user']} dbname=postgres")


def test_an_old_server_is_refused() -> None:
    with (
        old_server() as port,
        pytest.raises(OperatorError, match=r"^DATABASE_URL names a PostgreSQL 15\.4, and VRSS needs 16 or newer\.$"),
    ):
        check(f"postgresql://ada:s3cret@127.0.0.1:{port}/vrss")


UNUSABLE = "The database that DATABASE_URL names cannot be used: "
NO_ADDRESS = "DATABASE_URL is not a PostgreSQL address such as postgresql://user:password@host:5432/name."


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("postgresql://ada:s3cret@127.0.0.1:1/vrss", 'server at "127.0.0.1", port 1 failed: Connection refused'),
        ("host=/nowhere user=ada password=s3cret", '"/nowhere/.s.PGSQL.5432" failed: No such file or directory'),
    ],
)
def test_a_server_out_of_reach_is_refused_with_the_reason(url: str, reason: str) -> None:
    with pytest.raises(OperatorError, match=f"^{UNUSABLE}[^\n]*{re.escape(reason)}$") as caught:
        check(url)
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize("url", ["s3cret", "mysql://ada:s3cret@localhost/vrss", "postgresql://ada@h/vrss?s3cret=1"])
def test_what_is_no_address_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(OperatorError, match=f"^{re.escape(NO_ADDRESS)}$"):
        check(url)
