"""Behind PgBouncer, where each transaction may meet another server process, everything is as without it."""

import asyncio
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager

import httpx
import psycopg
import pytest

from tests.cli.commands import serving
from tests.driver.scene import Outside
from tests.e2e.conftest import FEED, LOGIN, PASSWORD, Person
from tests.pooler.conftest import SERVERS, Pooled

pytestmark = pytest.mark.proof

POST = """mutation ($text: String!) { createPost(input: {type: TEXT_SHORT, content: $text}) {
  post { id content likesCount author { username } } userErrors { code } } }"""
LIKE = "mutation ($id: ID!) { likePost(input: {postId: $id}) { post { likesCount } userErrors { code } } }"
VIEWER = "{ viewer { username } }"


@pytest.fixture
def address(pooled: Pooled) -> Generator[str]:
    with serving("serve", DATABASE_URL=pooled.pooler, VRSS_PREPARED_STATEMENTS="off", VRSS_RATE_LIMIT="0") as (
        process,
        found,
    ):
        yield found
        assert process.poll() is None


@asynccontextmanager
async def ada_at(address: str) -> AsyncGenerator[Person]:
    async with httpx.AsyncClient(base_url=address, timeout=20) as client:
        ada = Person(client)
        token = (await ada.run(LOGIN, login="ada", password=PASSWORD))["login"]["token"]
        client.headers["authorization"] = f"Bearer {token}"
        yield ada


async def test_pages_are_those_of_the_database_itself(address: str, pooled: Pooled) -> None:
    """Many at once, so that transactions of different operations take turns on a few server processes."""
    with serving("serve", DATABASE_URL=pooled.direct) as (_, direct):
        async with ada_at(direct) as ada:
            expected = await ada.run(FEED)
    async with ada_at(address) as ada:
        pages = await asyncio.gather(*(ada.run(FEED) for _ in range(60)))
        viewers = await asyncio.gather(*(ada.run(VIEWER) for _ in range(60)))
    assert all(_without(address, page) == _without(direct, expected) for page in pages)
    assert viewers == [{"viewer": {"username": "ada"}}] * 60
    with psycopg.connect(pooled.direct, autocommit=True) as watcher:
        assert len(Outside(watcher).serving) == SERVERS


async def test_writes_are_whole_and_seen_at_once(address: str, pooled: Pooled) -> None:
    async with ada_at(address) as ada:
        written = await asyncio.gather(*(ada.run(POST, text=f"Post {number}") for number in range(20)))
        posts = [one["createPost"]["post"] for one in written]
        assert sorted(post["content"] for post in posts) == sorted(f"Post {number}" for number in range(20))
        counts = await asyncio.gather(*(ada.run(LIKE, id=post["id"]) for post in posts))
        assert counts == [{"likePost": {"post": {"likesCount": 1}, "userErrors": []}}] * 20
        too_long = await ada.run(POST, text="")
        assert too_long["createPost"]["userErrors"] == [{"code": "BAD_USER_INPUT"}]
    with psycopg.connect(pooled.direct) as connection:
        stored = connection.execute("SELECT count(*), sum(likes_count) FROM posts WHERE content ~ '^Post [0-9]+$'")
        assert stored.fetchone() == (20, 20)


async def test_sessions_are_checked_each_time(address: str) -> None:
    async with ada_at(address) as ada:
        assert await ada.run(VIEWER) == {"viewer": {"username": "ada"}}
        assert await ada.run("mutation { logout { loggedOut } }") == {"logout": {"loggedOut": True}}
        for token in (ada.client.headers["authorization"], "Bearer nonsense"):
            response = await ada.client.post("/graphql", json={"query": FEED}, headers={"authorization": token})
            assert response.status_code == 401
            assert response.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_a_client_that_hangs_up_stops_its_statement_and_no_other(address: str, pooled: Pooled) -> None:
    async with ada_at(address) as ada:
        await ada.run(FEED)
        with psycopg.connect(pooled.direct) as holder, psycopg.connect(pooled.direct, autocommit=True) as watcher:
            outside = Outside(watcher)
            holder.execute("LOCK TABLE posts IN ACCESS EXCLUSIVE MODE")
            staying = asyncio.create_task(ada.client.post("/graphql", json={"query": FEED}))
            await outside.until_running(1)
            leaving = asyncio.create_task(ada.client.post("/graphql", json={"query": FEED}))
            await outside.until_running(2)
            leaving.cancel()
            await outside.until_running(1)
            assert not staying.done()
            holder.rollback()
        assert "errors" not in (await staying).json()
        viewers = await asyncio.gather(*(ada.run(VIEWER) for _ in range(SERVERS * 5)))
        assert viewers == [{"viewer": {"username": "ada"}}] * (SERVERS * 5)


def _without(origin: str, data: object) -> str:
    """The data as text, without the server's address in the addresses of files."""
    return repr(data).replace(origin, "")
