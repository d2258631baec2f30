"""Which server the tests run on."""

import pytest

from db.embedded.server import EmbeddedPostgres
from tests.servers import GivenServer, chosen_server, docker_answers


@pytest.fixture(autouse=True)
def _nothing_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TEST_DATABASE_URL", raising=False)


@pytest.mark.parametrize("host", ["tcp://127.0.0.1:1", "unix:///nowhere/docker.sock"])
def test_a_dead_docker_is_passed_over(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    monkeypatch.setenv("DOCKER_HOST", host)
    assert not docker_answers()
    with chosen_server() as server:
        assert isinstance(server, EmbeddedPostgres)


@pytest.mark.parametrize(
    ("given", "other"),
    [
        ("postgres://ada:pw@example.org:5433/postgres", "postgres://ada:pw@example.org:5433/other"),
        ("postgresql://example.org", "postgresql://example.org/other"),
        ("postgresql:///postgres?host=/run", "postgresql:///other?host=/run"),
    ],
)
def test_a_given_server_comes_first(monkeypatch: pytest.MonkeyPatch, given: str, other: str) -> None:
    monkeypatch.setenv("TEST_DATABASE_URL", given)
    with chosen_server() as server:
        assert isinstance(server, GivenServer)
        assert server.url("other") == other
