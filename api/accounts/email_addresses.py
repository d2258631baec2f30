"""E-mail addresses: confirmed by a token that is sent there, and changed."""

from functools import partial

from api.accounts.credentials import confirm_password, require_unchanged
from api.accounts.sessions import end_other_sessions
from api.accounts.tokens import issue_token, stale_token, token_hash
from api.context import Context
from api.email.queue import enqueue
from api.gql.mutation import in_transaction
from db.errors import ConflictError, ConflictingWritesError, DuplicateEmailError, RateLimitedError
from db.queries import accounts, audit, verification
from db.queries.accounts import CredentialsRow
from db.queries.audit import Action
from db.queries.sessions import SessionRow
from db.queries.verification import Purpose, TokenOwnerRow


async def verify_email(context: Context, token: str) -> str:
    """The address that the token has confirmed: that of a new account, or a new one of an old."""
    owner = await in_transaction(context, partial(_store_verification, context, token_hash(token)))
    session = await context.session()
    if session is not None and session.id == owner.id:
        context.become(session._replace(email=owner.email, email_verified=True))
    return owner.email


async def _store_verification(context: Context, digest: bytes) -> TokenOwnerRow:
    """Whose token it was, with the address that was stored until now."""
    session = await context.session()
    kept = session and session.session_id
    database, purpose = context.database, Purpose.EMAIL_VERIFICATION
    owner = await verification.owner_of_token(database, purpose, digest)
    account = owner and await accounts.lock_credentials(database, owner.id)
    if owner is None or account is None or not await verification.use_token(database, purpose, digest):
        raise stale_token()
    owner = owner._replace(stored_email=account.email)
    try:
        await accounts.set_verified_email(database, owner.id, owner.email)
    except DuplicateEmailError as error:
        raise DuplicateEmailError(field=("token",)) from error
    if owner.email == owner.stored_email:
        await verification.void_tokens(database, owner.id, purpose)
        await audit.insert_entry(database, owner.id, Action.EMAIL_VERIFIED, context.client.address)
        return owner
    await verification.void_tokens(database, owner.id)
    await end_other_sessions(database, owner.id, kept)
    await audit.insert_entry(database, owner.id, Action.EMAIL_CHANGED, context.client.address)
    emails = context.services.emails
    await enqueue(database, owner.id, emails.email_changed(owner.stored_email, owner.username, owner.email))
    return owner


async def resend_verification(context: Context) -> str:
    """The viewer's address, to which another e-mail with a token goes."""
    session = await context.own_session()
    if session.email_verified:
        raise ConflictError("Your address is confirmed already.")
    await _require_room_for_email(context, session.id, session.email)
    await in_transaction(context, partial(_store_resending, context, session))
    return session.email


async def _store_resending(context: Context, session: SessionRow) -> None:
    account = await accounts.lock_credentials(context.database, session.id)
    if account is None or account.email != session.email:
        raise ConflictingWritesError
    token = await _replace_token(context, session.id, session.email, None)
    email = context.services.emails.verify_email(session.email, session.username, token)
    await enqueue(context.database, session.id, email)


async def change_email(context: Context, email: str, password: str) -> None:
    """Ask for the new address to be confirmed, by an e-mail there; the old one holds until then."""
    services = context.services
    viewer = await confirm_password(context, password, "password")
    async with services.throttle.email_change(viewer.id, context.client.network):
        taken = await accounts.account_by_email(context.database, email)
        await context.database.release()
        if taken is not None and taken.id != viewer.id:
            raise DuplicateEmailError(field=("email",))
    await _require_room_for_email(context, viewer.id, email)
    await in_transaction(context, partial(_store_change, context, viewer, email))


async def _store_change(context: Context, viewer: CredentialsRow, email: str) -> None:
    await require_unchanged(context.database, viewer)
    token = await _replace_token(context, viewer.id, email, Action.EMAIL_CHANGE_REQUESTED)
    emails = context.services.emails
    await enqueue(
        context.database,
        viewer.id,
        emails.verify_email(email, viewer.username, token),
        emails.email_change_requested(viewer.email, viewer.username, email),
    )


async def _replace_token(context: Context, user_id: int, email: str, action: Action | None) -> str:
    """A token for an address, the only one of the account that works. The caller has locked the account."""
    database = context.database
    await verification.void_tokens(database, user_id, Purpose.EMAIL_VERIFICATION)
    if action is not None:
        await audit.insert_entry(database, user_id, action, context.client.address)
    return await issue_token(database, user_id, Purpose.EMAIL_VERIFICATION, email)


async def _require_room_for_email(context: Context, user_id: int, email: str) -> None:
    throttle = context.services.throttle
    await throttle.sender(context.client.network, user_id)
    seconds = await throttle.receiver(email, Purpose.EMAIL_VERIFICATION)
    if seconds:
        raise RateLimitedError(
            "There have been many e-mails to this address. Look for them first.", retry_after=seconds
        )
