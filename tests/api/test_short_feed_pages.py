"""A feed that has looked at all that it may ends its page with a place to go on from, and loses nothing."""

from typing import Any

from api.gql.ids import decode
from db.feeds import BOUNDS
from tests.api.conftest import Api
from tests.api.own_feeds import rules

PAGE = """query ($rules: FeedRulesInput!, $first: Int, $after: String, $last: Int, $before: String) {
  previewFeed(rules: $rules) { posts(first: $first, after: $after, last: $last, before: $before) {
    nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }"""
MANY = """
INSERT INTO posts (user_id, type, content, tags, created_at)
SELECT %s, 'text_short', 'x', %s, %s::timestamptz - n * interval '1 second' FROM generate_series(1, %s) AS n
"""


async def page(api: Api, viewer: int, **window: object) -> tuple[list[int], dict[str, Any]]:
    posts = (await api.run(PAGE, viewer=viewer, rules=rules({"tag": "rare"}), **window))["previewFeed"]["posts"]
    return [decode(node["id"], "Post") for node in posts["nodes"]], posts["pageInfo"]


async def test_a_page_past_hidden_posts_is_short_and_the_next_one_goes_on(api: Api) -> None:
    make = api.factory
    ada, gone = make.user("ada"), make.user("gone", status="suspended")
    for who, tags, since, count in (
        (ada, [], "2026-01-03", BOUNDS.near + 1),
        (gone, ["rare"], "2026-01-01", BOUNDS.reach + 1),
    ):
        make.connection.execute(MANY, [who, tags, since, count])
    shown = [make.post(ada, tags=["rare"], created_at=moment) for moment in ("2025-12-01", "2026-01-02")]
    found, info = await page(api, ada)
    assert found == [shown[1]]
    assert info["hasNextPage"]
    found, info = await page(api, ada, after=info["endCursor"])
    assert (found, info["hasNextPage"], info["hasPreviousPage"]) == ([shown[0]], False, True)
    found, info = await page(api, ada, last=20)
    assert (found, info["hasPreviousPage"]) == ([shown[0]], True)
    found, info = await page(api, ada, last=20, before=info["startCursor"])
    assert (found, info["hasPreviousPage"]) == ([shown[1]], False)
