"""Behind PgBouncer, where each transaction may meet another server process, everything is as without it."""

import asyncio
import os
import signal
from collections import Counter
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import psycopg
import pytest

from api.jobs import periodic  # noqa: F401  # pyright: ignore[reportUnusedImport]  # it declares its tasks
from api.jobs.tasks import TASKS
from tests.api.mailbox import Mailbox
from tests.cli.commands import serving
from tests.driver.scene import Outside
from tests.e2e.conftest import FEED, LOGIN, PASSWORD, Person
from tests.e2e.test_hard_times import outcome
from tests.pooler.conftest import SERVERS, Pooled

pytestmark = pytest.mark.proof

POST = """mutation ($text: String!) { createPost(input: {type: TEXT_SHORT, content: $text}) {
  post { id content likesCount author { username } } userErrors { code } } }"""
LIKE = "mutation ($id: ID!) { likePost(input: {postId: $id}) { post { likesCount } userErrors { code } } }"
REGISTER = """mutation { register(input: {
  username: "gina", email: "gina@example.org", password: "a passphrase of hers" }) { userErrors { code } } }"""
ROUNDS = 5 if os.environ.get("VRSS_PROOF") else 1
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
        assert 1 < len(Outside(watcher).serving) <= SERVERS


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


@pytest.mark.parametrize("driver", ["pipeline", "psycopg"])
async def test_what_fails_while_the_pooler_restarts_is_overload(pooled: Pooled, driver: str) -> None:
    """Its server processes end, it is told to end, it is killed: under reads and writes that never stop."""
    heard: Counter[tuple[int, str | None]] = Counter()
    settings = {"VRSS_PREPARED_STATEMENTS": "off", "VRSS_RATE_LIMIT": "0", "VRSS_POOL_TIMEOUT_SECONDS": "0.3"}
    good, stopping = (200, None), False
    with (
        serving("serve", DATABASE_URL=pooled.pooler, VRSS_DRIVER=driver, **settings) as (_, address),
        psycopg.connect(pooled.direct, autocommit=True) as watcher,
    ):
        async with ada_at(address) as ada:
            post = (await ada.run(POST, text="Here"))["createPost"]["post"]["id"]

            async def ask(body: dict[str, object]) -> None:
                while not stopping:
                    response = await ada.client.post("/graphql", json=body)
                    heard[outcome(response)[:2]] += 1

            async def until_served(more: int) -> None:
                enough = heard[good] + more
                async with asyncio.timeout(30):
                    while heard[good] < enough:  # noqa: ASYNC110  # the askers do not know what is enough
                        await asyncio.sleep(0)

            feed: dict[str, object] = {"query": FEED}
            like: dict[str, object] = {"query": LIKE, "variables": {"id": post}}
            askers = [asyncio.create_task(ask(body)) for body in (feed, like) for _ in range(8)]
            for _ in range(ROUNDS):
                await until_served(20)
                watcher.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND application_name = 'vrss'"
                )
                for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
                    await until_served(20)
                    await asyncio.to_thread(pooled.stop, sign)
                    await asyncio.to_thread(pooled.start)
            await until_served(20)
            stopping = True
            await asyncio.gather(*askers)
    assert set(heard) <= {good, (503, "OVERLOADED"), (200, "OVERLOADED"), (200, "OUTCOME_UNKNOWN")}
    assert heard.total() > heard[good]


def _without(origin: str, data: object) -> str:
    """The data as text, without the server's address in the addresses of files."""
    return repr(data).replace(origin, "")


async def test_jobs_run_through_the_pooler(pooled: Pooled, tmp_path: Path) -> None:
    """Without a search_path of their own and without listening, which a pooler drops."""
    settings = {"VRSS_PREPARED_STATEMENTS": "off", "VRSS_MAIL_URL": f"file:{tmp_path}"}
    with serving("serve", DATABASE_URL=pooled.pooler, **settings) as (_, address):
        async with httpx.AsyncClient(base_url=address, timeout=20) as client:
            answer = await client.post("/graphql", json={"query": REGISTER})
        assert answer.json()["data"] == {"register": {"userErrors": []}}
        assert (await Mailbox(tmp_path).emails(1)).keys() == {"gina@example.org"}
    with psycopg.connect(pooled.direct) as connection:
        query = "SELECT DISTINCT task_name FROM jobs.procrastinate_periodic_defers ORDER BY task_name"
        assert [name for (name,) in connection.execute(query)] == sorted(
            task.name for task in TASKS.values() if task.cron is not None
        )
