"""Feeds whose rules name other feeds: what these let through, for whom, and what is said where they are not there."""

from typing import Any

import pytest

from api.gql.ids import encode
from api.loaders import feed_budget
from db.queries.feeds import following_feed_id
from tests.api.conftest import Api
from tests.api.own_feeds import DELETE, FILTERS, ROWS, UPDATE, create, rules
from tests.api.test_feed_documents import bring, export
from tests.api.test_feed_sharing import fork, share

NOBODY = encode("Feed", 10**15)
PLACE = ["input", "rules", "groups", "0", "filters", "0", "feedId"]
POSTS = """query ($id: ID!, $after: String) { feed(id: $id) { posts(first: 2, after: $after) {
  nodes { id } edges { cursor } } notices { code path } } }"""
SHOWN = """query ($id: ID!) { feed(id: $id) { rules { groups { filters { kind summary feedId feed { id name } } } }
  notices { code path } } }"""
PREVIEW = """query ($rules: FeedRulesInput!) { previewFeed(rules: $rules) { posts { nodes { id } }
  counts { kept filters { kept dropped } } notices { code } userErrors { code field } } }"""
MARK = """mutation ($input: SetFeedMarkerInput!) { setFeedMarker(input: $input) {
  feed { marker { cursor } newPostsCount } userErrors { code } } }"""
MARKED = "query ($id: ID!) { feed(id: $id) { marker { cursor } newPostsCount } }"
REASONS = "query ($id: ID!) { feed(id: $id) { posts { edges { matchedBy { filters { held filter { feedId } } } } } } }"
FIRST = "query ($id: ID!) { feed(id: $id) { posts(first: 1) { nodes { id } } } }"
EXPLAIN = """query ($feed: FeedSourceInput!, $post: ID!) { explainPost(feed: $feed, postId: $post) {
  isIncluded groups { filters { held filter { feedId } } } } }"""


def named(*feeds: str, match: str = "ALL", **more: str) -> dict[str, Any]:
    return rules(*({"feedId": one} for one in feeds), match=match, **more)


async def feed_of(api: Api, owner: int, name: str, found: dict[str, Any], sharing: str | None = None) -> str:
    payload = await create(api, owner, name=name, rules=found)
    assert payload["userErrors"] == []
    if sharing is not None:
        await share(api, owner, payload["feed"]["id"], sharing)
    return payload["feed"]["id"]


async def posts(api: Api, viewer: int | None, feed: str) -> list[str]:
    return [one["id"] for one in (await api.run(POSTS, viewer=viewer, id=feed))["feed"]["posts"]["nodes"]]


async def codes(api: Api, viewer: int | None, feed: str) -> list[str]:
    return [one["code"] for one in (await api.run(POSTS, viewer=viewer, id=feed))["feed"]["notices"]]


def errors(payload: dict[str, Any]) -> list[tuple[str, list[str]]]:
    return [(one["code"], one["field"]) for one in payload["userErrors"]]


async def change(api: Api, viewer: int, feed: str, found: dict[str, Any]) -> dict[str, Any]:
    return (await api.run(UPDATE, viewer=viewer, input={"feedId": feed, "rules": found}))["updateFeed"]


async def test_another_feed_gives_its_groups_and_scope_and_nothing_else(api: Api) -> None:
    ada, ben, cleo, _ = api.factory.cast()
    api.factory.insert("user_follows", "follower_id", follower_id=ada, following_id=cleo)
    jazz = [api.factory.post(ben, tags=["jazz"], likes_count=likes) for likes in (5, 1)]
    followed = api.factory.post(cleo, tags=["jazz"])
    api.factory.post(cleo, tags=["rock"])
    limited = rules({"tag": "jazz"}, sort="POPULAR") | {"maxPerAuthorPerDay": 1, "unseenOnly": True}
    inner = await create(api, ada, name="Inner", rules=limited, pinnedPostIds=[encode("Post", jazz[0])])
    outer = await feed_of(api, ada, "Outer", named(inner["feed"]["id"]))
    found = await api.run(POSTS.replace("first: 2", "first: 9"), viewer=ada, id=outer)
    expected = [encode("Post", one) for one in (followed, jazz[1], jazz[0])]
    assert [one["id"] for one in found["feed"]["posts"]["nodes"]] == expected
    assert found["feed"]["notices"] == []
    near = await feed_of(api, ada, "Near", rules({"tag": "jazz"}, scope="FOLLOWING"))
    assert await posts(api, ada, await feed_of(api, ada, "Of near", named(near))) == [encode("Post", followed)]
    assert len(await posts(api, ada, await feed_of(api, ada, "Not near", named(near, match="NONE")))) == 2


async def test_me_in_another_feed_is_whoever_reads_the_outer_one(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    own = {one: encode("Post", api.factory.post(one)) for one in (ada, ben)}
    mine = await feed_of(api, ada, "Mine alone", rules({"author": {"relation": "ME"}}), "PUBLIC")
    outer = await feed_of(api, ada, "Outer", named(mine), "PUBLIC")
    assert [await posts(api, one, outer) for one in (ada, ben, None)] == [[own[ada]], [own[ben]], []]


async def test_what_may_not_be_opened_is_not_found_and_nothing_is_stored(api: Api) -> None:
    ada, ben, cleo, _ = api.factory.cast()
    hidden = await feed_of(api, ben, "Private", rules({"tag": "jazz"}))
    linked = await feed_of(api, ben, "Linked", rules({"tag": "jazz"}), "LINK")
    blocked = await feed_of(api, cleo, "Public", rules({"tag": "jazz"}), "PUBLIC")
    api.factory.insert("app.user_blocks", "blocker_id", blocker_id=cleo, blocked_id=ada)
    mine = await feed_of(api, ada, "Mine", rules({"tag": "jazz"}))
    before = [api.factory.connection.execute(one.encode()).fetchall() for one in (ROWS, FILTERS)]
    others = [NOBODY, hidden, linked, blocked, encode("Feed", following_feed_id(ben))]
    for one in others:
        created = await create(api, ada, name="New", rules=named(one))
        changed = await change(api, ada, mine, named(one))
        preview = (await api.run(PREVIEW, viewer=ada, rules=named(one)))["previewFeed"]
        assert (created["feed"], changed["feed"], preview["posts"], preview["counts"]) == (None, None, None, None)
        assert errors(created) == errors(changed) == [("NOT_FOUND", PLACE)]
        assert preview["userErrors"] == [{"code": "NOT_FOUND", "field": PLACE[1:]}]
        variables = {"feed": {"rules": named(one)}, "post": encode("Post", 1)}
        (error,) = (await api.post({"query": EXPLAIN, "variables": variables}, viewer=ada)).json()["errors"]
        assert error["extensions"]["code"] == "BAD_USER_INPUT"
    refused = [named(encode("Feed", following_feed_id(ada))), named(mine)]
    assert [errors(await change(api, ada, mine, one)) for one in refused] == [[("BAD_USER_INPUT", PLACE)]] * 2
    assert [api.factory.connection.execute(one.encode()).fetchall() for one in (ROWS, FILTERS)] == before


async def test_a_feed_names_three_others_at_most_and_none_that_names_feeds(api: Api) -> None:
    ada = api.factory.user("ada")
    feeds = [await feed_of(api, ada, f"Feed {number}", rules({"tag": f"t{number}"})) for number in range(4)]
    outer = await feed_of(api, ada, "Outer", named(*feeds[:3]))
    assert errors(await create(api, ada, rules=named(*feeds))) == [("BAD_USER_INPUT", ["input", "rules"])]
    assert errors(await create(api, ada, rules=named(outer))) == [("BAD_USER_INPUT", PLACE)]


async def test_a_feed_that_names_one_later_is_not_looked_into(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    api.factory.post(ben, tags=["jazz"])
    other = await feed_of(api, ada, "Other", rules({"tag": "jazz"}))
    inner = await feed_of(api, ada, "Inner", rules({"tag": "jazz"}))
    outer = await feed_of(api, ada, "Outer", named(inner))
    without = await feed_of(api, ada, "Without", named(inner, match="NONE"))
    assert [len(await posts(api, ada, one)) for one in (outer, without)] == [1, 0]
    assert errors(await change(api, ada, inner, named(other))) == []
    assert [await codes(api, ada, one) for one in (inner, outer)] == [[], ["FEED_NESTED"]]
    assert [len(await posts(api, ada, one)) for one in (inner, outer, without)] == [1, 0, 1]


async def test_a_feed_that_is_gone_or_hidden_says_so_and_lets_nothing_through(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    api.factory.post(ben, tags=["jazz"])
    public = await feed_of(api, ben, "Public", rules({"tag": "jazz"}), "PUBLIC")
    own = await feed_of(api, ada, "Own", rules({"tag": "jazz"}))
    outers = [await feed_of(api, ada, f"Of {one}", named(one)) for one in (public, own)]
    assert [len(await posts(api, ada, one)) for one in outers] == [1, 1]
    await share(api, ben, public, "PRIVATE")
    deleted = await api.run(DELETE, viewer=ada, input={"feedId": own})
    assert deleted["deleteFeed"]["userErrors"] == []
    assert [await posts(api, ada, one) for one in outers] == [[], []]
    assert [await codes(api, ada, one) for one in outers] == [["FEED_GONE"], ["FEED_GONE"]]
    (shown,) = (await api.run(SHOWN, viewer=ada, id=outers[0]))["feed"]["rules"]["groups"][0]["filters"]
    assert (shown["feedId"], shown["feed"]) == (public, None)
    # What was named stays while the rules are the same.
    assert (await change(api, ada, outers[0], named(public)))["userErrors"] == []
    assert errors(await change(api, ada, outers[0], named(public, sort="POPULAR"))) == [("NOT_FOUND", PLACE)]


async def test_readers_have_the_feeds_that_they_may_open(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    post = encode("Post", api.factory.post(ben, tags=["jazz"]))
    inner = await feed_of(api, ada, "Inner", rules({"tag": "jazz"}))
    outer = await feed_of(api, ada, "Outer", named(inner), "PUBLIC")
    assert (await posts(api, ada, outer), await codes(api, ada, outer)) == ([post], [])
    hidden = (await api.run(SHOWN, viewer=ben, id=outer))["feed"]
    assert hidden["rules"]["groups"][0]["filters"] == [
        {"kind": "FEED", "summary": "a feed lets it through that you cannot see", "feedId": None, "feed": None}
    ]
    assert hidden["notices"] == [{"code": "FEED_GONE", "path": ["groups", "0", "filters", "0"]}]
    assert await posts(api, ben, outer) == []
    refused = await fork(api, ben, outer)
    assert (refused["feed"], errors(refused)) == (None, [("NOT_FOUND", ["input", "feedId"])])
    explained: dict[str, Any] = {"feed": {"feedId": outer}, "post": post}
    assert (await api.run(EXPLAIN, viewer=ben, **explained))["explainPost"] == {
        "isIncluded": False,
        "groups": [{"filters": [{"held": False, "filter": {"feedId": None}}]}],
    }
    await share(api, ada, inner, "PUBLIC")
    seen = (await api.run(SHOWN, viewer=ben, id=outer))["feed"]
    (one,) = seen["rules"]["groups"][0]["filters"]
    assert (one["summary"], one["feedId"], one["feed"]["name"]) == ("another feed lets it through", inner, "Inner")
    assert seen["notices"] == []
    assert (await api.run(EXPLAIN, viewer=ben, **explained))["explainPost"]["isIncluded"]
    copy = await fork(api, ben, outer)
    assert copy["userErrors"] == []
    assert await posts(api, ben, copy["feed"]["id"]) == await posts(api, ben, outer) == [post]
    # A copy follows the other feed, as its original does.
    assert errors(await change(api, ada, inner, rules({"tag": "rock"}))) == []
    assert await posts(api, ben, copy["feed"]["id"]) == []


async def test_cursors_end_with_the_rules_of_the_other_feed(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    for _ in range(3):
        api.factory.post(ben, tags=["jazz", "art"])
    inner = await feed_of(api, ada, "Inner", rules({"tag": "jazz"}))
    outer = await feed_of(api, ada, "Outer", named(inner))
    cursor = (await api.run(POSTS, viewer=ada, id=outer))["feed"]["posts"]["edges"][-1]["cursor"]
    assert len(cursor) <= 200
    body = {"query": POSTS, "variables": {"id": outer, "after": cursor}}
    assert len((await api.post(body, viewer=ada)).json()["data"]["feed"]["posts"]["nodes"]) == 1
    marked = (await api.run(MARK, viewer=ada, input={"feedId": outer, "cursor": cursor}))["setFeedMarker"]
    assert marked == {"feed": {"marker": {"cursor": cursor}, "newPostsCount": 1}, "userErrors": []}
    assert errors(await change(api, ada, inner, rules({"tag": "art"}))) == []
    answer = (await api.post(body, viewer=ada)).json()
    assert answer["errors"][0]["extensions"]["code"] == "BAD_CURSOR"
    # A marker by time outlives the change, as one of the rules themselves.
    again = (await api.run(MARKED, viewer=ada, id=outer))["feed"]
    assert again["marker"]["cursor"] != cursor
    assert again["newPostsCount"] == 1


async def test_previews_and_reasons_look_into_other_feeds(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    jazz, rock = (encode("Post", api.factory.post(ben, tags=[tag])) for tag in ("jazz", "rock"))
    inner = await feed_of(api, ada, "Inner", rules({"tag": "jazz"}))
    found = (await api.run(PREVIEW, viewer=ada, rules=named(inner)))["previewFeed"]
    assert found == {
        "posts": {"nodes": [{"id": jazz}]},
        "counts": {"kept": 1, "filters": [{"kept": 1, "dropped": 1}]},
        "notices": [],
        "userErrors": [],
    }
    for source in ({"rules": named(inner)}, {"feedId": await feed_of(api, ada, "Outer", named(inner))}):
        told = [(await api.run(EXPLAIN, viewer=ada, feed=source, post=one))["explainPost"] for one in (jazz, rock)]
        assert [one["isIncluded"] for one in told] == [True, False]
        assert [one["groups"][0]["filters"] for one in told] == [
            [{"held": held, "filter": {"feedId": inner}}] for held in (True, False)
        ]
    matched = (await api.run(REASONS, viewer=ada, id=source["feedId"]))["feed"]["posts"]["edges"]
    assert matched == [{"matchedBy": {"filters": [{"held": True, "filter": {"feedId": inner}}]}}]


async def test_the_other_feeds_of_all_feeds_are_looked_up_at_once(compiled_api: Api) -> None:
    api = compiled_api
    ada = api.factory.user("ada")
    inner = [await feed_of(api, ada, f"Inner {number}", rules({"tag": f"t{number}"})) for number in range(3)]
    for number, one in enumerate(inner):
        await feed_of(api, ada, f"Outer {number}", named(one))
    await api.run("{ viewer { feeds { rules { groups { filters { feed { id } } } } notices { code } } } }", viewer=ada)
    assert sorted(api.statements) == [
        "feeds_by_ids",
        "feeds_by_user_ids",
        "filters_by_feed_ids",
        "session_by_token_hash",
        "tags_in_use",
    ]


async def test_filters_of_other_feeds_are_paid_for(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed_budget, "_POINTS_PER_MS", 0)  # whatever they take
    ada = api.factory.user("ada")
    tags = [{"tag": f"t{number}"} for number in range(12)]
    inner = await feed_of(api, ada, "Inner", rules(*tags, match="ANY"))
    outer, plain = await feed_of(api, ada, "Outer", named(inner)), await feed_of(api, ada, "Plain", rules(*tags[:1]))
    costs = list[int]()
    for one in (outer, plain):
        query = {"query": FIRST, "variables": {"id": one}}
        costs.append((await api.post(query, viewer=ada)).json()["extensions"]["cost"]["actual"])
    assert costs[0] - costs[1] == 12 * 2
    assert await codes(api, ada, outer) == ["TOO_MANY_FILTERS"]


async def test_documents_name_other_feeds_by_owner_and_name(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    post = encode("Post", api.factory.post(ben, tags=["jazz"]))
    public = await feed_of(api, ben, "Public", rules({"tag": "jazz"}), "PUBLIC")
    outer = await feed_of(api, ada, "Outer", named(public))
    document = await export(api, ada, outer)
    assert document["rules"]["groups"][0]["filters"] == [{"kind": "feed", "feed": {"owner": "ben", "name": "Public"}}]
    brought = await bring(api, ada, document)
    assert (brought["userErrors"], await posts(api, ada, brought["feed"]["id"])) == ([], [post])
    await share(api, ben, public, "PRIVATE")
    path = ["input", "document", "rules", "groups", "0", "filters", "0"]
    assert errors(await bring(api, ada, document)) == [("NOT_FOUND", [*path, "feed"])]
    gone = await export(api, ada, outer)
    assert gone["rules"]["groups"][0]["filters"] == [{"kind": "feed"}]
    assert errors(await bring(api, ada, gone)) == [("BAD_USER_INPUT", path)]


@pytest.mark.parametrize("count", [1, 4])
async def test_a_document_names_no_feed_that_rules_may_not(api: Api, count: int) -> None:
    ada = api.factory.user("ada")
    inner = await feed_of(api, ada, "Inner", rules({"tag": "jazz"}))
    await feed_of(api, ada, "Nested", named(inner))
    one = {"kind": "feed", "feed": {"owner": "ADA", "name": "nested"}}
    sent = {"version": 1, "name": "New", "rules": {"groups": [{"filters": [one] * count}]}}
    payload = await bring(api, ada, sent)
    assert (payload["feed"], {one["code"] for one in payload["userErrors"]}) == (None, {"BAD_USER_INPUT"})
