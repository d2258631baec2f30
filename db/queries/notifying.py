"""What notifies people, and takes notifications back."""

from collections.abc import Iterable, Sequence

from db.pool import Database
from db.queries import array
from db.statements import load

_STATEMENTS = load("notifying")


async def delete_unread_notifications_by(database: Database, viewer: int, user_id: int) -> None:
    await database.execute(_STATEMENTS["delete_unread_notifications_by"], viewer=viewer, user_id=user_id)


async def notify_follow(database: Database, viewer: int, user_id: int) -> None:
    await database.execute(_STATEMENTS["notify_follow"], viewer=viewer, user_id=user_id)


async def withdraw_acquaintance(database: Database, viewer: int, user_id: int) -> None:
    """After the viewer has ended something between the two, whose pair is locked."""
    await database.execute(_STATEMENTS["withdraw_acquaintance"], viewer=viewer, user_id=user_id)


async def notify_like(database: Database, viewer: int, post_id: int) -> None:
    await database.execute(_STATEMENTS["notify_like"], viewer=viewer, post_id=post_id)


async def notify_mentions(database: Database, post_ids: Iterable[int]) -> None:
    await database.execute(_STATEMENTS["notify_mentions"], post_ids=array(post_ids))


async def renew_mentions(database: Database, post_id: int) -> None:
    """After a change of a published post: its notifications quote it as it is, and those it names now have one."""
    await database.execute(_STATEMENTS["withdraw_mentions"], post_id=post_id)
    await database.execute(_STATEMENTS["requote_mentions"], post_id=post_id)
    await notify_mentions(database, [post_id])


async def notify_unpublished(database: Database, post_id: int, reason: str) -> None:
    await database.execute(_STATEMENTS["notify_unpublished"], post_id=post_id, reason=reason)


async def notify_comment(database: Database, comment_id: int) -> None:
    await database.execute(_STATEMENTS["notify_comment"], comment_id=comment_id)


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


async def notify_comment_mentions(database: Database, comment_id: int, user_ids: Iterable[int]) -> None:
    await database.execute(_STATEMENTS["notify_comment_mentions"], comment_id=comment_id, user_ids=array(user_ids))


async def renew_comment(database: Database, comment_id: int, mentioned: Sequence[int]) -> None:
    """After a change of a comment: its notifications quote it as it is, and those whom it names now have one."""
    named = array(mentioned)
    await database.execute(_STATEMENTS["withdraw_comment_mentions"], comment_id=comment_id, user_ids=named)
    await database.execute(_STATEMENTS["requote_comment"], comment_id=comment_id)
    if mentioned:
        await notify_comment_mentions(database, comment_id, mentioned)


async def delete_notifications_of_comment(database: Database, comment_id: int) -> None:
    await database.execute(_STATEMENTS["delete_notifications_of_comment"], comment_id=comment_id)


async def notify_message(database: Database, message_id: int) -> None:
    await database.execute(_STATEMENTS["notify_message"], message_id=message_id)
