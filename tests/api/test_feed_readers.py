"""Feeds as Atom and JSON Feed, under the secret addresses of their owners."""

import logging
import re
from xml.etree import ElementTree as ET

import pytest

from api.feeds import channel
from api.gql.ids import encode
from db.feeds import BOUNDS, compile_feed
from tests.api.conftest import Api, api_over
from tests.api.feed_addresses import NAMES, REVOKE, address_of, addresses, read, titles
from tests.api.own_feeds import create, rules
from tests.api.test_feed_sharing import share


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
    assert (first["tags"], first["language"]) == (["jazz"], "en")
    assert "url" not in first
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


async def test_ids_stay_under_another_address_and_links_lead_to_the_site(empty_database: str) -> None:
    async with api_over(empty_database, settings={"app_url": "https://vrss.example"}) as api:
        ada, ben, *_ = api.factory.cast()
        created = 'mutation { createPost(input: {type: TEXT_SHORT, content: "Hi @ben #jazz"}) { post { id } } }'
        post = (await api.run(created, viewer=ada))["createPost"]["post"]["id"]
        feed = (await create(api, ben, rules={"groups": []}))["feed"]["id"]
        made = await addresses(api, ben, feed)
        (item,) = (await read(api, made["jsonFeedUrl"])).json()["items"]
        assert item["id"].startswith("urn:uuid:")
        assert item["url"] == f"https://vrss.example/posts/{post}"
        assert re.findall('<a href="([^"]+)"', item["content_html"]) == [
            "https://vrss.example/@ben",
            "https://vrss.example/tags/jazz",
        ]
        api.factory.connection.execute("UPDATE users SET username = 'renamed' WHERE id = %s", [ben])
        (renamed,) = (await read(api, made["jsonFeedUrl"])).json()["items"]
        assert re.findall('<a href="([^"]+)"', renamed["content_html"]) == ["https://vrss.example/tags/jazz"]
        elsewhere = [
            ET.fromstring((await api.client.get(made["atomUrl"], headers={"host": host})).content)
            for host in ("vrss.test", "other.example")
        ]
        assert [[one.text for one in root.findall(".//a:id", NAMES)][1:] for root in elsewhere] == [[item["id"]]] * 2
        assert len({root.findtext("a:id", namespaces=NAMES) for root in elsewhere}) == 1
        links = elsewhere[0].findall("a:entry/a:link", NAMES)
        assert [(one.get("rel"), one.get("href")) for one in links] == [("alternate", item["url"])]


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


async def test_a_link_is_no_address_for_readers(api: Api) -> None:
    ada = api.factory.user("ada")
    feed = (await create(api, ada))["feed"]["id"]
    await share(api, ada, feed, "LINK")
    found = await api.run("query ($id: ID!) { feed(id: $id) { hasFeedUrls } }", viewer=ada, id=feed)
    assert found == {"feed": {"hasFeedUrls": False}}


async def test_a_feed_is_only_read(api: Api) -> None:
    found = await api.client.post("http://vrss.test/feeds/json?token=x")
    assert (found.status_code, found.headers["allow"]) == (405, "GET, HEAD")


async def test_an_address_names_one_token(api: Api) -> None:
    for kind in ("atom", "json"):
        found = await read(api, address_of(kind, "ada&token=ben"))
        assert (found.status_code, found.json()["errors"][0]["extensions"]["code"]) == (400, "BAD_USER_INPUT")


@pytest.mark.parametrize("kind", ["atom", "json"])
async def test_a_document_goes_on_where_a_statement_stopped(
    api: Api, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    assert compile_feed.__kwdefaults__ is not None
    monkeypatch.setitem(compile_feed.__kwdefaults__, "bounds", BOUNDS._replace(near=1, middle=20))
    ada, ben, *_ = api.factory.cast()
    feed = (await create(api, ada, rules=rules({"text": {"contains": "~~"}})))["feed"]["id"]
    url = (await addresses(api, ada, feed))["atomUrl"].replace("atom", kind)

    async def shown() -> list[str]:
        return re.findall(r">(\w+ ~~)<|\"title\":\"(\w+ ~~)\"", (await read(api, url)).text)

    posts = [f"{number} ~~" if number % 4 == 0 else "other" for number in range(160)]
    for title in posts:
        api.factory.post(ben, title=title)
    api.log.names.clear()
    assert ["".join(one) for one in await shown()] == [one for one in reversed(posts) if one != "other"][
        : channel.ENTRIES
    ]
    assert 2 <= api.statements.count("custom_feed") <= 10
    api.factory.connection.execute("UPDATE posts SET title = 'other' WHERE id > 1")
    api.log.names.clear()
    assert ["".join(one) for one in await shown()] == ["0 ~~"]
    for number in range(60):
        api.factory.post(ben, title=f"{number}")
    api.log.names.clear()
    assert await shown() == []  # it lies behind what a document looks through
    assert api.statements.count("custom_feed") == 10


async def test_posts_that_are_not_public_leave_no_gap(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    api.factory.insert("user_follows", "follower_id", follower_id=ada, following_id=ben)
    feed = (await create(api, ada, rules=rules({"author": {"userIds": [encode("User", ben)]}})))["feed"]["id"]
    public = [f"{number}" for number in range(channel.ENTRIES + 1)]
    for title in public:
        api.factory.post(ben, title=title)
        api.factory.post(ben, title="hidden", visibility="followers")
    url = (await addresses(api, ada, feed))["jsonFeedUrl"]
    assert await titles(api, url) == public[:0:-1]


@pytest.mark.parametrize("kind", ["atom", "json"])
async def test_what_a_client_has_is_known_by_digest_or_else_by_time(api: Api, kind: str) -> None:
    ada, ben, *_ = api.factory.cast()
    feed = (await create(api, ada))["feed"]["id"]
    post = api.factory.post(ben, "One", tags=["jazz"])
    url = (await addresses(api, ada, feed))["atomUrl"].replace("atom", kind)
    first = await read(api, url)
    etag, modified = first.headers["etag"], first.headers["last-modified"]
    assert first.headers["cache-control"].startswith("private")
    before = "Mon, 01 Jan 2001 00:00:00 GMT"
    for headers, status in (
        ({"if-none-match": etag}, 304),
        ({"if-none-match": f'"other", W/{etag}'}, 304),
        ({"if-none-match": "*"}, 304),
        ({"if-none-match": etag, "if-modified-since": before}, 304),
        ({"if-none-match": '"other"', "if-modified-since": modified}, 200),
        ({"if-modified-since": modified}, 304),
        ({"if-modified-since": before}, 200),
        ({"if-modified-since": "Sat, 01 Jan 2101 00:00:00 GMT"}, 200),
        ({"if-modified-since": "Mon, 01 Jan 99999999999999999999 00:00:00 GMT"}, 200),
        ({"if-modified-since": "yesterday"}, 200),
        ({"if-modified-since": "Mon, 99 Jan 2001 00:00:00 GMT"}, 200),
    ):
        found = await read(api, url, **headers)
        assert (found.status_code, found.content == b"") == (status, status == 304), headers
        assert (found.headers["etag"], found.headers["cache-control"]) == (etag, "private, max-age=300")
    # What leaves the feed makes no post newer, and still the document is another.
    api.factory.connection.execute("UPDATE posts SET visibility = 'private' WHERE id = %s", [post])
    found = await read(api, url, **{"if-modified-since": modified})
    assert (found.status_code, found.headers["etag"] == etag) == (200, False)
