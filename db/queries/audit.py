"""The trail of what was done with accounts."""

from enum import StrEnum

from psycopg.types.json import Jsonb

from db.pool import Database
from db.statements import load

_STATEMENTS = load("audit")


class Action(StrEnum):
    ACCOUNT_REGISTERED = "account_registered"
    LOGIN = "login"
    LOGIN_FAILED = "login_failed"
    LOGOUT = "logout"
    SESSION_REVOKED = "session_revoked"
    OTHER_SESSIONS_REVOKED = "other_sessions_revoked"
    EMAIL_VERIFIED = "email_verified"
    EMAIL_CHANGE_REQUESTED = "email_change_requested"
    EMAIL_CHANGED = "email_changed"
    USERNAME_CHANGED = "username_changed"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105  # what was done, and no password
    PASSWORD_CHECK_FAILED = "password_check_failed"  # noqa: S105
    PASSWORD_RESET_REQUESTED = "password_reset_requested"  # noqa: S105
    PASSWORD_RESET = "password_reset"  # noqa: S105
    ACCOUNT_DELETED = "account_deleted"
    ACCOUNT_DELETION_CANCELED = "account_deletion_canceled"
    ACCOUNT_SUSPENDED = "account_suspended"
    ACCOUNT_RESTORED = "account_restored"
    ACCOUNT_PURGED = "account_purged"
    DATA_EXPORTED = "data_exported"


async def insert_entry(
    database: Database, user_id: int | None, action: Action, ip_address: str | None, **details: object
) -> None:
    await database.execute(
        _STATEMENTS["insert_entry"], user_id=user_id, action=action.value, details=Jsonb(details), ip_address=ip_address
    )
