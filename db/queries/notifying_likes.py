"""What notifies people of likes and reposts, and takes that back."""

from db.pool import Database
from db.statements import load

_STATEMENTS = load("notifying_likes")


async def notify_like(database: Database, viewer: int, post_id: int) -> None:
    await database.execute(_STATEMENTS["notify_like"], viewer=viewer, post_id=post_id)


async def withdraw_like(database: Database, viewer: int, post_id: int) -> None:
    await database.execute(_STATEMENTS["withdraw_like"], viewer=viewer, post_id=post_id)


async def notify_repost(database: Database, viewer: int, post_id: int) -> None:
    await database.execute(_STATEMENTS["notify_repost"], viewer=viewer, post_id=post_id)


async def withdraw_repost(database: Database, viewer: int, post_id: int) -> None:
    await database.execute(_STATEMENTS["withdraw_repost"], viewer=viewer, post_id=post_id)


async def notify_comment_like(database: Database, viewer: int, comment_id: int) -> None:
    await database.execute(_STATEMENTS["notify_comment_like"], viewer=viewer, comment_id=comment_id)


async def withdraw_comment_like(database: Database, viewer: int, comment_id: int) -> None:
    await database.execute(_STATEMENTS["withdraw_comment_like"], viewer=viewer, comment_id=comment_id)
