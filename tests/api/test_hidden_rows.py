"""Behind many rows that the viewer may not see, pages are short, and together they are the whole list."""

from collections.abc import Sequence
from typing import Any

import pytest

from api.gql.ids import encode
from tests.api.conftest import Api

FORWARD = "first: $size, after: $cursor"
BACKWARD = "last: $size, before: $cursor"
INFO = "pageInfo { hasNextPage hasPreviousPage startCursor endCursor }"


def lists(api: Api) -> tuple[int, dict[str, tuple[str, str, list[str]]]]:
    """The viewer, and the lists: the way to each, what to read of its nodes, and what is to be seen of it."""
    ada, ben, cleo, dan = api.factory.cast()
    post = api.factory.post(ada)
    section = api.factory.insert("comments", post_id=post, user_id=ada, content="Parent")
    crowd = [api.factory.user(f"gone{n}", status="suspended") for n in range(90)]
    people = [ben, *crowd[:45], cleo, *crowd[45:], dan]
    times = [f"2025-01-01 {n // 60:02}:{n % 60:02}:00+00" for n in range(len(people))]
    for who, at in zip(people, times, strict=True):
        api.factory.insert("user_follows", "follower_id", follower_id=who, following_id=ada, created_at=at)
        api.factory.insert("user_follows", "follower_id", follower_id=ada, following_id=who, created_at=at)
        api.factory.insert("post_interactions", post_id=post, user_id=who, type="like", created_at=at)
        api.factory.insert(
            "comments", post_id=post, user_id=who, content="Hi", parent_comment_id=section, created_at=at
        )
        api.factory.insert("notifications", user_id=ada, actor_id=who, type="follow", title="Hi", created_at=at)
    seen = ["dan", "cleo", "ben"]
    username = "{ username }"
    return ada, {
        "followers": ('user(username: "ada") { LIST }', username, seen),
        "following": ('user(username: "ada") { LIST }', username, seen),
        "friends": ('user(username: "ada") { LIST }', username, seen),
        "likers": (f'post(id: "{encode("Post", post)}") {{ LIST }}', username, seen),
        "replies": (
            f'node(id: "{encode("Comment", section)}") {{ ... on Comment {{ LIST }} }}',
            "{ author { username } }",
            seen,
        ),
        "notifications": ("viewer { LIST }", "{ actor { username } }", seen),
    }


async def walk(api: Api, viewer: int, way: str, field: str, node: str, *, backward: bool) -> list[Sequence[str]]:
    """The names on each page, in the order of the list."""
    arguments = BACKWARD if backward else FORWARD
    query = f"query ($size: Int!, $cursor: String) {{ {way} }}".replace(
        "LIST", f"found: {field}({arguments}) {{ nodes {node} {INFO} }}"
    )
    pages: list[Sequence[str]] = []
    cursor = None
    while len(pages) < 99:
        data: Any = await api.run(query, viewer=viewer, size=1, cursor=cursor)
        while "found" not in data:
            (data,) = data.values()
        found = data["found"]
        names = [(one.get("author") or one.get("actor") or one)["username"] for one in found["nodes"]]
        pages.append(names)
        info = found["pageInfo"]
        if not info["hasPreviousPage" if backward else "hasNextPage"]:
            return pages[::-1] if backward else pages
        cursor = info["startCursor" if backward else "endCursor"]
    raise AssertionError("the list has no end")


@pytest.mark.parametrize("backward", [False, True], ids=["forward", "backward"])
async def test_all_pages_together_are_the_list_although_some_are_short(api: Api, backward: bool) -> None:
    viewer, everything = lists(api)
    for field, (way, node, seen) in everything.items():
        pages = await walk(api, viewer, way, field, node, backward=backward)
        assert [name for page in pages for name in page] == seen, field
        assert [] in pages, field


async def test_private_posts_make_no_page_of_somebody_else_short(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    for n in range(60):
        hidden = n not in (0, 59)
        api.factory.post(ada, f"Post {n}", visibility="private" if hidden else "public")
    query = '{ user(username: "ada") { posts(first: 2) { nodes { content } pageInfo { hasNextPage } } } }'
    found = (await api.run(query, viewer=ben))["user"]["posts"]
    assert found["nodes"] == [{"content": "Post 59"}, {"content": "Post 0"}]
    assert found["pageInfo"] == {"hasNextPage": False}
