"""Ready-made rules to start a feed from: what people ask for most and can be said with the filters that there are."""

from typing import Any, NamedTuple

from db.documents.feed_rules import FeedRules


class FeedTemplate(NamedTuple):
    key: str
    name: str
    description: str
    rules: FeedRules


def _template(key: str, name: str, description: str, *filters: dict[str, Any], **more: str) -> FeedTemplate:
    groups = [{"match": "ALL", "filters": list(filters)}] if filters else []
    return FeedTemplate(key, name, description, FeedRules.model_validate({"groups": groups, **more}))


def _by(relation: str) -> dict[str, Any]:
    return {"kind": "author", "relation": relation}


def _within(amount: int, unit: str) -> dict[str, Any]:
    return {"kind": "date_range", "published_within": {"amount": amount, "unit": unit}}


TEMPLATES = (
    _template("mutuals", "Mutuals", "Posts of your friends: people you follow and who follow you.", _by("FRIENDS")),
    _template(
        "catch-up",
        "Catch up",
        "What the people you follow posted in the last seven days, the most discussed first.",
        _within(7, "day"),
        scope="FOLLOWING",
        sort="ENGAGEMENT",
    ),
    _template(
        "unnoticed",
        "Unnoticed",
        "Posts of the last two days by people you follow that hardly anybody has reacted to.",
        {"kind": "engagement", "metric": "total", "at_most": 2},
        _within(2, "day"),
        scope="FOLLOWING",
    ),
    _template("followers", "Who follows you", "Posts of the people who follow you.", _by("FOLLOWERS")),
    _template(
        "own-words",
        "In their own words",
        "Texts of the people you follow, without links and without files.",
        {"kind": "post_type", "groups": ["TEXT"]},
        {"kind": "has_link", "has_link": False},
        {"kind": "has_media", "has_media": False},
        scope="FOLLOWING",
    ),
    _template(
        "long-reads",
        "Long reads",
        "Long texts of the last month, the most discussed first.",
        {"kind": "post_type", "types": ["text_long"]},
        _within(1, "month"),
        sort="ENGAGEMENT",
    ),
    _template(
        "described-pictures",
        "Described pictures",
        "Pictures that all have an alternative text.",
        {"kind": "post_type", "groups": ["IMAGE"]},
        {"kind": "alt_text", "with_alt_text": True},
    ),
    _template(
        "music",
        "Music of the week",
        "Songs and albums of the last week, the most liked first.",
        {"kind": "post_type", "groups": ["SONG"]},
        _within(1, "week"),
        sort="POPULAR",
    ),
    _template(
        "own-posts",
        "Your own public posts",
        "What you posted for everybody, the most discussed first.",
        _by("ME"),
        sort="ENGAGEMENT",
    ),
)
