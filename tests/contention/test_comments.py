"""Comments that are answered, liked and changed at the moment when they are deleted."""

import asyncio
from typing import Any

import psycopg
import pytest

from api.gql.ids import encode
from tests.api.conftest import api_over
from tests.contention.scene import PATIENT, Scene, met
from tests.triggers.recount import differences

NOT_FOUND = [{"code": "NOT_FOUND"}]
CALLS = {
    "reply": """addComment(input: {postId: $post, parentId: $id, content: "Yes"}) {
      comment { depth } userErrors { code } }""",
    "like": "likeComment(input: {commentId: $id}) { comment { likesCount } userErrors { code } }",
    "edit": 'editComment(input: {commentId: $id, content: "New"}) { comment { content } userErrors { code } }',
    "delete": "deleteComment(input: {commentId: $id}) { deletedId comment { repliesCount } userErrors { code } }",
}
DELETE = "UPDATE comments SET deleted_at = now() WHERE id = %s"


async def meanwhile(scene: Scene, one: psycopg.Connection, what: str, comment: int) -> dict[str, Any]:
    """What Ben is answered when the other session, which has written already, commits while he waits."""
    query = f"mutation ({'$post: ID!, ' if what == 'reply' else ''}$id: ID!) {{ found: {CALLS[what]} }}"
    ids = {"post": scene.post_id} if what == "reply" else {}
    async with api_over(scene.url, **PATIENT) as api:
        asked = asyncio.create_task(
            api.post({"query": query, "variables": {**ids, "id": encode("Comment", comment)}}, viewer=scene.ben)
        )
        await met(one)
        one.commit()
        answer = (await asked).json()
    assert "errors" not in answer
    return answer["data"]["found"]


@pytest.mark.parametrize("what", ["like", "edit"])
async def test_a_comment_that_is_deleted_meanwhile_is_neither_liked_nor_edited(
    scene: Scene, one: psycopg.Connection, what: str
) -> None:
    comment = scene.make.comment(scene.ben, scene.post, "Old")
    one.execute(DELETE, [comment])
    found = await meanwhile(scene, one, what, comment)
    assert found == {"comment": None, "userErrors": NOT_FOUND}
    assert scene.make.scalar("SELECT array_agg((content, edited_at, likes_count)::text) FROM comments") == ["(Old,,0)"]
    assert scene.make.scalar("SELECT count(*) FROM app.comment_likes") == 0
    assert scene.make.scalar("SELECT count(*) FROM notifications") == 0


async def test_a_reply_to_what_is_deleted_meanwhile_makes_it_a_blank(scene: Scene, one: psycopg.Connection) -> None:
    head = scene.make.comment(scene.ada, scene.post)
    comment = scene.make.comment(scene.ada, scene.post, parent_comment_id=head)
    one.execute(DELETE, [head])
    one.execute(DELETE, [comment])
    assert await meanwhile(scene, one, "reply", comment) == {"comment": {"depth": 2}, "userErrors": []}
    assert scene.make.scalar("SELECT array_agg(replies_count ORDER BY id) FROM comments") == [1, 1, 0]
    assert differences(scene.make.connection) == []


async def test_what_is_answered_while_it_is_deleted_stays_as_a_blank(scene: Scene, one: psycopg.Connection) -> None:
    comment = scene.make.comment(scene.ben, scene.post)
    one.execute(
        "INSERT INTO comments (post_id, user_id, parent_comment_id, content) VALUES (%s, %s, %s, 'Yes')",
        [scene.post, scene.ada, comment],
    )
    found = await meanwhile(scene, one, "delete", comment)
    assert found == {"deletedId": None, "comment": {"repliesCount": 1}, "userErrors": []}
    assert differences(scene.make.connection) == []


async def test_the_last_reply_goes_while_its_parent_is_deleted(scene: Scene, one: psycopg.Connection) -> None:
    comment = scene.make.comment(scene.ben, scene.post)
    reply = scene.make.comment(scene.ada, scene.post, parent_comment_id=comment)
    one.execute(DELETE, [reply])
    found = await meanwhile(scene, one, "delete", comment)
    assert found == {"deletedId": encode("Comment", comment), "comment": None, "userErrors": []}
    assert differences(scene.make.connection) == []


@pytest.mark.parametrize("what", ["like", "edit"])
async def test_what_is_liked_or_edited_first_is_deleted_next(scene: Scene, one: psycopg.Connection, what: str) -> None:
    comment = scene.make.comment(scene.ben, scene.post, "Old")
    if what == "like":
        one.execute("INSERT INTO app.comment_likes (user_id, comment_id) VALUES (%s, %s)", [scene.ada, comment])
    else:
        one.execute("UPDATE comments SET content = 'New', edited_at = now() WHERE id = %s", [comment])
    found = await meanwhile(scene, one, "delete", comment)
    assert found == {"deletedId": encode("Comment", comment), "comment": None, "userErrors": []}
    assert differences(scene.make.connection) == []
