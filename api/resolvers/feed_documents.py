"""Feeds that come from documents."""

import strawberry
from pydantic import TypeAdapter, ValidationError

from api.context import Info
from api.feeds.creating import FEEDS_PER_USER, create_feed, free_name
from api.feeds.documents import imported
from api.gql.idempotency import Creation
from api.gql.mutation import mutation, user_errors
from api.gql.user_errors import UserError
from api.gql.validation import InvalidInputsError, Name, refusals
from api.inputs.feeds import ImportFeedInput
from api.types.feed_notices import FeedNotice
from api.types.feeds import Feed
from api.types.payloads import changed_viewer
from db.errors import NotFoundError
from db.feeds.notices import Notice
from db.queries.feeds import FeedRow
from db.queries.sessions import SessionRow

_NAME: TypeAdapter[str] = TypeAdapter(Name)


@strawberry.type(description="The result of `importFeed`.")
class ImportFeedPayload:
    feed: FeedRow | None = strawberry.field(
        default=None, graphql_type=Feed | None, description="The new feed, last in `viewer.feeds`."
    )
    viewer: SessionRow | None = changed_viewer()
    notices: list[Notice] = strawberry.field(
        default_factory=list,
        graphql_type=list[FeedNotice],
        description="What was left out, since it is not here or the viewer may not see it. Empty when a retry with an "
        "idempotency key returns the feed again.",
    )
    user_errors: list[UserError] = user_errors()


async def _created(info: Info, feed_id: int) -> ImportFeedPayload:
    found = await info.context.loaders.feed_by_id.load(feed_id)
    if found is None:
        raise NotFoundError
    return ImportFeedPayload(feed=found)


def _named(name: str) -> str:
    """The name of a document, if a feed may have it."""
    try:
        return _NAME.validate_python(name)
    except ValidationError as error:
        raise InvalidInputsError(refusals(error, "document", "name")) from error


@strawberry.type
class FeedDocumentMutation:
    @mutation(
        description="Creates a feed from a document of `Feed.exportDocument`. People whom it names and who are not "
        "here are left out with a notice; where nobody of a filter is left, or its list or feed is not here, the "
        "filter would mean something else: NOT_FOUND at its place in the document, and nothing is created. An account "
        "has at most "
        f"{FEEDS_PER_USER} feeds. User errors: BAD_USER_INPUT, NOT_FOUND, CONFLICT (the viewer has a feed of the given "
        "name).",
        creation=Creation("feed", _created),
    )
    @staticmethod
    async def import_feed(info: Info, input: ImportFeedInput) -> ImportFeedPayload:
        found = await imported(info.context, input.document)
        name = await free_name(info, _named(found.document.name)) if input.name is None else input.name
        created = await create_feed(info, name, found.document.description, found.rules)
        payload = await _created(info, created)
        payload.notices = found.notices
        return payload
