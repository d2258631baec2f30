"""Finds out what is trending, one span of time after another, each statement a transaction of its own."""

from db.pool import Database
from db.queries import trending


async def refresh(database: Database) -> int:
    """Look at all spans of time, and at the tags that are used at all; how many spans."""
    for hours in trending.WINDOWS:
        await trending.refresh_trending_posts(database, hours)
        await trending.refresh_trending_tags(database, hours)
    await trending.refresh_used_tags(database)
    return len(trending.WINDOWS)
