"""Requests that meet the locks and limits of others: each has its answer, and nothing is half written."""

import asyncio

import psycopg
import pytest

from api.gql.ids import encode
from tests.api.conftest import api_over
from tests.contention.scene import (
    LIKED,
    NOTHING,
    ONCE,
    PATIENT,
    Scene,
    hold,
    met,
    refusal,
)
from tests.waiting import in_background, until_it_waits

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
        assert response.json()["data"] == LIKED
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
        assert response.json()["data"] == LIKED
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
        assert (await scene.like(api)).json()["data"] == LIKED


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
    async with api_over(scene.url, statement_timeout_ms=200) as api:
        response = await scene.like(api)
        assert refusal(response) == (503, "TIMEOUT", "1")
        assert scene.written() == NOTHING
        one.rollback()
        assert (await scene.like(api)).json()["data"] == LIKED


async def test_a_post_that_goes_while_it_is_liked_is_not_found(scene: Scene, one: psycopg.Connection) -> None:
    """It passes the look-up, and its key refuses the like."""
    one.execute("DELETE FROM posts WHERE id = %s", [scene.post])
    async with api_over(scene.url, **PATIENT) as api:
        liking = scene.like(api)
        await met(one)
        one.commit()
        answer = (await liking).json()
    refused = [{"code": "NOT_FOUND", "field": ["input", "postId"]}]
    assert answer["data"] == {"likePost": {"post": None, "userErrors": refused}}
    assert scene.make.scalar("SELECT count(*) FROM post_interactions") == 0
