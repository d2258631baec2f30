"""The statement of a feed gives what a plain reading of its rules gives, page by page, forward and backward."""

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db.documents.feed_filters import (
    AltTextFilter,
    AuthorFilter,
    DateRangeFilter,
    EngagementFilter,
    FeedFilter,
    HasLinkFilter,
    HasMediaFilter,
    LanguageFilter,
    Metric,
    PostTypeFilter,
    PostTypeGroup,
    Relation,
    Span,
    TagFilter,
    TextFilter,
    TextPlace,
    TimeUnit,
)
from db.documents.feed_rules import FeedRules, FeedSort, FilterGroup, Join, Match
from db.enums import PostType
from db.feeds import BOUNDS, Bounds, FeedPage, FeedPost, compile_feed
from tests.documents.strategies import rules_of
from tests.feeds.reading import read, sort_key
from tests.feeds.stage import TEXTS, Stage, filters_in, people, pinning
from tests.feeds.worlds import AGES, PEOPLE, TAGS

EVERYTHING = 10_000
marks = st.none() | st.integers(0, 80)
PROOF = os.environ.get("VRSS_PROOF") is not None


@settings(max_examples=60, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_feed_is_what_its_rules_say(stage: Stage, data: st.DataObject) -> None:
    rules = data.draw(rules_of(filters_in(stage)), "rules")
    viewer = data.draw(st.none() | people, "viewer")
    me = data.draw(st.just(viewer) | people, "me")
    mark = data.draw(marks, "mark")
    pins_of = data.draw(pinning, "pins of")
    expected = read(stage.world, rules, viewer, me, mark, pins_of)
    unpaged = stage.run(rules, FeedPage(EVERYTHING, mark=mark), viewer, me, pins_of=pins_of)
    assert [row.id for row in unpaged] == [post.id for post in expected]
    assert [key(rules.sort, row) for row in unpaged] == [sort_key(rules, post) for post in expected]
    backward = stage.run(rules, FeedPage(EVERYTHING, backward=True, mark=mark), viewer, me, pins_of=pins_of)
    assert backward == unpaged[::-1]


def single_filters(stage: Stage) -> Iterator[FeedFilter]:
    """Every filter that tells posts of this world apart, one at a time."""
    yield from (PostTypeFilter(types=(type_,)) for type_ in PostType)
    yield from (PostTypeFilter(groups=(group,)) for group in PostTypeGroup)
    yield from (AuthorFilter(users=(user,)) for user in range(1, PEOPLE + 2))
    yield from (AuthorFilter(list_id=list_id) for list_id in (*stage.world.lists, 99))
    yield from (AuthorFilter(relation=relation) for relation in Relation)
    yield from (TagFilter(tag=tag) for tag in (*TAGS, "unused"))
    yield from (DateRangeFilter(published_within=Span(amount=1, unit=unit)) for unit in TimeUnit)
    for age in AGES:
        yield DateRangeFilter(since=stage.world.now - timedelta(hours=age))
        yield DateRangeFilter(until=stage.world.now - timedelta(hours=age))
    for metric in Metric:
        yield from (EngagementFilter(metric=metric, at_least=count) for count in (0, 1, 4, 8))
        yield from (EngagementFilter(metric=metric, at_most=count) for count in (0, 1, 4, 8))
    yield from (TextFilter(contains=text) for text in TEXTS)
    for place in TextPlace:
        for text in ("code", "c++", "ärger", "a", "user_3", "https"):
            yield from (TextFilter(contains=text, whole_word=whole, places=(place,)) for whole in (True, False))
    yield from (HasMediaFilter(has_media=has_media) for has_media in (True, False))
    yield from (HasLinkFilter(has_link=has_link) for has_link in (True, False))
    yield from (AltTextFilter(with_alt_text=with_alt_text) for with_alt_text in (True, False))
    for tag in ("en", "en-GB", "pt-PT", "de"):
        yield from (LanguageFilter(any_of=(tag,), or_unknown=or_unknown) for or_unknown in (True, False))


@pytest.mark.proof
@pytest.mark.parametrize("match", Match)
def test_each_filter_alone_is_what_it_says(stage: Stage, match: Match) -> None:
    part = slice(None) if PROOF else slice([*Match].index(match), None, len(Match))  # each once in each world
    readers = [(1, 1), (None, None), (4, 2)]
    for number, one in enumerate([*single_filters(stage)][part]):
        rules = FeedRules(groups=(FilterGroup(match=match, filters=(one,)),))
        for viewer, me in readers if PROOF else [readers[number % len(readers)]]:
            expected = [post.id for post in read(stage.world, rules, viewer, me)]
            assert [row.id for row in stage.run(rules, FeedPage(EVERYTHING), viewer, me)] == expected, one


@settings(max_examples=30, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_walking_all_pages_gives_the_whole_feed(stage: Stage, data: st.DataObject) -> None:
    sort = data.draw(st.sampled_from(FeedSort), "sort")
    rules = FeedRules(
        sort=sort, groups=data.draw(groups_in(stage), "groups"), unseen_only=data.draw(st.booleans(), "unseen only")
    )
    viewer = data.draw(st.none() | people, "viewer")
    size = data.draw(st.integers(1, 30), "page size")
    unpaged = stage.run(rules, FeedPage(EVERYTHING), viewer, viewer)

    assert walked(stage, rules, size, viewer) == unpaged
    assert walked(stage, rules, size, viewer, backward=True) == unpaged[::-1]

    if len(unpaged) > 1:
        first, last = sorted(data.draw(st.lists(st.integers(0, len(unpaged) - 1), min_size=2, max_size=2), "bounds"))
        middle = FeedPage(EVERYTHING, after=key(sort, unpaged[first]), before=key(sort, unpaged[last]))
        assert stage.run(rules, middle, viewer, viewer) == unpaged[first + 1 : last]


# Of the small worlds, each tier has a part: the page that one does not fill is the next one's.
NARROW = Bounds(near=9, reach=7, middle=13, per_bucket=2, top=11, most_sorted=4)
BOUNDED = [
    NARROW,
    NARROW._replace(near=1, top=1, most_sorted=1_000),
    NARROW._replace(reach=2, middle=2, hidden=2, per_bucket=1, most_sorted=0),
]


@pytest.mark.proof
@pytest.mark.parametrize("bounds", BOUNDED)
@settings(
    max_examples=400 if PROOF else 12,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_each_tier_gives_the_same_feed(stage: Stage, bounds: Bounds, data: st.DataObject) -> None:
    rules = data.draw(rules_of(filters_in(stage)), "rules")
    viewer = data.draw(st.none() | people, "viewer")
    size = data.draw(st.integers(1, 30), "page size")
    mark, pins_of = data.draw(marks, "mark"), data.draw(pinning, "pins of")
    walk = partial(walked, stage, rules, size, viewer, bounds, mark=mark, pins_of=pins_of)
    expected = [post.id for post in read(stage.world, rules, viewer, viewer, mark, pins_of)]
    assert [row.id for row in walk()] == expected
    assert [row.id for row in walk(backward=True)] == expected[::-1]


def walked(
    stage: Stage,
    rules: FeedRules,
    size: int,
    viewer: int | None,
    bounds: Bounds = BOUNDS,
    *,
    backward: bool = False,
    mark: int | None = None,
    pins_of: int | None = None,
) -> list[FeedPost]:
    """All pages of a feed. A page that stops goes on with the post at which it stopped."""
    found: list[FeedPost] = []
    place = None
    while page := stage.run(rules, page_from(place, size, mark, backward=backward), viewer, viewer, bounds, pins_of):
        assert len(page) <= size
        posts = [row for row in page if not row.is_stop]
        assert posts == page or posts == page[:-1]
        found += posts
        assert len(found) <= len(stage.world.posts)
        last = page[-1]
        beside = replace(last, id=last.id - 1 if backward else last.id + 1) if last.is_stop else last
        place = key(rules.sort, beside)
    return found


def page_from(
    place: tuple[int | datetime, ...] | None, size: int, mark: int | None = None, *, backward: bool
) -> FeedPage:
    if backward:
        return FeedPage(size, before=place, backward=True, mark=mark)
    return FeedPage(size, after=place, mark=mark)


def groups_in(stage: Stage) -> st.SearchStrategy[tuple[FilterGroup, ...]]:
    """None or one that most posts pass, so that there are pages to walk."""
    one = st.builds(FilterGroup, match=st.just(Match.NONE), filters=st.tuples(filters_in(stage)))
    return st.lists(one, max_size=1).map(tuple)


def key(sort: FeedSort, row: FeedPost) -> tuple[int | datetime, ...]:
    assert (row.score is None) is (sort is FeedSort.RECENT)
    return (row.created_at, row.id) if row.score is None else (row.score, row.created_at, row.id)


def test_all_of_nothing_is_everything_and_any_of_nothing_is_nothing(stage: Stage) -> None:
    everything = stage.run(FeedRules(join=Join.ALL), FeedPage(EVERYTHING), 1, 1)
    assert [row.id for row in everything] == [post.id for post in read(stage.world, FeedRules(), 1, 1)]
    assert everything
    assert stage.run(FeedRules(join=Join.ANY), FeedPage(EVERYTHING), 1, 1) == []


def test_a_clients_text_is_a_parameter_and_never_part_of_the_statement() -> None:
    text = "'; DROP TABLE users; -- %(viewer)s {} %s"
    filters = (TextFilter(contains=text), TextFilter(contains="';drop"))
    rules = FeedRules(groups=(FilterGroup(filters=filters),))
    statement = compile_feed(rules, FeedPage(20), viewer=1, me=1)
    assert "drop" not in statement.query.as_string().lower()
    # Each is asked for twice: in the rules, and in the index.
    patterns = ["%'; DROP TABLE users; -- \\%(viewer)s {} \\%s%", "%';drop%"]
    assert statement.parameters == {
        "viewer": 1,
        "me": 1,
        **{f"value_{number}": pattern for number, pattern in enumerate(2 * patterns, 2)},
    }


def test_no_page_ends_with_a_post_of_somebody_on_a_private_list(stage: Stage) -> None:
    """A stop is a post that was looked at: it may be none that was found by what the reader may not see."""
    hidden = next(iter(stage.world.lists))
    rules = FeedRules(groups=(FilterGroup(filters=(AuthorFilter(list_id=hidden),)),))
    assert not [row for row in stage.run(rules, FeedPage(1), None, None, NARROW._replace(middle=2)) if row.is_stop]


def test_the_name_travels_with_the_statement() -> None:
    forward = compile_feed(FeedRules(), FeedPage(20), viewer=None, me=None)
    backward = compile_feed(FeedRules(), FeedPage(20, backward=True), viewer=None, me=None)
    assert forward.name == "custom_feed"
    assert forward.query.as_string().startswith("/* custom_feed */ WITH near AS")
    assert backward.name == "custom_feed_backward"
    assert backward.query.as_string().startswith("/* custom_feed_backward */ WITH near AS")


@pytest.mark.parametrize("sort", FeedSort)
def test_a_key_of_another_sort_is_refused(stage: Stage, sort: FeedSort) -> None:
    post = stage.world.posts[0]
    wrong = (post.created_at, post.id) if sort is not FeedSort.RECENT else (3, post.created_at, post.id)
    with pytest.raises(ValueError, match=f"This feed is sorted by {5 - len(wrong)} values"):
        compile_feed(FeedRules(sort=sort), FeedPage(1, after=wrong), viewer=1, me=1)


@pytest.mark.parametrize("backward", [False, True])
@pytest.mark.parametrize("score", [-(2**63) + 1, -1, 0, 10**15, 2**63 - 1])
@pytest.mark.parametrize("sort", [FeedSort.POPULAR, FeedSort.ENGAGEMENT, FeedSort.SCORE])
def test_a_key_may_hold_any_number(stage: Stage, sort: FeedSort, score: int, *, backward: bool) -> None:
    place = (score, stage.world.now, 1)
    tagged = FeedRules(sort=sort, groups=(FilterGroup(filters=(TagFilter(tag=TAGS[0]),)),))
    for rules in (FeedRules(sort=sort), tagged):
        whole = [post for post in read(stage.world, rules, 1, 1) if (sort_key(rules, post) > place) is backward]
        page = FeedPage(EVERYTHING, before=place, backward=True) if backward else FeedPage(EVERYTHING, after=place)
        found = [row.id for row in stage.run(rules, page, 1, 1, NARROW)]
        assert found == [post.id for post in (whole[::-1] if backward else whole)]
