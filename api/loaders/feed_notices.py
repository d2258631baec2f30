"""What weakens feeds: what their rules say by themselves, and what they name that is not there for the viewer.

People, lists and tags are asked for once for all feeds. What the viewer may not see is the same as what does not exist.
"""

from asyncio import gather
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from api.gql.visibility import Sight, profile
from db.documents.feed_filters import AuthorFilter, TagFilter
from db.documents.feed_rules import FeedRules
from db.feeds.lint import lint
from db.feeds.notices import Notice, NoticeCode, NoticeSeverity, Place, in_order, places
from db.feeds.other_feeds import OpenedFilter
from db.queries import tags

if TYPE_CHECKING:
    from api.loaders import Loaders


class _Known(NamedTuple):
    """What there is for the viewer of all that the rules name."""

    people: frozenset[int]
    lists: frozenset[int]
    tags: frozenset[str]


async def notices_of(sight: Sight, loaders: "Loaders", every: Sequence[FeedRules]) -> list[list[Notice]]:
    """The notices on these rules, in the order of their filters; those on the rules as a whole come first."""
    now = datetime.now(UTC)
    known = await _known(sight, loaders, [place for rules in every for place in places(rules)])
    return [in_order([*lint(rules, now), *_missing(rules, known)]) for rules in every]


async def _known(sight: Sight, loaders: "Loaders", named: Sequence[Place]) -> _Known:
    authors = [place.filter for place in named if isinstance(place.filter, AuthorFilter)]
    tags = {place.filter.tag for place in named if isinstance(place.filter, TagFilter)}
    return _Known(
        *await gather(
            _visible_people(loaders, sorted({user for one in authors for user in one.users})),
            _lists_with_members(loaders, sorted({one.list_id for one in authors if one.list_id is not None})),
            _used_tags(sight, sorted(tags)),
        )
    )


async def _visible_people(loaders: "Loaders", ids: list[int]) -> frozenset[int]:
    """Those of whom the viewer may see posts."""
    found = await loaders.user_by_id.column(ids)
    return frozenset(user.id for user in found if user is not None and profile(user) is not None)


async def _lists_with_members(loaders: "Loaders", ids: list[int]) -> frozenset[int]:
    seen = [one.id for one in await loaders.list_by_id.column(ids) if one is not None]
    counts = await loaders.member_count_by_list_id.column(seen)
    return frozenset(key for key, count in zip(seen, counts, strict=True) if count is not None and count.total)


async def _used_tags(sight: Sight, names: list[str]) -> frozenset[str]:
    return frozenset(row.name for row in await tags.tags_in_use(sight.database, names)) if names else frozenset()


def _missing(rules: FeedRules, known: _Known) -> Iterator[Notice]:
    return chain.from_iterable(_missing_of(place, known) for place in places(rules))


def _gone(count: int, of: int) -> str:
    if of == 1:
        return "This person cannot be found, or you may not see their posts."
    found = f"None of the {of} people here can" if count == of else f"{count} of the {of} people here cannot"
    return f"{found} be found, or you may not see their posts."


def _missing_of(place: Place, known: _Known) -> Iterator[Notice]:
    match place.filter:
        case AuthorFilter(list_id=int(key)) if key not in known.lists:
            yield place.notice(
                NoticeCode.LIST_GONE,
                NoticeSeverity.WARNING,
                "Nobody is on this list: it is empty, or gone, or you may not see it.",
                "Add people to the list, or choose another one.",
            )
        case AuthorFilter(users=users) if gone := len(set(users) - known.people):
            yield place.notice(
                NoticeCode.AUTHOR_GONE,
                NoticeSeverity.WARNING,
                _gone(gone, len(set(users))),
                "Take them out of the filter, which works without them."
                if gone < len(set(users))
                else "Name other people, or remove the filter.",
            )
        case OpenedFilter(rules=None, is_nested=True):
            yield place.notice(
                NoticeCode.FEED_NESTED,
                NoticeSeverity.WARNING,
                "This feed has itself a filter on a feed, so it is not looked into, and no post satisfies this filter.",
                "Remove that filter from the other feed, or choose another feed.",
            )
        case OpenedFilter(rules=None):
            yield place.notice(
                NoticeCode.FEED_GONE,
                NoticeSeverity.WARNING,
                "This feed cannot be found, or you may not open it, so no post satisfies this filter.",
                "Choose another feed, or remove the filter.",
            )
        case TagFilter(tag=tag) if tag not in known.tags:
            yield place.notice(
                NoticeCode.TAG_UNUSED,
                NoticeSeverity.INFO,
                f"No public post has the tag #{tag}.",
                "Look whether it is spelled as others spell it.",
            )
        case _:
            pass
