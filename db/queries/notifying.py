"""What notifies people, and takes notifications back; of likes, reposts and mentions beside this."""

from collections.abc import Sequence

from db.pool import Database
from db.queries import notifying_mentions
from db.statements import load

_STATEMENTS = load("notifying")


async def delete_unread_notifications_by(database: Database, viewer: int, user_id: int) -> None:
    await database.execute(_STATEMENTS["delete_unread_notifications_by"], viewer=viewer, user_id=user_id)


async def notify_follow(database: Database, viewer: int, user_id: int) -> None:
    await database.execute(_STATEMENTS["notify_follow"], viewer=viewer, user_id=user_id)


async def withdraw_acquaintance(database: Database, viewer: int, user_id: int) -> None:
    """After the viewer has ended something between the two, whose pair is locked."""
    await database.execute(_STATEMENTS["withdraw_acquaintance"], viewer=viewer, user_id=user_id)


async def notify_unpublished(database: Database, post_id: int, reason: str) -> None:
    await database.execute(_STATEMENTS["notify_unpublished"], post_id=post_id, reason=reason)


async def notify_storage(database: Database, user_id: int, size: int) -> None:
    await database.execute(_STATEMENTS["notify_storage"], user_id=user_id, size=size)


async def notify_comment(database: Database, comment_id: int) -> None:
    await database.execute(_STATEMENTS["notify_comment"], comment_id=comment_id)


async def renew_comment(database: Database, comment_id: int, mentioned: Sequence[int]) -> None:
    """After a change of a comment: its notifications quote it as it is, and those whom it names now have one."""
    await notifying_mentions.withdraw_comment_mentions(database, comment_id, mentioned)
    await database.execute(_STATEMENTS["requote_comment"], comment_id=comment_id)
    if mentioned:
        await notifying_mentions.notify_comment_mentions(database, comment_id, mentioned)


async def delete_notifications_of_comment(database: Database, comment_id: int) -> None:
    await database.execute(_STATEMENTS["delete_notifications_of_comment"], comment_id=comment_id)


async def notify_message(database: Database, message_id: int) -> None:
    await database.execute(_STATEMENTS["notify_message"], message_id=message_id)


async def read_notifications_of_conversation(database: Database, viewer: int, conversation_id: int) -> None:
    statement = _STATEMENTS["read_notifications_of_conversation"]
    await database.execute(statement, viewer=viewer, conversation_id=conversation_id)


async def requote_message(database: Database, message_id: int) -> None:
    await database.execute(_STATEMENTS["requote_message"], message_id=message_id)


async def delete_notifications_of_message(database: Database, message_id: int) -> None:
    await database.execute(_STATEMENTS["delete_notifications_of_message"], message_id=message_id)
