"""Filters in words."""

from typing import Any

import pytest
from pydantic import TypeAdapter

from db.documents.feed_filters import AuthorFilter, FeedFilter, PostTypeGroup, Relation, TagFilter, TextPlace
from db.documents.feed_rules import FeedRules, FeedScope, FeedSort, FilterGroup, Join, Match
from db.documents.feed_summaries import rules_summary, summary
from db.enums import PostType

FILTER: TypeAdapter[Any] = TypeAdapter(FeedFilter)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"kind": "tag", "tag": "#Jazz"}, "tag is jazz"),
        ({"kind": "post_type", "types": ["video_long"]}, "type is long video"),
        (
            {"kind": "post_type", "types": ["gif", "text_short"], "groups": ["SONG"]},
            "type is GIF, short text or any kind of song",
        ),
        ({"kind": "author", "users": [7]}, "author is one person"),
        ({"kind": "author", "users": [7, 8, 9]}, "author is one of 3 people"),
        ({"kind": "author", "list_id": 7}, "author is a member of the list"),
        ({"kind": "author", "relation": "ME"}, "author is the reader"),
        ({"kind": "date_range", "published_within": {"amount": 1, "unit": "week"}}, "published within the last week"),
        (
            {"kind": "date_range", "published_within": {"amount": 36, "unit": "hour"}},
            "published within the last 36 hours",
        ),
        ({"kind": "date_range", "since": "2026-01-02T03:04:00+01:00"}, "published since 2026-01-02 02:04 UTC"),
        ({"kind": "date_range", "until": "2026-01-02T03:04:00Z"}, "published until 2026-01-02 03:04 UTC"),
        (
            {"kind": "date_range", "since": "2026-01-02T03:04:00Z", "until": "2026-03-02T03:04:00Z"},
            "published from 2026-01-02 03:04 UTC to 2026-03-02 03:04 UTC",
        ),
        ({"kind": "engagement", "metric": "likes", "at_least": 3}, "likes: at least 3"),
        ({"kind": "engagement", "metric": "comments", "at_most": 3}, "comments: at most 3"),
        ({"kind": "engagement", "metric": "reposts", "at_least": 3, "at_most": 3}, "reposts: exactly 3"),
        (
            {"kind": "engagement", "metric": "total", "at_least": 0, "at_most": 3},
            "likes, comments and reposts together: 0 to 3",
        ),
        ({"kind": "text", "contains": "cat"}, 'title or text contains "cat"'),
        ({"kind": "text", "contains": 'a" or b'}, 'title or text contains "a\\" or b"'),
        ({"kind": "text", "contains": "\u202ea\nb"}, 'title or text contains "\\u202ea\\u000ab"'),
        (
            {"kind": "text", "contains": "cat", "whole_word": True, "places": ["alt_text"]},
            'alternative text contains the whole word "cat"',
        ),
        ({"kind": "has_media", "has_media": True}, "has files"),
        ({"kind": "has_media", "has_media": False}, "has no files"),
        ({"kind": "language", "any_of": ["en", "de"], "or_unknown": True}, "language is en, de or unknown"),
        ({"kind": "language", "any_of": ["fr"]}, "language is fr"),
        ({"kind": "has_link", "has_link": True}, "has a link"),
        ({"kind": "has_link", "has_link": False}, "has no link"),
        ({"kind": "feed", "feed_id": 7}, "another feed lets it through"),
        ({"kind": "alt_text", "with_alt_text": True}, "all pictures have alternative text"),
        ({"kind": "alt_text", "with_alt_text": False}, "a picture has no alternative text"),
    ],
)
def test_a_filter_is_put_in_words(values: dict[str, Any], words: str) -> None:
    assert summary(FILTER.validate_python(values)) == words


def test_people_who_are_hidden_from_the_reader_are_not_counted() -> None:
    assert summary(AuthorFilter.model_construct(users=())) == "author is somebody whom you cannot see"


@pytest.mark.parametrize(
    ("kind", "field", "choices"),
    [
        ("post_type", "types", PostType),
        ("post_type", "groups", PostTypeGroup),
        ("author", "relation", Relation),
        ("text", "places", TextPlace),
    ],
)
def test_each_choice_has_words_of_its_own(kind: str, field: str, choices: Any) -> None:
    rest = {"contains": "cat"} if kind == "text" else {}
    values = [choice.value if field == "relation" else [choice.value] for choice in choices]
    told = {summary(FILTER.validate_python({"kind": kind, **rest, field: value})) for value in values}
    assert len(told) == len(choices)


def test_rules_are_put_into_words() -> None:
    filters = (TagFilter(tag="jazz"), TagFilter(tag="blues"))
    given = FeedRules(
        groups=(FilterGroup(match=Match.NONE, filters=filters),),
        sort=FeedSort.SCORE,
        scope=FeedScope.FOLLOWING,
        max_per_author_per_day=2,
        unseen_only=True,
    )
    assert rules_summary(given) == [
        "posts that satisfy all of these groups:",
        "- none of these holds:",
        "    tag is jazz",
        "    tag is blues",
        "only of people whom the reader follows",
        "at most 2 of an author and day",
        "only those that the reader has not seen",
        "by a score of 1 for a like, 2 a comment, 3 a repost; halved in 24 hours",
    ]
    assert rules_summary(FeedRules()) == ["every post", "the newest first"]
    assert rules_summary(FeedRules(join=Join.ANY, sort=FeedSort.POPULAR)) == ["no post", "the most liked first"]
