"""Feeds as documents: ids become the names that they have here, and names the ids that they have there.

What the viewer may not see is left out on the way out, and on the way in it is the same as what does not exist.
"""

from asyncio import gather
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from pydantic import ValidationError

from api.context import Context
from api.feeds.naming import with_named_feeds
from api.gql.validation import InvalidInputsError, refusals
from db.documents.feed_export import ExportedAuthorFilter, ExportedFeed, ExportedOtherFeedFilter, ListName
from db.documents.feed_filters import AuthorFilter, OtherFeedFilter
from db.documents.feed_rules import FeedRules
from db.errors import InvalidInputError, NotFoundError, RefusalError, Verbatim
from db.feeds.notices import Notice, NoticeCode, NoticeSeverity, Place, places
from db.queries import feed_names, post_texts
from db.queries import lists as list_queries
from db.queries.feeds import FeedRow
from db.queries.lists import ListRow

MOST_ERRORS = 50
_NO_FEED = "This filter names no feed, so it cannot be satisfied: remove it, or name one."
_NOBODY = "This filter names nobody, so it cannot be satisfied: remove it, or name people."


class Imported(NamedTuple):
    """A feed as it can be created here, and what of its document was left out."""

    document: ExportedFeed
    rules: FeedRules
    notices: list[Notice]


class Names(NamedTuple):
    """What people, lists and feeds are called, by their ids, as far as the viewer may see them."""

    people: Mapping[int, str]
    lists: Mapping[int, Mapping[str, str]]
    feeds: Mapping[int, Mapping[str, str]]


async def exported(context: Context, feeds: Sequence[FeedRow], every: Sequence[FeedRules]) -> list[dict[str, Any]]:
    """The documents of these feeds, which have these rules."""
    authors = [place.filter for rules in every for place in places(rules) if isinstance(place.filter, AuthorFilter)]
    others = sorted({one.feed_id for rules in every for one in rules.other_feeds})
    loaders = context.loaders
    people, lists, named = await gather(
        loaders.user_by_id.column(sorted({user for one in authors for user in one.users})),
        loaders.list_by_id.column(sorted({one.list_id for one in authors if one.list_id is not None})),
        loaders.feed_by_id.column(others),
    )
    usernames = {user.id: user.username for user in people if user is not None}
    found = Names(usernames, await _owned_names(context, lists), await _owned_names(context, named))
    return [document_of(feed, rules, found) for feed, rules in zip(feeds, every, strict=True)]


async def _owned_names(context: Context, rows: Sequence[ListRow | FeedRow | None]) -> dict[int, dict[str, str]]:
    known = [one for one in rows if one is not None]
    owners = await context.loaders.user_by_id.column([one.user_id for one in known])
    return {
        one.id: {"owner": owner.username, "name": one.name}
        for one, owner in zip(known, owners, strict=True)
        if owner is not None
    }


def document_of(feed: FeedRow, rules: FeedRules, names: Names) -> dict[str, Any]:
    """The document of one feed; who has no name is left out."""
    plain = rules.model_dump(mode="json", exclude_none=True)
    for place in places(rules):
        filters = plain["groups"][place.group]["filters"]
        match place.filter:
            case AuthorFilter() as one:
                filters[place.position] = {
                    "kind": one.kind,
                    "users": [names.people[user] for user in one.users if user in names.people],
                    "members_of": None if one.list_id is None else names.lists.get(one.list_id),
                    "relation": one.relation,
                }
            case OtherFeedFilter() as one:
                filters[place.position] = {"kind": one.kind, "feed": names.feeds.get(one.feed_id)}
            case _:
                pass
    document = {"version": 1, "name": feed.name, "description": feed.description, "rules": plain}
    return ExportedFeed.model_validate(document).model_dump(mode="json", by_alias=True, exclude_none=True)


async def imported(context: Context, document: object) -> Imported:
    """The feed of a document. Refused is what is none, and a filter of which nobody is left that it names."""
    try:
        found = ExportedFeed.model_validate(document)
    except ValidationError as error:
        raise InvalidInputsError([_placed(one) for one in refusals(error)[:MOST_ERRORS]]) from error
    people, lists, feeds = await gather(_people(context, found), _lists(context, found), _feeds(context, found))
    plain = found.rules.model_dump(mode="json")
    notices, errors = list[tuple[int, int, list[str]]](), list[RefusalError]()
    for number, position, one in _named(found):
        filters = plain["groups"][number]["filters"]
        if isinstance(one, ExportedOtherFeedFilter):
            feed_id = None if one.feed is None else feeds.get(_key(one.feed))
            filters[position] = {"kind": one.kind, "feed_id": feed_id}
            if feed_id is None:
                errors.append(_no_feed(number, position, one))
            continue
        users = [people[name.lower()] for name in one.users if name.lower() in people]
        list_id = None if one.members_of is None else lists.get(_key(one.members_of))
        filters[position] = {"kind": one.kind, "users": users, "list_id": list_id, "relation": one.relation}
        if not users and list_id is None and one.relation is None:
            errors.append(_nobody(number, position, one))
        elif missing := [name for name in one.users if name.lower() not in people]:
            notices.append((number, position, missing))
    if errors:
        raise InvalidInputsError(errors)
    rules = await with_named_feeds(context, FeedRules.model_validate(plain), path=_place_of_feed)
    return Imported(found, rules, [_left_out(rules, *one) for one in notices])


def _named(found: ExportedFeed) -> Iterator[tuple[int, int, ExportedAuthorFilter | ExportedOtherFeedFilter]]:
    """The filters that name people, lists or feeds."""
    for number, group in enumerate(found.rules.groups):
        filters: tuple[object, ...] = group.filters
        for position, one in enumerate(filters):
            if isinstance(one, (ExportedAuthorFilter, ExportedOtherFeedFilter)):
                yield number, position, one


def _authors(found: ExportedFeed) -> Iterator[ExportedAuthorFilter]:
    return (one for _, _, one in _named(found) if isinstance(one, ExportedAuthorFilter))


async def _people(context: Context, found: ExportedFeed) -> dict[str, int]:
    """The ids of those whom the viewer may see, by their names in lower case."""
    names = sorted({name.lower() for one in _authors(found) for name in one.users})
    rows = await post_texts.users_by_names(context.database, context.viewer_id, names) if names else []
    return {row.username.lower(): row.id for row in rows}


async def _lists(context: Context, found: ExportedFeed) -> dict[tuple[str, str], int]:
    """The ids of the lists that the viewer may see, by their owners and names in the document."""
    named = {_key(one.members_of) for one in _authors(found) if one.members_of is not None}
    if not named:
        return {}
    ordered = sorted(named)
    rows = await list_queries.lists_by_names(context.database, context.viewer_id, ordered)
    return {ordered[row.place - 1]: row.id for row in rows}


async def _feeds(context: Context, found: ExportedFeed) -> dict[tuple[str, str], int]:
    """The ids of the feeds that the viewer may open, as those of lists."""
    others = [one for _, _, one in _named(found) if isinstance(one, ExportedOtherFeedFilter)]
    named = {_key(one.feed) for one in others if one.feed is not None}
    if not named:
        return {}
    ordered = sorted(named)
    rows = await feed_names.feeds_by_names(context.database, context.viewer_id, ordered)
    return {ordered[row.place - 1]: row.id for row in rows}


def _key(one: ListName) -> tuple[str, str]:
    return one.owner.lower(), one.name


def _path(number: int, position: int, *below: str) -> tuple[str, ...]:
    steps = ("rules", "groups", str(number), "filters", str(position), *below)
    return ("document", *map(Verbatim, steps))


def _nobody(number: int, position: int, one: ExportedAuthorFilter) -> RefusalError:
    if one.members_of is not None:
        message = f"There is no list {one.members_of.name} of @{one.members_of.owner} here, or you may not see it."
        return NotFoundError(message, field=_path(number, position, "members_of"))
    if one.users:
        message = "None of these people is here, or you may not see them."
        return NotFoundError(message, field=_path(number, position, "users"))
    return InvalidInputError(_NOBODY, field=_path(number, position))


def _no_feed(number: int, position: int, one: ExportedOtherFeedFilter) -> RefusalError:
    if one.feed is None:
        return InvalidInputError(_NO_FEED, field=_path(number, position))
    message = f"There is no feed {one.feed.name} of @{one.feed.owner} here, or you may not open it."
    return NotFoundError(message, field=_path(number, position, "feed"))


def _place_of_feed(place: Place) -> tuple[str, ...]:
    return _path(place.group, place.position, "feed")


def _left_out(rules: FeedRules, number: int, position: int, missing: Sequence[str]) -> Notice:
    place = next(one for one in places(rules) if (one.group, one.position) == (number, position))
    names = ", ".join(f"@{name}" for name in missing)
    return place.notice(
        NoticeCode.AUTHOR_GONE,
        NoticeSeverity.WARNING,
        f"These people are not here, or you may not see them, and were left out: {names}.",
        "Add them under the names that they have here.",
    )


def _placed(refused: InvalidInputError) -> InvalidInputError:
    """The same at its place in the document: a filter has its kind in the path of the model."""
    match refused.field:
        case ("rules", "groups", group, "filters", position, _, *below):
            path: tuple[str, ...] = ("rules", "groups", group, "filters", position, *below)
        case path:
            pass
    return InvalidInputError(refused.message, field=("document", *map(Verbatim, path)))
