"""What a feed may be made of, and how a refusal reads."""

import pytest
from pydantic import ValidationError

from db.documents.feed_filters import PostTypeFilter
from db.documents.feed_rules import FeedRules
from db.enums import PostType


def with_filter(value: dict[str, object]) -> dict[str, object]:
    return {"groups": [{"filters": [value]}]}


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ({"kind": "post_type"}, "A post type filter names at least one type or group"),
        ({"kind": "post_type", "types": ["poem"]}, "Input should be 'text_short', 'text_long', 'image',"),
        ({"kind": "post_type", "groups": ["text"]}, "Input should be 'TEXT', 'IMAGE', 'VIDEO' or 'SONG'"),
        ({"kind": "author"}, "An author filter names users, a list or a relation, and only one of the three"),
        (
            {"kind": "author", "users": [1], "list_id": 2},
            "An author filter names users, a list or a relation,",
        ),
        ({"kind": "author", "users": ["1"]}, "Input should be a valid integer"),
        ({"kind": "author", "users": [2**63]}, "Input should be less than or equal to 9223372036854775807"),
        (
            {"kind": "author", "relation": "ENEMIES"},
            "Input should be 'ME', 'FRIENDS', 'FOLLOWING' or 'FOLLOWERS'",
        ),
        (
            {"kind": "tag", "tag": "two words"},
            "A tag is one word of at most 50 letters, digits or _",
        ),
        ({"kind": "tag", "tag": "##art"}, "A tag is one word of at most 50 letters, digits or _"),
        ({"kind": "date_range"}, "A date filter is either relative or between two moments"),
        ({"kind": "date_range", "since": "yesterday"}, "A moment is written like 2026-01-31T12:00:00Z"),
        ({"kind": "date_range", "since": "2026-01-31T12:00:00"}, "A moment is written like"),
        (
            {"kind": "date_range", "until": "0001-01-01T00:00:00+09:00"},
            "A moment lies in the years 1 to 9999",
        ),
        ({"kind": "date_range", "since": 1_700_000_000}, "Input should be a valid datetime"),
        (
            {"kind": "date_range", "since": "2026-02-01T00:00:00Z", "until": "2026-01-01T00:00:00Z"},
            "A date range ends after it begins",
        ),
        (
            {"kind": "date_range", "published_within": {"amount": 0, "unit": "day"}},
            "Input should be greater than or equal to 1",
        ),
        (
            {"kind": "date_range", "published_within": {"amount": 1, "unit": "fortnight"}},
            "Input should be 'hour', 'day', 'week', 'month' or 'year'",
        ),
        (
            {"kind": "engagement", "metric": "likes"},
            "An engagement filter has a bound: at least, at most or both",
        ),
        (
            {"kind": "engagement", "metric": "likes", "at_least": 2, "at_most": 1},
            "At least may not be above at most",
        ),
        ({"kind": "engagement", "metric": "views", "at_least": 1}, "Input should be 'likes', 'comments',"),
        ({"kind": "text", "contains": ""}, "String should have at least 1 character"),
        ({"kind": "text", "contains": "a\0"}, "Text may not contain the NUL character"),
        ({"kind": "text", "contains": "\udc00"}, "Input should be a valid string"),
        ({"kind": "has_media", "has_media": "yes"}, "Input should be a valid boolean"),
        ({"kind": "has_media", "has_media": True, "size": 3}, "Extra inputs are not permitted"),
        (
            {"kind": "mood"},
            "Input tag 'mood' found using 'kind' does not match any of the expected tags: 'post_type',",
        ),
    ],
)
def test_a_filter_that_makes_no_sense_is_refused_in_words(value: dict[str, object], why: str) -> None:
    with pytest.raises(ValidationError) as caught:
        FeedRules.model_validate(with_filter(value))
    (error,) = caught.value.errors()
    assert error["loc"][:4] == ("groups", 0, "filters", 0)
    assert error["msg"].removeprefix("Value error, ").startswith(why)


def test_a_group_has_at_least_one_filter() -> None:
    with pytest.raises(ValidationError, match="A group has at least one filter"):
        FeedRules.model_validate({"groups": [{"match": "ANY", "filters": []}]})


def test_a_feed_has_at_most_twenty_filters_in_all_its_groups() -> None:
    one = {"kind": "has_media", "has_media": True}
    twenty = [{"filters": [one] * 10}, {"filters": [one] * 10}]
    assert sum(len(group.filters) for group in FeedRules.model_validate({"groups": twenty}).groups) == 20
    with pytest.raises(ValidationError, match="A feed has at most 20 filters"):
        FeedRules.model_validate({"groups": [*twenty, {"filters": [one]}]})


def test_a_feed_names_at_most_three_other_feeds_in_all_its_groups() -> None:
    one, two = ({"kind": "feed", "feed_id": number} for number in (1, 2))
    three = [{"filters": [one, two]}, {"match": "NONE", "filters": [one]}]
    assert [found.feed_id for found in FeedRules.model_validate({"groups": three}).other_feeds] == [1, 2, 1]
    with pytest.raises(ValidationError, match="A feed has at most 3 filters on other feeds"):
        FeedRules.model_validate({"groups": [*three, {"filters": [two]}]})


def test_a_misspelt_join_is_refused_with_the_allowed_ones_named() -> None:
    with pytest.raises(ValidationError, match="Input should be 'ALL' or 'ANY'"):
        FeedRules.model_validate({"join": "SOME"})


def test_a_group_of_types_stands_for_its_types() -> None:
    types = PostTypeFilter.model_validate({"types": ["gif"], "groups": ["SONG"]})
    assert types.post_types == {PostType.GIF, PostType.SONG, PostType.ALBUM}
