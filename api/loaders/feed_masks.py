"""The rules of somebody else's feed as they are shown: without the people, lists and feeds that the viewer may not see.

What a filter of which nobody is left does to the feed is the same: to the viewer, nobody is behind it.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from api.gql.visibility import Owned, Sight
from db.documents.feed_filters import AuthorFilter, FeedFilter, OtherFeedFilter
from db.documents.feed_rules import FeedRules, FilterGroup
from db.feeds.notices import places
from db.feeds.other_feeds import NO_FEED

if TYPE_CHECKING:
    from api.loaders import Loaders


class _Seen(NamedTuple):
    """What the viewer may see of all that rules name."""

    people: set[int]
    lists: set[int]
    feeds: set[int]


async def masked(
    sight: Sight, loaders: "Loaders", feeds: Sequence[Owned], every: Sequence[FeedRules]
) -> list[FeedRules]:
    """The rules of these feeds as the viewer may read them: all of the viewer's own."""
    filters = [
        place.filter
        for feed, rules in zip(feeds, every, strict=True)
        if feed.user_id != sight.viewer_id
        for place in places(rules)
    ]
    authors = [one for one in filters if isinstance(one, AuthorFilter)]
    others = [one for one in filters if isinstance(one, OtherFeedFilter)]
    if not authors and not others:
        return list(every)
    people = await loaders.user_by_id.column(sorted({user for one in authors for user in one.users}))
    lists = await loaders.list_by_id.column(sorted({one.list_id for one in authors if one.list_id is not None}))
    opened = await loaders.feed_by_id.column(sorted({one.feed_id for one in others}))
    seen = _Seen(*({one.id for one in found if one is not None} for found in (people, lists, opened)))
    return [
        rules if feed.user_id == sight.viewer_id else _without_hidden(rules, seen)
        for feed, rules in zip(feeds, every, strict=True)
    ]


def _without_hidden(rules: FeedRules, seen: _Seen) -> FeedRules:
    groups = tuple(_group(group, seen) for group in rules.groups)
    return rules.model_copy(update={"groups": groups})


def _group(group: FilterGroup, seen: _Seen) -> FilterGroup:
    return group.model_copy(update={"filters": tuple(_filter(one, seen) for one in group.filters)})


def _filter(one: FeedFilter, seen: _Seen) -> FeedFilter:
    """A copy, which no model checks: there may be nobody left in it."""
    match one:
        case AuthorFilter():
            users = tuple(user for user in one.users if user in seen.people)
            list_id = one.list_id if one.list_id in seen.lists else None
            return one.model_copy(update={"users": users, "list_id": list_id})
        case OtherFeedFilter() if one.feed_id not in seen.feeds:
            return one.model_copy(update={"feed_id": NO_FEED})
        case _:
            return one
