"""Outcomes and counts of filters agree with a plain reading of each filter, and with the feed itself."""

from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.rows import class_row

from db.documents.feed_filters import HasMediaFilter, Relation, TagFilter
from db.documents.feed_rules import FeedRules, FeedScope, FilterGroup, Match
from db.feeds import (
    CANDIDATES,
    FeedCounts,
    FeedOutcome,
    are_satisfied,
    compile_counts,
    compile_outcomes,
    is_satisfied,
)
from tests.documents.strategies import rules_of
from tests.feeds.filtering import filter_holds, known
from tests.feeds.model import Post
from tests.feeds.reading import is_pinned, is_reachable, is_seen, is_visible, muted_words, pinned, read
from tests.feeds.stage import Stage, filters_in, people, pinning

BOUNDED = settings(
    max_examples=60, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def outcomes(
    stage: Stage, rules: FeedRules, viewer: int | None, me: int | None, pins_of: int | None = None
) -> dict[int, FeedOutcome]:
    """Of all posts, asked for in another order than that of the table."""
    ids = [post.id for post in stage.world.posts]
    Random(0).shuffle(ids)
    found = compile_outcomes(rules, ids, viewer=viewer, me=me, words=stage.words(viewer), pins_of=pins_of)
    with stage.connection.cursor(row_factory=class_row(FeedOutcome)) as cursor:
        return {row.id: row for row in cursor.execute(found.query, found.parameters).fetchall()}


def counts(stage: Stage, rules: FeedRules, viewer: int | None, me: int | None) -> FeedCounts:
    found = compile_counts(rules, viewer=viewer, me=me, words=stage.words(viewer))
    with stage.connection.cursor(row_factory=class_row(FeedCounts)) as cursor:
        (row,) = cursor.execute(found.query, found.parameters).fetchall()
        return row


def visible(stage: Stage, viewer: int | None) -> list[Post]:
    return [post for post in stage.world.posts if is_visible(stage.world, post, viewer)]


@BOUNDED
@given(data=st.data())
def test_outcomes_and_counts_are_what_each_filter_says(stage: Stage, data: st.DataObject) -> None:
    rules = data.draw(rules_of(filters_in(stage)), "rules")
    viewer = data.draw(st.none() | people, "viewer")
    me = data.draw(st.just(viewer) | people, "me")
    world, filters = stage.world, [one for group in rules.groups for one in group.filters]
    pins_of = data.draw(pinning, "pins of")
    seen, found = visible(stage, viewer), outcomes(stage, rules, viewer, me, pins_of)
    assert found.keys() == {post.id for post in seen}
    contained = {post.id for post in read(world, rules, viewer, me, pins_of=pins_of)}
    above = [] if pins_of is None else [one for one in world.pins.get(pins_of, ()) if one in found]
    assert [one for one in above if found[one].is_for_all_feeds] == pinned(world, viewer, pins_of or 0)
    for post in seen:
        outcome = found[post.id]
        assert outcome.held == [filter_holds(world, one, post, viewer, me) for one in filters]
        held = iter(outcome.held)
        satisfied = [is_satisfied(group, [next(held) for _ in group.filters]) for group in rules.groups]
        common = outcome.is_reachable and outcome.is_in_scope and outcome.is_not_muted
        checks = common and outcome.is_within_limit and outcome.is_unseen and outcome.muted_word_id is None
        checks = checks and outcome.is_not_pinned
        assert outcome.is_not_pinned is not is_pinned(world, post, pins_of)
        assert outcome.is_unseen is not (rules.unseen_only and is_seen(world, post, viewer))
        assert (checks and are_satisfied(rules, satisfied)) is (post.id in contained)
        assert outcome.is_not_muted is ((viewer, post.user_id) not in world.mutes)
        assert (outcome.is_reachable and outcome.is_not_muted) is is_reachable(world, post, viewer)
        muted = muted_words(world, post, viewer)
        assert outcome.muted_word_id == (stage.word_ids[muted[0]] if muted else None)
        if rules.scope is FeedScope.FOLLOWING:
            assert outcome.is_in_scope is (post.user_id in known(world, Relation.FOLLOWING, viewer, me))

    counted, found = counts(stage, rules, viewer, me), outcomes(stage, rules, viewer, me)
    contained = read(world, rules, viewer, me)
    assert counted.candidates == len(seen) < CANDIDATES
    assert counted.since == min((post.created_at for post in seen), default=None)
    assert counted.kept == len(contained)
    assert counted.held == [sum(filter_holds(world, one, post, viewer, me) for post in seen) for one in filters]
    for name, total in (("reachable", counted.reachable), ("in_scope", counted.in_scope)):
        assert total == sum(getattr(outcome, f"is_{name}") for outcome in found.values())
    assert counted.within_limit == sum(outcome.is_within_limit for outcome in found.values())
    assert counted.unseen == sum(outcome.is_unseen for outcome in found.values())
    assert counted.not_muted == sum(outcome.is_not_muted for outcome in found.values())
    assert counted.without_muted_word == sum(outcome.muted_word_id is None for outcome in found.values())


def test_rules_without_filters_have_no_outcomes_of_filters(stage: Stage) -> None:
    assert {tuple(one.held) for one in outcomes(stage, FeedRules(), 1, 1).values()} == {()}
    assert counts(stage, FeedRules(), 1, 1).held == []


@pytest.mark.parametrize(
    ("match", "held", "expected"),
    [
        (Match.ALL, (True, False), False),
        (Match.ALL, (True, True), True),
        (Match.ANY, (True, False), True),
        (Match.ANY, (False, False), False),
        (Match.NONE, (True, False), False),
        (Match.NONE, (False, False), True),
    ],
)
def test_a_group_is_satisfied_as_it_says(match: Match, held: tuple[bool, bool], *, expected: bool) -> None:
    group = FilterGroup(match=match, filters=(TagFilter(tag="a"), HasMediaFilter(has_media=True)))
    assert is_satisfied(group, held) is expected
