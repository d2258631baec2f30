"""The rules of somebody else's feed as they are shown: without the people and lists that the viewer may not see.

What a filter of which nobody is left does to the feed is the same: to the viewer, nobody is behind it.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from api.gql.visibility import Owned, Sight
from db.documents.feed_filters import AuthorFilter, FeedFilter
from db.documents.feed_rules import FeedRules, FilterGroup
from db.feeds.notices import places

if TYPE_CHECKING:
    from api.loaders import Loaders


async def masked(
    sight: Sight, loaders: "Loaders", feeds: Sequence[Owned], every: Sequence[FeedRules]
) -> list[FeedRules]:
    """The rules of these feeds as the viewer may read them: all of the viewer's own."""
    authors = [
        place.filter
        for feed, rules in zip(feeds, every, strict=True)
        if feed.user_id != sight.viewer_id
        for place in places(rules)
        if isinstance(place.filter, AuthorFilter)
    ]
    if not authors:
        return list(every)
    people = await loaders.user_by_id.column(sorted({user for one in authors for user in one.users}))
    lists = await loaders.list_by_id.column(sorted({one.list_id for one in authors if one.list_id is not None}))
    known = {one.id for one in people if one is not None}
    seen = {one.id for one in lists if one is not None}
    return [
        rules if feed.user_id == sight.viewer_id else _without_hidden(rules, known, seen)
        for feed, rules in zip(feeds, every, strict=True)
    ]


def _without_hidden(rules: FeedRules, people: set[int], lists: set[int]) -> FeedRules:
    groups = tuple(_group(group, people, lists) for group in rules.groups)
    return rules.model_copy(update={"groups": groups})


def _group(group: FilterGroup, people: set[int], lists: set[int]) -> FilterGroup:
    return group.model_copy(update={"filters": tuple(_filter(one, people, lists) for one in group.filters)})


def _filter(one: FeedFilter, people: set[int], lists: set[int]) -> FeedFilter:
    """A copy, which no model checks: there may be nobody left in it."""
    if not isinstance(one, AuthorFilter):
        return one
    users = tuple(user for user in one.users if user in people)
    return one.model_copy(update={"users": users, "list_id": one.list_id if one.list_id in lists else None})
