"""What an account is protected by: confirmed once more before a change, and strong enough when it is new."""

from api.accounts.weak_passwords import weakness
from api.context import Context
from db.errors import ConflictingWritesError, CredentialsError, InvalidInputError
from db.pool import Database
from db.queries import accounts, audit
from db.queries.accounts import CredentialsRow
from db.queries.audit import Action


async def confirm_password(context: Context, password: str, field: str) -> CredentialsRow:
    """The viewer's credentials, confirmed once more by the password; a wrong one counts like one at a login."""
    services, database = context.services, context.database
    session = await context.own_session()
    await database.release()
    async with services.throttle.attempt(session.username, context.client.network, known=True) as attempt:
        credentials = await accounts.credentials_by_id(database, session.id)
        await database.release()
        attempt.passed = await services.passwords.verify(credentials and credentials.password_hash, password)
    if credentials is None or not attempt.passed:
        await audit.insert_entry(database, session.id, Action.PASSWORD_CHECK_FAILED, context.client.address)
        raise CredentialsError("The password is wrong.", field=(field,))
    return credentials


async def require_unchanged(database: Database, viewer: CredentialsRow) -> None:
    """What was confirmed still holds, and does until the transaction ends; else ConflictingWritesError."""
    now = await accounts.lock_credentials(database, viewer.id)
    if now is None or (now.password_hash, now.email) != (viewer.password_hash, viewer.email):
        raise ConflictingWritesError


def require_strong(password: str, username: str, email: str, field: str) -> None:
    """InvalidInputError for a password that is not good enough for this account."""
    reason = weakness(password, username, email)
    if reason is not None:
        raise InvalidInputError(reason, field=(field,))


async def hash_new_password(context: Context, password: str, username: str, email: str, field: str) -> str:
    """The hash of a password that is good enough for this account, else InvalidInputError.

    One network address hashes one at a time.
    """
    async with context.services.throttle.turn(context.client.network):
        require_strong(password, username, email, field)
        return await context.services.passwords.hash(password)
