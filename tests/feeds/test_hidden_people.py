"""Where a page of a feed ends tells nothing of people, lists and posts that its reader may not see."""

import os
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db.documents.feed_filters import AuthorFilter, FeedFilter, TagFilter
from db.documents.feed_rules import FeedRules, FilterGroup, Match
from db.feeds import BOUNDS, Bounds, FeedPage, FeedPost
from db.feeds.other_feeds import OpenedFilter
from tests.documents.strategies import rules_of
from tests.feeds.model import World
from tests.feeds.reading import is_visible
from tests.feeds.stage import Stage, filters_in, people
from tests.feeds.worlds import PEOPLE, TAGS

NEVER_THERE = 1_000
NARROW = [
    BOUNDS._replace(near=1, reach=2, middle=2, per_bucket=1, top=2, most_sorted=1),
    BOUNDS._replace(near=1, reach=3, middle=5, per_bucket=2, top=3, most_sorted=0),
]
NAMED = [
    (FilterGroup(match=Match.ANY, filters=(AuthorFilter(users=(one,)), TagFilter(tag="unused"))),)
    for one in range(1, PEOPLE + 1)
]
seeded = settings(
    max_examples=2_000 if os.environ.get("VRSS_PROOF") else 40,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def shows(world: World, viewer: int | None, user: int) -> bool:
    """Whether the viewer may see any post of a user."""
    return any(post.user_id == user and is_visible(world, post, viewer) for post in world.posts)


def without_hidden(world: World, rules: FeedRules, viewer: int | None) -> FeedRules:
    """The same rules, with people and lists that never were in place of those that the viewer may not see."""

    def other(one: FeedFilter) -> FeedFilter:
        if isinstance(one, OpenedFilter) and one.rules is not None:
            return one.model_copy(update={"rules": without_hidden(world, one.rules, viewer)})
        if not isinstance(one, AuthorFilter):
            return one
        users = tuple(user if shows(world, viewer, user) else user + NEVER_THERE for user in one.users)
        found = None if one.list_id is None else world.lists.get(one.list_id)
        sees_list = (
            found is not None and sees(world, viewer, found.owner) and (found.is_public or found.owner == viewer)
        )
        list_id = one.list_id if one.list_id is None or sees_list else one.list_id + NEVER_THERE
        return one.model_copy(update={"users": users, "list_id": list_id})

    groups = [group.model_copy(update={"filters": tuple(map(other, group.filters))}) for group in rules.groups]
    return rules.model_copy(update={"groups": tuple(groups)})


def sees(world: World, viewer: int | None, owner: int) -> bool:
    blocked = (viewer, owner) in world.blocks or (owner, viewer) in world.blocks
    return owner == viewer or (world.authors[owner].is_active and not blocked)


def pages(stage: Stage, data: st.DataObject) -> FeedPage:
    places = [None, *((post.created_at, post.id) for post in stage.world.posts)]
    after, before = (data.draw(st.sampled_from(places), name) for name in ("after", "before"))
    return FeedPage(data.draw(st.integers(1, 9), "page size"), after, before, data.draw(st.booleans(), "backward"))


@pytest.mark.parametrize("bounds", NARROW)
@pytest.mark.parametrize("viewer", [None, 1, 2, 3])
def test_pages_end_as_in_a_world_without_the_hidden_posts(stage: Stage, viewer: int | None, bounds: Bounds) -> None:
    def ends() -> list[list[FeedPost]]:
        every = (FeedPage(4), FeedPage(4, backward=True))
        return [stage.run(FeedRules(groups=groups), page, viewer, viewer, bounds) for groups in NAMED for page in every]

    found = ends()
    hidden = [post.id for post in stage.world.posts if not is_visible(stage.world, post, viewer)]
    assert not {row.id for rows in found for row in rows} & set(hidden)
    assert any(row.is_stop for rows in found for row in rows)
    with stage.connection.transaction(force_rollback=True):
        stage.connection.execute("DELETE FROM posts WHERE id = ANY(%s)", [hidden])
        assert ends() == found


@pytest.mark.parametrize("bounds", NARROW)
@seeded
@given(data=st.data())
def test_hidden_people_and_lists_end_pages_like_those_that_never_were(
    stage: Stage, bounds: Bounds, data: st.DataObject
) -> None:
    authors: Any = st.builds(AuthorFilter, users=st.lists(people, min_size=1, max_size=3, unique=True).map(tuple))
    lists: Any = st.builds(AuthorFilter, list_id=st.sampled_from(sorted(stage.world.lists)))
    rules = data.draw(rules_of(authors | lists | filters_in(stage)), "rules")
    rules = FeedRules(groups=rules.groups, join=rules.join, scope=rules.scope)
    viewer = data.draw(st.none() | people, "viewer")
    me = data.draw(st.just(viewer) | people, "me")
    page = pages(stage, data)
    without = without_hidden(stage.world, rules, viewer)
    assert stage.run(rules, page, viewer, me, bounds) == stage.run(without, page, viewer, me, bounds)


@pytest.mark.parametrize("bounds", NARROW)
@pytest.mark.parametrize("tag", TAGS)
def test_no_page_stops_at_a_hidden_post(stage: Stage, tag: str, bounds: Bounds) -> None:
    rules = FeedRules(groups=(FilterGroup(filters=(TagFilter(tag=tag),)),))
    for viewer in (None, 1, 2):
        seen = {post.id for post in stage.world.posts if is_visible(stage.world, post, viewer)}
        places = [None, *((post.created_at, post.id) for post in stage.world.posts[::16])]
        for after in places:
            assert {row.id for row in stage.run(rules, FeedPage(4, after), viewer, viewer, bounds)} <= seen
