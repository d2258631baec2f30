"""Posts that stand above a feed: who may put them there, whom they are shown to, and that its list leaves them out."""

from typing import Any

import pytest
from psycopg.types.json import Jsonb

from api.gql.ids import encode
from db.queries.feeds import following_feed_id
from tests.api.conftest import Api
from tests.api.own_feeds import ERRORS, create, rules

SHOWN = "pinnedPosts { id } posts { nodes { id } }"
UPDATE = f"mutation ($input: UpdateFeedInput!) {{ updateFeed(input: $input) {{ feed {{ {SHOWN} }} {ERRORS} }} }}"
READ = f"query ($id: ID!) {{ feed(id: $id) {{ {SHOWN} }} }}"
STORED = "SELECT array_agg((feed_id, place, post_id)::text ORDER BY feed_id, place) FROM app.feed_pins"
ANYTHING: dict[str, Any] = {"groups": []}


def ids(*posts: int) -> list[str]:
    return [encode("Post", post) for post in posts]


async def pin(api: Api, viewer: int, feed: str, *posts: int) -> dict[str, Any]:
    given = {"feedId": feed, "pinnedPostIds": ids(*posts)}
    return (await api.run(UPDATE, viewer=viewer, input=given))["updateFeed"]


async def shown(api: Api, viewer: int | None, feed: str) -> tuple[list[str], list[str]]:
    """What stands above a feed, and what is in its list."""
    found = (await api.run(READ, viewer=viewer, id=feed))["feed"]
    return [one["id"] for one in found["pinnedPosts"]], [one["id"] for one in found["posts"]["nodes"]]


async def test_pinned_posts_stand_above_the_list_in_their_order(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    first, second, third, fourth = (api.factory.post(ben) for _ in range(4))
    feed = (await create(api, ada, rules=ANYTHING, pinnedPostIds=ids(third, first)))["feed"]["id"]
    assert await shown(api, ada, feed) == (ids(third, first), ids(fourth, second))
    payload = await pin(api, ada, feed, first, fourth, second)
    assert payload["userErrors"] == []
    assert [one["id"] for one in payload["feed"]["pinnedPosts"]] == ids(first, fourth, second)
    assert [one["id"] for one in payload["feed"]["posts"]["nodes"]] == ids(third)
    assert (await pin(api, ada, feed))["feed"]["pinnedPosts"] == []
    assert await shown(api, ada, feed) == ([], ids(fourth, third, second, first))


async def test_the_rules_say_nothing_of_a_pinned_post(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    post = api.factory.post(ben, tags=["rock"])
    feed = (await create(api, ada, rules=rules({"tag": "jazz"}), pinnedPostIds=ids(post)))["feed"]["id"]
    assert await shown(api, ada, feed) == (ids(post), [])


async def test_what_is_pinned_stays_when_other_things_change(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    post = api.factory.post(ben)
    feed = (await create(api, ada, pinnedPostIds=ids(post)))["feed"]["id"]
    before = api.factory.scalar("SELECT array_agg((p.*, p.xmin)::text) FROM app.feed_pins AS p")
    for more in ({"name": "New"}, {"rules": ANYTHING}, {"pinnedPostIds": None}, {"pinnedPostIds": ids(post)}):
        given = {"feedId": feed} | more
        assert (await api.run(UPDATE, viewer=ada, input=given))["updateFeed"]["userErrors"] == []
    assert api.factory.scalar("SELECT array_agg((p.*, p.xmin)::text) FROM app.feed_pins AS p") == before
    assert api.factory.scalar("SELECT rules_version FROM custom_feeds") == 2


async def test_posts_that_no_feed_of_the_owner_reaches_are_not_pinned(api: Api) -> None:
    ada, ben, cleo, _ = api.factory.cast()
    open_, draft = api.factory.post(ben), api.factory.post(ben, status="draft")
    for_followers = api.factory.post(ben, visibility="followers")
    own = api.factory.post(ada, visibility="followers")
    feed = (await create(api, ada, pinnedPostIds=ids(open_)))["feed"]["id"]
    stored = api.factory.scalar(STORED)
    for hidden in (draft, for_followers, own, 2**40):
        errors = (await pin(api, ada, feed, open_, hidden))["userErrors"]
        assert [(one["code"], one["field"]) for one in errors] == [("NOT_FOUND", ["input", "pinnedPostIds", "1"])]
        assert api.factory.scalar(STORED) == stored
        created = await create(api, ada, name="Other", pinnedPostIds=ids(hidden))
        assert [one["code"] for one in created["userErrors"]] == ["NOT_FOUND"]
    assert api.factory.scalar("SELECT count(*) FROM custom_feeds") == 1
    api.factory.follow(ada, ben)
    assert (await pin(api, ada, feed, for_followers))["userErrors"] == []
    api.factory.insert("app.user_blocks", "blocker_id", blocker_id=cleo, blocked_id=ada)
    assert (await pin(api, ada, feed, api.factory.post(cleo)))["userErrors"][0]["code"] == "NOT_FOUND"


async def test_who_is_in_no_feeds_is_pinned_by_oneself_and_followers(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    for person in (ada, ben):
        api.factory.insert("app.feed_opt_outs", "user_id", user_id=person)
    own, other = api.factory.post(ada), api.factory.post(ben)
    feed = (await create(api, ada, pinnedPostIds=ids(own)))["feed"]["id"]
    errors = (await pin(api, ada, feed, own, other))["userErrors"]
    assert [(one["code"], one["field"]) for one in errors] == [("NOT_FOUND", ["input", "pinnedPostIds", "1"])]
    api.factory.follow(ada, ben)
    assert (await pin(api, ada, feed, own, other))["userErrors"] == []


async def test_a_post_is_pinned_once_and_three_at_most(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    posts = [api.factory.post(ben) for _ in range(4)]
    feed = (await create(api, ada))["feed"]["id"]
    (error,) = (await pin(api, ada, feed, posts[0], posts[1], posts[0]))["userErrors"]
    assert (error["code"], error["field"]) == ("BAD_USER_INPUT", ["input", "pinnedPostIds"])
    (error,) = (await pin(api, ada, feed, *posts))["userErrors"]
    assert (error["code"], error["field"]) == ("BAD_USER_INPUT", ["input", "pinnedPostIds"])
    assert api.factory.scalar(STORED) is None


async def test_only_the_owner_pins_and_not_to_the_built_in_feed(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    post = api.factory.post(ben)
    feed = (await create(api, ada))["feed"]["id"]
    assert (await pin(api, ben, feed, post))["userErrors"][0]["code"] == "NOT_FOUND"
    built_in = encode("Feed", following_feed_id(ada))
    assert (await pin(api, ada, built_in, post))["userErrors"][0]["code"] == "BAD_USER_INPUT"
    assert api.factory.scalar(STORED) is None
    assert (await shown(api, ada, built_in))[0] == []


async def test_a_pinned_post_is_hidden_as_any_post_of_a_feed(api: Api) -> None:
    """From readers of a shared feed who may not see it, mute its author or a word of it, or do not follow them."""
    ada, ben, cleo, dan = api.factory.cast()
    make = api.factory
    mine, theirs = make.post(ben, content="One word"), make.post(cleo, visibility="followers", content="Another")
    make.follow(ada, cleo)
    feed = (await create(api, ada, rules=ANYTHING, pinnedPostIds=ids(theirs, mine)))["feed"]["id"]
    make.connection.execute("UPDATE custom_feeds SET sharing = 'public'")
    assert await shown(api, ada, feed) == (ids(theirs, mine), [])
    assert await shown(api, dan, feed) == (ids(mine), [])
    assert await shown(api, None, feed) == (ids(mine), [])
    for table, values in (
        ("app.user_mutes", {"muter_id": dan, "muted_id": ben}),
        ("app.user_blocks", {"blocker_id": ben, "blocked_id": dan}),
        ("app.user_blocks", {"blocker_id": dan, "blocked_id": ben}),
        ("app.mute_words", {"user_id": dan, "word": "word"}),
    ):
        make.insert(table, next(iter(values)), **values)
        assert await shown(api, dan, feed) == ([], [])
        make.connection.execute(f"DELETE FROM {table}".encode())
        assert await shown(api, dan, feed) == (ids(mine), [])
    make.connection.execute("UPDATE posts SET status = 'deleted', deleted_at = now() WHERE id = %s", [mine])
    assert await shown(api, ada, feed) == (ids(theirs), [])


async def test_pages_leave_pinned_posts_out_and_nothing_else(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    posts = [api.factory.post(ben) for _ in range(11)]
    pinned = (posts[9], posts[5], posts[1])
    feed = (await create(api, ada, rules=ANYTHING, pinnedPostIds=ids(*pinned)))["feed"]["id"]
    query = """query ($id: ID!, $after: String) { feed(id: $id) {
      posts(first: 2, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } } } }"""
    found, after, more = list[str](), None, True
    while more:
        page = (await api.run(query, viewer=ada, id=feed, after=after))["feed"]["posts"]
        found += [one["id"] for one in page["nodes"]]
        after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
        if len(found) == 2:  # a change of what is pinned moves one post, and no place
            await pin(api, ada, feed, posts[9], posts[5], posts[6])
    assert found == ids(*(post for post in posts[::-1] if post not in (posts[9], posts[5], posts[6])))


async def test_new_posts_are_counted_without_pinned_ones(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    read, *newer = [api.factory.post(ben) for _ in range(4)]
    feed = (await create(api, ada, rules=ANYTHING))["feed"]["id"]
    edges = "query ($id: ID!) { feed(id: $id) { newPostsCount posts { edges { cursor node { id } } } } }"
    (cursor,) = [
        one["cursor"]
        for one in (await api.run(edges, viewer=ada, id=feed))["feed"]["posts"]["edges"]
        if one["node"]["id"] == encode("Post", read)
    ]
    mark = "mutation ($input: SetFeedMarkerInput!) { setFeedMarker(input: $input) { feed { newPostsCount } } }"
    marked = (await api.run(mark, viewer=ada, input={"feedId": feed, "cursor": cursor}))["setFeedMarker"]
    assert marked["feed"] == {"newPostsCount": 3}
    await pin(api, ada, feed, newer[1])
    assert (await api.run(edges, viewer=ada, id=feed))["feed"]["newPostsCount"] == 2


async def test_an_explanation_says_that_a_post_is_pinned(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    post = api.factory.post(ben, tags=["jazz"])
    feed = (await create(api, ada, pinnedPostIds=ids(post)))["feed"]["id"]
    query = """query ($feed: FeedSourceInput!, $post: ID!) { explainPost(feed: $feed, postId: $post) {
      isIncluded checks { check passed } } }"""
    for source, included in (({"feedId": feed}, False), ({"rules": rules({"tag": "jazz"})}, True)):
        found = (await api.run(query, viewer=ada, feed=source, post=encode("Post", post)))["explainPost"]
        assert found["isIncluded"] is included
        assert found["checks"][-1] == {"check": "NOT_PINNED", "passed": included}


async def test_sections_and_readers_keep_pinned_posts_in_their_places(api: Api) -> None:
    """They show nothing above the list."""
    ada, ben, *_ = api.factory.cast()
    posts = [api.factory.post(ben, content=f"Post {number}") for number in range(3)]
    feed = (await create(api, ada, rules=ANYTHING, pinnedPostIds=ids(posts[0])))["feed"]["id"]
    config = Jsonb({"feed_id": api.factory.scalar("SELECT id FROM custom_feeds"), "limit": 10})
    api.factory.connection.execute(
        "INSERT INTO profile_sections (user_id, type, title, config) VALUES (%s, 'feed', 'Feed', %s)", [ada, config]
    )
    query = """{ viewer { user { sections { ... on FeedSection { posts { nodes { id } } } } } } }"""
    (section,) = (await api.run(query, viewer=ada))["viewer"]["user"]["sections"]
    assert [one["id"] for one in section["posts"]["nodes"]] == ids(*posts[::-1])
    urls = "mutation ($id: ID!) { createFeedUrls(input: {feedId: $id}) { jsonFeedUrl } }"
    url = (await api.run(urls, viewer=ada, id=feed))["createFeedUrls"]["jsonFeedUrl"]
    document = (await api.client.get(url)).json()
    assert [one["content_html"] for one in document["items"]] == [f"<p>Post {number}</p>\n" for number in (2, 1, 0)]


async def test_a_copy_and_a_document_have_the_rules_alone(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    post = api.factory.post(ben)
    feed = (await create(api, ada, rules=ANYTHING, pinnedPostIds=ids(post)))["feed"]["id"]
    api.factory.connection.execute("UPDATE custom_feeds SET sharing = 'public'")
    fork = f"mutation ($id: ID!) {{ forkFeed(input: {{feedId: $id}}) {{ feed {{ {SHOWN} exportDocument }} }} }}"
    copy = (await api.run(fork, viewer=ben, id=feed))["forkFeed"]["feed"]
    assert (copy["pinnedPosts"], copy["posts"]["nodes"]) == ([], [{"id": encode("Post", post)}])
    exported = await api.run("query ($id: ID!) { feed(id: $id) { exportDocument } }", viewer=ada, id=feed)
    assert exported["feed"]["exportDocument"] == copy["exportDocument"]


@pytest.mark.parametrize("count", [1, 20])
async def test_pinned_posts_of_many_feeds_are_read_at_once(compiled_api: Api, count: int) -> None:
    ada, ben, *_ = compiled_api.factory.cast()
    for number in range(count):
        await create(compiled_api, ada, name=f"Feed {number}", pinnedPostIds=ids(compiled_api.factory.post(ben)))
    compiled_api.statements.clear()
    found = await compiled_api.run("{ viewer { feeds { pinnedPosts { id } } } }", viewer=ada)
    assert [len(feed["pinnedPosts"]) for feed in found["viewer"]["feeds"]] == [0] + [1] * count
    names = [name for name in compiled_api.statements if name in {"pins_by_feed_ids", "feed_outcomes", "posts_by_ids"}]
    assert sorted(names) == ["feed_outcomes", "pins_by_feed_ids", "posts_by_ids"]


async def test_muted_words_are_looked_up_once_for_pinned_posts_and_pages(compiled_api: Api) -> None:
    ada, ben, *_ = compiled_api.factory.cast()
    await create(compiled_api, ada, pinnedPostIds=ids(compiled_api.factory.post(ben)))
    compiled_api.statements.clear()
    fields = "pinnedPosts { id } posts { nodes { id } } newPostsCount"
    await compiled_api.run(f"{{ viewer {{ feeds {{ {fields} }} }} homeFeed {{ nodes {{ id }} }} }}", viewer=ada)
    assert compiled_api.statements.count("mute_patterns") == 1
