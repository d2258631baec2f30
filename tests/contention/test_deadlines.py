"""The deadline of a mutation passes while it waits for others: what was done stands, and nothing is denied."""

import asyncio

import psycopg
import pytest

from api.gql.ids import encode
from tests.api.conftest import api_over
from tests.contention.scene import NOTHING, ONCE, PATIENT, Scene, hold, met, refusal
from tests.contention.test_connections import SLOW_COMMIT

POST_THEN_LIKE = """mutation ($held: ID!) {
  a: createPost(input: {type: TEXT_SHORT, content: "first"}) { post { content } userErrors { code } }
  b: likePost(input: {postId: $held}) { post { likesCount } }
  c: createPost(input: {type: TEXT_SHORT, content: "last"}) { post { content } } }"""
SHORT = {"deadline_seconds": 0.3}


@pytest.mark.parametrize("executor", ["compiled", "stock"])
async def test_what_a_mutation_has_done_by_its_deadline_is_answered(
    scene: Scene, one: psycopg.Connection, executor: str
) -> None:
    hold(one, scene)
    async with api_over(scene.url, settings={**SHORT, "executor": executor}, **PATIENT) as api:
        body = {"query": POST_THEN_LIKE, "variables": {"held": scene.post_id}}
        response = await api.post(body, viewer=scene.ben)
        one.rollback()
        assert response.status_code == 200
        assert response.json()["data"] == {"a": {"post": {"content": "first"}, "userErrors": []}, "b": None, "c": None}
        found = [(error["path"], error["extensions"]["code"]) for error in response.json()["errors"]]
        assert found == [(["b"], "TIMEOUT"), (["c"], "TIMEOUT")]
        assert scene.make.scalar("SELECT array_agg(content) FROM posts WHERE user_id = %s", scene.ben) == ["first"]
        assert scene.written() == NOTHING
        assert (await scene.like(api)).json()["data"]["likePost"]["post"] == {"likesCount": 1}


async def test_a_mutation_that_did_nothing_by_its_deadline_may_be_tried_again(
    scene: Scene, one: psycopg.Connection
) -> None:
    hold(one, scene)
    async with api_over(scene.url, settings=SHORT, **PATIENT) as api:
        response = await scene.like(api)
    assert refusal(response) == (503, "TIMEOUT", "1")
    assert response.json()["data"] == {"likePost": None}
    assert response.json()["errors"][0]["path"] == ["likePost"]
    assert scene.written() == NOTHING


async def test_a_deadline_during_commit_waits_for_its_outcome(scene: Scene, one: psycopg.Connection) -> None:
    scene.make.connection.execute(SLOW_COMMIT)
    one.execute("SELECT pg_advisory_lock(1)")
    async with api_over(scene.url, settings=SHORT, **PATIENT) as api:
        liking = scene.like(api)
        await met(one)
        await asyncio.sleep(0.5)  # the deadline passes while the database commits
        one.execute("SELECT pg_advisory_unlock(1)")
        response = await liking
    assert scene.written() == ONCE
    assert response.json()["data"] == {"likePost": None} or response.json()["data"]["likePost"]["post"] is not None
    assert "TIMEOUT" not in response.text


async def test_a_commit_that_does_not_end_has_an_unknown_outcome(
    scene: Scene, one: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("db.database.CANCEL_SECONDS", 0.2)
    scene.make.connection.execute(SLOW_COMMIT)
    one.execute("SELECT pg_advisory_lock(1)")
    async with api_over(scene.url, settings=SHORT, **PATIENT) as api:
        liking = scene.like(api)
        await met(one)
        response = await liking
        assert refusal(response) == (200, "OUTCOME_UNKNOWN", None)
        assert response.json()["data"] == {"likePost": None}


async def test_reads_below_a_mutation_that_is_done_fail_alone(scene: Scene, one: psycopg.Connection) -> None:
    one.execute("LOCK TABLE post_media IN ACCESS EXCLUSIVE MODE")
    query = """mutation ($post: ID!) { likePost(input: {postId: $post}) { userErrors { code } post { likesCount
      media { url } } } }"""
    async with api_over(scene.url, settings=SHORT, **PATIENT) as api:
        body = {"query": query, "variables": {"post": encode("Post", scene.post)}}
        response = await api.post(body, viewer=scene.ben)
    (error,) = response.json()["errors"]
    assert (error["path"], error["extensions"]["code"]) == (["likePost", "post", "media"], "TIMEOUT")
    assert "Nothing was changed" not in error["message"]
    assert response.json()["data"] == {"likePost": {"userErrors": [], "post": None}}
    assert scene.written() == ONCE
