"""Markers: how far somebody has read a feed, and what is new since."""

from typing import Any

import pytest

from api.gql.ids import decode, encode
from api.loaders import feed_budget
from db.queries.feeds import following_feed_id
from tests.api.conftest import Api
from tests.api.own_feeds import ERRORS, UPDATE, create, rules
from tests.slow_tables import slow_table

MARKED = "marker { cursor post { id } setAt } newPostsCount"
SET = f"""mutation ($input: SetFeedMarkerInput!) {{ setFeedMarker(input: $input) {{
  feed {{ id {MARKED} }} {ERRORS} }} }}"""
READ = f"query ($id: ID!) {{ feed(id: $id) {{ {MARKED} }} }}"
PAGE = """query ($id: ID!, $first: Int, $after: String, $last: Int, $before: String) { feed(id: $id) {
  posts(first: $first, after: $after, last: $last, before: $before) {
    edges { cursor node { id } } pageInfo { startCursor hasPreviousPage } } } }"""
STORED = "SELECT array_agg(m ORDER BY user_id, feed_id)::text FROM app.feed_markers AS m"
NOTHING = {"marker": None, "newPostsCount": 0}


async def page(api: Api, viewer: int, feed: str, **window: object) -> tuple[list[int], list[str], dict[str, Any]]:
    """The posts of a page, their cursors, and what lies beyond."""
    posts = (await api.run(PAGE, viewer=viewer, id=feed, **window))["feed"]["posts"]
    ids = [decode(edge["node"]["id"], "Post") for edge in posts["edges"]]
    return ids, [edge["cursor"] for edge in posts["edges"]], posts["pageInfo"]


async def mark(api: Api, viewer: int, feed: str, cursor: str | None) -> dict[str, Any]:
    payload = (await api.run(SET, viewer=viewer, input={"feedId": feed, "cursor": cursor}))["setFeedMarker"]
    assert payload["userErrors"] == []
    return payload["feed"]


async def read(api: Api, viewer: int | None, feed: str) -> dict[str, Any]:
    return (await api.run(READ, viewer=viewer, id=feed))["feed"]


async def feeds_of(api: Api, viewer: int) -> dict[str, str]:
    """A feed by time, one by likes, and the built-in one."""
    made: dict[str, str] = {
        sort: (await create(api, viewer, sort, rules=rules({"tag": "jazz"}, sort=sort)))["feed"]["id"]
        for sort in ("RECENT", "POPULAR")
    }
    return made | {"Following": encode("Feed", following_feed_id(viewer))}


@pytest.mark.parametrize("name", ["RECENT", "POPULAR", "Following"])
async def test_what_is_new_stands_before_the_marker_without_holes(api: Api, name: str) -> None:
    make = api.factory
    ada, ben = make.user("ada"), make.user("ben")
    make.follow(ada, ben)
    feed = (await feeds_of(api, ada))[name]
    old = [make.post(ben, tags=["jazz"]) for _ in range(3)]
    found, cursors, _ = await page(api, ada, feed)
    assert found == old[::-1]
    assert await read(api, ada, feed) == NOTHING
    marked = await mark(api, ada, feed, cursors[0])
    assert marked["marker"]["cursor"] == cursors[0]
    assert marked["marker"]["post"] == {"id": encode("Post", old[-1])}
    assert marked["newPostsCount"] == 0
    new = [make.post(ben, tags=["jazz"]) for _ in range(3)]
    state = await read(api, ada, feed)
    assert (state["marker"], state["newPostsCount"]) == (marked["marker"], 3)
    nearest, _, info = await page(api, ada, feed, last=2, before=cursors[0])
    assert (nearest, info["hasPreviousPage"]) == ([new[1], new[0]], True)
    newest, _, info = await page(api, ada, feed, last=2, before=info["startCursor"])
    assert (newest, info["hasPreviousPage"]) == ([new[2]], False)
    assert (await page(api, ada, feed, first=9, after=cursors[0]))[0] == old[1::-1]
    make.connection.execute("UPDATE posts SET status = 'deleted' WHERE id = ANY(%s)", [[old[-1], new[1]]])
    state = await read(api, ada, feed)
    assert (state["marker"]["post"], state["newPostsCount"]) == (None, 2)
    assert await mark(api, ada, feed, None) == {"id": feed, **NOTHING}
    assert await mark(api, ada, feed, None) == {"id": feed, **NOTHING}
    assert make.scalar("SELECT count(*) FROM app.feed_markers") == 0


async def test_a_marker_by_time_outlives_a_change_of_the_rules(api: Api) -> None:
    make = api.factory
    ada = make.user("ada")
    feeds = await feeds_of(api, ada)
    first = make.post(ada, tags=["jazz", "blues"])
    for name in ("RECENT", "POPULAR"):
        await mark(api, ada, feeds[name], (await page(api, ada, feeds[name]))[1][0])
    new = make.post(ada, tags=["blues"])
    for name in ("RECENT", "POPULAR"):
        changed = {"feedId": feeds[name], "rules": rules({"tag": "blues"}, sort=name)}
        assert (await api.run(UPDATE, viewer=ada, input=changed))["updateFeed"]["userErrors"] == []
    state = await read(api, ada, feeds["RECENT"])
    assert (state["marker"]["post"], state["newPostsCount"]) == ({"id": encode("Post", first)}, 1)
    assert (await page(api, ada, feeds["RECENT"], last=5, before=state["marker"]["cursor"]))[0] == [new]
    assert await read(api, ada, feeds["POPULAR"]) == NOTHING
    sorted_anew = {"feedId": feeds["RECENT"], "rules": rules({"tag": "blues"}, sort="POPULAR")}
    await api.run(UPDATE, viewer=ada, input=sorted_anew)
    assert await read(api, ada, feeds["RECENT"]) == NOTHING


async def test_a_feed_of_unseen_posts_has_no_marker(api: Api) -> None:
    make = api.factory
    ada = make.user("ada")
    feed = (await feeds_of(api, ada))["RECENT"]
    make.post(ada, tags=["jazz"])
    await mark(api, ada, feed, (await page(api, ada, feed))[1][0])
    unseen = rules({"tag": "jazz"}) | {"unseenOnly": True}
    await api.run(UPDATE, viewer=ada, input={"feedId": feed, "rules": unseen})
    assert await read(api, ada, feed) == NOTHING
    before = make.scalar(STORED)
    sent = {"feedId": feed, "cursor": (await page(api, ada, feed))[1][0]}
    (error,) = (await api.run(SET, viewer=ada, input=sent))["setFeedMarker"]["userErrors"]
    assert (error["code"], error["field"]) == ("BAD_USER_INPUT", ["input", "feedId"])
    assert make.scalar(STORED) == before
    await api.run(UPDATE, viewer=ada, input={"feedId": feed, "rules": rules({"tag": "jazz"})})
    assert (await read(api, ada, feed))["marker"] is not None


async def test_new_posts_are_counted_up_to_a_hundred(api: Api) -> None:
    make = api.factory
    ada, ben = make.user("ada"), make.user("ben")
    make.follow(ada, ben)
    make.post(ben, tags=["jazz"])
    feeds = await feeds_of(api, ada)
    for feed in feeds.values():
        await mark(api, ada, feed, (await page(api, ada, feed))[1][0])
    for _ in range(101):
        make.post(ben, tags=["jazz"])
    assert {name: (await read(api, ada, feed))["newPostsCount"] for name, feed in feeds.items()} == dict.fromkeys(
        feeds, 100
    )


async def test_a_marker_is_its_readers_own(api: Api) -> None:
    make = api.factory
    ada, ben = make.user("ada"), make.user("ben")
    feed = (await feeds_of(api, ada))["RECENT"]
    make.connection.execute("UPDATE custom_feeds SET sharing = 'public'")
    make.post(ada, tags=["jazz"])
    cursor = (await page(api, ben, feed))[1][0]
    for reader, other in ((ada, ben), (ben, ada)):
        assert (await mark(api, reader, feed, cursor))["newPostsCount"] == 0
        if reader == ada:
            assert await read(api, other, feed) == NOTHING
    assert await read(api, None, feed) == NOTHING
    await mark(api, ada, feed, None)
    assert (await read(api, ben, feed))["marker"]["cursor"] == cursor


@pytest.mark.parametrize("sharing", ["private", "link"])
async def test_no_marker_is_set_in_a_feed_that_its_id_does_not_open(api: Api, sharing: str) -> None:
    make = api.factory
    ada, ben = make.user("ada"), make.user("ben")
    feed = (await feeds_of(api, ada))["RECENT"]
    make.connection.execute("UPDATE custom_feeds SET sharing = %s", [sharing])
    make.post(ada, tags=["jazz"])
    cursor = (await page(api, ada, feed))[1][0]
    other = encode("Feed", following_feed_id(ada))
    for given in (feed, other, encode("Feed", 999_999)):
        for where in (cursor, None):
            payload = (await api.run(SET, viewer=ben, input={"feedId": given, "cursor": where}))["setFeedMarker"]
            (error,) = payload["userErrors"]
            assert (payload["feed"], error["code"], error["field"]) == (None, "NOT_FOUND", ["input", "feedId"])
    assert make.scalar(STORED) is None


async def test_what_is_no_cursor_of_the_feed_changes_nothing(api: Api) -> None:
    make = api.factory
    ada = make.user("ada")
    make.follow(ada, make.user("ben"))
    feeds = await feeds_of(api, ada)
    make.post(2, tags=["jazz"])
    cursors = {name: (await page(api, ada, feed))[1][0] for name, feed in feeds.items()}
    await mark(api, ada, feeds["RECENT"], cursors["RECENT"])
    before = make.scalar(STORED)
    for wrong in (cursors["POPULAR"], cursors["Following"], "", "x", "é" * 200, cursors["RECENT"] * 9):
        payload = (await api.run(SET, viewer=ada, input={"feedId": feeds["RECENT"], "cursor": wrong}))["setFeedMarker"]
        (error,) = payload["userErrors"]
        assert (error["code"], error["field"]) == ("BAD_USER_INPUT", ["input", "cursor"])
        assert make.scalar(STORED) == before


async def test_an_account_has_a_thousand_markers(api: Api) -> None:
    make = api.factory
    ada, ben = make.user("ada"), make.user("ben")
    feeds = await feeds_of(api, ada)
    make.post(ada, tags=["jazz"])
    cursor = (await page(api, ada, feeds["RECENT"]))[1][0]
    make.connection.execute(
        "INSERT INTO custom_feeds (user_id, name) SELECT %s, 'feed ' || n FROM generate_series(1, 1000) AS n", [ada]
    )
    make.connection.execute(
        "INSERT INTO app.feed_markers (user_id, feed_id, rules_version, post_created_at, post_id)"
        " SELECT who, id, 1, now(), 1 FROM custom_feeds, unnest(%s::bigint[]) AS who WHERE name LIKE 'feed %%'",
        [[ada, ben]],
    )
    count = "SELECT count(*) FROM app.feed_markers WHERE user_id = %s"
    sent = {"feedId": feeds["RECENT"], "cursor": cursor}
    (error,) = (await api.run(SET, viewer=ada, input=sent))["setFeedMarker"]["userErrors"]
    assert (error["code"], error["field"]) == ("BAD_USER_INPUT", ["input", "feedId"])
    assert make.scalar(count, ada) == 1000
    # Feeds that are gone make room.
    make.connection.execute("DELETE FROM custom_feeds WHERE name IN ('feed 1', 'feed 2')")
    for _ in range(2):
        await mark(api, ada, feeds["RECENT"], cursor)
        assert make.scalar(count, ada) == 999
    assert make.scalar(count, ben) == 1000


async def test_a_count_that_takes_too_long_fails_alone(
    api: Api, empty_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    make = api.factory
    ada = make.user("ada")
    make.insert("user_lists", user_id=ada, name="People")
    make.insert("list_members", "user_id", list_id=1, user_id=ada)
    costly = (await create(api, ada, "Costly", rules=rules({"author": {"listId": encode("UserList", 1)}})))["feed"]
    cheap = (await feeds_of(api, ada))["RECENT"]
    make.post(ada, tags=["jazz"])
    for feed in (costly["id"], cheap):
        await mark(api, ada, feed, (await page(api, ada, feed))[1][0])
    make.post(ada, tags=["jazz"])
    monkeypatch.setattr(feed_budget, "OWN_MS", 50)
    with slow_table(empty_database, "public.list_members"):
        answer = (await api.post({"query": "{ viewer { feeds { name newPostsCount } } }"}, viewer=ada)).json()
    errors = [(error["path"], error["extensions"]["code"]) for error in answer["errors"]]
    assert errors == [(["viewer", "feeds", 1, "newPostsCount"], "COST_LIMIT")]
    counts = {one["name"]: one["newPostsCount"] for one in answer["data"]["viewer"]["feeds"]}
    assert counts == {"Following": 0, "Costly": None, "RECENT": 1, "POPULAR": 0}
