"""Feeds as Atom and JSON Feed, under the secret addresses of their owners."""

import logging
from typing import Any
from xml.etree import ElementTree as ET

import httpx
import psycopg
import pytest

from api.accounts.tokens import token_hash
from api.gql.ids import encode
from api.loaders import feed_budget
from tests.api.conftest import Api, api_over
from tests.api.test_feed_sharing import share
from tests.api.test_feeds import ERRORS, create, rules

CREATE = f"""mutation ($input: CreateFeedUrlsInput!) {{ createFeedUrls(input: $input) {{
  feed {{ id hasFeedUrls }} atomUrl jsonFeedUrl viewer {{ id }} {ERRORS} }} }}"""
REVOKE = f"""mutation ($input: RevokeFeedUrlsInput!) {{ revokeFeedUrls(input: $input) {{
  feed {{ id hasFeedUrls }} {ERRORS} }} }}"""
NAMES = {"a": "http://www.w3.org/2005/Atom"}


async def addresses(api: Api, viewer: int, feed: str) -> dict[str, Any]:
    return (await api.run(CREATE, viewer=viewer, input={"feedId": feed}))["createFeedUrls"]


async def read(api: Api, url: str, **headers: str) -> httpx.Response:
    return await api.client.get(url, headers=headers)


async def titles(api: Api, url: str) -> list[str]:
    return [item["title"] for item in (await read(api, url)).json()["items"]]


async def test_an_address_shows_the_feed_in_both_formats(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    feed = (await create(api, ada, name="Jazz & more", description="All of it"))["feed"]["id"]
    post = api.factory.post(ben, "<b>1 \x0b 2</b>", title="Blue in <green>", tags=["jazz"], language="en")
    api.factory.media(ben, post)
    api.factory.post(ben, "Line one\nLine two", tags=["jazz"])
    api.factory.post(ben, "Not this one")
    made = await addresses(api, ada, feed)
    assert (made["feed"], made["userErrors"]) == ({"id": feed, "hasFeedUrls": True}, [])
    found = await read(api, made["jsonFeedUrl"])
    assert (found.status_code, found.headers["content-type"]) == (200, "application/feed+json; charset=utf-8")
    document = found.json()
    assert (document["version"], document["title"], document["description"]) == (
        "https://jsonfeed.org/version/1.1",
        "Jazz & more",
        "All of it",
    )
    later, first = document["items"]
    assert (later["title"], first["title"]) == ("Line one", "Blue in <green>")
    assert (first["id"], first["tags"], first["language"]) == (
        f"http://vrss.test/posts/{encode('Post', post)}",
        ["jazz"],
        "en",
    )
    assert [(one["mime_type"], one["size_in_bytes"]) for one in first["attachments"]] == [("image/png", 1000)]
    assert first["attachments"][0]["url"].startswith("http://vrss.test/media/placeholders/")
    assert "<b>" not in first["content_html"]
    found = await read(api, made["atomUrl"])
    assert (found.status_code, found.headers["content-type"]) == (200, "application/atom+xml; charset=utf-8")
    root = ET.fromstring(found.content)
    assert root.findtext("a:title", namespaces=NAMES) == "Jazz & more"
    assert root.findtext("a:updated", namespaces=NAMES) == later["date_modified"]
    entries = root.findall("a:entry", NAMES)
    assert [one.findtext("a:title", namespaces=NAMES) for one in entries] == ["Line one", "Blue in <green>"]
    assert [one.findtext("a:id", namespaces=NAMES) for one in entries] == [later["id"], first["id"]]
    content = entries[1].find("a:content", NAMES)
    assert content is not None
    assert (content.get("type"), "\ufffd" in str(content.text)) == ("html", "\x0b" in first["content_html"])
    assert [one.get("term") for one in entries[1].findall("a:category", NAMES)] == ["jazz"]
    assert [one.get("rel") for one in entries[1].findall("a:link", NAMES)] == ["enclosure"]


async def test_only_public_posts_that_the_owner_sees_are_shown(api: Api) -> None:
    ada, ben, cleo, dan = api.factory.cast()
    for author in (ada, ben, cleo, dan):
        for visibility in ("public", "followers", "private"):
            api.factory.post(author, f"{author} {visibility}", visibility=visibility)
    api.factory.insert("user_follows", "follower_id", follower_id=ada, following_id=dan)
    api.factory.insert("app.user_blocks", "blocker_id", blocker_id=cleo, blocked_id=ada)
    api.factory.connection.execute("UPDATE user_profiles SET visibility = 'followers' WHERE user_id = %s", [dan])
    feed = (await create(api, ada, rules={"groups": []}))["feed"]["id"]
    url = (await addresses(api, ada, feed))["jsonFeedUrl"]
    assert await titles(api, url) == [f"{ben} public", f"{ada} public"]
    api.factory.insert("app.user_mutes", "muter_id", muter_id=ada, muted_id=ben)
    assert await titles(api, url) == [f"{ada} public"]


async def test_what_did_not_change_is_not_sent_again(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    feed = (await create(api, ada))["feed"]["id"]
    post = api.factory.post(ben, "One", tags=["jazz"])
    url = (await addresses(api, ada, feed))["atomUrl"]
    first = await read(api, url)
    assert "last-modified" in first.headers
    again = await read(api, url, **{"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    head = await api.client.head(url)
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", first.headers["etag"])
    api.factory.connection.execute("UPDATE posts SET content = 'Two' WHERE id = %s", [post])
    changed = await read(api, url, **{"if-none-match": first.headers["etag"]})
    assert (changed.status_code, changed.headers["etag"] == first.headers["etag"]) == (200, False)


async def test_an_address_is_valid_until_it_is_revoked(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    feed = (await create(api, ada))["feed"]["id"]
    first, second = [(await addresses(api, ada, feed))["atomUrl"] for _ in range(2)]
    assert [(await read(api, url)).status_code for url in (first, second)] == [200, 200]
    revoke = {"input": {"feedId": feed}}
    for _ in range(2):
        payload = (await api.run(REVOKE, viewer=ada, **revoke))["revokeFeedUrls"]
        assert payload == {"feed": {"id": feed, "hasFeedUrls": False}, "userErrors": []}
    wrong = await read(api, "http://vrss.test/feeds/atom?token=guessed")
    for url in (first, second, "http://vrss.test/feeds/atom"):
        found = await read(api, url)
        assert (found.status_code, found.json()["errors"][0]["extensions"]["code"]) == (404, "NOT_FOUND")
        assert found.json()["errors"][0]["message"] == wrong.json()["errors"][0]["message"]
    refused = await addresses(api, ben, feed)
    assert (refused["atomUrl"], [one["code"] for one in refused["userErrors"]]) == (None, ["NOT_FOUND"])
    assert api.factory.scalar("SELECT count(*) FROM app.feed_tokens") == 0


async def test_a_token_opens_what_it_was_made_for_and_nothing_else(api: Api) -> None:
    ada = api.factory.user("ada")
    feed = (await create(api, ada, rules=rules({"author": {"relation": "ME"}})))["feed"]["id"]
    url = (await addresses(api, ada, feed))["atomUrl"]
    token = url.split("=")[1]
    shared = await api.run("query ($token: String!) { sharedFeed(token: $token) { id } }", token=token)
    assert shared == {"sharedFeed": None}
    share = "mutation ($id: ID!, $who: FeedSharing!) { shareFeed(input: {feedId: $id, sharing: $who}) { linkToken } }"
    link = (await api.run(share, viewer=ada, id=feed, who="LINK"))["shareFeed"]["linkToken"]
    assert (await read(api, f"http://vrss.test/feeds/atom?token={link}")).status_code == 404
    session = await api.post({"query": "{ viewer { id } }"}, headers={"authorization": f"Bearer {token}"})
    assert session.status_code == 401
    await api.run(share, viewer=ada, id=feed, who="PRIVATE")
    assert (await read(api, url)).status_code == 200  # what is private is read by its owner all the same
    api.factory.connection.execute("UPDATE users SET status = 'suspended' WHERE id = %s", [ada])
    assert (await read(api, url)).status_code == 404


async def test_no_log_line_has_a_token(api: Api, caplog: pytest.LogCaptureFixture) -> None:
    ada = api.factory.user("ada")
    feed = (await create(api, ada))["feed"]["id"]
    with caplog.at_level(logging.DEBUG, "vrss"):
        url = (await addresses(api, ada, feed))["atomUrl"]
        await read(api, url)
        await read(api, f"{url}x")
    assert url.split("=")[1] not in caplog.text


async def test_reading_is_paid_by_the_owner_and_wrong_tokens_by_the_address(empty_database: str) -> None:
    async with api_over(empty_database, settings={"rate_limit": 3_000}) as api:
        ada = api.factory.user("ada")
        feed = api.factory.insert("custom_feeds", user_id=ada, name="Mine")
        given = {"token_hash": token_hash("known"), "feed_id": feed, "purpose": "reader"}
        api.factory.insert("app.feed_tokens", "feed_id", **given)
        left = "{ rateLimit { remaining } }"
        await api.run(left, viewer=ada)
        before = (await api.run(left, viewer=ada))["rateLimit"]["remaining"]
        assert (await read(api, "http://vrss.test/feeds/json?token=known")).status_code == 200
        after = (await api.run(left, viewer=ada))["rateLimit"]["remaining"]
        assert 400 <= before - after <= 600  # what comes back meanwhile is little
        found = [(await read(api, "http://vrss.test/feeds/json?token=wrong")).status_code for _ in range(60)]
        assert (found[0], found[-1]) == (404, 429)


async def test_an_owner_with_no_points_left_is_refused_before_anything_is_read(empty_database: str) -> None:
    async with api_over(empty_database, settings={"rate_limit": 3_000}) as api:
        feed = api.factory.insert("custom_feeds", user_id=api.factory.user("ada"), name="Mine")
        given = {"token_hash": token_hash("known"), "feed_id": feed, "purpose": "reader"}
        api.factory.insert("app.feed_tokens", "feed_id", **given)
        found = [(await read(api, "http://vrss.test/feeds/json?token=known")).status_code for _ in range(8)]
        assert found == [200] * 6 + [429] * 2
        assert api.statements.count("custom_feed") == 6
        assert (await api.run("{ rateLimit { remaining } }"))["rateLimit"]["remaining"] > 2_000  # of the address


async def test_rules_that_take_too_long_are_paid_by_their_owner(
    empty_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed_budget.TimeBudget.__init__, "__defaults__", (400,))
    async with api_over(empty_database, settings={"rate_limit": 20_000}) as api:
        ada = api.factory.user("ada")
        feed = api.factory.insert("custom_feeds", user_id=ada, name="Mine")
        given = {"token_hash": token_hash("known"), "feed_id": feed, "purpose": "reader"}
        api.factory.insert("app.feed_tokens", "feed_id", **given)
        left = "{ rateLimit { remaining } }"
        await api.run(left, viewer=ada)
        with psycopg.connect(empty_database) as other:
            other.execute("LOCK TABLE app.user_mutes")
            assert (await read(api, "http://vrss.test/feeds/json?token=known")).status_code == 400
        assert (await api.run(left, viewer=ada))["rateLimit"]["remaining"] < 18_000


async def test_a_link_is_no_address_for_readers(api: Api) -> None:
    ada = api.factory.user("ada")
    feed = (await create(api, ada))["feed"]["id"]
    await share(api, ada, feed, "LINK")
    found = await api.run("query ($id: ID!) { feed(id: $id) { hasFeedUrls } }", viewer=ada, id=feed)
    assert found == {"feed": {"hasFeedUrls": False}}


async def test_a_feed_is_only_read(api: Api) -> None:
    found = await api.client.post("http://vrss.test/feeds/json?token=x")
    assert (found.status_code, found.headers["allow"]) == (405, "GET, HEAD")
