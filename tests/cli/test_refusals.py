"""What an operator can mend ends as one sentence on stderr and exit status 1."""

import socket
from pathlib import Path

import psycopg
import pytest

from tests.cli.commands import vrss
from tests.servers import Server, database


def refusal(*words: str, **settings: str) -> str:
    done = vrss(*words, **settings)
    assert (done.returncode, done.stdout) == (1, "")
    return done.stderr


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"PORT": "http"}, "PORT is refused: Input should be a valid integer, unable to parse string as an integer.\n"),
        ({"PORT": "65536"}, "PORT is refused: Input should be less than or equal to 65535.\n"),
        ({"VRSS_HOST": "no.such.invalid"}, "VRSS_HOST no.such.invalid is not an address.\n"),
        (
            {"VRSS_HOST": "192.0.2.1"},
            "VRSS_HOST 192.0.2.1 and PORT 8000 cannot be used: Cannot assign requested address.\n",
        ),
        (
            {"VRSS_POOL_MAXIMUM_SIZE": "20"},
            "VRSS_POOL_MAXIMUM_SIZE is not a setting: did you mean VRSS_POOL_MAX_SIZE?\n",
        ),
        ({"VRSS_PORT": "80"}, "VRSS_PORT is not a setting: did you mean PORT?\n"),
        (
            {"VRSS_QUUX_ZYX": "1"},
            "VRSS_QUUX_ZYX is not a setting: docs/operations.md lists all that there are.\n",
        ),
        (
            {"VRSS_POOL_MAX_SIZE": "none"},
            "VRSS_POOL_MAX_SIZE is refused: Input should be a valid integer, unable to parse string as an integer.\n",
        ),
    ],
)
def test_settings_that_make_no_sense(settings: dict[str, str], sentence: str, data_path: Path) -> None:
    assert refusal("run", VRSS_DATA_DIR=str(data_path), **settings) == sentence
    assert not data_path.exists()


def test_a_port_that_is_taken(data_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = refusal("run", VRSS_DATA_DIR=str(data_path), PORT=str(port))
    assert said == f"PORT {port} is taken on 127.0.0.1: name another, as in PORT={port + 1}.\n"
    assert not data_path.exists()


def test_a_data_folder_that_is_none(data_path: Path) -> None:
    data_path.touch()
    for words in (["run"], ["db", "url"]):
        assert refusal(*words, VRSS_DATA_DIR=str(data_path), PORT="0") == (
            f"VRSS_DATA_DIR {data_path} is not a folder.\n"
        )


def test_no_database_is_running(data_path: Path) -> None:
    said = refusal("db", "url", VRSS_DATA_DIR=str(data_path))
    assert said == "No embedded database is running: start one with `vrss run`.\n"
    assert not data_path.exists()


def test_a_database_out_of_reach() -> None:
    for words in (["run"], ["db", "url"]):
        said = refusal(*words, DATABASE_URL="postgresql://ada:s3cret@127.0.0.1:1/vrss", PORT="0")
        assert said == (
            "The database that DATABASE_URL names cannot be used: connection failed: "
            'connection to server at "127.0.0.1", port 1 failed: Connection refused\n'
        )


def test_a_database_that_is_not_migrated(blank_database: str) -> None:
    said = refusal("serve", DATABASE_URL=blank_database, PORT="0")
    assert said == "The database is not migrated to this version: run `vrss migrate` first.\n"


def test_a_server_of_one_s_own_is_not_seeded_unasked(empty_database: str) -> None:
    said = refusal("seed", DATABASE_URL=empty_database)
    assert said == "DATABASE_URL names a server of your own: fill it with demo people by `vrss seed --demo`.\n"
    with psycopg.connect(empty_database) as connection:
        assert connection.execute("SELECT count(*) FROM users").fetchone() == (0,)


def test_a_database_of_a_later_version(server: Server, empty_template: str) -> None:
    with database(server, empty_template) as name:
        url = server.url(name)
        with psycopg.connect(url) as connection:
            connection.execute("UPDATE app.alembic_version SET version_num = '9999'")
        said = refusal("migrate", DATABASE_URL=url)
    assert said == "The database was not migrated: Can't locate revision identified by '9999'\n"


def test_a_role_that_may_not_create(server: Server, blank_database: str) -> None:
    with psycopg.connect(blank_database, autocommit=True) as connection:
        connection.execute("CREATE ROLE cleo_the_reader LOGIN")
        try:
            user = connection.info.user
            said = refusal("migrate", DATABASE_URL=blank_database.replace(f"//{user}", "//cleo_the_reader"))
        finally:
            connection.execute("DROP ROLE cleo_the_reader")
    assert said.startswith("The database was not migrated: permission denied")
    assert said.count("\n") == 1
