"""Feeds while they are composed: previews with counts, and why a post is in a feed or is not."""

from typing import Any

import pytest

from api.gql.ids import encode
from tests.api.conftest import Api
from tests.api.own_feeds import create, rules
from tests.api.previewing import EXPLAIN, FEED, PREVIEW, explain, preview


async def test_a_preview_shows_posts_and_what_each_filter_keeps(api: Api) -> None:
    ada, ben, cleo, _ = api.factory.cast()
    mine = api.factory.post(ada, tags=["jazz"])
    jazz = api.factory.post(ben, tags=["jazz"])
    api.factory.post(ben, tags=["rock"])
    api.factory.post(cleo, tags=["jazz"])
    api.factory.post(ben, tags=["jazz"], visibility="private")
    api.factory.insert("app.user_mutes", "muter_id", muter_id=ada, muted_id=cleo)
    sent = {"groups": [{"filters": [{"tag": "#Jazz"}]}, {"match": "NONE", "filters": [{"author": {"relation": "ME"}}]}]}
    found = await preview(api, ada, sent)
    assert found["userErrors"] == []
    assert found["rules"]["groups"][0]["filters"] == [{"tag": "jazz"}]
    assert found["posts"]["nodes"] == [{"id": encode("Post", jazz)}]
    counts = found["counts"]
    assert (counts["candidates"], counts["kept"]) == (4, 1)
    assert counts["filters"] == [
        {"groupIndex": 0, "filterIndex": 0, "filter": {"kind": "TAG"}, "kept": 3, "dropped": 1},
        {"groupIndex": 1, "filterIndex": 0, "filter": {"kind": "AUTHOR"}, "kept": 3, "dropped": 1},
    ]
    assert counts["checks"] == [
        {"check": "REACHABLE", "dropped": 0},
        {"check": "IN_SCOPE", "dropped": 0},
        {"check": "AUTHOR_NOT_MUTED", "dropped": 1},
        {"check": "NO_MUTED_WORD", "dropped": 0},
        {"check": "WITHIN_AUTHOR_LIMIT", "dropped": 0},
        {"check": "UNSEEN", "dropped": 0},
        {"check": "NOT_PINNED", "dropped": 0},
    ]
    oldest = api.factory.scalar("SELECT created_at FROM posts WHERE id = %s", mine)
    assert counts["since"] == oldest.isoformat().replace("+00:00", "Z")
    assert api.factory.scalar("SELECT count(*) FROM custom_feeds") == 0


async def test_a_preview_is_paged_and_its_cursors_belong_to_its_rules(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    posts = [api.factory.post(ben, tags=["jazz"]) for _ in range(3)]
    first = await preview(api, ada, rules({"tag": "jazz"}), first=2)
    after = first["posts"]["pageInfo"]["endCursor"]
    second = await preview(api, ada, rules({"tag": "jazz"}), first=2, after=after)
    walked = [node["id"] for page in (first, second) for node in page["posts"]["nodes"]]
    assert walked == [encode("Post", post) for post in reversed(posts)]
    response = await api.fail(PREVIEW, viewer=ada, rules=rules({"tag": "rock"}), after=after)
    assert response["extensions"]["code"] == "BAD_CURSOR"


async def test_a_preview_of_what_is_not_valid_says_what_saving_would(api: Api) -> None:
    ada = api.factory.user("ada")
    sent = rules({"tag": "two words"}, {"text": {"contains": ""}})
    found = await preview(api, ada, sent)
    saved = (await create(api, ada, rules=sent))["userErrors"]
    assert (found["rules"], found["posts"], found["counts"]) == (None, None, None)
    assert len(saved) == 2
    assert found["userErrors"] == [error | {"field": error["field"][1:]} for error in saved]
    assert found["userErrors"][1]["field"] == ["rules", "groups", "0", "filters", "1", "text", "contains"]


async def test_an_explanation_names_every_filter_and_check(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    jazz, rock = api.factory.post(ben, tags=["jazz"]), api.factory.post(ben, tags=["rock"])
    sent = {
        "join": "ALL",
        "scope": "FOLLOWING",
        "groups": [
            {"match": "ANY", "filters": [{"tag": "jazz"}, {"tag": "soul"}]},
            *rules({"tag": "rock"}, match="NONE")["groups"],
        ],
    }
    found = await explain(api, ada, {"rules": sent}, jazz)
    assert found == {
        "post": {"id": encode("Post", jazz)},
        "isIncluded": False,
        "join": "ALL",
        "groups": [
            {
                "groupIndex": 0,
                "match": "ANY",
                "satisfied": True,
                "filters": [
                    {"groupIndex": 0, "filterIndex": 0, "held": True, "filter": {"kind": "TAG", "tag": "jazz"}},
                    {"groupIndex": 0, "filterIndex": 1, "held": False, "filter": {"kind": "TAG", "tag": "soul"}},
                ],
            },
            {
                "groupIndex": 1,
                "match": "NONE",
                "satisfied": True,
                "filters": [
                    {"groupIndex": 1, "filterIndex": 0, "held": False, "filter": {"kind": "TAG", "tag": "rock"}}
                ],
            },
        ],
        "checks": [
            {
                "check": "REACHABLE",
                "passed": True,
                "message": "The post is public, or by somebody you follow.",
            },
            {
                "check": "IN_SCOPE",
                "passed": False,
                "message": "The feed looks only at people you follow, and you do not follow the author.",
            },
            {"check": "AUTHOR_NOT_MUTED", "passed": True, "message": "You have not muted the author."},
            {"check": "NO_MUTED_WORD", "passed": True, "message": "The post has no word that you mute."},
            {
                "check": "WITHIN_AUTHOR_LIMIT",
                "passed": True,
                "message": "The feed has room for it among the posts that its author published that day.",
            },
            {"check": "UNSEEN", "passed": True, "message": "You have not seen it, or the feed does not ask."},
            {"check": "NOT_PINNED", "passed": True, "message": "The post is not pinned to the feed."},
        ],
    }
    saved = (await create(api, ada, rules=sent))["feed"]["id"]
    assert await explain(api, ada, {"feedId": saved}, jazz) == found
    api.factory.follow(ada, ben)
    followed = await explain(api, ada, {"feedId": saved}, jazz)
    assert followed is not None
    assert followed["isIncluded"] is True
    other = await explain(api, ada, {"feedId": saved}, rock)
    assert other is not None
    assert [group["satisfied"] for group in other["groups"]] == [False, False]
    assert other["isIncluded"] is False


async def test_what_the_viewer_may_not_see_has_no_explanation(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    hidden, shown = api.factory.post(ben, visibility="private"), api.factory.post(ben)
    draft = api.factory.post(ada, status="draft")
    foreign = (await create(api, ben))["feed"]["id"]
    refused: list[tuple[dict[str, Any], int]] = [
        ({"rules": {}}, hidden),
        ({"rules": {}}, draft),
        ({"rules": {}}, 10**12),
        ({"feedId": foreign}, shown),
        ({"feedId": encode("Feed", 10**12)}, shown),
    ]
    for source, post in refused:
        assert await explain(api, ada, source, post) is None


@pytest.mark.parametrize("source", [{}, {"feedId": None}, {"rules": {}, "feedId": encode("Feed", 1)}, {"feedId": "x"}])
async def test_a_source_that_is_none_is_refused(api: Api, source: dict[str, Any]) -> None:
    ada = api.factory.user("ada")
    error = await api.fail(EXPLAIN, viewer=ada, feed=source, post=encode("Post", 1))
    assert error["extensions"]["code"] == "BAD_USER_INPUT"


async def test_rules_that_are_not_valid_cannot_be_explained(api: Api) -> None:
    ada = api.factory.user("ada")
    source = {"rules": rules({"text": {"contains": ""}})}
    error = await api.fail(EXPLAIN, viewer=ada, feed=source, post=encode("Post", 1))
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert error["message"].endswith("Where: rules.groups.0.filters.0.text.contains")


async def test_each_post_of_a_feed_says_why_it_is_there(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    both = api.factory.post(ben, tags=["jazz", "soul"])
    one = api.factory.post(ben, tags=["soul"])
    none = api.factory.post(ada, tags=["rock"])
    groups = [
        {"match": "ANY", "filters": [{"tag": "jazz"}, {"tag": "soul"}]},
        {"match": "ALL", "filters": [{"tag": "jazz"}, {"tag": "rock"}]},
        {"match": "NONE", "filters": [{"author": {"relation": "FRIENDS"}}]},
    ]
    feed = (await create(api, ada, rules={"join": "ANY", "groups": groups}))["feed"]["id"]
    posts = (await api.run(FEED, viewer=ada, id=feed))["feed"]["posts"]
    assert [edge["node"] for edge in posts["edges"]] == posts["nodes"]
    reasons = {
        edge["node"]["id"]: (
            [(f["groupIndex"], f["filterIndex"], f["filter"]["tag"]) for f in edge["matchedBy"]["filters"]],
            [group["satisfied"] for group in edge["matchedBy"]["groups"]],
        )
        for edge in posts["edges"]
    }
    assert reasons == {
        encode("Post", both): ([(0, 0, "jazz"), (0, 1, "soul")], [True, False, True]),
        encode("Post", one): ([(0, 1, "soul")], [True, False, True]),
        encode("Post", none): ([], [False, False, True]),
    }
    assert api.statements.count("feed_outcomes") == 1


async def test_both_need_a_session(api: Api) -> None:
    everything: dict[str, Any] = {}
    errors = [
        await api.fail(PREVIEW, rules=everything),
        await api.fail(EXPLAIN, feed={"rules": everything}, post=encode("Post", 1)),
    ]
    assert [error["extensions"]["code"] for error in errors] == ["UNAUTHENTICATED"] * 2
