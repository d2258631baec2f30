"""A server process over TCP, and people who use it."""

from collections.abc import AsyncGenerator, Generator
from dataclasses import dataclass
from typing import Any

import httpx
import psycopg
import pytest

from tests.cli.commands import serving
from tests.servers import Server, database

PASSWORD = "Vrss-demo-2026"
LOGIN = (
    "mutation ($login: String!, $password: String!) { login(input: {login: $login, password: $password}) { token } }"
)

FEED = """{ homeFeed(first: 20) { edges { cursor node {
  id type content createdAt likesCount commentsCount viewerHasLiked
  author { id username profile { displayName avatarUrl } } media { url type width height }
  comments(first: 3) { nodes { id content createdAt author { id username profile { displayName avatarUrl } } } } } }
  pageInfo { hasNextPage endCursor } } }"""


@dataclass
class Person:
    """Somebody with a client and, once logged in, a token."""

    client: httpx.AsyncClient

    async def run(self, query: str, **variables: object) -> Any:
        response = await self.client.post("/graphql", json={"query": query, "variables": variables})
        body = response.json()
        assert "errors" not in body, body
        return body["data"]


@dataclass
class Service:
    address: str
    database_url: str

    async def person(self, username: str) -> Person:
        """Somebody of the demo people, logged in."""
        person = Person(httpx.AsyncClient(base_url=self.address, timeout=30))
        token = (await person.run(LOGIN, login=username, password=PASSWORD))["login"]["token"]
        person.client.headers["authorization"] = f"Bearer {token}"
        return person

    def scalar(self, query: str) -> Any:
        with psycopg.connect(self.database_url, autocommit=True) as connection:
            row = connection.execute(query.encode()).fetchone()
            assert row is not None
            return row[0]


@pytest.fixture(scope="module")
def service(server: Server, seeded_template: str) -> Generator[Service]:
    """One for all tests of a file, since a start costs more than most of them: each says what it must find itself."""
    with database(server, seeded_template) as name, serving("serve", DATABASE_URL=server.url(name)) as (_, address):
        yield Service(address, server.url(name))


@pytest.fixture
async def ada(service: Service) -> AsyncGenerator[Person]:
    person = await service.person("ada")
    yield person
    await person.client.aclose()
