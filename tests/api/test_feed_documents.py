"""Feeds that are taken along as documents, and come from them."""

import asyncio
from typing import Any

import psycopg
import pytest

from api.gql.ids import encode
from db.documents.texts import composed
from tests.api.conftest import Api
from tests.api.own_feeds import ERRORS, EVERY_FILTER, RULES, UPDATE, create, rules
from tests.api.test_feed_sharing import fork, share
from tests.waiting import until_blocked_by

EXPORT = "query ($id: ID!) { feed(id: $id) { exportDocument } }"
IMPORT = f"""mutation ($input: ImportFeedInput!) {{ importFeed(input: $input) {{
  feed {{ id name description rules {{ {RULES} }} }} viewer {{ feeds {{ id name }} }}
  notices {{ code path message }} {ERRORS} }} }}"""
STORED = "SELECT (SELECT count(*) FROM custom_feeds), (SELECT count(*) FROM feed_filters)"


async def export(api: Api, viewer: int, feed: str) -> dict[str, Any]:
    return (await api.run(EXPORT, viewer=viewer, id=feed))["feed"]["exportDocument"]


async def bring(api: Api, viewer: int, document: Any, **more: Any) -> dict[str, Any]:
    return (await api.run(IMPORT, viewer=viewer, input={"document": document, **more}))["importFeed"]


def document(*filters: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"version": 1, "name": "Mine", "rules": {"groups": [{"filters": list(filters)}]}, **more}


async def test_a_feed_that_goes_out_and_comes_in_is_the_same(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    own = api.factory.insert("user_lists", user_id=ada, name="Wool")
    named = [one for one in EVERY_FILTER if "author" not in one]
    named += [
        {"author": {"userIds": [encode("User", ben), encode("User", ada)]}},
        {"author": {"listId": encode("UserList", own)}},
        {"author": {"relation": "FRIENDS"}},
    ]
    sent = {"join": "ANY", "sort": "POPULAR", "scope": "FOLLOWING", "groups": [{"match": "NONE", "filters": named}]}
    first = (await create(api, ada, name="Mine", description="Of all kinds", rules=sent))["feed"]
    found = await export(api, ada, first["id"])
    assert [one for one in found["rules"]["groups"][0]["filters"] if one["kind"] == "author"] == [
        {"kind": "author", "users": ["ben", "ada"]},
        {"kind": "author", "users": [], "members_of": {"owner": "ada", "name": "Wool"}},
        {"kind": "author", "users": [], "relation": "FRIENDS"},
    ]
    assert (found["version"], found["name"], found["description"]) == (1, "Mine", "Of all kinds")
    payload = await bring(api, ada, found)
    assert (payload["userErrors"], payload["notices"]) == ([], [])
    assert (payload["feed"]["name"], payload["feed"]["description"]) == ("Mine 2", "Of all kinds")
    assert payload["feed"]["rules"] == first["rules"]
    assert [one["name"] for one in payload["viewer"]["feeds"]] == ["Following", "Mine", "Mine 2"]
    again = await bring(api, ada, found)
    assert again["feed"]["name"] == "Mine 3"
    assert await export(api, ada, again["feed"]["id"]) == found | {"name": "Mine 3"}


async def test_no_feed_is_renamed_while_a_free_name_is_being_taken(api: Api, empty_database: str) -> None:
    ada = api.factory.user("ada")
    feed = (await create(api, ada, name="Mine"))["feed"]["id"]
    with psycopg.connect(empty_database) as other:
        # An import that has found "Mine 2" free, and has not created its feed yet.
        other.execute("SELECT FROM users WHERE id = %s FOR NO KEY UPDATE", [ada])
        renamed = asyncio.ensure_future(api.run(UPDATE, viewer=ada, input={"feedId": feed, "name": "Mine 2"}))
        await asyncio.to_thread(until_blocked_by, other)
        other.execute("INSERT INTO custom_feeds (user_id, name, algorithm_config) VALUES (%s, 'Mine 2', '{}')", [ada])
    payload = (await renamed)["updateFeed"]
    assert [(error["code"], error["field"]) for error in payload["userErrors"]] == [("CONFLICT", ["input", "name"])]
    assert (await export(api, ada, feed))["name"] == "Mine"


# In each pair Python's lower() and the database's may disagree: İ, ẞ, a sigma at the end of a word, and K for kelvin.
SAME = [("İ", "i"), ("\u1e9e", "\xdf"), ("ΟΔΟΣ", "οδοσ"), ("ΟΔΟΣ", "οδος"), ("ΟΔΟΣ", "ΟΔΟΣ"), ("\u212a", "k")]


@pytest.mark.parametrize(("taken", "wanted"), [*SAME, *(pair[::-1] for pair in SAME)])
async def test_a_name_is_free_where_the_database_says_so(api: Api, taken: str, wanted: str) -> None:
    ada, ben, *_ = api.factory.cast()
    taken, wanted = composed(taken), composed(wanted)  # as names are stored
    await create(api, ada, name=taken)
    is_taken = api.factory.scalar("SELECT lower(%s::text) = lower(%s::text)", taken, wanted)
    free = f"{wanted} 2" if is_taken else wanted
    assert (await bring(api, ada, document({"kind": "tag", "tag": "jazz"}, name=wanted)))["feed"]["name"] == free
    shared = (await create(api, ben, name=wanted))["feed"]["id"]
    await share(api, ben, shared, "PUBLIC")
    copied = await fork(api, ada, shared)
    assert (copied["feed"]["name"], copied["userErrors"]) == (f"{wanted} {3 if is_taken else 2}", [])
    again = await create(api, ada, name=wanted)
    assert (again["feed"], [(one["code"], one["field"]) for one in again["userErrors"]]) == (
        None,
        [("CONFLICT", ["input", "name"])],
    )


async def test_a_literal_is_as_good_as_a_variable(api: Api) -> None:
    ada = api.factory.user("ada")
    text = """mutation { importFeed(input: {document: {version: 1, name: "Mine", rules: {groups: [
      {filters: [{kind: "tag", tag: "#Jazz"}]}]}}}) { feed { name rules { groups { filters { tag } } } } } }"""
    found = (await api.run(text, viewer=ada))["importFeed"]["feed"]
    assert found == {"name": "Mine", "rules": {"groups": [{"filters": [{"tag": "jazz"}]}]}}


async def test_who_is_not_here_is_left_out_with_a_notice(api: Api) -> None:
    ada, ben, cleo, _ = api.factory.cast()
    api.factory.insert("app.user_blocks", "blocker_id", blocker_id=cleo, blocked_id=ada)
    sent = document({"kind": "tag", "tag": "jazz"}, {"kind": "author", "users": ["cleo", "BEN", "nobody"]})
    payload = await bring(api, ada, sent)
    assert payload["userErrors"] == []
    assert payload["notices"] == [
        {
            "code": "AUTHOR_GONE",
            "path": ["groups", "0", "filters", "1"],
            "message": "These people are not here, or you may not see them, and were left out: @cleo, @nobody.",
        }
    ]
    (group,) = payload["feed"]["rules"]["groups"]
    assert group["filters"][1]["author"]["userIds"] == [encode("User", ben)]


async def test_what_is_exported_leaves_out_who_may_not_be_seen(api: Api) -> None:
    ada, ben, cleo, _ = api.factory.cast()
    other = api.factory.insert("user_lists", user_id=ben, name="Secret", is_public=False)
    sent = rules(
        {"author": {"userIds": [encode("User", ben), encode("User", cleo)]}},
        {"author": {"listId": encode("UserList", other)}},
        {"author": {"userIds": [encode("User", cleo)]}},
    )
    feed = (await create(api, ada, rules=sent))["feed"]
    api.factory.insert("app.user_blocks", "blocker_id", blocker_id=cleo, blocked_id=ada)
    found = await export(api, ada, feed["id"])
    assert found["rules"]["groups"][0]["filters"] == [
        {"kind": "author", "users": ["ben"]},
        {"kind": "author", "users": []},
        {"kind": "author", "users": []},
    ]
    payload = await bring(api, ada, found)
    assert [(one["code"], one["field"]) for one in payload["userErrors"]] == [
        ("BAD_USER_INPUT", ["input", "document", "rules", "groups", "0", "filters", "1"]),
        ("BAD_USER_INPUT", ["input", "document", "rules", "groups", "0", "filters", "2"]),
    ]


FILTER = ["input", "document", "rules", "groups", "0", "filters", "0"]


@pytest.mark.parametrize(
    ("sent", "code", "path"),
    [
        (document({"kind": "author", "users": ["nobody"]}), "NOT_FOUND", [*FILTER, "users"]),
        (document({"kind": "author", "users": ["cleo"]}), "NOT_FOUND", [*FILTER, "users"]),
        (
            document({"kind": "author", "members_of": {"owner": "ben", "name": "Secret"}}),
            "NOT_FOUND",
            [*FILTER, "members_of"],
        ),
        (
            document({"kind": "author", "members_of": {"owner": "ben", "name": "None"}}),
            "NOT_FOUND",
            [*FILTER, "members_of"],
        ),
        (document({"kind": "tag", "tag": "two words"}), "BAD_USER_INPUT", [*FILTER, "tag"]),
        (
            document({"kind": "date_range", "published_within": {"amount": 0, "unit": "day"}}),
            "BAD_USER_INPUT",
            [*FILTER, "published_within", "amount"],
        ),
        (document({"kind": "tags"}), "BAD_USER_INPUT", FILTER),
        (document({"kind": "tag", "tag": "jazz"}, version=2), "BAD_USER_INPUT", ["input", "document", "version"]),
        (document({"kind": "tag", "tag": "jazz"}, name="two\nlines"), "BAD_USER_INPUT", ["input", "document", "name"]),
        (document({"kind": "tag", "tag": "jazz"}, more_keys=1), "BAD_USER_INPUT", ["input", "document", "more_keys"]),
        ([], "BAD_USER_INPUT", ["input", "document"]),
        ("jazz", "BAD_USER_INPUT", ["input", "document"]),
    ],
)
async def test_what_cannot_be_read_names_its_place_and_stores_nothing(
    api: Api, sent: Any, code: str, path: list[str]
) -> None:
    ada, ben, cleo, _ = api.factory.cast()
    api.factory.insert("user_lists", user_id=ben, name="Secret", is_public=False)
    api.factory.insert("app.user_blocks", "blocker_id", blocker_id=ada, blocked_id=cleo)
    before = api.factory.connection.execute(STORED.encode()).fetchall()
    payload = await bring(api, ada, sent)
    assert (payload["feed"], payload["viewer"], payload["notices"]) == (None, None, [])
    assert [(one["code"], one["field"]) for one in payload["userErrors"]] == [(code, path)]
    assert api.factory.connection.execute(STORED.encode()).fetchall() == before


async def test_a_name_that_is_given_is_not_made_unique(api: Api) -> None:
    ada = api.factory.user("ada")
    assert (await bring(api, ada, document({"kind": "tag", "tag": "jazz"}), name="Jazz"))["feed"]["name"] == "Jazz"
    payload = await bring(api, ada, document({"kind": "tag", "tag": "jazz"}), name="JAZZ")
    assert [(one["code"], one["field"]) for one in payload["userErrors"]] == [("CONFLICT", ["input", "name"])]
    assert api.factory.scalar("SELECT count(*) FROM custom_feeds") == 1


async def test_an_account_has_at_most_fifty_feeds_however_they_come(api: Api) -> None:
    ada = api.factory.user("ada")
    for number in range(50):
        api.factory.insert("custom_feeds", user_id=ada, name=f"Feed {number}", display_order=number)
    payload = await bring(api, ada, document({"kind": "tag", "tag": "jazz"}))
    assert [one["code"] for one in payload["userErrors"]] == ["BAD_USER_INPUT"]
    assert api.factory.scalar("SELECT count(*) FROM custom_feeds") == 50


async def test_a_long_name_has_room_for_its_number(api: Api) -> None:
    ada = api.factory.user("ada")
    sent = document({"kind": "tag", "tag": "jazz"}, name="x" * 100)
    assert (await bring(api, ada, sent))["feed"]["name"] == "x" * 100
    assert (await bring(api, ada, sent))["feed"]["name"] == "x" * 98 + " 2"


async def test_the_schema_is_served_to_every_site(api: Api) -> None:
    found = await api.client.get("/schemas/feed.json")
    assert (found.status_code, found.headers["content-type"]) == (200, "application/schema+json")
    assert found.headers["access-control-allow-origin"] == "*"
    assert found.json()["title"] == "ExportedFeed"
    again = await api.client.get("/schemas/feed.json", headers={"if-none-match": found.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
