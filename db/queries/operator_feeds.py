"""Feeds as operators look at them, whoever may open them: nothing that a client asks reads these."""

from db.pool import Database
from db.queries.feeds import FeedRow
from db.statements import load

_STATEMENTS = load("operator_feeds")


async def feed_by_id(database: Database, feed_id: int) -> FeedRow | None:
    """The stored feed of this id."""
    return await database.fetch_one(_STATEMENTS["feed_by_id"], FeedRow, feed_id=feed_id)
