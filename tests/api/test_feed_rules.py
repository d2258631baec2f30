"""Feeds: their rules as clients read them."""

import pytest
from psycopg.types.json import Jsonb

from api.gql.ids import encode
from db.documents.feed_rules import FeedRules
from db.feeds.rows import filter_rows
from tests.api.conftest import Api

RULES = """
query ($id: ID!) { feed(id: $id) { sort rules { join sort scope groups { match filters {
  kind postType { types groups } author { userIds listId relation } tag publishedWithin { amount unit }
  publishedBetween { since until } engagement { metric atLeast atMost } text { contains wholeWord in } hasMedia
  language { anyOf orUnknown } hasLink withAltText feedId } } } } }
"""
FIELDS = (
    *("postType", "author", "tag", "publishedWithin", "publishedBetween", "engagement", "text", "hasMedia"),
    *("language", "hasLink", "withAltText", "feedId"),
)
NOTHING: dict[str, object] = {name: None for name in FIELDS}  # noqa: C420  # whose values have other types


def feed(api: Api, owner: int, **rules: object) -> int:
    """A stored feed, as the database keeps its rules."""
    given = FeedRules.model_validate(rules)
    stored = given.model_dump(mode="json", exclude={"groups"})
    key = api.factory.insert("custom_feeds", user_id=owner, name="Mine", algorithm_config=Jsonb(stored))
    for row in filter_rows(given):
        api.factory.insert(
            "feed_filters",
            feed_id=key,
            type=row.filter_type,
            operator=row.filter_operator,
            value=Jsonb(row.value),
            group_id=row.group_id,
            logical_operator=row.logical_operator,
            display_order=row.display_order,
        )
    return key


@pytest.mark.parametrize(
    ("stored", "kind", "shown"),
    [
        (
            {"kind": "post_type", "types": ["song"], "groups": ["IMAGE"]},
            "POST_TYPE",
            {"postType": {"types": ["SONG"], "groups": ["IMAGE"]}},
        ),
        (
            {"kind": "author", "users": [2, 1]},
            "AUTHOR",
            {"author": {"userIds": [encode("User", 2), encode("User", 1)], "listId": None, "relation": None}},
        ),
        (
            {"kind": "author", "relation": "FRIENDS"},
            "AUTHOR",
            {"author": {"userIds": None, "listId": None, "relation": "FRIENDS"}},
        ),
        (
            {"kind": "author", "list_id": 7},
            "AUTHOR",
            {"author": {"userIds": None, "listId": encode("UserList", 7), "relation": None}},
        ),
        ({"kind": "tag", "tag": "jazz"}, "TAG", {"tag": "jazz"}),
        (
            {"kind": "date_range", "published_within": {"amount": 3, "unit": "week"}},
            "PUBLISHED_WITHIN",
            {"publishedWithin": {"amount": 3, "unit": "WEEK"}},
        ),
        (
            {"kind": "date_range", "since": "2026-01-02T03:04:05+00:00"},
            "PUBLISHED_BETWEEN",
            {"publishedBetween": {"since": "2026-01-02T03:04:05Z", "until": None}},
        ),
        (
            {"kind": "engagement", "metric": "total", "at_least": 3},
            "ENGAGEMENT",
            {"engagement": {"metric": "TOTAL", "atLeast": 3, "atMost": None}},
        ),
        (
            {"kind": "text", "contains": "Miles"},
            "TEXT",
            {"text": {"contains": "Miles", "wholeWord": False, "in": ["TITLE", "TEXT"]}},
        ),
        (
            {"kind": "language", "any_of": ["PT-br"], "or_unknown": True},
            "LANGUAGE",
            {"language": {"anyOf": ["pt-BR"], "orUnknown": True}},
        ),
        ({"kind": "has_link", "has_link": True}, "HAS_LINK", {"hasLink": True}),
        ({"kind": "alt_text", "with_alt_text": False}, "WITH_ALT_TEXT", {"withAltText": False}),
        ({"kind": "has_media", "has_media": False}, "HAS_MEDIA", {"hasMedia": False}),
        ({"kind": "feed", "feed_id": 7}, "FEED", {"feedId": encode("Feed", 7)}),
    ],
)
async def test_each_filter_is_read_as_its_own_kind(
    api: Api, stored: dict[str, object], kind: str, shown: dict[str, object]
) -> None:
    ada = api.factory.user("ada")
    key = encode("Feed", feed(api, ada, groups=[{"match": "NONE", "filters": [stored]}], sort="POPULAR"))
    found = (await api.run(RULES, viewer=ada, id=key))["feed"]
    group = {"match": "NONE", "filters": [{"kind": kind, **NOTHING, **shown}]}
    assert found == {
        "sort": "POPULAR",
        "rules": {"join": "ALL", "sort": "POPULAR", "scope": "EVERYONE", "groups": [group]},
    }


async def test_groups_and_their_filters_keep_their_order(api: Api) -> None:
    ada = api.factory.user("ada")
    groups = [
        {"match": match, "filters": [{"kind": "tag", "tag": tag} for tag in tags]}
        for match, tags in (("ANY", ["b", "a", "c"]), ("ALL", ["z"]))
    ]
    key = encode("Feed", feed(api, ada, join="ANY", scope="FOLLOWING", groups=groups))
    rules = (await api.run(RULES, viewer=ada, id=key))["feed"]["rules"]
    assert (rules["join"], rules["scope"]) == ("ANY", "FOLLOWING")
    assert [(group["match"], [one["tag"] for one in group["filters"]]) for group in rules["groups"]] == [
        ("ANY", ["b", "a", "c"]),
        ("ALL", ["z"]),
    ]
    assert api.statements.count("filters_by_feed_ids") == 1
