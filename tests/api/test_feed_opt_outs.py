"""Who is not discoverable in feeds is in those of their followers, in their own, and in no others."""

from typing import Any

from api.gql.ids import encode
from tests.api.conftest import Api
from tests.api.own_feeds import create, rules

SET = """mutation ($on: Boolean) { updatePrivacy(input: {discoverableInFeeds: $on}) {
  privacy { discoverableInFeeds } userErrors { code } } }"""
ANYTHING: dict[str, Any] = {"groups": []}


async def opt(api: Api, viewer: int, *, into: bool) -> None:
    assert (await api.run(SET, viewer=viewer, on=into))["updatePrivacy"]["privacy"] == {"discoverableInFeeds": into}


async def contents(api: Api, viewer: int | None, feed: str) -> list[str]:
    found = await api.run("query ($id: ID!) { feed(id: $id) { posts { nodes { content } } } }", viewer=viewer, id=feed)
    return [one["content"] for one in found["feed"]["posts"]["nodes"]]


async def test_feeds_of_strangers_leave_out_who_does_not_want_to_be_there(api: Api) -> None:
    ada, ben, cleo, dan = api.factory.cast()
    api.factory.follow(dan, ben)
    api.factory.post(ben, content="By Ben")
    api.factory.post(cleo, content="By Cleo")
    for given in (ANYTHING, ANYTHING | {"sort": "POPULAR"}, ANYTHING | {"sort": "SCORE"}):
        feed = (await create(api, ada, name=str(given), rules=given))["feed"]["id"]
        api.factory.connection.execute("UPDATE custom_feeds SET sharing = 'public'")
        both = await contents(api, ada, feed)
        assert sorted(both) == ["By Ben", "By Cleo"]
        await opt(api, ben, into=False)
        assert await contents(api, ada, feed) == ["By Cleo"]
        assert await contents(api, None, feed) == ["By Cleo"]
        assert await contents(api, dan, feed) == both  # follows Ben
        assert await contents(api, ben, feed) == both
        await opt(api, ben, into=True)
        assert await contents(api, ada, feed) == both


async def test_a_feed_by_people_leaves_out_those_who_opted_out(api: Api) -> None:
    ada, ben, cleo, _ = api.factory.cast()
    api.factory.post(ben, content="By Ben")
    api.factory.post(cleo, content="By Cleo")
    named = rules({"author": {"userIds": [encode("User", ben), encode("User", cleo)]}})
    feed = (await create(api, ada, rules=named))["feed"]["id"]
    await opt(api, ben, into=False)
    assert await contents(api, ada, feed) == ["By Cleo"]
    api.factory.follow(ada, ben)
    assert await contents(api, ada, feed) == ["By Cleo", "By Ben"]


async def test_an_explanation_and_the_counts_say_that_it_is_not_reachable(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    post = encode("Post", api.factory.post(ben))
    await opt(api, ben, into=False)
    query = """query ($rules: FeedRulesInput!, $post: ID!) {
      explainPost(feed: {rules: $rules}, postId: $post) { isIncluded checks { check passed } }
      previewFeed(rules: $rules) { posts { nodes { id } } counts { candidates kept checks { check dropped } } } }"""
    found = await api.run(query, viewer=ada, rules=ANYTHING, post=post)
    assert found["explainPost"]["isIncluded"] is False
    assert found["explainPost"]["checks"][0] == {"check": "REACHABLE", "passed": False}
    assert found["previewFeed"]["posts"]["nodes"] == []
    counts = found["previewFeed"]["counts"]
    assert (counts["candidates"], counts["kept"]) == (1, 0)
    assert counts["checks"][0] == {"check": "REACHABLE", "dropped": 1}


async def test_a_pin_is_no_way_around_an_opt_out(api: Api) -> None:
    ada, ben, cleo, _ = api.factory.cast()
    post = encode("Post", api.factory.post(ben))
    feed = (await create(api, ada, rules=ANYTHING, pinnedPostIds=[post]))["feed"]["id"]
    api.factory.connection.execute("UPDATE custom_feeds SET sharing = 'public'")
    query = "query ($id: ID!) { feed(id: $id) { pinnedPosts { id } posts { nodes { id } } } }"
    assert (await api.run(query, viewer=cleo, id=feed))["feed"] == {
        "pinnedPosts": [{"id": post}],
        "posts": {"nodes": []},
    }
    await opt(api, ben, into=False)
    for reader in (ada, cleo, None):
        found = (await api.run(query, viewer=reader, id=feed))["feed"]
        assert found == {"pinnedPosts": [], "posts": {"nodes": []}}
    refused = await create(api, ada, name="Other", pinnedPostIds=[post])
    assert [one["code"] for one in refused["userErrors"]] == ["NOT_FOUND"]
    api.factory.follow(ada, ben)
    assert (await create(api, ada, name="Other", pinnedPostIds=[post]))["userErrors"] == []
    own = encode("Post", api.factory.post(ben))
    assert (await create(api, ben, pinnedPostIds=[own]))["userErrors"] == []


async def test_what_is_asked_for_by_name_is_there_all_the_same(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    post = encode("Post", api.factory.post(ben, content="A kiln", tags=["clay"]))
    await opt(api, ben, into=False)
    query = """query ($id: ID!) { post(id: $id) { id } user(username: "ben") { posts { nodes { id } } }
      tag(name: "clay") { posts { nodes { id } } } searchPosts(query: "kiln") { nodes { id } } }"""
    found = await api.run(query, viewer=ada, id=post)
    one = {"id": post}
    assert found == {
        "post": one,
        "user": {"posts": {"nodes": [one]}},
        "tag": {"posts": {"nodes": [one]}},
        "searchPosts": {"nodes": [one]},
    }
