"""Which rules lead to which scan, as the page about feeds says it, and that the statement has just those tiers."""

import re
from pathlib import Path

import pytest

from db.documents.feed_filters import (
    AltTextFilter,
    AuthorFilter,
    DateRangeFilter,
    EngagementFilter,
    FeedFilter,
    HasLinkFilter,
    LanguageFilter,
    Metric,
    OtherFeedFilter,
    PostTypeFilter,
    Relation,
    Span,
    TagFilter,
    TextFilter,
    TextPlace,
    TimeUnit,
)
from db.documents.feed_rules import FeedRules, FeedScope, FeedSort, FilterGroup, Join, Match
from db.enums import PostType
from db.feeds import BOUNDS, FeedPage, compile_feed
from db.feeds.other_feeds import OpenedFilter
from db.feeds.scans import scan_summary
from db.feeds.tiers import Bounds

PAGE = Path(__file__).parents[2] / "docs" / "how-it-works" / "feeds.md"
TAG, TEXT, SHORT = TagFilter(tag="jazz"), TextFilter(contains="piano"), TextFilter(contains="c+")
USERS, LIST, FRIENDS = AuthorFilter(users=(1, 2)), AuthorFilter(list_id=1), AuthorFilter(relation=Relation.FRIENDS)
FOLLOWERS = AuthorFilter(relation=Relation.FOLLOWERS)
LIKED = EngagementFilter(metric=Metric.LIKES, at_least=7)
VIDEOS, ENGLISH = PostTypeFilter(types=(PostType.VIDEO_SHORT,)), LanguageFilter(any_of=("en",))
WEEK = DateRangeFilter(published_within=Span(amount=7, unit=TimeUnit.DAY))


def rules(*filters: FeedFilter, match: Match = Match.ALL, sort: FeedSort = FeedSort.RECENT) -> FeedRules:
    return FeedRules(groups=(FilterGroup(match=match, filters=filters),) if filters else (), sort=sort)


@pytest.mark.parametrize(
    ("filters", "by_time", "by_likes"),
    [
        ((), "everything", "everything"),
        ((USERS,), "author first", "author first"),
        ((LIST,), "author first", "author first"),
        ((FRIENDS, VIDEOS, LIKED), "author first", "author first"),
        ((FOLLOWERS,), "everything", "author first"),
        ((TAG,), "index (tag)", "index (tag)"),
        ((TEXT, LIKED), "index (text)", "index (text)"),
        ((TAG, LIST), "index (tag)", "author first"),
        ((TextFilter(contains="piano", places=(TextPlace.ALT_TEXT,)),), "everything", "everything"),
        ((SHORT,), "everything", "everything"),
        ((LIKED,), "engagement", "everything"),
        ((LIKED, VIDEOS), "engagement", "everything"),
        ((EngagementFilter(metric=Metric.LIKES, at_least=6),), "everything", "everything"),
        ((VIDEOS, ENGLISH), "index (language, type)", "everything"),
        ((LanguageFilter(any_of=("en",), or_unknown=True),), "everything", "everything"),
        ((HasLinkFilter(has_link=True), AltTextFilter(with_alt_text=True)), "everything", "everything"),
        ((WEEK,), "everything", "everything"),
    ],
)
def test_filters_lead_to_a_scan(filters: tuple[FeedFilter, ...], by_time: str, by_likes: str) -> None:
    assert scan_summary(rules(*filters), backward=False).scan == by_time
    for sort in (FeedSort.POPULAR, FeedSort.ENGAGEMENT, FeedSort.SCORE):
        assert scan_summary(rules(*filters, sort=sort), backward=False).scan == by_likes


@pytest.mark.parametrize(
    ("one", "scan"),
    [
        (rules(TAG, TEXT, match=Match.ANY), "index (tag, text)"),
        (rules(TAG, SHORT, match=Match.ANY), "everything"),
        (rules(TAG, match=Match.NONE), "everything"),
        (rules(USERS, LIST, match=Match.ANY), "author first"),
        (rules(LIST, VIDEOS, match=Match.ANY), "everything"),
        (rules(LIKED, LIKED, match=Match.ANY), "everything"),
        (FeedRules(scope=FeedScope.FOLLOWING), "author first"),
        (FeedRules(join=Join.ANY, groups=(*rules(USERS).groups, *rules(TAG).groups)), "index (author, tag)"),
    ],
)
def test_alternatives_lead_to_a_scan_if_each_of_them_does(one: FeedRules, scan: str) -> None:
    assert scan_summary(one, backward=False).scan == scan


@pytest.mark.parametrize(
    ("inner", "by_time", "by_likes"),
    [
        (rules(TAG, VIDEOS), "index (tag, type)", "index (tag, type)"),
        (rules(USERS), "author first", "author first"),
        (FeedRules(scope=FeedScope.FOLLOWING), "author first", "author first"),
        (rules(LIKED), "engagement", "everything"),
        (rules(TAG, match=Match.NONE), "everything", "everything"),
        (FeedRules(), "everything", "everything"),
        (None, "index", "index"),
    ],
)
def test_another_feed_leads_to_the_scan_of_its_own_rules(inner: FeedRules | None, by_time: str, by_likes: str) -> None:
    one = OpenedFilter(feed_id=1, rules=inner)
    assert scan_summary(rules(one), backward=False).scan == by_time
    assert scan_summary(rules(one, sort=FeedSort.POPULAR), backward=False).scan == by_likes


def test_rules_of_other_feeds_are_known_before_a_statement_is_made() -> None:
    for one in (rules(OtherFeedFilter(feed_id=1)), rules(TAG, OtherFeedFilter(feed_id=1), match=Match.NONE)):
        with pytest.raises(TypeError, match="are looked up before"):
            compile_feed(one, FeedPage(1), viewer=1, me=1)


@pytest.mark.parametrize("backward", [False, True])
@pytest.mark.parametrize("sort", FeedSort)
@pytest.mark.parametrize("filters", [(), (TAG,), (LIST,), (LIKED,), (VIDEOS,), (WEEK, SHORT)])
def test_the_statement_has_the_tiers_that_are_named(
    filters: tuple[FeedFilter, ...], sort: FeedSort, *, backward: bool
) -> None:
    bounds = Bounds(near=11, reach=22, middle=33, per_bucket=44, top=55, most_sorted=66)
    given = rules(*filters, sort=sort)
    summary = scan_summary(given, backward=backward, bounds=bounds)
    statement = compile_feed(given, FeedPage(21, backward=backward), viewer=1, me=1, bounds=bounds)
    text = statement.query.as_string()
    reading = {"near", "candidates", "far", "cut", "few", "top", "reached", "found", "walk"}
    parts = reading & set(re.findall(r"(\w+) AS MATERIALIZED", text))
    if "candidates" in parts or "found" in parts:
        parts.discard("far")  # it looks at what these read
    if "cut" in parts:
        parts.discard("near")
    assert [tier.part for tier in summary.tiers if tier.part is None] in ([], [None])
    assert {tier.part for tier in summary.tiers if tier.part is not None} == parts
    for tier in summary.tiers:
        for number in set(re.findall(r"\b(?:11|22|33|44|55|66)\b", tier.posts)):
            assert re.search(rf"(LIMIT |= |<= ){number}\b", text), tier


def test_the_reason_names_the_engagement_and_the_dates() -> None:
    summary = scan_summary(rules(LIKED, OpenedFilter(feed_id=1, rules=rules(WEEK))), backward=False)
    assert summary.reasons == (
        "All that the rules can match has an engagement of 7 or more.",
        "No tier goes beyond the dates that the rules always ask for.",
    )


def test_the_page_about_feeds_has_each_bound() -> None:
    text = PAGE.read_text("utf-8")
    for name, bound in BOUNDS._asdict().items():
        assert f"{bound:,}" in text, name
    assert len(text.splitlines()) < 150
