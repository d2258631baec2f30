"""Feeds by a score of their owner's, and with a limit for each author: the order, and why a post is where it is."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from api.gql.ids import decode, encode
from tests.api.conftest import Api
from tests.api.own_feeds import ERRORS, rules

SCORE = "score { like comment repost halfLifeHours }"
CREATE = f"""mutation ($input: CreateFeedInput!) {{ createFeed(input: $input) {{
  feed {{ id sort rules {{ sort {SCORE} }} }} {ERRORS} }} }}"""
PAGE = """query ($id: ID!, $first: Int, $after: String, $last: Int, $before: String) { feed(id: $id) {
  posts(first: $first, after: $after, last: $last, before: $before) {
    nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }"""
WHY = """query ($rules: FeedRulesInput!, $post: ID!) { explainPost(feed: { rules: $rules }, postId: $post) {
  isIncluded score { total likes comments reposts ageFactor } } }"""
DEFAULTS = {"like": 1.0, "comment": 2.0, "repost": 3.0, "halfLifeHours": 24.0}


async def create(api: Api, viewer: int, **given: Any) -> dict[str, Any]:
    sent = {"name": "Mine", "rules": {"sort": "SCORE"} | given}
    return (await api.run(CREATE, viewer=viewer, input=sent))["createFeed"]


async def ids(api: Api, viewer: int, feed: str, **page: object) -> tuple[list[int], dict[str, Any]]:
    posts = (await api.run(PAGE, viewer=viewer, id=feed, **page))["feed"]["posts"]
    return [decode(node["id"], "Post") for node in posts["nodes"]], posts["pageInfo"]


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ({}, DEFAULTS),
        ({"score": None}, DEFAULTS),
        ({"score": {}}, DEFAULTS),
        ({"score": {"like": 0, "repost": 100}}, DEFAULTS | {"like": 0.0, "repost": 100.0}),
        ({"score": {"halfLifeHours": 8760}}, DEFAULTS | {"halfLifeHours": 8760.0}),
    ],
)
async def test_weights_are_read_as_they_were_sent(api: Api, given: dict[str, Any], shown: dict[str, Any]) -> None:
    created = await create(api, api.factory.user("ada"), **given)
    assert created["userErrors"] == []
    assert created["feed"]["rules"] == {"sort": "SCORE", "score": shown}


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"score": {"like": -0.1}}, ["score", "like"]),
        ({"score": {"comment": 100.5}}, ["score", "comment"]),
        ({"score": {"halfLifeHours": 0.5}}, ["score", "halfLifeHours"]),
        ({"score": {"halfLifeHours": 8761}}, ["score", "halfLifeHours"]),
        ({"sort": "RECENT", "score": {}}, ["score"]),
    ],
)
async def test_other_weights_are_refused_at_their_place(api: Api, given: dict[str, Any], field: list[str]) -> None:
    ada = api.factory.user("ada")
    created = await create(api, ada, **given)
    (error,) = created["userErrors"]
    assert (created["feed"], error["code"]) == (None, "BAD_USER_INPUT")
    assert error["field"] == ["input", "rules", *field]
    assert api.factory.scalar("SELECT count(*) FROM custom_feeds") == 0


async def test_engagement_weighs_what_the_owner_says_and_halves_with_time(api: Api) -> None:
    make, now = api.factory, datetime.now(UTC)
    ada, *others = make.cast()

    def post(hours: float, *, likes: int = 0, comments: int = 0) -> int:
        made = make.post(ada, tags=["mine"], created_at=now - timedelta(hours=hours))
        for who in others[:likes]:
            make.like(who, made)
        for _ in range(comments):
            make.comment(ada, made)
        return made

    old, liked, talked, new = post(49, comments=7), post(24, likes=3), post(30, comments=4), post(1)
    only = rules({"tag": "mine"})
    by_default = (await create(api, ada, **only))["feed"]["id"]
    # 15 * 2 ^ (-49 / 24) = 3.6; 4 / 2 = 2; 9 * 2 ^ (-30 / 24) = 3.8; 1 * 2 ^ (-1 / 24) = 0.97
    assert (await ids(api, ada, by_default))[0] == [talked, old, liked, new]
    by_likes = {"like": 10, "comment": 0, "repost": 0, "halfLifeHours": 24}
    sent = {"name": "Likes", "rules": only | {"sort": "SCORE", "score": by_likes}}
    feed = (await api.run(CREATE, viewer=ada, input=sent))["createFeed"]["feed"]["id"]
    assert (await ids(api, ada, feed))[0] == [liked, new, talked, old]


async def test_pages_of_scores_are_walked_in_both_directions(api: Api) -> None:
    make, now = api.factory, datetime.now(UTC)
    ada, ben, *_ = make.cast()
    posts = [make.post(ada, tags=["mine"], created_at=now - timedelta(hours=number)) for number in range(5)]
    make.like(ben, posts[4])
    feed = (await create(api, ada, **rules({"tag": "mine"})))["feed"]["id"]
    whole, _ = await ids(api, ada, feed)
    assert sorted(whole) == posts
    walked: list[int] = []
    after = None
    while True:
        found, info = await ids(api, ada, feed, first=2, after=after)
        walked += found
        if not info["hasNextPage"]:
            break
        after = info["endCursor"]
    assert walked == whole
    found, info = await ids(api, ada, feed, last=2)
    assert (found, info["hasPreviousPage"]) == (whole[3:], True)
    assert (await ids(api, ada, feed, last=2, before=info["startCursor"]))[0] == whole[1:3]


async def test_a_cursor_of_another_sort_is_refused(api: Api) -> None:
    make = api.factory
    ada, *_ = make.cast()
    for _ in range(2):
        make.post(ada)
    score, popular = [
        (await api.run(CREATE, viewer=ada, input={"name": sort, "rules": {"sort": sort}}))["createFeed"]["feed"]["id"]
        for sort in ("SCORE", "POPULAR")
    ]
    _, info = await ids(api, ada, score, first=1)
    error = await api.fail(PAGE, viewer=ada, id=popular, first=1, after=info["endCursor"])
    assert error["extensions"]["code"] == "BAD_CURSOR"


async def test_a_score_is_explained_in_its_parts(api: Api) -> None:
    make = api.factory
    ada, ben, cleo, _ = make.cast()
    post = make.post(ada, created_at=datetime.now(UTC) - timedelta(hours=24))
    make.like(ben, post)
    make.like(cleo, post)
    make.comment(ben, post)
    sent = {"sort": "SCORE", "score": {"like": 1.5, "comment": 4, "repost": 9, "halfLifeHours": 12}}
    found = (await api.run(WHY, viewer=ada, rules=sent, post=encode("Post", post)))["explainPost"]
    score = found["score"]
    assert found["isIncluded"]
    assert (score["likes"], score["comments"], score["reposts"]) == (3.0, 4.0, 0.0)
    assert score["ageFactor"] == pytest.approx(0.25, rel=0.001)
    assert score["total"] == pytest.approx(8 * score["ageFactor"])
    other = (await api.run(WHY, viewer=ada, rules={"sort": "POPULAR"}, post=encode("Post", post)))["explainPost"]
    assert other["score"] is None


async def test_an_author_has_as_many_posts_of_a_day_as_the_owner_lets_in(api: Api) -> None:
    make, noon = api.factory, datetime(2026, 1, 2, 12, tzinfo=UTC)
    ada, ben, *_ = make.cast()
    hours = {ada: (0, 1, 2, 11.9, 12.1), ben: (3,)}  # the last one is of the day after
    posts = {
        hour: make.post(who, tags=["mine"], created_at=noon + timedelta(hours=hour))
        for who in hours
        for hour in hours[who]
    }
    make.like(ben, posts[0])
    make.post(ada, created_at=noon + timedelta(hours=11.95))
    only = rules({"tag": "mine"}) | {"maxPerAuthorPerDay": 2}
    for sort, order in (("RECENT", (12.1, 11.9, 3, 2)), ("POPULAR", (0, 12.1, 11.9, 3))):
        sent = {"name": sort, "rules": only | {"sort": sort}}
        feed = (await api.run(CREATE, viewer=ada, input=sent))["createFeed"]["feed"]["id"]
        expected = [posts[hour] for hour in order]
        assert (await ids(api, ada, feed))[0] == expected
        found, info = await ids(api, ada, feed, first=3)
        assert found + (await ids(api, ada, feed, first=3, after=info["endCursor"]))[0] == expected
        found, info = await ids(api, ada, feed, last=3)
        assert (await ids(api, ada, feed, last=3, before=info["startCursor"]))[0] + found == expected
    why = """query ($rules: FeedRulesInput!, $post: ID!) {
      explainPost(feed: { rules: $rules }, postId: $post) { isIncluded checks { check passed } } }"""
    for hour, is_within in ((11.9, True), (2, True), (1, False)):
        found = (await api.run(why, viewer=ada, rules=only, post=encode("Post", posts[hour])))["explainPost"]
        checks = {one["check"]: one["passed"] for one in found["checks"]}
        assert (found["isIncluded"], checks["WITHIN_AUTHOR_LIMIT"]) == (is_within, is_within)


@pytest.mark.parametrize("limit", [0, 21, -1])
async def test_a_limit_for_each_author_is_between_1_and_20(api: Api, limit: int) -> None:
    ada = api.factory.user("ada")
    created = await create(api, ada, maxPerAuthorPerDay=limit)
    (error,) = created["userErrors"]
    assert error["field"] == ["input", "rules", "maxPerAuthorPerDay"]
    assert api.factory.scalar("SELECT count(*) FROM custom_feeds") == 0
