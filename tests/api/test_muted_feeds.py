"""What muted words keep out of feeds: of which feeds, whose posts, and where a page goes on."""

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from psycopg.types.json import Jsonb

from api.gql.ids import encode
from api.loaders import feed_budget
from db.queries.feeds import following_feed_id
from tests.api.conftest import Api
from tests.api.own_feeds import create

HOME = """query ($first: Int, $after: String, $last: Int, $before: String) {
  homeFeed(first: $first, after: $after, last: $last, before: $before) {
    nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }"""
FEED = "query ($id: ID!) { feed(id: $id) { posts { edges { node { id } matchedBy { groups { satisfied } } } } } }"
PREVIEW = """query ($rules: FeedRulesInput!) { previewFeed(rules: $rules) {
  posts { nodes { id } } counts { candidates kept checks { check dropped } } } }"""
EXPLAIN = """query ($feed: FeedSourceInput!, $post: ID!) { explainPost(feed: $feed, postId: $post) {
  isIncluded checks { check passed message muteWord { id word } } } }"""


def mute(api: Api, viewer: int, word: str, **given: object) -> int:
    return api.factory.insert("app.mute_words", user_id=viewer, word=word, **given)


async def home(api: Api, viewer: int, **page: object) -> dict[str, Any]:
    return (await api.run(HOME, viewer=viewer, **page))["homeFeed"]


async def every_feed(api: Api, viewer: int, feed: int) -> list[list[str]]:
    """The posts of the home feed, of the built-in feed and of one of all posts, and those that a preview shows."""
    found = [[node["id"] for node in (await home(api, viewer))["nodes"]]]
    for id_ in (following_feed_id(viewer), feed):
        posts = (await api.run(FEED, viewer=viewer, id=encode("Feed", id_)))["feed"]["posts"]["edges"]
        assert all(edge["matchedBy"] for edge in posts)
        found.append([edge["node"]["id"] for edge in posts])
    preview = await api.run(PREVIEW, viewer=viewer, rules={})
    return [*found, [node["id"] for node in preview["previewFeed"]["posts"]["nodes"]]]


def ids(*posts: int) -> list[str]:
    return [encode("Post", post) for post in posts]


async def test_a_muted_word_leaves_every_feed_and_no_other_page(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    api.factory.follow(ada, ben)
    feed = api.factory.insert("custom_feeds", user_id=ben, name="All", sharing="public")
    kept = api.factory.post(ben, content="Woollen things")
    texts: list[dict[str, Any]] = [{"content": "I knit with WOOL."}, {"title": "Wool!"}, {"tags": ["wool"]}, {}]
    muted = [api.factory.post(ben, **{"content": "See this"} | one) for one in texts]
    api.factory.media(ben, muted[-1], alt_text="A ball of wool")
    own = api.factory.post(ada, content="My wool")
    api.factory.follow(ben, ada)
    mute(api, ada, "wool")
    assert await every_feed(api, ada, feed) == [ids(kept), ids(kept), ids(own, kept), ids(own, kept)]
    assert [node["id"] for node in (await home(api, ben))["nodes"]] == ids(own)
    page = await api.run('{ user(username: "ben") { posts { nodes { id } } } }', viewer=ada)
    assert [node["id"] for node in page["user"]["posts"]["nodes"]] == ids(*muted[::-1], kept)


@pytest.mark.parametrize(
    ("word", "given", "is_kept"),
    [
        ("knit", {}, True),
        ("knit", {"whole_word": False}, False),
        ("#yarn", {}, False),
        ("C++", {}, False),
        ("c+", {}, False),
        ("c+++", {}, True),
        ("%", {"whole_word": False}, True),
        ("_", {"whole_word": False}, True),
        ("\\", {"whole_word": False}, True),
        (".*", {"whole_word": False}, True),
        ("a|b", {"whole_word": False}, True),
        ("(", {"whole_word": False}, True),
        ("élan", {}, False),
        ("knitting in", {"except_followed": True}, True),
        ("knitting in", {"until": datetime(2020, 1, 1, tzinfo=UTC)}, True),
        ("knitting in", {"until": datetime.now(UTC) + timedelta(days=1)}, False),
    ],
)
async def test_a_word_counts_as_it_says(api: Api, word: str, given: dict[str, Any], *, is_kept: bool) -> None:
    ada, ben, *_ = api.factory.cast()
    api.factory.follow(ada, ben)
    post = api.factory.post(ben, content="Knitting in C++, with ÉLAN", tags=["yarn"])
    feed = api.factory.insert("custom_feeds", user_id=ada, name="All")
    mute(api, ada, word, **given)
    assert await every_feed(api, ada, feed) == [ids(post) if is_kept else []] * 4


async def test_words_that_spare_the_followed_keep_out_all_others(api: Api) -> None:
    ada, ben, cleo, _ = api.factory.cast()
    api.factory.follow(ada, ben)
    posts = [api.factory.post(who, content=text) for who in (ben, cleo) for text in ("wool", "ink", "rain")]
    feed = api.factory.insert("custom_feeds", user_id=ada, name="All")
    mute(api, ada, "wool", except_followed=True)
    mute(api, ada, "ink")
    home, built_in, custom, preview = await every_feed(api, ada, feed)
    assert home == built_in == ids(posts[2], posts[0])
    assert custom == preview == ids(posts[5], posts[2], posts[0])


async def test_a_page_behind_a_muted_crowd_goes_on(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    api.factory.follow(ada, ben)
    mute(api, ada, "wool")
    wanted = [api.factory.post(ben, content="rain") for _ in range(2)]
    for _ in range(70):
        api.factory.post(ben, content="wool")
    wanted.append(api.factory.post(ben, content="rain"))
    sizes, found, after = list[int](), list[str](), None
    while True:
        page = await home(api, ada, first=2, after=after)
        sizes.append(len(page["nodes"]))
        found += [node["id"] for node in page["nodes"]]
        assert page["pageInfo"]["hasPreviousPage"] is (after is not None)
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
    assert found == ids(*wanted[::-1])
    # Of ten pages of three rows each, the first has one post and the next none.
    assert sizes == [1, 0, 2]
    backward, before = list[str](), None
    while True:
        page = await home(api, ada, last=2, before=before)
        backward = [node["id"] for node in page["nodes"]] + backward
        if not page["pageInfo"]["hasPreviousPage"]:
            break
        before = page["pageInfo"]["startCursor"]
    assert backward == found


async def test_a_page_is_filled_from_the_next_where_words_leave_some_out(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    api.factory.follow(ada, ben)
    mute(api, ada, "wool")
    posts = [api.factory.post(ben, content="wool" if number % 2 else "rain") for number in range(10)]
    page = await home(api, ada, first=4)
    assert [node["id"] for node in page["nodes"]] == ids(*posts[8:0:-2])
    assert page["pageInfo"]["hasNextPage"] is True
    page = await home(api, ada, first=4, after=page["pageInfo"]["endCursor"])
    assert [node["id"] for node in page["nodes"]] == ids(posts[0])
    assert page["pageInfo"]["hasNextPage"] is False


async def test_who_mutes_no_word_pays_for_one_look_up(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    api.factory.follow(ada, ben)
    api.factory.post(ben, content="rain")
    mute(api, ben, "rain")
    await home(api, ada)
    assert [name for name in api.statements if "mute" in name] == ["mute_patterns"]
    mute(api, ada, "ink", except_followed=True)
    await home(api, ada)
    assert [name for name in api.statements if "mute" in name] == ["mute_patterns"]
    mute(api, ada, "wool")
    await home(api, ada)
    assert [name for name in api.statements if "mute" in name] == ["mute_patterns", "muted_posts_by_ids"]


async def test_a_preview_counts_and_an_explanation_names_the_word(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    post = api.factory.post(ben, content="Ink and wool")
    api.factory.post(ben, content="rain")
    for word in ("wool", "rust", "and"):
        last = mute(api, ada, word)
    counts = (await api.run(PREVIEW, viewer=ada, rules={}))["previewFeed"]["counts"]
    assert (counts["candidates"], counts["kept"]) == (2, 1)
    assert {"check": "NO_MUTED_WORD", "dropped": 1} in counts["checks"]
    asked: dict[str, Any] = {"feed": {"rules": {}}, "post": encode("Post", post)}
    found = (await api.run(EXPLAIN, viewer=ada, **asked))["explainPost"]
    assert found["isIncluded"] is False
    failed = [check for check in found["checks"] if not check["passed"]]
    assert failed == [
        {
            "check": "NO_MUTED_WORD",
            "passed": False,
            "message": "The post has a word that you mute.",
            "muteWord": {"id": encode("MuteWord", last), "word": "and"},
        }
    ]
    assert [check["muteWord"] for check in found["checks"] if check["passed"]] == [None] * 6
    own = (await api.run(EXPLAIN, viewer=ben, **asked))["explainPost"]
    assert own["isIncluded"] is True


async def test_a_preview_looks_words_up_once(api: Api) -> None:
    ada = api.factory.user("ada")
    await api.run(PREVIEW, viewer=ada, rules={})
    assert api.statements.count("mute_patterns") == 1


async def test_words_of_the_reader_count_in_sections(api: Api) -> None:
    ada, ben, cleo, _ = api.factory.cast()
    kept, muted = api.factory.post(ben, content="rain"), api.factory.post(ben, content="wool")
    feed = api.factory.insert("custom_feeds", user_id=ben, name="All")
    api.factory.insert("profile_sections", user_id=ben, type="feed", title="All", config=Jsonb({"feed_id": feed}))
    mute(api, ada, "wool")
    mute(api, ben, "rain")
    section = '{ user(username: "ben") { sections { ... on FeedSection { posts { nodes { id } } } } } }'
    for viewer, expected in ((ada, ids(kept)), (cleo, ids(muted, kept)), (None, ids(muted, kept))):
        found = await api.run(section, viewer=viewer)
        assert [node["id"] for node in found["user"]["sections"][-1]["posts"]["nodes"]] == expected


async def test_the_limit_of_an_author_counts_no_muted_posts(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    at = datetime(2026, 5, 1, 12, tzinfo=UTC)
    posts = [api.factory.post(ben, content=text, created_at=at, published_at=at) for text in ("rain", "ink", "wool")]
    mute(api, ada, "wool")
    feed = (await create(api, ada, rules={"maxPerAuthorPerDay": 1}))["feed"]["id"]
    found = await api.run(FEED, viewer=ada, id=feed)
    assert [edge["node"]["id"] for edge in found["feed"]["posts"]["edges"]] == ids(posts[1])


async def test_an_address_for_readers_leaves_out_what_its_owner_mutes(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    for text in ("rain", "wool"):
        api.factory.post(ben, title=text, content=text)
    mute(api, ada, "wool")
    feed = (await create(api, ada, rules={}))["feed"]["id"]
    query = "mutation ($id: ID!) { createFeedUrls(input: {feedId: $id}) { jsonFeedUrl } }"
    url = (await api.run(query, viewer=ada, id=feed))["createFeedUrls"]["jsonFeedUrl"]
    document = (await api.client.get(url)).json()
    assert [item["title"] for item in document["items"]] == ["rain"]


async def test_words_that_take_too_long_are_stopped_and_paid_for(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    ada, ben, *_ = api.factory.cast()
    api.factory.follow(ada, ben)
    api.factory.follow(ben, ada)
    letters = Random(1)
    for _ in range(20):
        text = "".join(letters.choices("aaaaaaab", k=10_000))
        api.factory.insert("posts", user_id=ben, type="text_long", content=text)
    for _ in range(100):
        word = "".join(letters.choices("aaaaaaab", k=100))
        mute(api, ada, word, whole_word=False, except_followed=False)
    await create(api, ada, name="Jazz")
    monkeypatch.setattr(feed_budget.TimeBudget.__init__, "__defaults__", (200,))
    body = {"query": "{ viewer { feeds { name posts { nodes { id } } } } }"}
    answer = (await api.post(body, viewer=ada)).json()
    assert [error["path"] for error in answer["errors"]] == [["viewer", "feeds", 0, "posts"]]
    assert answer["data"]["viewer"]["feeds"] == [
        {"name": "Following", "posts": None},
        {"name": "Jazz", "posts": {"nodes": []}},
    ]
    answer = (await api.post({"query": "{ homeFeed(first: 20) { nodes { id } } }"}, viewer=ada)).json()
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["COST_LIMIT"]
    assert "muted words" in answer["errors"][0]["message"]
    assert answer["extensions"]["cost"]["actual"] >= 20 * (200 - 50)
