"""The Following feed: everybody has it, and what it shows is the home feed."""

from asyncio import gather
from typing import Any

import pytest

from api.gql.ids import encode
from db.queries.feeds import following_feed_id
from tests.api.conftest import Api
from tests.api.own_feeds import DEFAULT, DELETE, ERRORS, REORDER, UPDATE, create

FEEDS = "{ viewer { defaultFeed { id } feeds { id name isBuiltIn isDefault viewerCanEdit } } }"
STORED = """SELECT (SELECT array_agg(f) FROM custom_feeds AS f)::text,
  (SELECT array_agg(s) FROM app.user_settings AS s)::text"""
CHANGES = {
    "updateFeed": UPDATE,
    "deleteFeed": DELETE,
    "shareFeed": f"mutation ($input: ShareFeedInput!) {{ shareFeed(input: $input) {{ feed {{ id }} {ERRORS} }} }}",
    "createFeedUrls": f"""mutation ($input: CreateFeedUrlsInput!) {{ createFeedUrls(input: $input) {{
      feed {{ id }} {ERRORS} }} }}""",
    "revokeFeedUrls": f"""mutation ($input: RevokeFeedUrlsInput!) {{ revokeFeedUrls(input: $input) {{
      feed {{ id }} {ERRORS} }} }}""",
}


def built_in(user_id: int) -> str:
    return encode("Feed", following_feed_id(user_id))


async def order(api: Api, viewer: int) -> list[tuple[str, bool]]:
    """The viewer's feeds with which of them is the default, which is the one to open with."""
    found = (await api.run(FEEDS, viewer=viewer))["viewer"]
    assert [one["id"] for one in found["feeds"] if one["isDefault"]] == [found["defaultFeed"]["id"]]
    return [(one["id"], one["isDefault"]) for one in found["feeds"]]


async def test_everybody_has_a_following_feed_first_and_by_default(api: Api) -> None:
    ada = api.factory.user("ada")
    following: dict[str, Any] = {"id": built_in(ada), "name": "Following", "isBuiltIn": True, "isDefault": True}
    following |= {"viewerCanEdit": False}
    feeds = (await api.run(FEEDS, viewer=ada))["viewer"]
    assert feeds == {"defaultFeed": {"id": built_in(ada)}, "feeds": [following]}
    mine = (await create(api, ada))["feed"]["id"]
    assert await order(api, ada) == [(built_in(ada), True), (mine, False)]


async def test_the_following_feed_shows_the_home_feed_and_shares_its_cursors(api: Api) -> None:
    ada, ben, cleo, *_ = api.factory.cast()
    for author in (ben, cleo, ben, ada):
        api.factory.post(author, content=f"by {author}")
    api.factory.follow(ada, ben)
    both = """query ($id: ID!, $after: String) {
      homeFeed(first: 1, after: $after) { edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage } }
      feed(id: $id) { posts(first: 1, after: $after) {
        edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage } } }
      node(id: $id) { ... on Feed { name sort rules { scope groups { match } } } } }"""
    after, seen = None, list[str]()
    for _ in range(3):
        found = await api.run(both, viewer=ada, id=built_in(ada), after=after)
        assert found["feed"]["posts"] == found["homeFeed"]
        seen += [edge["node"]["id"] for edge in found["homeFeed"]["edges"]]
        after = found["homeFeed"]["edges"][-1]["cursor"] if found["homeFeed"]["edges"] else after
    assert seen == [encode("Post", 3), encode("Post", 1)]
    found = await api.run(both, viewer=ada, id=built_in(ada))
    assert found["node"] == {"name": "Following", "sort": "RECENT", "rules": {"scope": "FOLLOWING", "groups": []}}
    why = """query ($id: ID!, $post: ID!) { explainPost(feed: { feedId: $id }, postId: $post) { isIncluded } }"""
    for post, included in ((1, True), (2, False), (4, False)):
        explained = await api.run(why, viewer=ada, id=built_in(ada), post=encode("Post", post))
        assert explained["explainPost"] == {"isIncluded": included}


async def test_nobody_else_can_open_a_following_feed(api: Api) -> None:
    ada, ben = api.factory.user("ada"), api.factory.user("ben")
    query = "query ($id: ID!) { feed(id: $id) { id } node(id: $id) { id } }"
    for viewer in (ben, None):
        assert await api.run(query, viewer=viewer, id=built_in(ada)) == {"feed": None, "node": None}
    (error,) = (await api.run(DEFAULT, viewer=ben, input={"feedId": built_in(ada)}))["setDefaultFeed"]["userErrors"]
    assert (error["code"], error["field"]) == ("NOT_FOUND", ["input", "feedId"])


@pytest.mark.parametrize("name", CHANGES)
async def test_the_following_feed_is_not_changed_shared_or_deleted(api: Api, name: str) -> None:
    ada = api.factory.user("ada")
    await create(api, ada, isDefault=True)
    before = api.factory.connection.execute(STORED.encode()).fetchall()
    sent = {"feedId": built_in(ada)} | ({"sharing": "PUBLIC"} if name == "shareFeed" else {})
    (error,) = (await api.run(CHANGES[name], viewer=ada, input=sent))[name]["userErrors"]
    assert (error["code"], error["field"]) == ("BAD_USER_INPUT", ["input", "feedId"])
    assert api.factory.connection.execute(STORED.encode()).fetchall() == before


async def test_the_following_feed_is_moved_with_the_others(api: Api) -> None:
    ada = api.factory.user("ada")
    mine = [(await create(api, ada, name=name))["feed"]["id"] for name in "ab"]
    for turned in ([mine[1], built_in(ada), mine[0]], [mine[0], mine[1], built_in(ada)]):
        payload = (await api.run(REORDER, viewer=ada, input={"feedIds": turned}))["reorderFeeds"]
        assert payload == {"viewer": {"feeds": [{"id": one} for one in turned]}, "userErrors": []}
    new = (await create(api, ada, name="c"))["feed"]["id"]
    assert [one for one, _ in await order(api, ada)] == [*mine, built_in(ada), new]
    before = api.factory.connection.execute(STORED.encode()).fetchall()
    (error,) = (await api.run(REORDER, viewer=ada, input={"feedIds": [*mine, new]}))["reorderFeeds"]["userErrors"]
    assert (error["code"], error["field"]) == ("BAD_USER_INPUT", ["input", "feedIds"])
    assert api.factory.connection.execute(STORED.encode()).fetchall() == before


async def test_it_is_the_default_again_when_the_default_is_deleted(api: Api) -> None:
    ada = api.factory.user("ada")
    mine = (await create(api, ada, isDefault=True))["feed"]["id"]
    assert await order(api, ada) == [(built_in(ada), False), (mine, True)]
    for _ in range(2):
        payload = (await api.run(DEFAULT, viewer=ada, input={"feedId": built_in(ada)}))["setDefaultFeed"]
        assert payload["feed"] == {"id": built_in(ada), "isDefault": True}
        assert payload["viewer"]["feeds"] == [
            {"id": built_in(ada), "isDefault": True},
            {"id": mine, "isDefault": False},
        ]
    await api.run(DEFAULT, viewer=ada, input={"feedId": mine})
    await api.run(DELETE, viewer=ada, input={"feedId": mine})
    assert await order(api, ada) == [(built_in(ada), True)]


async def test_one_feed_is_the_default_however_many_choose_at_once(api: Api) -> None:
    ada = api.factory.user("ada")
    mine = [(await create(api, ada, name=name))["feed"]["id"] for name in "ab"]
    choices = [built_in(ada), *mine] * 4
    found = await gather(*(api.run(DEFAULT, viewer=ada, input={"feedId": one}) for one in choices))
    for one, answer in zip(choices, found, strict=True):
        payload = answer["setDefaultFeed"]
        assert payload["feed"] == {"id": one, "isDefault": True}
        # Read after the change: others may have chosen by then, but no more and no less than one.
        assert [feed["isDefault"] for feed in payload["viewer"]["feeds"]].count(True) == 1
    assert sum(is_default for _, is_default in await order(api, ada)) == 1


async def test_a_copy_of_the_following_feed_is_a_feed_of_its_own(api: Api) -> None:
    ada = api.factory.user("ada")
    fork = f"""mutation ($input: ForkFeedInput!) {{ forkFeed(input: $input) {{
      feed {{ name isBuiltIn viewerCanEdit rules {{ scope }} forkedFrom {{ id }} }} {ERRORS} }} }}"""
    payload = (await api.run(fork, viewer=ada, input={"feedId": built_in(ada)}))["forkFeed"]
    copy = {"name": "Following 2", "isBuiltIn": False, "viewerCanEdit": True, "rules": {"scope": "FOLLOWING"}}
    assert payload == {"feed": copy | {"forkedFrom": {"id": built_in(ada)}}, "userErrors": []}
