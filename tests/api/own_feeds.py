"""Feeds of the viewer: how they are created, changed and ordered, and what is read of them."""

from typing import Any

from api.gql.ids import encode
from tests.api.conftest import Api

RULES = """join sort scope groups { match filters { postType { types groups } author { userIds listId relation } tag
  publishedWithin { amount unit } publishedBetween { since until } engagement { metric atLeast atMost }
  text { contains wholeWord in } hasMedia language { anyOf orUnknown } hasLink withAltText } }
  score { like comment repost halfLifeHours }"""
FEED = f"id name description isDefault rulesVersion rules {{ {RULES} }}"
ERRORS = "userErrors { __typename code message field }"
CREATE = f"""mutation ($input: CreateFeedInput!) {{ createFeed(input: $input) {{
  feed {{ {FEED} }} viewer {{ feeds {{ id isDefault }} }} {ERRORS} }} }}"""
UPDATE = f"mutation ($input: UpdateFeedInput!) {{ updateFeed(input: $input) {{ feed {{ {FEED} }} {ERRORS} }} }}"
DELETE = f"""mutation ($input: DeleteFeedInput!) {{ deleteFeed(input: $input) {{
  deletedId viewer {{ feeds {{ id }} }} {ERRORS} }} }}"""
REORDER = f"""mutation ($input: ReorderFeedsInput!) {{ reorderFeeds(input: $input) {{
  viewer {{ feeds {{ id }} }} {ERRORS} }} }}"""
DEFAULT = f"""mutation ($input: SetDefaultFeedInput!) {{ setDefaultFeed(input: $input) {{
  feed {{ id isDefault }} viewer {{ feeds {{ id isDefault }} }} {ERRORS} }} }}"""
ROWS = "SELECT name, algorithm_config::text, is_default, display_order, rules_version FROM custom_feeds ORDER BY id"
FILTERS = "SELECT feed_id, type::text, operator::text, value::text, group_id FROM feed_filters ORDER BY id"

EVERY_FILTER: list[dict[str, Any]] = [
    {"postType": {"types": ["SONG"], "groups": ["IMAGE"]}},
    {"author": {"userIds": [encode("User", 2), encode("User", 1)]}},
    {"author": {"listId": encode("UserList", 7)}},
    {"author": {"relation": "FRIENDS"}},
    {"tag": "jazz"},
    {"publishedWithin": {"amount": 3, "unit": "WEEK"}},
    {"publishedBetween": {"since": "2026-01-02T03:04:05Z", "until": "2026-02-02T03:04:05Z"}},
    {"engagement": {"metric": "TOTAL", "atLeast": 3, "atMost": 9}},
    {"engagement": {"metric": "LIKES", "atMost": 9}},
    {"text": {"contains": "Miles", "wholeWord": True, "in": ["TAGS", "AUTHOR"]}},
    {"hasMedia": False},
    {"language": {"anyOf": ["pt-BR", "en"], "orUnknown": True}},
    {"hasLink": True},
    {"withAltText": False},
]


def rules(*filters: dict[str, Any], match: str = "ALL", **more: str) -> dict[str, Any]:
    return {"groups": [{"match": match, "filters": list(filters)}], **more}


async def create(api: Api, viewer: int, name: str = "Mine", **more: Any) -> dict[str, Any]:
    found = {"name": name, "rules": rules({"tag": "jazz"})} | more
    return (await api.run(CREATE, viewer=viewer, input=found))["createFeed"]
