"""Other feeds that rules name: which ones may be named where the rules are written."""

from collections.abc import Callable, Iterator

from api.context import Context
from api.gql.validation import InvalidInputsError
from api.loaders.feeds import opened
from db.documents.feed_rules import FeedRules
from db.errors import InvalidInputError, NotFoundError, RefusalError
from db.feeds.notices import Place, places
from db.feeds.other_feeds import OpenedFilter
from db.queries.feeds import following_feed_id

NOT_THERE = "There is no such feed, or you may not open it."
_BUILT_IN = "The Following feed cannot be named: use a filter on authors, or the scope FOLLOWING."
_ITSELF = "A feed cannot name itself."
_NESTED = "This feed has itself a filter on a feed; name one that has none."


def input_path(place: Place) -> tuple[str, ...]:
    """Where an input has the id of the other feed."""
    return ("rules", "groups", str(place.group), "filters", str(place.position), "feed_id")


async def with_named_feeds(
    context: Context,
    rules: FeedRules,
    *,
    own: int | None = None,
    path: Callable[[Place], tuple[str, ...]] = input_path,
) -> FeedRules:
    """The same rules with those of the feeds that they name.

    InvalidInputsError names each place where that is none which the viewer may name: what they may not open is
    NOT_FOUND, as what never was. `own` is the feed that is to have the rules.
    """
    (found,) = await opened(context.loaders, [rules])
    errors = list(_refused(context, found, own, path))
    if errors:
        raise InvalidInputsError(errors)
    return found


def _refused(
    context: Context, rules: FeedRules, own: int | None, path: Callable[[Place], tuple[str, ...]]
) -> Iterator[RefusalError]:
    for place in places(rules):
        one = place.filter
        if not isinstance(one, OpenedFilter):
            continue
        if context.viewer_id is not None and one.feed_id == following_feed_id(context.viewer_id):
            yield InvalidInputError(_BUILT_IN, field=path(place))
        elif one.feed_id == own:
            yield InvalidInputError(_ITSELF, field=path(place))
        elif one.is_nested:
            yield InvalidInputError(_NESTED, field=path(place))
        elif one.rules is None:
            yield NotFoundError(NOT_THERE, field=path(place))
