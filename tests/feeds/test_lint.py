"""What rules say by themselves: contradictions, repetitions, and what is costly."""

from datetime import UTC, datetime
from typing import Any

import pytest

from db.documents.feed_rules import FeedRules
from db.feeds.lint import lint
from db.feeds.notices import Notice, NoticeCode
from db.feeds.other_feeds import NO_FEED, OpenedFilter
from db.feeds.parameters import Parameters
from db.feeds.sets import index_set

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
SONGS = {"kind": "post_type", "types": ["song"]}
PICTURES = {"kind": "post_type", "groups": ["IMAGE"]}
VISUAL = {"kind": "post_type", "groups": ["IMAGE", "VIDEO"]}
CLIPS = {"kind": "post_type", "types": ["video_short", "song"]}
JAZZ, ROCK = {"kind": "tag", "tag": "jazz"}, {"kind": "tag", "tag": "rock"}
FILES, NO_FILES = {"kind": "has_media", "has_media": True}, {"kind": "has_media", "has_media": False}
FRIENDS = {"kind": "author", "relation": "FRIENDS"}
WEEK = {"kind": "date_range", "published_within": {"amount": 1, "unit": "week"}}


def between(**bounds: str) -> dict[str, Any]:
    return {"kind": "date_range", **{name: f"2026-{day}T00:00:00Z" for name, day in bounds.items()}}


def people(*ids: int) -> dict[str, Any]:
    return {"kind": "author", "users": list(ids)}


def likes(**bounds: int) -> dict[str, Any]:
    return {"kind": "engagement", "metric": "likes", **bounds}


def languages(*tags: str, or_unknown: bool = False) -> dict[str, Any]:
    return {"kind": "language", "any_of": list(tags), "or_unknown": or_unknown}


def text(contains: str, **more: Any) -> dict[str, Any]:
    return {"kind": "text", "contains": contains, **more}


def group(*filters: dict[str, Any] | OpenedFilter, match: str = "ALL") -> dict[str, Any]:
    return {"match": match, "filters": list(filters)}


def feed(*groups: dict[str, Any], number: int = 1) -> OpenedFilter:
    return OpenedFilter(feed_id=number, rules=of(*groups))


def none(*filters: dict[str, Any] | OpenedFilter) -> dict[str, Any]:
    return group(*filters, match="NONE")


def either(*filters: dict[str, Any]) -> dict[str, Any]:
    return group(*filters, match="ANY")


def of(*groups: dict[str, Any], join: str = "ALL") -> FeedRules:
    return FeedRules.model_validate({"join": join, "groups": list(groups)})


def linted(*groups: dict[str, Any], join: str = "ALL") -> list[Notice]:
    return lint(of(*groups, join=join), NOW)


def found(*groups: dict[str, Any], join: str = "ALL") -> list[tuple[str, str]]:
    """The codes with their places, such as 0.1 for the second filter of the first group."""
    return [(one.code.name, ".".join(one.path[1::2])) for one in linted(*groups, join=join)]


@pytest.mark.parametrize(
    ("groups", "place"),
    [
        ([group(SONGS, PICTURES)], "0.1"),
        ([group(SONGS), group(PICTURES)], "1.0"),
        ([group(SONGS), either(PICTURES)], "1.0"),
        ([group(CLIPS, {"kind": "post_type", "groups": ["SONG", "VIDEO"]}, PICTURES)], "0.2"),
        ([group(FILES, NO_FILES)], "0.1"),
        ([group(likes(at_least=5), likes(at_most=4))], "0.1"),
        ([group(between(since="03-01"), between(until="02-01"))], "0.1"),
        ([group(WEEK, between(until="05-01"))], "0.1"),
        ([group(people(1, 2), people(2, 3), people(1))], "0.2"),
        ([group(languages("en-GB", "de"), languages("en-US", or_unknown=True))], "0.1"),
        ([group(JAZZ), none(ROCK, JAZZ)], "1.1"),
        ([none(FRIENDS), group(FRIENDS)], "0.0"),
        ([group(VISUAL), none(PICTURES), none({"kind": "post_type", "groups": ["VIDEO", "TEXT"]})], "2.0"),
        ([group(people(1, 2)), none(people(2, 3, 1))], "1.0"),
        ([either(JAZZ, ROCK), none(JAZZ, ROCK)], "0.0"),
    ],
)
def test_filters_that_exclude_each_other_are_a_contradiction(groups: list[dict[str, Any]], place: str) -> None:
    assert found(*groups) == [("CONTRADICTION", place)]
    (notice,) = linted(*groups)
    assert (notice.severity.name, notice.filter is not None) == ("SERIOUS", True)


@pytest.mark.parametrize(
    "groups",
    [
        [group(VISUAL, PICTURES)],
        [either(SONGS, PICTURES)],
        [group(likes(at_least=5), likes(at_most=5), {**likes(at_most=4), "metric": "comments"})],
        [group(between(since="02-01"), between(until="03-01"))],
        [group(WEEK, between(until="05-28"))],
        [group(people(1, 2), people(2, 3)), none(people(1))],
        [group(languages("en"), languages("en-GB", "fr"))],
        [group(languages("en", or_unknown=True), languages("fr", or_unknown=True))],
        [group(VISUAL), none(PICTURES)],
        [either(JAZZ, ROCK), none(JAZZ)],
        [group(FRIENDS), group(people(1))],
    ],
)
def test_filters_that_some_post_may_satisfy_are_none(groups: list[dict[str, Any]]) -> None:
    assert found(*groups) == []


def test_groups_of_which_one_suffices_are_looked_at_one_by_one() -> None:
    assert found(group(SONGS), group(PICTURES), join="ANY") == []
    assert found(group(SONGS, PICTURES), group(JAZZ), join="ANY") == [("CONTRADICTION", "0.1")]
    (notice,) = linted(group(SONGS, PICTURES), group(JAZZ), join="ANY")
    assert notice.severity.name == "WARNING"
    assert found(group(SONGS, PICTURES), group(FILES, NO_FILES), join="ANY") == [
        ("NEVER_MATCHES", ""),
        ("CONTRADICTION", "0.1"),
        ("CONTRADICTION", "1.1"),
    ]
    assert found(join="ANY") == [("NEVER_MATCHES", "")]
    assert found() == []


def test_what_is_there_twice_is_redundant() -> None:
    assert found(group(JAZZ, FILES, JAZZ)) == [("REDUNDANT", "0.2")]
    assert found(group(JAZZ), either(JAZZ)) == [("REDUNDANT", "1.0")]
    assert found(either(JAZZ, JAZZ)) == [("REDUNDANT", "0.1")]
    assert found(group(JAZZ), either(JAZZ, ROCK)) == []
    assert found(group(JAZZ), group(JAZZ), join="ANY") == []


def test_rules_that_only_leave_out_say_so() -> None:
    assert found(none(JAZZ), none(ROCK)) == [("ONLY_EXCLUDES", "")]
    assert found(none(JAZZ), group(FILES)) == []


def test_more_than_ten_filters_are_many() -> None:
    tags = [{"kind": "tag", "tag": f"tag{number}"} for number in range(11)]
    assert found(either(*tags)) == [("TOO_MANY_FILTERS", "")]
    assert found(either(*tags[:10])) == []


def test_other_feeds_are_compared_as_a_whole_and_their_filters_count() -> None:
    tags = [{"kind": "tag", "tag": f"tag{number}"} for number in range(10)]
    assert found(group(feed(group(JAZZ)), feed(group(JAZZ), number=2))) == []
    assert found(group(feed(group(JAZZ)), feed(group(JAZZ)))) == [("REDUNDANT", "0.1")]
    assert found(group(feed(group(JAZZ))), none(feed(group(JAZZ)))) == [("CONTRADICTION", "1.0")]
    assert found(group(feed(either(*tags)))) == [("TOO_MANY_FILTERS", "")]
    assert found(group(feed(either(*tags[1:])))) == []
    # Of feeds that are hidden from the reader nobody knows whether they are the same.
    hidden = OpenedFilter(feed_id=1).model_copy(update={"feed_id": NO_FEED})
    assert found(group(hidden, hidden)) == []


def test_a_text_of_another_feed_that_no_index_finds_is_costly() -> None:
    slow = feed(group(text("ab")))
    assert found(group(slow)) == [("COSTLY", "0.0")]
    (notice,) = linted(group(slow))
    assert (notice.message[:45], notice.cure) == (
        "No index finds a text that this feed looks fo",
        "Add a filter on a tag, on authors or on time.",
    )
    assert found(group(slow, JAZZ)) == found(group(feed(group(text("ab"), JAZZ)))) == []


@pytest.mark.parametrize(
    ("contains", "places", "is_costly"),
    [
        ("ab", ["title", "text"], True),
        (" a ", ["title", "text"], True),
        ("ab cd", ["title", "text"], True),
        ("c++", ["title", "text"], True),
        ("ab", ["tags"], True),
        ("abc", ["alt_text"], True),
        ("abc", ["title", "author"], True),
        ("abc", ["title", "text", "tags"], False),
        ("ab cde", ["text"], False),
        ("\xe4\xdf1", ["tags"], False),
    ],
)
def test_a_text_that_no_index_finds_is_costly(contains: str, places: list[str], *, is_costly: bool) -> None:
    sought = text(contains, places=places)
    for match in (group, either):
        assert found(match(sought)) == ([("COSTLY", "0.0")] if is_costly else [])
        assert (index_set(of(match(sought)), Parameters(viewer=1, me=1)) is None) is is_costly
    assert found(group(SONGS, sought)) == ([("COSTLY", "0.1")] if is_costly else [])
    assert found(either(JAZZ, sought)) == ([("COSTLY", "0.1")] if is_costly else [])


@pytest.mark.parametrize(
    "narrow",
    [JAZZ, people(1), FRIENDS, WEEK, between(since="03-01"), likes(at_least=7), text("abc", places=["tags"])],
)
def test_a_text_beside_what_an_index_finds_is_not_costly(narrow: dict[str, Any]) -> None:
    assert found(group(narrow, text("ab"))) == []
    assert found(group(narrow), either(text("ab"), text("cd"))) == []
    assert found(group(narrow), group(text("ab")), join="ANY") == [("COSTLY", "1.0")]
    assert found(group(narrow), none(text("ab"))) == []


def test_every_code_has_a_severity_and_a_cure() -> None:
    tags = [{"kind": "tag", "tag": f"tag{number}"} for number in range(11)]
    notices = [
        *linted(none(*tags), none(tags[0], text("ab"))),
        *linted(group(SONGS, PICTURES, text("ab")), join="ANY"),
    ]
    assert {one.code for one in notices} == {
        NoticeCode.NEVER_MATCHES,
        NoticeCode.CONTRADICTION,
        NoticeCode.REDUNDANT,
        NoticeCode.ONLY_EXCLUDES,
        NoticeCode.TOO_MANY_FILTERS,
        NoticeCode.COSTLY,
    }
    assert all(one.message.endswith(".") and one.cure.endswith(".") for one in notices)
