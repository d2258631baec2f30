"""What belongs to an account and goes in small pieces; see db/maintenance/purges.py for the order of the calls."""

from collections.abc import Awaitable, Callable

from db.pool import Database
from db.statements import Statement, load

_STATEMENTS = load("account_parts")


def _part(statement: Statement) -> Callable[[Database, int, int], Awaitable[int]]:
    async def purge(database: Database, user_id: int, limit: int) -> int:
        return await database.execute(statement, user_id=user_id, limit=limit)

    return purge


PARTS_OF_USER = (
    # Before what they are about: one without its act would be a fault.
    _part(_STATEMENTS["purge_notifications_of_user"]),
    _part(_STATEMENTS["purge_notifications_by_user"]),
    _part(_STATEMENTS["purge_interactions_of_user"]),
    _part(_STATEMENTS["purge_reposts_of_user"]),
    _part(_STATEMENTS["purge_comment_likes_of_user"]),
    _part(_STATEMENTS["purge_seen_posts_of_user"]),
    _part(_STATEMENTS["purge_follows_by_follower"]),
    _part(_STATEMENTS["purge_follows_by_following"]),
    _part(_STATEMENTS["purge_follow_requests_of_user"]),
    _part(_STATEMENTS["purge_messages_of_user"]),
    _part(_STATEMENTS["purge_blocks_of_user"]),
    _part(_STATEMENTS["purge_mutes_of_user"]),
    _part(_STATEMENTS["purge_entries_of_user"]),
    _part(_STATEMENTS["purge_members_of_lists_of_user"]),
    _part(_STATEMENTS["purge_mentions_of_user"]),
    _part(_STATEMENTS["purge_keys_of_user"]),
    _part(_STATEMENTS["purge_tokens_of_user"]),
    _part(_STATEMENTS["purge_sessions_of_user"]),
    _part(_STATEMENTS["purge_entries_of_audit_log"]),
)
"""What goes in small pieces before a user's posts and comments do."""


purge_media_of_user = _part(_STATEMENTS["purge_media_of_user"])
