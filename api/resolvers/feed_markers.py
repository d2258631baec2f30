"""Markers: how far the viewer has read feeds."""

from functools import partial

import strawberry

from api.context import Info
from api.gql.errors import BadCursorError
from api.gql.ids import decode
from api.gql.mutation import mutation, user_errors
from api.gql.user_errors import UserError
from api.inputs.feeds import SetFeedMarkerInput
from api.loaders.feed_pages import keyset_of
from api.loaders.feeds import rules_of
from api.types.feeds import Feed
from api.types.payloads import changed_viewer
from db.errors import InvalidInputError, NotFoundError
from db.queries import feed_markers, feeds
from db.queries.feeds import FeedRow
from db.queries.sessions import SessionRow

MARKERS_PER_USER = 1_000


@strawberry.type(description="The result of `setFeedMarker`.")
class SetFeedMarkerPayload:
    feed: FeedRow | None = strawberry.field(
        default=None, graphql_type=Feed | None, description="The feed, whose `marker` and `newPostsCount` have changed."
    )
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


@strawberry.type
class FeedMarkerMutation:
    @mutation(
        description="Notes how far the viewer has read a feed, for all devices; the latest call counts. An account has "
        f"at most {MARKERS_PER_USER:,} markers. User errors: NOT_FOUND, BAD_USER_INPUT (no cursor of this feed as it "
        "is now, a feed with `unseenOnly`, or one marker too many)."
    )
    @staticmethod
    async def set_feed_marker(info: Info, input: SetFeedMarkerInput) -> SetFeedMarkerPayload:
        viewer, database, loaders = info.context.signed_in, info.context.database, info.context.loaders
        feed = await loaders.feed_by_id.load(decode(input.feed_id, "Feed"))
        if feed is None:
            raise NotFoundError(field=("feed_id",))
        if input.cursor is None:
            await feed_markers.delete_feed_marker(database, viewer, feed.id)
            return SetFeedMarkerPayload(feed=feed)
        (rules,) = await rules_of(loaders, [feed])
        if rules.unseen_only:
            raise InvalidInputError("A feed of unseen posts begins with what is new by itself.", field=("feed_id",))
        try:
            key = keyset_of(feed, rules).key(input.cursor)
        except BadCursorError:
            raise InvalidInputError("This is no cursor of the feed as it is now.", field=("cursor",)) from None
        await feeds.lock_feeds_of_user(database, viewer)  # so that two at once do not pass the limit
        note = partial(
            feed_markers.set_feed_marker, database, viewer, feed.id, feed.rules_version, key, most=MARKERS_PER_USER
        )
        noted = await note() or (await feed_markers.delete_lost_markers(database, viewer) and await note())
        if not noted and not await feeds.feeds_by_ids(database, viewer, [feed.id]):
            raise NotFoundError(field=("feed_id",))
        if not noted:
            raise InvalidInputError(
                f"You have markers in {MARKERS_PER_USER:,} other feeds: remove one first.", field=("feed_id",)
            )
        return SetFeedMarkerPayload(feed=feed)
