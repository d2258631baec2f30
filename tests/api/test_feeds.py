"""Feeds: created from rules, changed, ordered and deleted."""

from typing import Any

import pytest

from api.gql.ids import encode
from db.queries.feeds import following_feed_id
from tests.api.conftest import Api
from tests.api.own_feeds import CREATE, DEFAULT, DELETE, EVERY_FILTER, FILTERS, REORDER, ROWS, UPDATE, create, rules


def given(value: Any) -> Any:
    """What was read, without what is null: the shape in which it is sent."""
    if isinstance(value, dict):
        return {name: given(one) for name, one in value.items() if one is not None}  # pyright: ignore[reportUnknownVariableType]
    return [given(one) for one in value] if isinstance(value, list) else value  # pyright: ignore[reportUnknownVariableType]


async def test_a_change_that_changes_nothing_is_none(api: Api) -> None:
    ada = api.factory.user("ada")
    feed = (await create(api, ada))["feed"]["id"]
    api.factory.connection.execute("UPDATE custom_feeds SET rules_version = 7")
    stored = "SELECT (rules_version, updated_at, xmin)::text FROM custom_feeds"
    before = api.factory.scalar(stored)
    same = {"feedId": feed, "name": "Mine", "rules": rules({"tag": "#Jazz"}), "expectedRulesVersion": 7}
    for sent in (same, {"feedId": feed}):
        payload = (await api.run(UPDATE, viewer=ada, input=sent))["updateFeed"]
        assert (payload["feed"]["id"], payload["userErrors"]) == (feed, [])
        assert api.factory.scalar(stored) == before
    other = (await api.run(UPDATE, viewer=ada, input=same | {"rules": rules({"tag": "blues"})}))["updateFeed"]["feed"]
    assert api.factory.scalar("SELECT rules_version FROM custom_feeds") == 8
    assert [one["tag"] for group in other["rules"]["groups"] for one in group["filters"]] == ["blues"]


async def test_what_is_read_of_rules_can_be_sent_back(api: Api) -> None:
    ada = api.factory.user("ada")
    sent = {
        "join": "ANY",
        "sort": "POPULAR",
        "scope": "FOLLOWING",
        "groups": [{"match": "NONE", "filters": EVERY_FILTER[:5]}, {"match": "ANY", "filters": EVERY_FILTER[5:]}],
    }
    first = (await create(api, ada, rules=sent))["feed"]
    assert given(first["rules"]) == sent
    second = (await create(api, ada, name="Copy", rules=given(first["rules"])))["feed"]
    assert second["rules"] == first["rules"]
    assert (first["rulesVersion"], first["isDefault"]) == (1, False)
    rows = api.factory.connection.execute(FILTERS).fetchall()
    assert [row[1:] for row in rows if row[0] == 1] == [row[1:] for row in rows if row[0] == 2]
    assert len(rows) == 2 * len(EVERY_FILTER)


async def test_a_feed_that_is_created_shows_what_its_rules_say(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    jazz, _ = api.factory.post(ben, tags=["jazz"]), api.factory.post(ben, tags=["rock"])
    payload = await create(api, ada, rules=rules({"tag": "#JAZZ"}), description="All that is jazz", isDefault=True)
    assert payload["userErrors"] == []
    assert payload["viewer"]["feeds"] == [
        {"id": encode("Feed", following_feed_id(ada)), "isDefault": False},
        {"id": payload["feed"]["id"], "isDefault": True},
    ]
    assert payload["feed"]["rules"]["groups"][0]["filters"][0]["tag"] == "jazz"
    posts = "query ($id: ID!) { feed(id: $id) { description posts { nodes { id } } } }"
    found = (await api.run(posts, viewer=ada, id=payload["feed"]["id"]))["feed"]
    assert found == {"description": "All that is jazz", "posts": {"nodes": [{"id": encode("Post", jazz)}]}}
    assert await api.run(posts, viewer=ben, id=payload["feed"]["id"]) == {"feed": None}


@pytest.mark.parametrize(
    ("sent", "path", "message"),
    [
        (rules({"tag": "two words"}), ["0", "filters", "0", "tag"], "letters"),
        (
            rules({"hasMedia": True}, {"text": {"contains": ""}}),
            ["0", "filters", "1", "text", "contains"],
            "at least 1",
        ),
        (rules({"text": {"contains": "x" * 101}}), ["0", "filters", "0", "text", "contains"], "at most 100"),
        (rules({"postType": {}}), ["0", "filters", "0", "postType"], "at least one type or group"),
        (rules({"author": {"userIds": []}}), ["0", "filters", "0", "author"], "only one of the three"),
        (
            rules({"publishedWithin": {"amount": 0, "unit": "DAY"}}),
            ["0", "filters", "0", "publishedWithin", "amount"],
            "at least 1",
        ),
        (rules({"publishedBetween": {}}), ["0", "filters", "0", "publishedBetween"], "between two moments"),
        (
            rules({"publishedBetween": {"since": "2026-02-01T00:00:00Z", "until": "2026-01-01T00:00:00Z"}}),
            ["0", "filters", "0", "publishedBetween"],
            "ends after it begins",
        ),
        (rules({"engagement": {"metric": "LIKES"}}), ["0", "filters", "0", "engagement"], "has a bound"),
        (
            rules({"engagement": {"metric": "LIKES", "atLeast": 3, "atMost": 2}}),
            ["0", "filters", "0", "engagement"],
            "may not be above",
        ),
        (
            rules({"engagement": {"metric": "LIKES", "atLeast": -1}}),
            ["0", "filters", "0", "engagement", "atLeast"],
            "at least 0",
        ),
        (
            rules({"text": {"contains": "x", "in": []}}),
            ["0", "filters", "0", "text", "in"],
            "At least 1 must be given",
        ),
        (
            rules({"language": {"anyOf": ["en", "not a language"]}}),
            ["0", "filters", "0", "language", "anyOf", "1"],
            "language tag",
        ),
        (rules({"language": {"anyOf": []}}), ["0", "filters", "0", "language", "anyOf"], "At least 1 must be given"),
        (rules(), ["0", "filters"], "at least one filter"),
    ],
)
async def test_rules_that_are_not_valid_name_the_filter_and_store_nothing(
    api: Api, sent: dict[str, Any], path: list[str], message: str
) -> None:
    ada = api.factory.user("ada")
    payload = await create(api, ada, rules=sent)
    (error,) = payload["userErrors"]
    assert (payload["feed"], payload["viewer"]) == (None, None)
    assert (error["code"], error["field"]) == ("BAD_USER_INPUT", ["input", "rules", "groups", *path])
    assert message in error["message"]
    kept = (await create(api, ada))["feed"]
    update = (await api.run(UPDATE, viewer=ada, input={"feedId": kept["id"], "name": "New", "rules": sent}))[
        "updateFeed"
    ]
    assert update == {"feed": None, "userErrors": [error]}
    assert api.factory.connection.execute("SELECT name, rules_version FROM custom_feeds").fetchall() == [("Mine", 1)]
    assert len(api.factory.connection.execute(FILTERS).fetchall()) == 1


async def test_more_than_twenty_filters_are_refused(api: Api) -> None:
    ada = api.factory.user("ada")
    group = {"filters": [{"tag": f"t{number}"} for number in range(11)]}
    (error,) = (await create(api, ada, rules={"groups": [group, group]}))["userErrors"]
    assert error["field"] == ["input", "rules"]
    assert error["message"] == "A feed has at most 20 filters."


@pytest.mark.parametrize(
    "sent",
    [
        rules({"tag": "jazz", "hasMedia": True}),
        rules({}),
        rules({"tag": None}),
        rules({"author": {"relation": "ME", "listId": encode("UserList", 1)}}),
        rules({"author": {"userIds": [encode("Post", 1)]}}),
        rules({"author": {"listId": "nonsense"}}),
        rules({"mood": "blue"}),
        rules({"tag": "jazz"}, sort="BEST"),
    ],
)
async def test_what_only_a_programmer_can_correct_fails_the_request(api: Api, sent: dict[str, Any]) -> None:
    ada = api.factory.user("ada")
    found = {"query": CREATE, "variables": {"input": {"name": "Mine", "rules": sent}}}
    response = await api.post(found, viewer=ada)
    assert response.status_code < 500
    codes = {error["extensions"]["code"] for error in response.json()["errors"]}
    assert codes <= {"BAD_USER_INPUT", "GRAPHQL_VALIDATION_FAILED"}
    assert api.factory.connection.execute(ROWS).fetchall() == []


async def test_new_rules_are_the_next_version_and_end_the_cursors_of_the_old(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    for _ in range(3):
        api.factory.post(ben, tags=["jazz"])
    feed = (await create(api, ada))["feed"]
    page = """query ($id: ID!, $after: String) {
      feed(id: $id) { posts(first: 1, after: $after) { pageInfo { endCursor } } } }"""
    cursor = (await api.run(page, viewer=ada, id=feed["id"]))["feed"]["posts"]["pageInfo"]["endCursor"]
    named = await api.run(UPDATE, viewer=ada, input={"feedId": feed["id"], "name": "Jazz", "description": "x"})
    assert named["updateFeed"]["feed"] == feed | {"name": "Jazz", "description": "x"}
    await api.run(page, viewer=ada, id=feed["id"], after=cursor)
    both = {"feedId": feed["id"], "description": None, "rules": rules({"tag": "rock"}), "expectedRulesVersion": 1}
    changed = (await api.run(UPDATE, viewer=ada, input=both))["updateFeed"]["feed"]
    assert (changed["rulesVersion"], changed["name"], changed["description"]) == (2, "Jazz", None)
    assert given(changed["rules"])["groups"] == rules({"tag": "rock"})["groups"]
    error = await api.fail(page, viewer=ada, id=feed["id"], after=cursor)
    assert error["extensions"]["code"] == "BAD_CURSOR"
    again = (await api.run(UPDATE, viewer=ada, input=both))["updateFeed"]
    assert again["feed"] is None
    assert [(one["code"], one["field"]) for one in again["userErrors"]] == [
        ("CONFLICT", ["input", "expectedRulesVersion"])
    ]
    assert api.factory.connection.execute(FILTERS).fetchall() == [(1, "tag", "contains", '{"tag": "rock"}', 1)]


async def test_a_name_is_used_once_in_any_case(api: Api) -> None:
    ada, ben = api.factory.user("ada"), api.factory.user("ben")
    other = (await create(api, ada, name="Other"))["feed"]
    await create(api, ada)
    refused = [
        (await create(api, ada, name="MINE"))["userErrors"],
        (await api.run(UPDATE, viewer=ada, input={"feedId": other["id"], "name": "mine"}))["updateFeed"]["userErrors"],
    ]
    assert [[(one["code"], one["field"]) for one in errors] for errors in refused] == [
        [("CONFLICT", ["input", "name"])]
    ] * 2
    assert (await create(api, ben))["userErrors"] == []
    assert [row[0] for row in api.factory.connection.execute(ROWS).fetchall()] == ["Other", "Mine", "Mine"]


async def test_the_posts_of_all_feeds_are_read_at_once(compiled_api: Api) -> None:
    ada, ben, *_ = compiled_api.factory.cast()
    tags = ["jazz", "wool", "rain", "ink", "sea", "tea"]
    posts = [compiled_api.factory.post(ben, tags=[tag]) for tag in tags]
    for tag in tags:
        await create(compiled_api, ada, name=tag, rules=rules({"tag": tag}))
    found = await compiled_api.run(
        "{ viewer { feeds { name posts { nodes { id author { username } } } } } }", viewer=ada
    )
    shown = {feed["name"]: [post["id"] for post in feed["posts"]["nodes"]] for feed in found["viewer"]["feeds"]}
    assert shown == {"Following": [], **{tag: [encode("Post", post)] for tag, post in zip(tags, posts, strict=True)}}
    counted = {name: compiled_api.statements.count(name) for name in ("custom_feed", "posts_by_ids", "users_by_ids")}
    assert counted == {"custom_feed": len(tags), "posts_by_ids": 1, "users_by_ids": 1}


async def test_feeds_are_ordered_and_one_is_the_default(api: Api) -> None:
    ada, ben = api.factory.user("ada"), api.factory.user("ben")
    ids = [(await create(api, ada, name=name, isDefault=True))["feed"]["id"] for name in "abc"]
    foreign = (await create(api, ben))["feed"]["id"]
    chosen = (await api.run(DEFAULT, viewer=ada, input={"feedId": ids[0]}))["setDefaultFeed"]
    assert chosen["feed"] == {"id": ids[0], "isDefault": True}
    following = encode("Feed", following_feed_id(ada))
    assert chosen["viewer"]["feeds"] == [{"id": one, "isDefault": one == ids[0]} for one in (following, *ids)]
    turned = [ids[2], ids[0], following, ids[1]]
    for _ in range(2):
        found = (await api.run(REORDER, viewer=ada, input={"feedIds": turned}))["reorderFeeds"]
        assert found == {"viewer": {"feeds": [{"id": one} for one in turned]}, "userErrors": []}
    before = api.factory.connection.execute(ROWS).fetchall()
    for sent, code, field in (
        (turned[:3], "BAD_USER_INPUT", ["input", "feedIds"]),
        ([*turned, turned[0]], "BAD_USER_INPUT", ["input", "feedIds"]),
        ([*turned, foreign], "NOT_FOUND", ["input", "feedIds", "4"]),
    ):
        found = (await api.run(REORDER, viewer=ada, input={"feedIds": sent}))["reorderFeeds"]
        assert [(one["code"], one["field"]) for one in found["userErrors"]] == [(code, field)]
    for query, name in ((DEFAULT, "setDefaultFeed"), (DELETE, "deleteFeed"), (UPDATE, "updateFeed")):
        found = (await api.run(query, viewer=ada, input={"feedId": foreign}))[name]
        assert [(one["code"], one["field"]) for one in found["userErrors"]] == [("NOT_FOUND", ["input", "feedId"])]
    assert api.factory.connection.execute(ROWS).fetchall() == before


async def test_order_and_default_are_no_change_of_the_feed_itself(api: Api) -> None:
    ada = api.factory.user("ada")
    ids = [(await create(api, ada, name=name))["feed"]["id"] for name in "ab"]
    api.factory.connection.execute("ALTER TABLE custom_feeds DISABLE TRIGGER USER")
    api.factory.connection.execute("UPDATE custom_feeds SET updated_at = 'epoch'")
    api.factory.connection.execute("ALTER TABLE custom_feeds ENABLE TRIGGER USER")
    changed = "SELECT updated_at > 'epoch' FROM custom_feeds ORDER BY id"
    await api.run(REORDER, viewer=ada, input={"feedIds": [*ids[::-1], encode("Feed", following_feed_id(ada))]})
    await api.run(DEFAULT, viewer=ada, input={"feedId": ids[0]})
    assert api.factory.connection.execute(changed).fetchall() == [(False,), (False,)]
    await api.run(UPDATE, viewer=ada, input={"feedId": ids[1], "name": "new"})
    assert api.factory.connection.execute(changed).fetchall() == [(False,), (True,)]


async def test_a_feed_is_deleted_with_its_filters(api: Api) -> None:
    ada = api.factory.user("ada")
    gone, kept = [(await create(api, ada, name=name))["feed"]["id"] for name in "ab"]
    deleted = (await api.run(DELETE, viewer=ada, input={"feedId": gone}))["deleteFeed"]
    left = [{"id": encode("Feed", following_feed_id(ada))}, {"id": kept}]
    assert deleted == {"deletedId": gone, "viewer": {"feeds": left}, "userErrors": []}
    again = (await api.run(DELETE, viewer=ada, input={"feedId": gone}))["deleteFeed"]
    assert [one["code"] for one in again["userErrors"]] == ["NOT_FOUND"]
    assert [row[0] for row in api.factory.connection.execute(FILTERS).fetchall()] == [2]


async def test_there_are_fifty_feeds_at_most(api: Api) -> None:
    ada = api.factory.user("ada")
    for number in range(49):
        api.factory.insert("custom_feeds", user_id=ada, name=f"Feed {number}")
    assert (await create(api, ada))["userErrors"] == []
    (error,) = (await create(api, ada, name="One more"))["userErrors"]
    assert (error["code"], error["field"], error["message"]) == (
        "BAD_USER_INPUT",
        [],
        "You have 50 feeds already, which is the most.",
    )
    assert api.factory.scalar("SELECT count(*) FROM custom_feeds") == 50
    ben = api.factory.user("ben")
    assert (await create(api, ben))["userErrors"] == []
    assert api.factory.scalar("SELECT display_order FROM custom_feeds WHERE user_id = %s", ben) == 0


async def test_blanks_around_a_name_make_no_second_feed_of_it(api: Api) -> None:
    ada = api.factory.user("ada")
    assert (await create(api, ada, name=" Mine "))["feed"]["name"] == "Mine"
    (error,) = (await create(api, ada, name="mine  "))["userErrors"]
    assert (error["code"], error["field"]) == ("CONFLICT", ["input", "name"])
