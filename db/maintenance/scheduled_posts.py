"""Publishes scheduled posts when their time has come.

Any number of processes may do so at once, at any time: each post is published by one of them, once.
"""

from db.pool import Database
from db.queries import notifications, posts

BATCH = 100


async def publish_scheduled_posts(database: Database, batch: int = BATCH) -> int:
    """Publish all posts that are due, a batch in each transaction; how many.

    Those of suspended and deleted accounts wait until the account is active again.
    """
    published = 0
    while True:
        async with database.transaction():
            now = await posts.publish_due_posts(database, batch)
            await notifications.notify_mentions(database, now)
        published += len(now)
        if len(now) < batch:
            return published
