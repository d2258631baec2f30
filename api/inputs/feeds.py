"""Inputs of the feed mutations."""

from typing import Annotated, Any

import strawberry
from pydantic import Field
from strawberry import UNSET
from strawberry.scalars import JSON

from api.feeds.creating import FEEDS_PER_USER
from api.feeds.pinning import MOST_PINS
from api.gql.enums import FeedSharing
from api.gql.validation import Name
from api.inputs.feed_rules import FeedRulesInput
from api.inputs.idempotency import IdempotencyKey, idempotency_key
from api.inputs.ownership import Owned
from db.documents.document import Composed

Description = Annotated[str, Field(max_length=500), Composed]
PinnedPostIds = Annotated[list[strawberry.ID], Field(max_length=MOST_PINS)]


def _own_feed() -> Any:
    return strawberry.field(
        description="The feed. Must be the viewer's own; anything else answers NOT_FOUND.", directives=[Owned()]
    )


@strawberry.input(description="The input of `createFeed`.")
class CreateFeedInput:
    name: Name = strawberry.field(
        description="The name: one line of 1 to 100 characters, which no other feed of the viewer has."
    )
    rules: FeedRulesInput = strawberry.field(
        description='The rules. Errors name the filter: `["input", "rules", "groups", "0", "filters", "2", "tag"]`.'
    )
    description: Description | None = strawberry.field(
        default=None, description="What it is for, up to 500 characters."
    )
    pinned_post_ids: PinnedPostIds = strawberry.field(
        default_factory=list,
        description=f"The posts to pin, in order, each once; at most {MOST_PINS}. Each must be one that the viewer's "
        "feeds may contain (`FeedCheck.REACHABLE`); anything else answers NOT_FOUND.",
    )
    is_default: bool = strawberry.field(default=False, description="Whether to open with it from now on.")
    idempotency_key: IdempotencyKey = idempotency_key()


@strawberry.input(description="The input of `shareFeed`.")
class ShareFeedInput:
    feed_id: strawberry.ID = _own_feed()
    sharing: FeedSharing = strawberry.field(description="Who can open it.")
    renew_link: bool = strawberry.field(
        default=False, description="Whether earlier links stop working; with PRIVATE they always do."
    )
    idempotency_key: IdempotencyKey = idempotency_key()


@strawberry.input(description="The input of `createFeedUrls`.")
class CreateFeedUrlsInput:
    feed_id: strawberry.ID = _own_feed()
    idempotency_key: IdempotencyKey = idempotency_key()


@strawberry.input(description="The input of `revokeFeedUrls`.")
class RevokeFeedUrlsInput:
    feed_id: strawberry.ID = _own_feed()


@strawberry.input(description="The input of `forkFeed`.")
class ForkFeedInput:
    feed_id: strawberry.ID = strawberry.field(
        description="The feed: one of the viewer's, one shared with PUBLIC, or one that `linkToken` opens."
    )
    link_token: Annotated[str, Field(max_length=100)] | None = strawberry.field(
        default=None, description="The token of the link that opens it, where it is shared by a link."
    )
    name: Name | None = strawberry.field(
        default=None,
        description="The name of the copy: one line of 1 to 100 characters, which no other feed of the viewer has; "
        "that of the original, made unique, when null.",
    )
    idempotency_key: IdempotencyKey = idempotency_key()


@strawberry.input(description="The input of `importFeed`.")
class ImportFeedInput:
    document: JSON = strawberry.field(description="What `Feed.exportDocument` gave, here or on another server.")
    name: Name | None = strawberry.field(
        default=None,
        description="The name: one line of 1 to 100 characters, which no other feed of the viewer has; that of the "
        "document, made unique, when null.",
    )
    idempotency_key: IdempotencyKey = idempotency_key()


@strawberry.input(description="The input of `updateFeed`. What is absent stays as it is.")
class UpdateFeedInput:
    feed_id: strawberry.ID = _own_feed()
    name: Name | None = strawberry.field(
        default=None, description="The new name: one line of 1 to 100 characters; null leaves it as it is."
    )
    description: Description | None = strawberry.field(
        default=UNSET, description="The new description, up to 500 characters; null removes it."
    )
    rules: FeedRulesInput | None = strawberry.field(
        default=None, description="The new rules, replacing the old ones as a whole; null leaves them as they are."
    )
    pinned_post_ids: PinnedPostIds | None = strawberry.field(
        default=None,
        description=f"The posts to pin instead of the earlier ones, in order, each once; at most {MOST_PINS}. Each "
        "must be one that the viewer's feeds may contain (`FeedCheck.REACHABLE`); anything else answers NOT_FOUND. "
        "Empty unpins all; null leaves them as they are.",
    )
    expected_rules_version: int | None = strawberry.field(
        default=None,
        description="Refuses the change with CONFLICT when `Feed.rulesVersion` is another by now; null changes it "
        "anyway.",
    )


@strawberry.input(description="The input of `deleteFeed`.")
class DeleteFeedInput:
    feed_id: strawberry.ID = _own_feed()


@strawberry.input(description="The input of `reorderFeeds`.")
class ReorderFeedsInput:
    feed_ids: Annotated[list[strawberry.ID], Field(max_length=FEEDS_PER_USER + 1)] = strawberry.field(
        description="All of the viewer's feeds in their new order, each once, the built-in one among them. "
        "Must be the viewer's own; anything else answers NOT_FOUND.",
        directives=[Owned()],
    )


@strawberry.input(description="The input of `setDefaultFeed`.")
class SetDefaultFeedInput:
    feed_id: strawberry.ID = _own_feed()


@strawberry.input(description="The input of `setFeedMarker`.")
class SetFeedMarkerInput:
    feed_id: strawberry.ID = strawberry.field(
        description="The feed: one of the viewer's, the built-in one among them, or one shared with PUBLIC."
    )
    cursor: Annotated[str, Field(max_length=200)] | None = strawberry.field(
        default=None,
        description="The cursor of the topmost post that was read, from `Feed.posts` of this feed; null removes the "
        "marker.",
    )
