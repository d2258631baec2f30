"""Feeds that leave out what their reader has seen, each reader what they have, on all pages of a walk the same."""

from typing import Any

import pytest

from api.gql.ids import decode, encode
from db.feeds import BOUNDS
from tests.api.conftest import Api
from tests.api.feed_addresses import addresses, titles
from tests.api.own_feeds import ERRORS
from tests.api.test_feed_sharing import share
from tests.api.test_seen_posts import mark
from tests.api.test_short_feed_pages import MANY

CREATE = f"""mutation ($input: CreateFeedInput!) {{ createFeed(input: $input) {{
  feed {{ id rules {{ unseenOnly }} }} {ERRORS} }} }}"""
ARGUMENTS = "$first: Int, $after: String, $last: Int, $before: String"
GIVEN = "first: $first, after: $after, last: $last, before: $before"
POSTS = f"posts({GIVEN}) {{ nodes {{ id }} pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }}"
PAGE = f"query ($id: ID!, {ARGUMENTS}) {{ feed(id: $id) {{ {POSTS} }} }}"
PREVIEW = f"""query ($rules: FeedRulesInput!, {ARGUMENTS}) {{ previewFeed(rules: $rules) {{ {POSTS}
  counts {{ candidates kept checks {{ check dropped }} }} }} }}"""
WHY = """query ($rules: FeedRulesInput!, $post: ID!) { explainPost(feed: { rules: $rules }, postId: $post) {
  isIncluded checks { check passed message } } }"""
DOCUMENT = "query ($id: ID!) { feed(id: $id) { exportDocument } }"
IMPORT = f"""mutation ($document: JSON!) {{ importFeed(input: {{ document: $document }}) {{
  feed {{ id rules {{ unseenOnly }} }} {ERRORS} }} }}"""
FORK = f"""mutation ($id: ID!) {{ forkFeed(input: {{ feedId: $id }}) {{
  feed {{ id rules {{ unseenOnly }} }} {ERRORS} }} }}"""


async def create(api: Api, viewer: int, **rules: object) -> str:
    sent = {"name": "Fresh", "rules": {"unseenOnly": True, **rules}}
    created = (await api.run(CREATE, viewer=viewer, input=sent))["createFeed"]
    assert (created["userErrors"], created["feed"]["rules"]) == ([], {"unseenOnly": True})
    return created["feed"]["id"]


async def page(api: Api, viewer: int | None, feed: str, **window: object) -> tuple[list[int], dict[str, Any]]:
    posts = (await api.run(PAGE, viewer=viewer, id=feed, **window))["feed"]["posts"]
    return [decode(node["id"], "Post") for node in posts["nodes"]], posts["pageInfo"]


@pytest.mark.parametrize("sort", ["RECENT", "POPULAR", "SCORE"])
async def test_a_walk_stays_the_same_while_its_posts_are_marked(api: Api, sort: str) -> None:
    make = api.factory
    ada, ben, *_ = make.cast()
    posts = [make.post(ada, created_at=f"2026-01-{day:02}") for day in range(1, 11)][::-1]
    feed = await create(api, ben, sort=sort)
    await mark(api, ben, posts[1], posts[8])
    expected = [post for post in posts if post not in (posts[1], posts[8])]
    walked, after, pages = list[int](), None, list[dict[str, Any]]()
    while True:
        found, info = await page(api, ben, feed, first=3, after=after)
        walked += found
        pages.append(info)
        await mark(api, ben, *found, expected[-1])  # the last one is seen elsewhere, too
        after = info["endCursor"]
        if not info["hasNextPage"]:
            break
    assert walked == expected
    # Back from there, all of them are where they were.
    assert (await page(api, ben, feed, last=3, before=pages[2]["startCursor"]))[0] == expected[3:6]
    assert pages[1]["hasPreviousPage"]
    assert await page(api, ben, feed) == (
        [],
        {"hasNextPage": False, "hasPreviousPage": False, "startCursor": None, "endCursor": None},
    )


async def test_the_first_page_asks_for_the_moment_and_the_others_do_not(api: Api) -> None:
    make = api.factory
    ada, ben, *_ = make.cast()
    for _ in range(3):
        make.post(ada)
    feed = await create(api, ben)
    _, info = await page(api, ben, feed, first=1)
    assert api.statements.count("latest_mark") == 1
    await page(api, ben, feed, first=1, after=info["endCursor"])
    assert "latest_mark" not in api.statements


async def test_each_reader_of_a_shared_feed_has_seen_what_they_have_seen(api: Api) -> None:
    make = api.factory
    ada, ben, cleo, _ = make.cast()
    first, second, third = (make.post(ada) for _ in range(3))
    feed = await create(api, ada)
    await share(api, ada, feed, "PUBLIC")
    await mark(api, ada, first)
    await mark(api, ben, second, third)
    assert (await page(api, ada, feed))[0] == [third, second]
    assert (await page(api, ben, feed))[0] == [first]
    assert (await page(api, cleo, feed))[0] == [third, second, first]
    found, info = await page(api, None, feed, first=2)  # signed out, nothing was seen
    assert found == [third, second]
    assert (await page(api, None, feed, first=2, after=info["endCursor"]))[0] == [first]


async def test_a_preview_counts_what_was_seen_and_an_explanation_says_so(api: Api) -> None:
    make = api.factory
    ada, ben, *_ = make.cast()
    seen, other = make.post(ada), make.post(ada)
    await mark(api, ben, seen)
    for is_asked in (True, False):
        rules = {"unseenOnly": is_asked}
        preview = (await api.run(PREVIEW, viewer=ben, rules=rules))["previewFeed"]
        shown = [other] if is_asked else [other, seen]
        assert [decode(node["id"], "Post") for node in preview["posts"]["nodes"]] == shown
        assert (preview["counts"]["candidates"], preview["counts"]["kept"]) == (2, len(shown))
        assert {"check": "UNSEEN", "dropped": int(is_asked)} in preview["counts"]["checks"]
        for post in (seen, other):
            why = (await api.run(WHY, viewer=ben, rules=rules, post=encode("Post", post)))["explainPost"]
            passed = {one["check"]: one["passed"] for one in why["checks"]}
            assert (why["isIncluded"], passed["UNSEEN"]) == (post in shown, post in shown)


async def test_seen_posts_count_among_those_of_an_author_and_day(api: Api) -> None:
    make = api.factory
    ada, ben, *_ = make.cast()
    _, second, latest = (make.post(ada, created_at=f"2026-01-01 0{hour}:00+00") for hour in range(3))
    feed = await create(api, ben, maxPerAuthorPerDay=2)
    await mark(api, ben, latest)
    assert (await page(api, ben, feed))[0] == [second]


async def test_copies_and_documents_keep_the_rule(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    feed = await create(api, ada)
    await share(api, ada, feed, "PUBLIC")
    copied = (await api.run(FORK, viewer=ben, id=feed))["forkFeed"]
    document = (await api.run(DOCUMENT, viewer=ada, id=feed))["feed"]["exportDocument"]
    assert document["rules"]["unseen_only"] is True
    brought = (await api.run(IMPORT, viewer=ben, document=document))["importFeed"]
    for one in (copied, brought):
        assert (one["feed"]["rules"], one["userErrors"]) == ({"unseenOnly": True}, [])


async def test_rules_without_it_are_stored_as_releases_before_it_read_them(api: Api) -> None:
    ada = api.factory.user("ada")
    sent = {"name": "All", "rules": {"unseenOnly": False}}
    feed = (await api.run(CREATE, viewer=ada, input=sent))["createFeed"]["feed"]
    assert feed["rules"] == {"unseenOnly": False}
    assert api.factory.scalar("SELECT algorithm_config ? 'unseen_only' FROM custom_feeds") is False
    document = (await api.run(DOCUMENT, viewer=ada, id=feed["id"]))["feed"]["exportDocument"]
    assert "unseen_only" not in document["rules"]


async def test_programs_that_read_feeds_get_what_was_seen_elsewhere(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    post = api.factory.post(ben, title="Seen elsewhere")
    feed = await create(api, ada)
    await mark(api, ada, post)
    assert (await page(api, ada, feed))[0] == []
    assert await titles(api, (await addresses(api, ada, feed))["jsonFeedUrl"]) == ["Seen elsewhere"]


async def test_a_page_of_seen_candidates_is_short_and_the_next_one_goes_on(api: Api) -> None:
    make = api.factory
    ada, ben, *_ = make.cast()
    for tags, since, count in (([], "2026-01-03", BOUNDS.near + 1), (["rare"], "2026-01-01", BOUNDS.reach + 1)):
        make.connection.execute(MANY, [ada, tags, since, count])
    make.connection.execute(
        "INSERT INTO app.seen_posts (user_id, post_id, mark) SELECT %s, id, id FROM posts WHERE tags = '{rare}'", [ben]
    )
    make.insert("app.seen_marks", "latest", user_id=ben, latest=100_000)
    fresh = make.post(ada, tags=["rare"], created_at="2025-12-01")
    feed = await create(api, ben, groups=[{"filters": [{"tag": "rare"}]}])
    found, info = await page(api, ben, feed)
    assert (found, info["hasNextPage"]) == ([], True)
    found, info = await page(api, ben, feed, after=info["endCursor"])
    assert (found, info["hasNextPage"]) == ([fresh], False)
