"""The secrets that open a feed: links to its rules, and addresses for readers of its posts."""

from asyncio import Future
from collections.abc import Iterable
from typing import Literal, TypeAlias

from db.pool import Database
from db.queries import IdRow, array
from db.queries.feeds import FeedRow
from db.queries.sessions import TokenOwnerRow
from db.statements import load

FeedTokenPurpose: TypeAlias = Literal["link", "reader"]
"""A link opens the rules of a feed, the address for readers its posts, as its owner sees them."""

_STATEMENTS = load("feed_tokens")


async def feed_by_token(database: Database, viewer: int | None, token_hash: bytes) -> FeedRow | None:
    """The feed that a link with this token opens."""
    return await database.fetch_one(_STATEMENTS["feed_by_token"], FeedRow, viewer=viewer, token_hash=token_hash)


async def feed_by_reader_token(database: Database, token_hash: bytes) -> FeedRow | None:
    """The feed that an address for readers with this token opens."""
    return await database.fetch_one(_STATEMENTS["feed_by_reader_token"], FeedRow, token_hash=token_hash)


def reader_token_owners_by_token_hashes(
    database: Database, token_hashes: Iterable[bytes]
) -> Future[list[TokenOwnerRow]]:
    """Who owns the feeds that these open for readers, if they are active."""
    digits = array(digest.hex() for digest in token_hashes)
    return database.fetch(_STATEMENTS["reader_token_owners_by_token_hashes"], TokenOwnerRow, token_hashes=digits)


def feeds_with_reader_tokens(database: Database, viewer: int, ids: Iterable[int]) -> Future[list[IdRow]]:
    return database.fetch(_STATEMENTS["feeds_with_reader_tokens"], IdRow, viewer=viewer, ids=array(ids))


async def insert_feed_token(
    database: Database, viewer: int, feed_id: int, purpose: FeedTokenPurpose, token_hash: bytes
) -> bool:
    """Whether a locked feed has one token more for this purpose; it may have 20."""
    given = {"viewer": viewer, "feed_id": feed_id, "purpose": purpose, "token_hash": token_hash}
    return await database.fetch_one(_STATEMENTS["insert_feed_token"], IdRow, **given) is not None


async def delete_feed_tokens(database: Database, viewer: int, feed_id: int, purpose: FeedTokenPurpose) -> None:
    """Revoke all that a feed of the viewer has for this purpose."""
    await database.fetch(_STATEMENTS["delete_feed_tokens"], IdRow, viewer=viewer, feed_id=feed_id, purpose=purpose)
