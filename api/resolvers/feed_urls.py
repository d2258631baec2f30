"""Secret addresses of feeds, for programs that cannot sign in."""

import strawberry

from api.context import Info
from api.feeds.built_in import stored_feed_id
from api.feeds.reader import ATOM_PATH, JSON_PATH
from api.feeds.sharing import TOKENS_PER_FEED, issue_feed_token, locked_feed
from api.gql.idempotency import Creation
from api.gql.mutation import mutation, user_errors
from api.gql.scalars import URL
from api.gql.user_errors import UserError
from api.inputs.feeds import CreateFeedUrlsInput, RevokeFeedUrlsInput
from api.types.feeds import Feed
from api.types.payloads import changed_viewer
from db.errors import NotFoundError
from db.queries import feed_tokens
from db.queries.feeds import FeedRow
from db.queries.sessions import SessionRow


@strawberry.type(description="The result of `createFeedUrls`.")
class CreateFeedUrlsPayload:
    feed: FeedRow | None = strawberry.field(default=None, graphql_type=Feed | None, description="The feed.")
    atom_url: URL | None = strawberry.field(
        default=None,
        description="The feed as Atom. Whoever has the address reads it; it is shown this once, since the server keeps "
        "the digest of its token alone. Null for a retry with the key of an earlier call, and on an error: where the "
        "answer to that call was lost, call with a new key, or revoke the addresses first.",
    )
    json_feed_url: URL | None = strawberry.field(
        default=None,
        description="The same as JSON Feed, with the same token: it is as secret, and null where `atomUrl` is.",
    )
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The result of `revokeFeedUrls`.")
class RevokeFeedUrlsPayload:
    feed: FeedRow | None = strawberry.field(default=None, graphql_type=Feed | None, description="The feed.")
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


async def _made_before(info: Info, feed_id: int) -> CreateFeedUrlsPayload:
    """What a retry gets: the feed, and no address, which nobody has but who was given it."""
    feed = await info.context.loaders.feed_by_id.load(feed_id)
    if feed is None:
        raise NotFoundError
    return CreateFeedUrlsPayload(feed=feed)


@strawberry.type
class FeedUrlMutation:
    @mutation(
        description="Creates secret addresses that serve the latest 30 posts of a feed as Atom and JSON Feed, for "
        "programs that cannot sign in. They show the public posts among those that the viewer sees in it, and the "
        f"viewer pays for reading them. Earlier ones stay valid, {TOKENS_PER_FEED} at most. User errors: NOT_FOUND, "
        "BAD_USER_INPUT (one too many, or the built-in feed), CONFLICT.",
        creation=Creation("feed", _made_before),
    )
    @staticmethod
    async def create_feed_urls(info: Info, input: CreateFeedUrlsInput) -> CreateFeedUrlsPayload:
        feed = await locked_feed(info, stored_feed_id(info, input.feed_id))
        token, base = await issue_feed_token(info, feed.id, "reader"), info.context.client.base_url
        return CreateFeedUrlsPayload(
            feed=feed,
            atom_url=URL(f"{base}{ATOM_PATH}?token={token}"),
            json_feed_url=URL(f"{base}{JSON_PATH}?token={token}"),
        )

    @mutation(
        description="Makes all secret addresses of a feed invalid. No error when it has none. User errors: NOT_FOUND, "
        "BAD_USER_INPUT (the built-in feed)."
    )
    @staticmethod
    async def revoke_feed_urls(info: Info, input: RevokeFeedUrlsInput) -> RevokeFeedUrlsPayload:
        feed = await locked_feed(info, stored_feed_id(info, input.feed_id))
        await feed_tokens.delete_feed_tokens(info.context.database, info.context.signed_in, feed.id, "reader")
        return RevokeFeedUrlsPayload(feed=feed)
