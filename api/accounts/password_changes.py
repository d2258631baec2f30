"""Passwords: changed by those who know them, and replaced by those who have forgotten them."""

from functools import partial

from api.accounts.credentials import confirm_password, hash_new_password, require_unchanged
from api.accounts.login import sign_out
from api.accounts.sessions import end_all_sessions, end_other_sessions
from api.accounts.tokens import issue_token, stale_token, token_hash
from api.context import Context
from api.email.messages import EmailTemplates
from api.email.queue import enqueue, enqueue_password_reset
from api.gql.mutation import in_transaction
from db.pool import Database
from db.queries import accounts, audit, verification
from db.queries.accounts import CredentialsRow
from db.queries.audit import Action
from db.queries.verification import Purpose, TokenOwnerRow


async def change_password(context: Context, current: str, new: str) -> int:
    """How many other sessions have ended. No connection is held while passwords are hashed."""
    viewer = await confirm_password(context, current, "current_password")
    await context.services.throttle.sender(context.client.network, viewer.id)
    password_hash = await hash_new_password(context, new, viewer.username, viewer.email, "new_password")
    session = await context.own_session()
    return await in_transaction(context, partial(_store_change, context, viewer, session.session_id, password_hash))


async def _store_change(context: Context, viewer: CredentialsRow, session_id: int, password_hash: str) -> int:
    database = context.database
    await require_unchanged(database, viewer)
    await accounts.set_password(database, viewer.id, password_hash)
    await verification.void_tokens(database, viewer.id)
    await audit.insert_entry(database, viewer.id, Action.PASSWORD_CHANGED, context.client.address)
    await enqueue(database, viewer.id, context.services.emails.password_changed(viewer.email, viewer.username))
    return await end_other_sessions(database, viewer.id, session_id)


async def request_password_reset(context: Context, email: str) -> None:
    """Send an e-mail with a token, if there is an account with this address. Neither answer nor time says which."""
    services, client = context.services, context.client
    await services.throttle.sender(client.network)
    if not await services.throttle.receiver(email, Purpose.PASSWORD_RESET):
        await enqueue_password_reset(context.database, email, client.address)


async def write_password_reset(database: Database, emails: EmailTemplates, email: str, address: str | None) -> None:
    """Write to the account with this e-mail address, if there is one. A job does it when the answer has left."""
    async with database.transaction():
        account = await accounts.account_by_email(database, email)
        locked = account and await accounts.lock_credentials(database, account.id)
        if account is None or locked is None or locked.email != account.email:
            return
        token = await issue_token(database, account.id, Purpose.PASSWORD_RESET, account.email)
        await audit.insert_entry(database, account.id, Action.PASSWORD_RESET_REQUESTED, address)
        await enqueue(database, account.id, emails.reset_password(account.email, account.username, token))


async def reset_password(context: Context, token: str, new: str) -> None:
    """Give the account that the token was sent to another password, and end all its sessions."""
    digest = token_hash(token)
    owner = await verification.owner_of_token(context.database, Purpose.PASSWORD_RESET, digest)
    await context.database.release()
    if owner is None:
        raise stale_token()
    password_hash = await hash_new_password(context, new, owner.username, owner.stored_email, "new_password")
    await in_transaction(context, partial(_store_reset, context, owner, digest, password_hash))
    if context.viewer_id == owner.id:
        sign_out(context)


async def _store_reset(context: Context, owner: TokenOwnerRow, digest: bytes, password_hash: str) -> None:
    database, purpose = context.database, Purpose.PASSWORD_RESET
    account = await accounts.lock_credentials(database, owner.id)
    if account is None or account.email != owner.email or not await verification.use_token(database, purpose, digest):
        raise stale_token()
    await accounts.set_password(database, owner.id, password_hash)
    await accounts.set_verified_email(database, owner.id, owner.email)
    await verification.void_tokens(database, owner.id)
    await end_all_sessions(database, owner.id)
    await audit.insert_entry(database, owner.id, Action.PASSWORD_RESET, context.client.address)
    await enqueue(database, owner.id, context.services.emails.password_changed(owner.stored_email, owner.username))
