"""Publishes scheduled posts when their time has come.

Any number of processes may do so at once, at any time: each post is published by one of them, once. Each has a
transaction of its own, so that one that has to wait for a lock, or fails, keeps no other from its time.
"""

import logging
from collections.abc import Sequence
from functools import partial

from api.authoring.files import files_do_not_fit
from db.documents.posts import without_text
from db.enums import PostType
from db.errors import LockTimeoutError, StatementTimeoutError
from db.maintenance.transactions import OF_THE_ROW, in_transaction
from db.pool import Database
from db.queries import authoring, media, notifying, notifying_mentions
from db.queries.authoring import DuePostRow
from db.queries.media import MediaRow

BATCH = 100
# The next turn is a minute away: whoever is in the way of one post has none of it.
STATEMENT_MS = 1_000

log = logging.getLogger("vrss.jobs")


def incomplete(type_: PostType, content: str | None, files: Sequence[MediaRow]) -> str | None:
    """A sentence if a post cannot be published like this."""
    return without_text(type_, content) or files_do_not_fit(type_, files)


async def publish_scheduled_posts(database: Database, batch: int = BATCH) -> int:
    """Publish all posts that are due, one in each transaction; how many.

    Those of suspended and deleted accounts wait until the account is active again. One that has become incomplete, as
    by a deleted file, becomes a draft again, and its author is notified.
    """
    published = 0
    last: DuePostRow | None = None
    authors = set[int]()  # whose posts are for the next turn
    while due := await authoring.due_posts(database, last, authors, batch):
        for post in due:
            last = post
            if post.user_id in authors:
                continue
            try:
                published += await in_transaction(
                    database, partial(_publish, database, post.id), attempts=1, statement_ms=STATEMENT_MS
                )
            except (LockTimeoutError, StatementTimeoutError):
                authors.add(post.user_id)  # whose counts somebody else has locked
                log.warning("the post %s waits for a lock; its author's are tried again next time", post.id)
            except OF_THE_ROW:
                log.exception("the post %s was not published; it is tried again next time", post.id)
    return published


async def _publish(database: Database, post_id: int) -> bool:
    """Whether it was published now; not if another process has it, or its author has changed their mind."""
    post = await authoring.lock_due_post(database, post_id)
    if post is None:
        return False
    missing = incomplete(PostType(post.type), post.content, await media.media_by_post_ids(database, [post_id]))
    await authoring.end_schedule(database, post_id, is_complete=missing is None)
    if missing is None:
        await notifying_mentions.notify_mentions(database, [post_id])
    else:
        await notifying.notify_unpublished(database, post_id, missing)
    return missing is None
