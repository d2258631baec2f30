"""What is popular among friends and at large, and what is trending."""

from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from api.gql.ids import decode
from db.statements import load
from tests.api.conftest import Api

DISCOVER = """
query ($first: Int, $after: String) {
  discover(first: $first, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } }
}
"""
TRENDING = """
query ($window: TrendingWindow! = DAY) {
  trending(window: $window) { tags { postsCount peopleCount tag { name } } posts { nodes { id } } }
}
"""


def ids(page: dict[str, Any]) -> list[int]:
    return [decode(node["id"], "Post") for node in page["nodes"]]


async def discovered(api: Api, viewer: int | None = None) -> list[int]:
    return ids((await api.run(DISCOVER, viewer=viewer))["discover"])


def befriend(api: Api, one: int, other: int) -> None:
    api.factory.follow(one, other)
    api.factory.follow(other, one)


def counted(api: Api, post: int, **counts: int) -> int:
    for name, count in counts.items():
        api.factory.connection.execute(f"UPDATE posts SET {name}_count = %s WHERE id = %s".encode(), [count, post])
    return post


def refresh(connection: psycopg.Connection[Any]) -> None:
    for hours in (1, 24, 168):
        for name in ("refresh_trending_posts", "refresh_trending_tags"):
            connection.execute(load("trending")[name].sql, {"hours": hours})


async def test_signed_out_one_discovers_what_is_popular_and_public(api: Api) -> None:
    make = api.factory
    ada, ben, cleo, _ = make.cast()
    hidden = make.user("shut", visibility="private")
    idle = make.post(ada)
    seven = counted(api, make.post(ben), likes=3, comments=3, reposts=1)
    eleven = counted(api, make.post(cleo), likes=11)
    forty = counted(api, make.post(ada), reposts=40)
    for post in (make.post(ada, visibility="followers"), make.post(hidden)):
        counted(api, post, likes=999)
    # Seven to fourteen are one power of two, in which the newest comes first.
    assert await discovered(api) == [forty, eleven, seven, idle]


async def test_one_discovers_posts_within_two_degrees_of_friendship(api: Api) -> None:
    make = api.factory
    me, friend, second, third = make.cast()
    shy, known_by_shy, muted, follower = (make.user(name) for name in ("shy", "known_by_shy", "muted", "follower"))
    for one, other in ((me, friend), (friend, second), (second, third), (me, shy), (shy, known_by_shy), (me, muted)):
        befriend(api, one, other)
    make.follow(follower, me)
    make.insert("app.user_settings", "user_id", user_id=shy, show_followers=False)
    make.insert("app.user_mutes", "muted_id", muter_id=me, muted_id=muted)
    posts = {who: make.post(who) for who in (me, friend, second, third, shy, known_by_shy, muted, follower)}
    counted(api, posts[second], likes=5)
    assert await discovered(api, me) == [posts[second], posts[shy], posts[friend]]
    hidden = counted(api, make.post(second, visibility="followers"), likes=99)
    assert await discovered(api, me) == [posts[second], posts[shy], posts[friend]]
    close = make.post(friend, visibility="followers")
    assert await discovered(api, me) == [posts[second], close, posts[shy], posts[friend]]
    assert await discovered(api, third) == [hidden, posts[second], posts[friend]]
    assert await discovered(api, follower) == []


async def test_the_newest_posts_of_each_friend_are_looked_at(api: Api) -> None:
    make = api.factory
    ada, ben, *_ = make.cast()
    befriend(api, ada, ben)
    old = counted(api, make.post(ben), likes=99)
    newer = [make.post(ben) for _ in range(19)]
    assert await discovered(api, ada) == [old, *reversed(newer)]
    newest = make.post(ben)
    assert old not in await discovered(api, ada)
    assert (await discovered(api, ada))[0] == newest


async def test_trending_posts_are_those_of_the_window_by_engagement(api: Api) -> None:
    make = api.factory
    now = datetime.now(UTC)
    ada, ben, *_ = make.cast()
    close, gone = make.user("close", visibility="followers"), make.user("gone", status="suspended")

    def post(who: int, hours: float, likes: int, **values: Any) -> int:
        return counted(api, make.post(who, created_at=now - timedelta(hours=hours), **values), likes=likes)

    fresh, of_day, of_week, old = post(ada, 0.5, 1), post(ben, 5, 3), post(ada, 100, 2), post(ada, 200, 99)
    for who, visibility in ((ada, "followers"), (ada, "private"), (close, "public"), (gone, "public")):
        post(who, 0.5, 50, visibility=visibility)
    post(ada, 0.5, 0)
    refresh(make.connection)
    found = {
        window: ids((await api.run(TRENDING, window=window))["trending"]["posts"]) for window in ("HOUR", "DAY", "WEEK")
    }
    assert found == {"HOUR": [fresh], "DAY": [of_day, fresh], "WEEK": [of_day, of_week, fresh]}
    assert old not in found["WEEK"]
    counted(api, fresh, likes=9)
    make.connection.execute("UPDATE posts SET visibility = 'followers' WHERE id = %s", [of_day])
    assert ids((await api.run(TRENDING))["trending"]["posts"]) == [fresh]
    refresh(make.connection)
    assert ids((await api.run(TRENDING, window="WEEK"))["trending"]["posts"]) == [fresh, of_week]
    make.connection.execute("DELETE FROM posts WHERE id = %s", [fresh])
    assert ids((await api.run(TRENDING, window="WEEK"))["trending"]["posts"]) == [of_week]


async def test_trending_tags_are_those_that_more_people_use_than_before(api: Api) -> None:
    make = api.factory
    now = datetime.now(UTC)
    people = [make.user(f"user_{n}") for n in range(6)]
    hidden = make.user("shut", visibility="private")

    def use(tag: str, who: list[int], hours: int = 1, **values: Any) -> None:
        for one in who:
            make.post(one, tags=[tag], created_at=now - timedelta(hours=hours), **values)

    use("rising", people[:4])
    use("rising", people[:1])
    use("rising", people[:1], hours=30)
    use("steady", people)
    use("steady", people, hours=30)
    use("new", people[:3])
    use("alone", people[:1])
    use("alone", people[:1])
    use("secret", people[:3], visibility="followers")
    use("shut", [hidden, people[0]])
    refresh(make.connection)
    trending = (await api.run(TRENDING))["trending"]["tags"]
    assert trending == [
        {"postsCount": 5, "peopleCount": 4, "tag": {"name": "rising"}},
        {"postsCount": 3, "peopleCount": 3, "tag": {"name": "new"}},
    ]
    make.connection.execute("DELETE FROM posts WHERE tags = '{rising}'")
    refresh(make.connection)
    refresh(make.connection)
    assert [one["tag"]["name"] for one in (await api.run(TRENDING))["trending"]["tags"]] == ["new"]


async def test_nothing_is_discovered_or_trending_where_nothing_is(api: Api) -> None:
    refresh(api.factory.connection)
    assert await discovered(api) == []
    assert (await api.run(TRENDING))["trending"] == {"tags": [], "posts": {"nodes": []}}


@pytest.mark.parametrize("window", ["YEAR", "hour", ""])
async def test_a_window_that_there_is_not_is_refused(api: Api, window: str) -> None:
    error = await api.fail(TRENDING, window=window)
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert "Allowed: HOUR, DAY, WEEK." in error["message"]
