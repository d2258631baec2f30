"""Feeds that others may open: by a link, or by everybody; and copies of them."""

from api.accounts.tokens import new_token, token_hash
from api.context import Info
from db.enums import FeedSharing
from db.errors import InvalidInputError, NotFoundError
from db.queries import feed_tokens, feeds
from db.queries.feed_tokens import FeedTokenPurpose
from db.queries.feeds import FeedRow

TOKENS_PER_FEED = 20


async def locked_feed(info: Info, feed_id: int) -> FeedRow:
    """A feed of the viewer that nobody else changes until the transaction ends; else NOT_FOUND."""
    feed = await feeds.lock_feed(info.context.database, info.context.signed_in, feed_id)
    if feed is None:
        raise NotFoundError(field=("feed_id",))
    return feed


_WHAT: dict[FeedTokenPurpose, str] = {
    "link": "links already, which is the most. Share it with `renewLink`, which ends them all.",
    "reader": "addresses already, which is the most. Revoke them first.",
}


async def issue_feed_token(info: Info, feed_id: int, purpose: FeedTokenPurpose) -> str:
    """One token more of a locked feed of the viewer. It is shown once: its digest is stored."""
    token = new_token()
    viewer, database = info.context.signed_in, info.context.database
    if not await feed_tokens.insert_feed_token(database, viewer, feed_id, purpose, token_hash(token)):
        raise InvalidInputError(
            f"This feed has {TOKENS_PER_FEED} {_WHAT[purpose]}",
            field=("feed_id",),
        )
    return token


async def share(info: Info, feed_id: int, sharing: FeedSharing, *, renew: bool) -> str | None:
    """Who may open a feed of the viewer from now on; the token of a new link, if that is by a link."""
    viewer, database = info.context.signed_in, info.context.database
    await locked_feed(info, feed_id)
    if renew or sharing is FeedSharing.PRIVATE:
        await feed_tokens.delete_feed_tokens(database, viewer, feed_id, "link")
    await feeds.share_feed(database, viewer, feed_id, sharing)
    return await issue_feed_token(info, feed_id, "link") if sharing is FeedSharing.LINK else None


async def opened_feed(info: Info, feed_id: int, token: str | None) -> FeedRow:
    """A feed that the viewer can open, by its id or by the token of a link to it; else NOT_FOUND."""
    if token is None:
        found = await info.context.loaders.feed_by_id.load(feed_id)
    else:
        found = await feed_tokens.feed_by_token(info.context.database, info.context.viewer_id, token_hash(token))
    if found is None or found.id != feed_id:
        raise NotFoundError(field=("feed_id",))
    return found
