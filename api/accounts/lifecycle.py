"""What happens to an account when it is deleted or restored, by whomever. Within the caller's transaction."""

from datetime import datetime

from api.accounts.sessions import end_all_sessions
from api.email.messages import EmailTemplates
from api.email.queue import enqueue
from db.pool import Database
from db.queries import accounts, audit, verification
from db.queries.audit import Action


async def delete_account(
    database: Database, emails: EmailTemplates | None, user_id: int, address: str | None
) -> datetime | None:
    """When it was deleted; None when it was deleted before.

    All sessions end, no token that was sent works, and with `emails` the owner gets one that says how to cancel it.
    """
    deleted_at = await accounts.delete_account(database, user_id)
    if deleted_at is not None:
        await verification.void_tokens(database, user_id)
        await end_all_sessions(database, user_id)
        await audit.insert_entry(database, user_id, Action.ACCOUNT_DELETED, address)
        owner = None if emails is None else await accounts.credentials_by_id(database, user_id)
        if emails is not None and owner is not None:
            notice = emails.deletion_begun(owner.email, owner.username, accounts.DELETION_GRACE.days)
            await enqueue(database, user_id, notice)
    return deleted_at
