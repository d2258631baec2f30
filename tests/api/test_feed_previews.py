"""Feeds while they are composed: previews with counts, and why a post is in a feed or is not."""

import asyncio
import json
from typing import Any

import psycopg
import pytest

from api.gql.ids import encode
from api.loaders import feed_budget
from tests.api.conftest import Api, api_over
from tests.api.test_feeds import create, rules
from tests.slow_tables import slow_table

PREVIEW = """query ($rules: FeedRulesInput!, $first: Int, $after: String) { previewFeed(rules: $rules) {
  rules { groups { filters { tag } } } posts(first: $first, after: $after) { nodes { id } pageInfo { endCursor } }
  counts { candidates since kept filters { groupIndex filterIndex filter { kind } kept dropped }
    checks { check dropped } } userErrors { __typename code field message } } }"""
RESULT = "groupIndex filterIndex held filter { kind tag }"
EXPLAIN = f"""query ($feed: FeedSourceInput!, $post: ID!) {{ explainPost(feed: $feed, postId: $post) {{
  post {{ id }} isIncluded join groups {{ groupIndex match satisfied filters {{ {RESULT} }} }}
  checks {{ check passed message }} }} }}"""
FEED = f"""query ($id: ID!) {{ feed(id: $id) {{ posts {{ edges {{ cursor node {{ id }} matchedBy {{
  filters {{ {RESULT} }} groups {{ match satisfied }} }} }} nodes {{ id }} }} }} }}"""


async def preview(api: Api, viewer: int, sent: dict[str, Any], **page: object) -> dict[str, Any]:
    return (await api.run(PREVIEW, viewer=viewer, rules=sent, **page))["previewFeed"]


async def explain(api: Api, viewer: int, source: dict[str, Any], post: int) -> dict[str, Any] | None:
    return (await api.run(EXPLAIN, viewer=viewer, feed=source, post=encode("Post", post)))["explainPost"]


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


async def test_rules_that_take_too_long_are_stopped_and_nothing_else_is(
    api: Api, empty_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, ben, *_ = api.factory.cast()
    api.factory.post(ben, tags=["x"])
    monkeypatch.setattr(feed_budget.TimeBudget.__init__, "__defaults__", (200,))
    with slow_table(empty_database, "app.user_mutes"):
        query = PREVIEW.replace("{ previewFeed", "{ viewer { username } previewFeed")
        answer = (await api.post({"query": query, "variables": {"rules": rules({"tag": "x"})}}, viewer=ada)).json()
        assert answer["data"]["viewer"] == {"username": "ada"}
        errors = {".".join(error["path"]): error["extensions"]["code"] for error in answer["errors"]}
        assert errors == {"previewFeed.posts": "COST_LIMIT", "previewFeed.counts": "COST_LIMIT"}
    assert answer["extensions"]["cost"]["actual"] < 1_000
    assert len((await preview(api, ada, rules({"tag": "x"})))["posts"]["nodes"]) == 1


async def test_a_feed_that_takes_long_costs_what_it_takes(
    api: Api, empty_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, ben, *_ = api.factory.cast()
    api.factory.post(ben, tags=["x"])
    monkeypatch.setattr(feed_budget.TimeBudget.__init__, "__defaults__", (400,))
    query = "query ($rules: FeedRulesInput!) { previewFeed(rules: $rules) { posts { nodes { id } } } }"
    body = {"query": query, "variables": {"rules": rules({"tag": "x"})}}
    with slow_table(empty_database, "app.user_mutes"):
        stopped = (await api.post(body, viewer=ada)).json()
    assert [error["extensions"]["code"] for error in stopped["errors"]] == ["COST_LIMIT"]
    assert stopped["extensions"]["cost"]["actual"] >= 20 * (400 - 250)


async def test_who_leaves_before_the_answer_pays_for_the_time_until_then(
    empty_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed_budget, "_USUAL_MS", 10)
    async with api_over(empty_database, settings={"rate_limit": 20_000}) as api:
        ada, ben, *_ = api.factory.cast()
        api.factory.post(ben, tags=["x"])
        left = "{ rateLimit { remaining } }"
        before = (await api.run(left, viewer=ada))["rateLimit"]["remaining"]
        fields = [f"p{n}: previewFeed(rules: $rules) {{ posts(first: 1) {{ nodes {{ id }} }} }}" for n in range(8)]
        query = f"query ($rules: FeedRulesInput!) {{ {' '.join(fields)} }}"
        body = json.dumps({"query": query, "variables": {"rules": rules({"tag": "x"})}}).encode()
        token = api.tokens[ada].encode()
        headers = [(b"host", b"x"), (b"content-type", b"application/json"), (b"authorization", b"Bearer " + token)]
        scope = {"type": "http", "method": "POST", "path": "/graphql", "root_path": "", "scheme": "http",
                 "query_string": b"", "headers": headers, "client": ("127.0.0.1", 1)}  # fmt: skip
        messages: list[Any] = [{"type": "http.request", "body": body}]
        gone = asyncio.Event()

        async def receive() -> Any:
            if messages:
                return messages.pop()
            await gone.wait()
            return {"type": "http.disconnect"}

        async def send(_: object) -> None:
            raise AssertionError

        with slow_table(empty_database, "app.user_mutes"):
            request = asyncio.ensure_future(api.app(scope, receive, send))
            await asyncio.sleep(0.5)  # of which it pays for most
            gone.set()
            await request
        paid = before - (await api.run(left, viewer=ada))["rateLimit"]["remaining"]
        assert 20 * 300 < paid < 20 * 1_500 + 2_000  # once, although eight statements waited


async def test_a_feed_that_waits_for_others_is_no_fault_of_its_rules(api: Api, empty_database: str) -> None:
    """As while a migration has a table: the rules are not called too costly, and nobody pays for the time."""
    ada = api.factory.user("ada")
    query = "query ($rules: FeedRulesInput!) { previewFeed(rules: $rules) { posts { nodes { id } } } }"
    body = {"query": query, "variables": {"rules": rules({"tag": "x"})}}
    usual = (await api.post(body, viewer=ada)).json()["extensions"]["cost"]["actual"]
    with psycopg.connect(empty_database) as other:
        other.execute("LOCK TABLE app.user_mutes")
        waited = (await api.post(body, viewer=ada)).json()
    assert [error["extensions"]["code"] for error in waited["errors"]] == ["OVERLOADED"]
    assert waited["extensions"]["cost"]["actual"] <= usual


async def test_a_feed_that_waits_for_others_fails_alone(api: Api, empty_database: str) -> None:
    ada, ben, *_ = api.factory.cast()
    api.factory.post(ben, tags=["x"])
    listed = encode("UserList", api.factory.insert("user_lists", user_id=ada, name="People"))
    await create(api, ada, name="Waits", rules=rules({"author": {"listId": listed}}))
    await create(api, ada, name="Reads", rules=rules({"tag": "x"}))
    body = {"query": "{ viewer { feeds { name posts { nodes { id } } } } }"}
    with psycopg.connect(empty_database) as other:
        other.execute("LOCK TABLE list_members")
        answer = (await api.post(body, viewer=ada)).json()
    errors = [(error["path"], error["extensions"]["code"]) for error in answer["errors"]]
    assert errors == [(["viewer", "feeds", 1, "posts"], "OVERLOADED")]
    shown = {feed["name"]: feed["posts"] and len(feed["posts"]["nodes"]) for feed in answer["data"]["viewer"]["feeds"]}
    assert shown == {"Following": 0, "Waits": None, "Reads": 1}
    assert answer["extensions"]["cost"]["actual"] < 1_000


async def test_a_shared_feed_that_takes_long_costs_whoever_reads_it(api: Api, empty_database: str) -> None:
    ada, ben, *_ = api.factory.cast()
    api.factory.post(ben)
    listed = encode("UserList", api.factory.insert("user_lists", user_id=ben, name="People", is_public=True))
    feed = (await create(api, ben, name="Costly", rules=rules({"author": {"listId": listed}})))["feed"]
    api.factory.connection.execute("UPDATE custom_feeds SET sharing = 'public'")
    body = {
        "query": "query ($id: ID!) { a: feed(id: $id) { posts { nodes { id } } } }",
        "variables": {"id": feed["id"]},
    }
    for viewer in (ada, None):
        with slow_table(empty_database, "public.list_members"):
            stopped = (await api.post(body, viewer=viewer)).json()
        assert [error["extensions"]["code"] for error in stopped["errors"]] == ["COST_LIMIT"]
        assert stopped["extensions"]["cost"]["actual"] > 20 * (300 - 50)


async def test_a_feed_that_is_too_costly_fails_alone(
    api: Api, empty_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, ben, *_ = api.factory.cast()
    post = api.factory.post(ben, tags=["x"])
    listed = encode("UserList", api.factory.insert("user_lists", user_id=ada, name="People"))
    await create(api, ada, name="Costly", rules=rules({"author": {"listId": listed}}))
    await create(api, ada, name="Cheap", rules=rules({"tag": "x"}))
    monkeypatch.setattr(feed_budget.TimeBudget.__init__, "__defaults__", (200,))
    with slow_table(empty_database, "public.list_members"):
        query = "{ viewer { username feeds { name posts { nodes { id } } } } }"
        answer = (await api.post({"query": query}, viewer=ada)).json()
    errors = [(error["path"], error["extensions"]["code"]) for error in answer["errors"]]
    assert errors == [(["viewer", "feeds", 1, "posts"], "COST_LIMIT")]
    assert answer["data"]["viewer"]["feeds"] == [
        {"name": "Following", "posts": {"nodes": []}},
        {"name": "Costly", "posts": None},
        {"name": "Cheap", "posts": {"nodes": [{"id": encode("Post", post)}]}},
    ]
