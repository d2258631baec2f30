"""Tags: which names are one, how many posts they have, and those posts in each order."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from api.gql.ids import decode, encode
from db.documents.texts import tag_of
from db.statements import load
from tests.api.conftest import Api

NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
TAG = """
query ($name: String!, $sort: TagPostSort! = RECENT, $first: Int, $after: String, $last: Int, $before: String) {
  tag(name: $name) {
    id name postsCount
    posts(sort: $sort, first: $first, after: $after, last: $last, before: $before) {
      nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
}
"""


async def tagged(api: Api, name: str, *, viewer: int | None = None, **variables: object) -> list[int]:
    tag = (await api.run(TAG, viewer=viewer, name=name, **variables))["tag"]
    return [decode(node["id"], "Post") for node in tag["posts"]["nodes"]]


@pytest.mark.parametrize(
    ("given", "name"),
    [
        *(("cats", "cats"), ("#Cats", "cats"), ("CAFÉ", "café"), ("Straße", "strasse"), ("cat_1", "cat_1")),
        *(("ねこ", "ねこ"), ("x" * 50, "x" * 50), ("cats\ufe0f", "cats")),
        *(("", None), ("#", None), ("##cats", None), ("two words", None), ("x" * 51, None), ("x" * 10_000, None)),
        *(("!!!", None), ("\u200b", None), ("_", None), ("a'b", None), (" cats", None)),
    ],
)
async def test_a_name_is_a_tag_as_in_posts_or_none(api: Api, given: str, name: str | None) -> None:
    tag = (await api.run(TAG, name=given))["tag"]
    if name is None:
        assert tag is None
        return
    empty: dict[str, Any] = {
        "nodes": [],
        "pageInfo": {"hasNextPage": False, "hasPreviousPage": False, "startCursor": None, "endCursor": None},
    }
    assert tag == {"id": encode("Tag", name), "name": name, "postsCount": 0, "posts": empty}


async def test_a_tag_is_found_again_by_its_id(api: Api) -> None:
    ids = [encode("Tag", "café"), encode("Tag", "1")]
    query = "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id ... on Tag { name } } }"
    nodes = (await api.run(query, ids=ids))["nodes"]
    assert nodes == [
        {"__typename": "Tag", "id": ids[0], "name": "café"},
        {"__typename": "Tag", "id": ids[1], "name": "1"},
    ]
    one = await api.run("query ($id: ID!) { node(id: $id) { ... on Tag { name } } }", id=ids[0])
    assert one == {"node": {"name": "café"}}


@pytest.mark.parametrize("name", ["", "Cats", "two words", "'", "x" * 51])
async def test_an_id_of_what_is_no_tag_is_refused(api: Api, name: str) -> None:
    error = await api.fail("query ($id: ID!) { node(id: $id) { id } }", id=encode("Tag", name))
    assert error["extensions"]["code"] == "BAD_USER_INPUT"


async def test_posts_of_a_tag_in_each_order(api: Api) -> None:
    make = api.factory
    ada, ben, cleo, dan = make.cast()
    liked, talked, idle = [
        make.post(ada, tags=["cats"], created_at=NEW_YEAR + timedelta(days=30 * day)) for day in range(3)
    ]
    make.post(ada, "cats")
    for who in (ben, cleo):
        make.like(who, liked)
    make.like(dan, talked)
    for _ in range(3):
        make.comment(ben, talked)
    assert await tagged(api, "cats") == [idle, talked, liked]
    assert await tagged(api, "cats", sort="POPULAR") == [liked, talked, idle]
    assert await tagged(api, "cats", sort="ENGAGEMENT") == [talked, liked, idle]
    for sort in ("RECENT", "POPULAR", "ENGAGEMENT"):
        whole = await tagged(api, "cats", sort=sort)
        pages: list[int] = []
        after = None
        for _ in whole:
            tag: Any = (await api.run(TAG, name="cats", sort=sort, first=1, after=after))["tag"]
            pages += [decode(node["id"], "Post") for node in tag["posts"]["nodes"]]
            after = tag["posts"]["pageInfo"]["endCursor"]
        assert pages == whole


async def test_public_posts_alone_are_counted(api: Api) -> None:
    make = api.factory
    ada, *_ = make.cast()
    for visibility in ("public", "public", "followers", "private"):
        make.post(ada, tags=["cats", visibility], visibility=visibility)
    make.post(ada, tags=["cats"], status="draft")
    make.post(make.user("gone", status="suspended"), tags=["cats"])
    make.post(make.user("shy", visibility="private"), tags=["cats"])
    query = '{ a: tag(name: "cats") { postsCount } b: tag(name: "private") { postsCount } }'
    assert await api.run(query) == {"a": {"postsCount": 2}, "b": {"postsCount": 0}}
    assert len(await tagged(api, "cats", viewer=ada)) == 4


async def test_posts_are_counted_up_to_a_thousand(api: Api) -> None:
    make = api.factory
    make.connection.execute(
        "INSERT INTO posts (user_id, type, content, tags, created_at) SELECT %s, 'text_short', 'x', '{many}',"
        " '2026-01-01'::timestamptz + n * interval '1 hour' FROM generate_series(1, 1010) AS n",
        [make.user("ada")],
    )
    assert await api.run('{ tag(name: "many") { postsCount } }') == {"tag": {"postsCount": 1_000}}


BEGINNING = "query ($prefix: String!, $limit: Int) { searchTags(prefix: $prefix, limit: $limit) { name } }"


async def completed(api: Api, prefix: str, limit: int = 10) -> list[str]:
    return [tag["name"] for tag in (await api.run(BEGINNING, prefix=prefix, limit=limit))["searchTags"]]


async def test_tags_are_completed_by_how_many_people_use_them(api: Api) -> None:
    people = [api.factory.user(f"user_{n}") for n in range(3)]
    for place, name in enumerate(["cat", "catering", "café", "car", "dog", "cat\U0002f800"]):
        for person in people[: place + 1]:
            api.factory.post(person, tags=[tag_of(name)])
    assert await completed(api, "cat") == []
    api.factory.connection.execute(load("trending")["refresh_used_tags"].sql)
    assert await completed(api, "#CA") == ["café", "car", "cat丽", "catering", "cat"]
    assert await completed(api, "cat", 2) == ["cat丽", "catering"]
    assert await completed(api, "cat_") == []
    assert await completed(api, "cat%") == []
    assert await completed(api, "x" * 10_000) == []


@pytest.mark.parametrize(
    ("prefix", "limit", "message"),
    [
        ("#", 10, "`prefix` must not be blank."),
        (" \u200b", 10, "`prefix` must not be blank."),
        ("cat", 0, "`limit` must be between 1 and 50; it is 0."),
        ("cat", 51, "`limit` must be between 1 and 50; it is 51."),
    ],
)
async def test_what_completes_no_tag(api: Api, prefix: str, limit: int, message: str) -> None:
    error = await api.fail(BEGINNING, prefix=prefix, limit=limit)
    assert (error["extensions"]["code"], error["message"]) == ("BAD_USER_INPUT", message)
    assert api.statements == []
