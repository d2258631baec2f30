"""Deleting one's own account, and cancelling that within the days of grace."""

from datetime import datetime
from functools import partial

from api.accounts import lifecycle
from api.accounts.credentials import confirm_password, require_unchanged
from api.accounts.login import sign_out
from api.context import Context
from api.gql.mutation import in_transaction
from db.errors import ConflictError
from db.queries import accounts, audit
from db.queries.accounts import DELETION_GRACE, CredentialsRow
from db.queries.audit import Action
from db.queries.sessions import SessionRow


async def delete_account(context: Context, password: str) -> datetime:
    """When the viewer's account will be deleted for good. No connection is held while the password is checked."""
    viewer = await confirm_password(context, password, "password")
    await context.services.throttle.sender(context.client.network, viewer.id)
    deleted_at = await in_transaction(context, partial(_store, context, viewer))
    sign_out(context)
    return deleted_at + DELETION_GRACE


async def _store(context: Context, viewer: CredentialsRow) -> datetime:
    await require_unchanged(context.database, viewer)
    deleted_at = await lifecycle.delete_account(
        context.database, context.services.emails, viewer.id, context.client.address
    )
    if deleted_at is None:
        raise ConflictError("The account is deleted already.")
    return deleted_at


async def cancel_deletion(context: Context) -> SessionRow:
    """The viewer's session, of an account that is as it was."""
    session = await context.own_session()
    restored = await in_transaction(context, partial(_restored, context, session))
    context.become(restored)
    return restored


async def _restored(context: Context, session: SessionRow) -> SessionRow:
    database = context.database
    status = await accounts.cancel_account_deletion(database, session.id)
    if status is None:
        raise ConflictError("There is no deletion to cancel: the account is not deleted, or it is deleted for good.")
    await audit.insert_entry(database, session.id, Action.ACCOUNT_DELETION_CANCELED, context.client.address)
    return session._replace(status=status)
