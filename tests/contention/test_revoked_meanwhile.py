"""A session ends while a request of its own is at work: what has not begun does not run."""

import asyncio

import psycopg
import pytest
from argon2 import PasswordHasher

from tests.api.conftest import api_over
from tests.contention.scene import PATIENT, Scene, hold, met

THREE = """mutation ($held: ID!) {
  a: createPost(input: {type: TEXT_SHORT, content: "first"}) { post { content } }
  b: likePost(input: {postId: $held}) { post { likesCount } }
  c: createPost(input: {type: TEXT_SHORT, content: "last"}) { post { content } } }"""
END_SESSIONS = "UPDATE app.sessions SET revoked_at = now() WHERE user_id = %s"
SUSPEND = "UPDATE users SET status = 'suspended' WHERE id = %s"


@pytest.mark.parametrize("executor", ["compiled", "stock"])
@pytest.mark.parametrize(("change", "code"), [(END_SESSIONS, "UNAUTHENTICATED"), (SUSPEND, "ACCOUNT_SUSPENDED")])
async def test_mutations_that_follow_are_refused(
    scene: Scene, one: psycopg.Connection, executor: str, change: str, code: str
) -> None:
    hold(one, scene)
    async with api_over(scene.url, settings={"executor": executor}, **PATIENT) as api:
        asking = asyncio.create_task(api.post({"query": THREE, "variables": {"held": scene.post_id}}, viewer=scene.ben))
        await met(one)
        scene.make.connection.execute(change.encode(), [scene.ben])
        one.rollback()
        response = await asking
    assert response.status_code == 200
    assert response.json()["data"] == {"a": {"post": {"content": "first"}}, "b": {"post": {"likesCount": 1}}, "c": None}
    (error,) = response.json()["errors"]
    assert (error["path"], error["extensions"]["code"]) == (["c"], code)
    assert scene.make.scalar("SELECT array_agg(content) FROM posts WHERE user_id = %s", scene.ben) == ["first"]


async def test_after_a_login_within_the_request_too(scene: Scene, one: psycopg.Connection) -> None:
    """What is asked is the session that was opened, not the one that sent the request."""
    hold(one, scene)
    password = "a kettle of turtles"
    cheap = PasswordHasher(time_cost=1).hash(password)
    scene.make.connection.execute("UPDATE users SET password_hash = %s WHERE id = %s", (cheap, scene.ben))
    query = 'mutation ($held: ID!) { login(input: {login: "ben", password: "%s"}) { userErrors { code } } %s'
    async with api_over(scene.url, **PATIENT) as api:
        body = {"query": query % (password, THREE.split("{", 1)[1]), "variables": {"held": scene.post_id}}
        asking = asyncio.create_task(api.post(body))
        await met(one)
        scene.make.connection.execute(END_SESSIONS.encode(), [scene.ben])
        one.rollback()
        response = await asking
    assert [error["extensions"]["code"] for error in response.json()["errors"]] == ["UNAUTHENTICATED"]
    assert scene.make.scalar("SELECT array_agg(content) FROM posts WHERE user_id = %s", scene.ben) == ["first"]


@pytest.mark.parametrize("executor", ["compiled", "stock"])
async def test_behind_mutations_that_need_no_session_too(scene: Scene, one: psycopg.Connection, executor: str) -> None:
    """They may take their time as well: here a registration waits for another one of the same name, and fails."""
    one.execute("INSERT INTO users (username, email, password_hash) VALUES ('cleo', 'cleo@example.org', 'x')")
    query = """mutation {
      a: register(input: {username: "cleo", email: "c@example.org", password: "a kettle of turtles"}) {
        userErrors { code } }
      b: createPost(input: {type: TEXT_SHORT, content: "late"}) { post { content } } }"""
    async with api_over(scene.url, settings={"executor": executor}, **PATIENT) as api:
        asking = asyncio.create_task(api.post({"query": query}, viewer=scene.ben))
        await met(one)
        scene.make.connection.execute(END_SESSIONS.encode(), [scene.ben])
        one.commit()
        response = await asking
    assert response.json()["data"] == {"a": {"userErrors": [{"code": "DUPLICATE_USERNAME"}]}, "b": None}
    (error,) = response.json()["errors"]
    assert (error["path"], error["extensions"]["code"]) == (["b"], "UNAUTHENTICATED")
    assert scene.make.scalar("SELECT count(*) FROM posts WHERE user_id = %s", scene.ben) == 0
