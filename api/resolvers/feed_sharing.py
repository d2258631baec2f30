"""Feeds that others may open, and copies of them."""

from typing import Annotated

import strawberry

from api.accounts.tokens import token_hash
from api.context import Info
from api.feeds.built_in import stored_feed_id
from api.feeds.creating import FEEDS_PER_USER, create_feed, free_name
from api.feeds.sharing import TOKENS_PER_FEED, opened_feed, share
from api.gql.idempotency import Creation
from api.gql.ids import decode
from api.gql.mutation import mutation, user_errors
from api.gql.permissions import active
from api.gql.user_errors import UserError
from api.inputs.feeds import ForkFeedInput, ShareFeedInput
from api.loaders.feed_masks import masked
from api.loaders.feeds import rules_of
from api.types.feeds import Feed
from api.types.payloads import changed_viewer
from db.errors import NotFoundError
from db.feeds.extents import is_hidden
from db.feeds.notices import places
from db.queries import feed_tokens
from db.queries.feeds import FeedRow
from db.queries.sessions import SessionRow

_HIDDEN = "It is about people or feeds that you cannot see, so it cannot be copied."

LinkToken = Annotated[str, strawberry.argument(description="The token of its link: `ShareFeedPayload.linkToken`.")]


@strawberry.type
class FeedSharingQuery:
    @strawberry.field(
        graphql_type=Feed | None,
        description="A feed by the token of its link; null when the link is not valid (any more). `node` does not find "
        "it by its id, which can be guessed.",
        extensions=active(),
    )
    async def shared_feed(self, info: Info, token: LinkToken) -> FeedRow | None:
        return await feed_tokens.feed_by_token(info.context.database, info.context.viewer_id, token_hash(token))


@strawberry.type(description="The result of `shareFeed`.")
class ShareFeedPayload:
    feed: FeedRow | None = strawberry.field(default=None, graphql_type=Feed | None, description="The feed.")
    link_token: str | None = strawberry.field(
        default=None,
        description="The token of a new link, for `sharedFeed`; null unless `sharing` is LINK. It is shown this once: "
        "the server keeps its digest alone. Null, too, for a retry with the key of an earlier call.",
    )
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The result of `forkFeed`.")
class ForkFeedPayload:
    feed: FeedRow | None = strawberry.field(
        default=None, graphql_type=Feed | None, description="The copy, last in `viewer.feeds`."
    )
    forked_from: FeedRow | None = strawberry.field(
        default=None, graphql_type=Feed | None, description="The original, with its new count."
    )
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


async def _own_feed(info: Info, feed_id: int) -> FeedRow:
    found = await info.context.loaders.feed_by_id.load(feed_id)
    if found is None:
        raise NotFoundError(field=("feed_id",))
    return found


async def _shared_before(info: Info, feed_id: int) -> ShareFeedPayload:
    """What a retry gets: the feed as it is, and no token, which nobody has but who was given it."""
    return ShareFeedPayload(feed=await _own_feed(info, feed_id))


async def _copied(info: Info, feed_id: int) -> ForkFeedPayload:
    """The payload of a copy that is there already; the original is named where its id opens it."""
    copy = await _own_feed(info, feed_id)
    loaders = info.context.loaders
    original = None if copy.forked_from_id is None else await loaders.feed_by_id.load(copy.forked_from_id)
    return ForkFeedPayload(feed=copy, forked_from=original)


@strawberry.type
class FeedSharingMutation:
    @mutation(
        description="Chooses who can open a feed. LINK makes a link each time it is asked for, and earlier ones stay "
        f"valid, {TOKENS_PER_FEED} at most; with `renewLink`, or when the feed becomes PRIVATE again, all of them are "
        "invalid for good. In a shared feed ME, FRIENDS, FOLLOWING and FOLLOWERS mean the reader's, and "
        "of other feeds that its rules name, those count that the reader may open. User errors: "
        "NOT_FOUND, BAD_USER_INPUT (one link too many, or the built-in feed), CONFLICT.",
        creation=Creation("feed", _shared_before),
    )
    @staticmethod
    async def share_feed(info: Info, input: ShareFeedInput) -> ShareFeedPayload:
        feed_id = stored_feed_id(info, input.feed_id)
        token = await share(info, feed_id, input.sharing, renew=input.renew_link)
        return ShareFeedPayload(feed=await _own_feed(info, feed_id), link_token=token)

    @mutation(
        description="Copies a feed that the viewer can open into the viewer's feeds, its rules as the viewer can read "
        "them; `forkedFrom` credits the original. Later changes of the original do not change the copy. An account has "
        f"at most {FEEDS_PER_USER} feeds. User errors: NOT_FOUND (also where a filter is about hidden people "
        "alone, or about a hidden feed), BAD_USER_INPUT (one feed too many), CONFLICT (the viewer has a feed of the "
        "given name).",
        creation=Creation("feed", _copied),
    )
    @staticmethod
    async def fork_feed(info: Info, input: ForkFeedInput) -> ForkFeedPayload:
        original = await opened_feed(info, decode(input.feed_id, "Feed"), input.link_token)
        every = await rules_of(info.context.loaders, [original])
        (rules,) = await masked(info.context, info.context.loaders, [original], every)
        if any(is_hidden(place.filter) for place in places(rules)):
            raise NotFoundError(_HIDDEN, field=("feed_id",))
        name = await free_name(info, original.name) if input.name is None else input.name
        copy = await create_feed(info, name, original.description, rules, forked_from_id=original.id)
        return ForkFeedPayload(feed=await _own_feed(info, copy), forked_from=original)
