"""What notifies people of mentions, and takes that back."""

from collections.abc import Iterable

from db.pool import Database
from db.queries import array
from db.statements import load

_STATEMENTS = load("notifying_mentions")


async def notify_mentions(database: Database, post_ids: Iterable[int]) -> None:
    await database.execute(_STATEMENTS["notify_mentions"], post_ids=array(post_ids))


async def renew_mentions(database: Database, post_id: int) -> None:
    """After a change of a published post: its notifications quote it as it is, and those it names now have one."""
    await database.execute(_STATEMENTS["withdraw_mentions"], post_id=post_id)
    await database.execute(_STATEMENTS["requote_mentions"], post_id=post_id)
    await notify_mentions(database, [post_id])


async def notify_comment_mentions(database: Database, comment_id: int, user_ids: Iterable[int]) -> None:
    await database.execute(_STATEMENTS["notify_comment_mentions"], comment_id=comment_id, user_ids=array(user_ids))


async def withdraw_comment_mentions(database: Database, comment_id: int, user_ids: Iterable[int]) -> None:
    """Of people other than these."""
    await database.execute(_STATEMENTS["withdraw_comment_mentions"], comment_id=comment_id, user_ids=array(user_ids))
