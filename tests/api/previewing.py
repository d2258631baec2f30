"""Previews and explanations of feeds, asked for."""

from typing import Any

from api.gql.ids import encode
from tests.api.conftest import Api

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
