"""Feeds: look-up, creating, changing, ordering and deleting them."""

from typing import Annotated

import strawberry
from strawberry import UNSET

from api.context import Info
from api.feeds.built_in import stored_feed_id
from api.feeds.creating import FEEDS_PER_USER, create_feed
from api.feeds.naming import with_named_feeds
from api.feeds.pinning import pin_posts
from api.gql.idempotency import Creation
from api.gql.ids import decode
from api.gql.mutation import mutation, user_errors
from api.gql.permissions import active
from api.gql.user_errors import UserError
from api.inputs.feed_rules import rules_document
from api.inputs.feeds import (
    CreateFeedInput,
    DeleteFeedInput,
    ReorderFeedsInput,
    SetDefaultFeedInput,
    UpdateFeedInput,
)
from api.loaders.feeds import stored_rules_of
from api.types.feeds import Feed
from api.types.payloads import changed_viewer
from db.errors import ConflictError, InvalidInputError, NotFoundError
from db.queries import feeds
from db.queries.feeds import FeedRow
from db.queries.sessions import SessionRow

FeedId = Annotated[strawberry.ID, strawberry.argument(description="The id of the feed.")]


@strawberry.type
class FeedQuery:
    @strawberry.field(
        graphql_type=Feed | None,
        description="A feed of the viewer, or one shared with PUBLIC; null when there is none of this id.",
        extensions=active(),
    )
    async def feed(self, info: Info, id: FeedId) -> FeedRow | None:
        return await info.context.loaders.feed_by_id.load(decode(id, "Feed"))


@strawberry.type(description="The result of `createFeed`.")
class CreateFeedPayload:
    feed: FeedRow | None = strawberry.field(
        default=None, graphql_type=Feed | None, description="The new feed, last in `viewer.feeds`."
    )
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The result of `updateFeed`.")
class UpdateFeedPayload:
    feed: FeedRow | None = strawberry.field(default=None, graphql_type=Feed | None, description="The feed.")
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The result of `deleteFeed`.")
class DeleteFeedPayload:
    deleted_id: strawberry.ID | None = strawberry.field(default=None, description="The id of the deleted feed.")
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The result of `reorderFeeds`.")
class ReorderFeedsPayload:
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The result of `setDefaultFeed`.")
class SetDefaultFeedPayload:
    feed: FeedRow | None = strawberry.field(
        default=None,
        graphql_type=Feed | None,
        description="The feed. The one that was the default before is in `viewer.feeds`.",
    )
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


async def _own_feed(info: Info, feed_id: int) -> FeedRow:
    """A feed that the viewer has just written to."""
    found = await info.context.loaders.feed_by_id.load(feed_id)
    if found is None:
        raise NotFoundError(field=("feed_id",))
    return found


async def _created(info: Info, feed_id: int) -> CreateFeedPayload:
    return CreateFeedPayload(feed=await _own_feed(info, feed_id))


@strawberry.type
class FeedMutation:
    @mutation(
        description=f"Creates a feed from rules. An account has at most {FEEDS_PER_USER}. User errors: BAD_USER_INPUT "
        "(also for one feed too many), NOT_FOUND (a post to pin, a feed that the rules name), CONFLICT (the "
        "viewer has a feed of this name). "
        "`previewFeed` shows what the rules would give.",
        creation=Creation("feed", _created),
    )
    @staticmethod
    async def create_feed(info: Info, input: CreateFeedInput) -> CreateFeedPayload:
        rules = await with_named_feeds(info.context, rules_document(input.rules))
        created = await create_feed(info, input.name, input.description, rules)
        if input.pinned_post_ids:
            await pin_posts(info, created, input.pinned_post_ids)
        if input.is_default:
            await feeds.choose_default_feed(info.context.database, info.context.signed_in, created)
        return await _created(info, created)

    @mutation(
        description="Changes the name, description, rules or pinned posts of a feed. What its rules name already is "
        "not looked up again while they stay the same. User errors: NOT_FOUND (also a feed that the rules name), "
        "BAD_USER_INPUT (also for the built-in feed), CONFLICT (the viewer has another feed of this name, or the rules "
        "are of another version than expected)."
    )
    @staticmethod
    async def update_feed(info: Info, input: UpdateFeedInput) -> UpdateFeedPayload:
        viewer, database, feed_id = info.context.signed_in, info.context.database, stored_feed_id(info, input.feed_id)
        rules = None if input.rules is None else rules_document(input.rules)
        if input.name is not None:  # a copy or an import may have found that this name is free
            await feeds.lock_feeds_of_user(database, viewer)
        feed = await feeds.lock_feed(database, viewer, feed_id)
        if feed is None:
            raise NotFoundError(field=("feed_id",))
        if input.expected_rules_version not in (None, feed.rules_version):
            raise ConflictError(
                f"The rules have changed since; they are version {feed.rules_version} now.",
                field=("expected_rules_version",),
            )
        name = feed.name if input.name is None else input.name
        description = feed.description if input.description is UNSET else input.description or None
        changed = feed._replace(name=name, description=description)
        if rules is not None:
            (before,) = await stored_rules_of(info.context.loaders, [feed])
            info.context.loaders.filters_by_feed_id.forget(feed_id)
            rules = None if rules == before else await with_named_feeds(info.context, rules, own=feed_id)
        if rules is not None or changed != feed:
            await feeds.update_feed(database, viewer, changed, rules)
        if input.pinned_post_ids is not None:
            await pin_posts(info, feed_id, input.pinned_post_ids)
        return UpdateFeedPayload(feed=await _own_feed(info, feed_id))

    @mutation(
        description="Deletes a feed. Sections of the profile that show it are empty from then on, and if it was the "
        "default, the built-in feed is. Feeds whose rules name it say so (FEED_GONE). User errors: "
        "NOT_FOUND, BAD_USER_INPUT (the built-in feed)."
    )
    @staticmethod
    async def delete_feed(info: Info, input: DeleteFeedInput) -> DeleteFeedPayload:
        viewer, database = info.context.signed_in, info.context.database
        if not await feeds.delete_feed(database, viewer, stored_feed_id(info, input.feed_id)):
            raise NotFoundError(field=("feed_id",))
        return DeleteFeedPayload(deleted_id=input.feed_id)

    @mutation(
        description="Orders the viewer's feeds, the built-in one among them. User errors: NOT_FOUND, BAD_USER_INPUT "
        "(a feed is missing or is named twice)."
    )
    @staticmethod
    async def reorder_feeds(info: Info, input: ReorderFeedsInput) -> ReorderFeedsPayload:
        viewer, database = info.context.signed_in, info.context.database
        ids = [decode(one, "Feed") for one in input.feed_ids]
        await feeds.lock_feeds_of_user(database, viewer)
        own = {feeds.following_feed_id(viewer), *await feeds.feed_ids_of_user(database, viewer)}
        for place, one in enumerate(ids):
            if one not in own:
                raise NotFoundError(field=("feed_ids", str(place)))
        if sorted(ids) != sorted(own):
            raise InvalidInputError("Name each of your feeds once.", field=("feed_ids",))
        await feeds.order_feeds(database, viewer, ids)
        return ReorderFeedsPayload()

    @mutation(description="Chooses the feed to open with; the built-in one, too. User errors: NOT_FOUND.")
    @staticmethod
    async def set_default_feed(info: Info, input: SetDefaultFeedInput) -> SetDefaultFeedPayload:
        viewer, database, feed_id = info.context.signed_in, info.context.database, decode(input.feed_id, "Feed")
        await feeds.lock_feeds_of_user(database, viewer)
        if not await feeds.choose_default_feed(database, viewer, feed_id):
            raise NotFoundError(field=("feed_id",))
        return SetDefaultFeedPayload(feed=await _own_feed(info, feed_id))
