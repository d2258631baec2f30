"""What a job finds to be trending, written to the tables that db/queries/discovery.py reads."""

from db.pool import Database
from db.statements import load

WINDOWS = (1, 24, 168)
"""The spans of time, in hours."""

_STATEMENTS = load("trending")


async def refresh_trending_posts(database: Database, hours: int) -> int:
    """How many posts are new among them, or have another score."""
    return await database.execute(_STATEMENTS["refresh_trending_posts"], hours=hours)


async def refresh_used_tags(database: Database) -> int:
    """How many tags are new, or are used by more or fewer people."""
    return await database.execute(_STATEMENTS["refresh_used_tags"])


async def refresh_trending_tags(database: Database, hours: int) -> int:
    """How many tags there are."""
    return await database.execute(_STATEMENTS["refresh_trending_tags"], hours=hours)
