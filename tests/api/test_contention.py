"""Requests that meet other sessions, limits and lost connections: each has its answer, and nothing is half written."""

import asyncio
import http.client
import json
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx
import psycopg
import pytest

from api.ids import encode
from tests.api.conftest import Api, api_over
from tests.cli.commands import serving
from tests.factories import Factory
from tests.waiting import in_background, until_blocked_by, until_it_waits

LIKE = "mutation ($post: ID!) { likePost(input: {postId: $post}) { post { likesCount } userErrors { code field } } }"
LIKED: dict[str, object] = {"likePost": {"post": {"likesCount": 1}, "userErrors": []}}
POST = "query ($post: ID!) { post(id: $post) { id } }"
VIEWER = "{ viewer { username } }"
PATIENT = {"lock_timeout_ms": 60_000, "statement_timeout_ms": 60_000}
ONE_CONNECTION = {"pool_min_size": 1, "pool_max_size": 1}

# Fails the first transactions that like, at COMMIT. A sequence counts what a rollback does not undo.
UNLUCKY = """
CREATE SEQUENCE app.likes_tried;
CREATE FUNCTION app.fail_at_commit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF nextval('app.likes_tried') <= TG_ARGV[0]::bigint THEN
        RAISE EXCEPTION 'unlucky' USING ERRCODE = 'serialization_failure';
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER fail_at_commit AFTER INSERT ON post_interactions DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION app.fail_at_commit('{times}');
"""

# Makes COMMIT wait for whoever holds this advisory lock.
SLOW_COMMIT = """
CREATE FUNCTION app.wait_at_commit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(1);
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER wait_at_commit AFTER INSERT ON post_interactions DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION app.wait_at_commit();
"""

TERMINATE = "SELECT count(*) FROM unnest(%s::integer[]) AS pid WHERE pg_terminate_backend(pid, 10000)"
SERVING = """
SELECT coalesce(array_agg(pid ORDER BY pid), '{}') FROM pg_stat_activity
WHERE datname = current_database() AND application_name = 'vrss'
"""
BUSY = f"SELECT count(*) FROM pg_stat_activity WHERE pid = ANY (({SERVING})::integer[]) AND state <> 'idle'"


@dataclass
class Scene:
    """Ada has a post, and Ben is about to like it."""

    url: str
    make: Factory
    ada: int
    ben: int
    post: int

    @property
    def post_id(self) -> str:
        return encode("Post", self.post)

    def like(self, api: Api) -> asyncio.Task[httpx.Response]:
        body = {"query": LIKE, "variables": {"post": self.post_id}}
        return asyncio.create_task(api.post(body, viewer=self.ben))

    def written(self) -> tuple[int, int, int]:
        """Likes, the count of them, and notifications."""
        return (
            self.make.scalar("SELECT count(*) FROM post_interactions"),
            self.make.scalar("SELECT likes_count FROM posts WHERE id = %s", self.post),
            self.make.scalar("SELECT count(*) FROM notifications"),
        )


NOTHING = (0, 0, 0)
ONCE = (1, 1, 1)


@pytest.fixture
def scene(empty_database: str) -> Iterator[Scene]:
    with psycopg.connect(empty_database, autocommit=True) as connection:
        make = Factory(connection)
        ada, ben = make.user("ada"), make.user("ben")
        yield Scene(empty_database, make, ada, ben, make.post(ada))


@pytest.fixture
def one(scene: Scene) -> Iterator[psycopg.Connection]:
    """A session that holds what it locks until the test says otherwise."""
    with psycopg.connect(scene.url) as opened:
        yield opened
        opened.rollback()


@pytest.fixture
def other(scene: Scene) -> Iterator[psycopg.Connection]:
    with psycopg.connect(scene.url) as opened:
        yield opened
        opened.rollback()


def hold(session: psycopg.Connection, scene: Scene) -> None:
    """Lock the post as no like can bear it."""
    session.execute("SELECT FROM posts WHERE id = %s FOR UPDATE", [scene.post])


async def met(session: psycopg.Connection) -> int:
    """The process that waits for this session, as soon as there is one."""
    return await asyncio.to_thread(until_blocked_by, session)


def refusal(response: httpx.Response) -> tuple[int, str, str | None]:
    (error,) = response.json()["errors"]
    return response.status_code, error["extensions"]["code"], response.headers.get("retry-after")


async def test_the_victim_of_a_deadlock_succeeds_on_its_second_try(
    scene: Scene, one: psycopg.Connection, other: psycopg.Connection
) -> None:
    """The like closes the circle and looks for it first, so it is the one that is sacrificed."""
    database = one.info.dbname
    scene.make.connection.execute(f'ALTER DATABASE "{database}" SET deadlock_timeout = 10'.encode())
    async with api_over(scene.url, **PATIENT) as api:
        other.execute("SET deadlock_timeout = '1h'")
        other.execute("SELECT FROM users WHERE id = %s FOR UPDATE", [scene.ada])
        one.execute("LOCK TABLE notifications IN SHARE MODE")
        liking = scene.like(api)
        await met(one)  # the like holds the post, and is about to tell Ada
        wants_the_post = in_background(other, "SELECT FROM posts WHERE id = %s FOR UPDATE", [scene.post])
        await asyncio.to_thread(until_it_waits, other)
        one.commit()  # now the like wants Ada, whom the other holds, who wants the post
        response = await liking
        wants_the_post.join()
        assert response.json() == {"data": LIKED}
        tries = ["like_post", "notify_like"]
        assert api.statements == ["session_by_token_hash", *tries, *tries, "posts_by_ids"]
    assert scene.written() == ONCE


@pytest.mark.parametrize(("failures", "succeeds"), [(1, True), (2, False)])
async def test_what_cannot_be_serialized_is_tried_twice(scene: Scene, failures: int, *, succeeds: bool) -> None:
    scene.make.connection.execute(UNLUCKY.replace("{times}", str(failures)).encode())
    async with api_over(scene.url) as api:
        response = await scene.like(api)
        assert api.statements.count("like_post") == 2
    if succeeds:
        assert response.json() == {"data": LIKED}
        assert scene.written() == ONCE
    else:
        assert refusal(response) == (503, "OVERLOADED", "1")
        assert response.json()["data"] == {"likePost": None}
        assert scene.written() == NOTHING


async def test_a_mutation_that_fails_leaves_the_answers_of_the_others(scene: Scene, one: psycopg.Connection) -> None:
    free = scene.make.post(scene.ada)
    hold(one, scene)
    both = """mutation ($free: ID!, $held: ID!) {
      a: likePost(input: {postId: $free}) { post { likesCount } }
      b: likePost(input: {postId: $held}) { post { likesCount } } }"""
    async with api_over(scene.url, lock_timeout_ms=20) as api:
        variables = {"free": encode("Post", free), "held": scene.post_id}
        response = await api.post({"query": both, "variables": variables}, viewer=scene.ben)
    assert response.json()["data"] == {"a": {"post": {"likesCount": 1}}, "b": None}
    assert refusal(response) == (200, "OVERLOADED", None)


async def test_a_lock_that_is_held_too_long_is_overload_and_not_tried_again(
    scene: Scene, one: psycopg.Connection
) -> None:
    hold(one, scene)
    async with api_over(scene.url, lock_timeout_ms=20) as api:
        response = await scene.like(api)
        assert api.statements == ["session_by_token_hash", "like_post"]
        assert refusal(response) == (503, "OVERLOADED", "1")
        assert scene.written() == NOTHING
        one.rollback()
        assert (await scene.like(api)).json() == {"data": LIKED}


async def test_what_else_could_be_answered_is_answered(scene: Scene, one: psycopg.Connection) -> None:
    one.execute("LOCK TABLE comments IN ACCESS EXCLUSIVE MODE")
    query = "query ($post: ID!) { viewer { username } post(id: $post) { comments { nodes { id } } } }"
    async with api_over(scene.url, lock_timeout_ms=20) as api:
        body = {"query": query, "variables": {"post": scene.post_id}}
        response = await api.post(body, viewer=scene.ben)
    assert refusal(response) == (200, "OVERLOADED", None)
    assert response.json()["data"] == {"viewer": {"username": "ben"}, "post": None}


async def test_a_statement_that_takes_too_long_is_stopped(scene: Scene, one: psycopg.Connection) -> None:
    hold(one, scene)
    async with api_over(scene.url, statement_timeout_ms=20) as api:
        response = await scene.like(api)
        assert refusal(response) == (503, "TIMEOUT", "1")
        assert scene.written() == NOTHING
        one.rollback()
        assert (await scene.like(api)).json() == {"data": LIKED}


@pytest.mark.parametrize("query", [POST, LIKE])
async def test_a_request_past_its_deadline_leaves_an_idle_connection(
    scene: Scene, one: psycopg.Connection, query: str
) -> None:
    """A loader reads in a task of its own, a mutation in that of the request: both are stopped in the server, too."""
    async with api_over(scene.url, deadline_seconds=0.5, **PATIENT, **ONE_CONNECTION) as api:
        await api.run(VIEWER, viewer=scene.ben)
        serving = scene.make.scalar(SERVING)
        one.execute("LOCK TABLE posts IN ACCESS EXCLUSIVE MODE")
        response = await api.post({"query": query, "variables": {"post": scene.post_id}}, viewer=scene.ben)
        assert refusal(response) == (503, "TIMEOUT", "1")
        assert scene.make.scalar(BUSY) == 0
        assert await api.run(VIEWER, viewer=scene.ben) == {"viewer": {"username": "ben"}}
        assert scene.make.scalar(SERVING) == serving  # a stopped statement does not cost its connection
    one.rollback()
    assert scene.written() == NOTHING


@pytest.mark.parametrize("query", [POST, LIKE])
async def test_a_cancelled_request_leaves_an_idle_connection(scene: Scene, one: psycopg.Connection, query: str) -> None:
    async with api_over(scene.url, **PATIENT, **ONE_CONNECTION) as api:
        one.execute("LOCK TABLE posts IN ACCESS EXCLUSIVE MODE")
        body = {"query": query, "variables": {"post": scene.post_id}}
        asking = asyncio.create_task(api.post(body, viewer=scene.ben))
        await met(one)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        assert scene.make.scalar(BUSY) == 0
        assert await api.run(VIEWER, viewer=scene.ben) == {"viewer": {"username": "ben"}}
    one.rollback()
    assert scene.written() == NOTHING


def test_a_client_that_hangs_up_leaves_an_idle_connection(scene: Scene, one: psycopg.Connection) -> None:
    hold(one, scene)
    headers = {"content-type": "application/json", "authorization": f"Bearer {scene.make.session(scene.ben)}"}
    settings = {"DATABASE_URL": scene.url, "VRSS_POOL_MIN_SIZE": "1", "VRSS_POOL_MAX_SIZE": "1"}

    def ask(address: str, query: str) -> http.client.HTTPConnection:
        connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=30)
        body = json.dumps({"query": query, "variables": {"post": scene.post_id}})
        connection.request("POST", "/graphql", body, headers)
        return connection

    with serving("serve", **settings) as (_, address):
        gone = ask(address, LIKE)
        until_blocked_by(one)
        gone.close()
        one.rollback()
        there = ask(address, VIEWER)  # waits for the one connection
        assert json.load(there.getresponse()) == {"data": {"viewer": {"username": "ben"}}}
        there.close()
        assert scene.make.scalar(BUSY) == 0
    assert scene.written() in {NOTHING, ONCE}


async def test_a_connection_that_is_lost_is_overload_and_the_next_request_works(
    scene: Scene, one: psycopg.Connection
) -> None:
    hold(one, scene)
    async with api_over(scene.url, **PATIENT, **ONE_CONNECTION) as api:
        liking = scene.like(api)
        assert scene.make.scalar(TERMINATE, [await met(one)]) == 1
        assert refusal(await liking) == (503, "OVERLOADED", "1")
        assert scene.written() == NOTHING
        one.rollback()
        assert (await scene.like(api)).json() == {"data": LIKED}


async def test_connections_that_died_in_their_sleep_are_replaced_before_anybody_notices(scene: Scene) -> None:
    async with api_over(scene.url, pool_min_size=3, pool_max_size=3) as api:
        await api.run(VIEWER, viewer=scene.ben)
        sleeping = scene.make.scalar(SERVING)
        assert scene.make.scalar(TERMINATE, sleeping) == len(sleeping) == 3
        for _ in range(3):
            assert await api.run(VIEWER, viewer=scene.ben) == {"viewer": {"username": "ben"}}
        assert not set(sleeping) & set(scene.make.scalar(SERVING))


async def test_when_the_connection_is_lost_at_commit_nobody_says_that_nothing_was_changed(
    scene: Scene, one: psycopg.Connection
) -> None:
    scene.make.connection.execute(SLOW_COMMIT)
    one.execute("SELECT pg_advisory_lock(1)")
    async with api_over(scene.url, **PATIENT) as api:
        liking = scene.like(api)
        assert scene.make.scalar(TERMINATE, [await met(one)]) == 1
        response = await liking
    assert refusal(response) == (503, "OVERLOADED", "1")
    assert "Look whether it is there" in response.json()["errors"][0]["message"]
    assert "Nothing was changed" not in response.text


async def test_without_a_free_connection_a_request_is_refused_in_time_and_served_later(
    scene: Scene, one: psycopg.Connection
) -> None:
    hold(one, scene)
    async with api_over(scene.url, pool_timeout_seconds=0.1, **PATIENT, **ONE_CONNECTION) as api:
        liking = scene.like(api)
        await met(one)
        started = asyncio.get_running_loop().time()
        response = await api.post({"query": VIEWER}, viewer=scene.ben)
        waited = asyncio.get_running_loop().time() - started
        assert refusal(response) == (503, "OVERLOADED", "1")
        assert 0.1 <= waited < 5
        one.rollback()
        assert (await liking).json() == {"data": LIKED}
        assert await api.run(VIEWER, viewer=scene.ben) == {"viewer": {"username": "ben"}}


async def test_a_post_that_goes_while_it_is_liked_is_not_found(scene: Scene, one: psycopg.Connection) -> None:
    """It passes the look-up, and its key refuses the like."""
    one.execute("DELETE FROM posts WHERE id = %s", [scene.post])
    async with api_over(scene.url, **PATIENT) as api:
        liking = scene.like(api)
        await met(one)
        one.commit()
        answer = (await liking).json()
    refused = [{"code": "NOT_FOUND", "field": ["input", "postId"]}]
    assert answer == {"data": {"likePost": {"post": None, "userErrors": refused}}}
    assert scene.make.scalar("SELECT count(*) FROM post_interactions") == 0


async def test_more_tags_than_a_post_holds_are_for_the_person_to_mend(api: Api) -> None:
    """Each of the two limits of the input is kept; only the row shows both."""
    query = """
    mutation ($content: String!, $tags: [String!]!) {
      createPost(input: {content: $content, tags: $tags}) { post { id } userErrors { code message field } }
    }
    """
    ada = api.factory.user("ada")
    content = " ".join(f"#word{number}" for number in range(40))
    data = await api.run(query, viewer=ada, content=content, tags=[f"tag{number}" for number in range(11)])
    assert data["createPost"]["post"] is None
    assert data["createPost"]["userErrors"] == [
        {
            "code": "BAD_USER_INPUT",
            "message": "A post has at most 50 tags, those in its text counted.",
            "field": ["input", "tags"],
        }
    ]
    assert api.factory.scalar("SELECT count(*) FROM posts") == 0
    data = await api.run(query, viewer=ada, content=content, tags=[f"tag{number}" for number in range(10)])
    assert data["createPost"]["userErrors"] == []
