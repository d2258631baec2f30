"""Passwords: changed by those who know them, and replaced by those who have forgotten them."""

from collections.abc import Iterable
from functools import partial

import strawberry

from api.accounts.sessions import issue_token, token_hash
from api.accounts.weak_passwords import weakness
from api.context import Context, Info, Services
from api.email.messages import Letter
from api.gql.mutation import in_transaction, mutation, user_errors
from api.gql.user_errors import UserError
from api.inputs.accounts import ChangePasswordInput, RequestPasswordResetInput, ResetPasswordInput, normalised
from api.resolvers.sessions import leave
from db.errors import ConflictingWritesError, CredentialsError, InvalidInputError
from db.pool import Database
from db.queries import accounts, audit, sessions, verification
from db.queries.accounts import CredentialsRow
from db.queries.audit import Action
from db.queries.verification import Purpose, TokenOwnerRow

STALE_TOKEN = "This does not work any more: it was used, or its time is over. Ask for another letter."  # noqa: S105


@strawberry.type(description="The outcome of `changePassword`.")
class ChangePasswordPayload:
    revoked_count: int | None = strawberry.field(
        default=None, description="How many other sessions have ended. That of the request goes on."
    )
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The outcome of `requestPasswordReset`.")
class RequestPasswordResetPayload:
    accepted: bool = strawberry.field(
        default=False, description="Whether an e-mail will be sent, if there is an account with this address."
    )
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The outcome of `resetPassword`.")
class ResetPasswordPayload:
    password_reset: bool = strawberry.field(
        default=False, description="Whether the new password holds. All sessions have ended: log in with it."
    )
    user_errors: list[UserError] = user_errors()


async def confirmed(context: Context, password: str, field: str) -> CredentialsRow:
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


async def new_hash(context: Context, password: str, username: str, email: str, field: str) -> str:
    """The hash of a password that is good enough for this account, else InvalidInputError. It takes a turn's time."""
    require_strong(password, username, email, field)
    return await context.services.passwords.hash(password)


async def new_hash_in_turn(context: Context, password: str, username: str, email: str, field: str) -> str:
    """The same, when nobody else of this network address is at it."""
    async with context.services.throttle.turn(context.client.network):
        return await new_hash(context, password, username, email, field)


async def _store_change(context: Context, viewer: CredentialsRow, session_id: int, password_hash: str) -> int:
    database = context.database
    await require_unchanged(database, viewer)
    await accounts.set_password(database, viewer.id, password_hash)
    await verification.void_tokens(database, viewer.id)
    await audit.insert_entry(database, viewer.id, Action.PASSWORD_CHANGED, context.client.address)
    return await sessions.revoke_other_sessions(database, viewer.id, session_id)


async def _store_reset(context: Context, owner: TokenOwnerRow, digest: bytes, password_hash: str) -> None:
    database, purpose = context.database, Purpose.PASSWORD_RESET
    account = await accounts.lock_credentials(database, owner.id)
    if account is None or account.email != owner.email or not await verification.use_token(database, purpose, digest):
        raise InvalidInputError(STALE_TOKEN, field=("token",))
    await accounts.set_password(database, owner.id, password_hash)
    await accounts.set_verified_email(database, owner.id, owner.email)
    await verification.void_tokens(database, owner.id)
    await sessions.revoke_other_sessions(database, owner.id, None)
    await audit.insert_entry(database, owner.id, Action.PASSWORD_RESET, context.client.address)


async def _write_reset(services: Services, email: str, address: str | None) -> Iterable[Letter]:
    """The letter to whoever has this address; nothing if nobody has. It runs when the answer has left."""
    async with services.pool.operation() as database, database.transaction():
        account = await accounts.account_by_email(database, email)
        locked = account and await accounts.lock_credentials(database, account.id)
        if account is None or locked is None or locked.email != account.email:
            return ()
        token = await issue_token(database, account.id, Purpose.PASSWORD_RESET, account.email)
        await audit.insert_entry(database, account.id, Action.PASSWORD_RESET_REQUESTED, address)
    return (services.letters.reset_password(account.email, account.username, token),)


@strawberry.type
class PasswordMutation:
    @mutation(
        description="Change the viewer's password. All other sessions end, and all links that were sent to the "
        "account's addresses stop working, a pending `changeEmail` included; an e-mail says so. RATE_LIMITED when "
        "there were too many e-mails at the account's request.",
        transactional=False,  # no connection is held while passwords are hashed
    )
    @staticmethod
    async def change_password(info: Info, input: ChangePasswordInput) -> ChangePasswordPayload:
        context = info.context
        viewer = await confirmed(context, input.current_password, "current_password")
        await context.services.throttle.sender(context.client.network, viewer.id)
        password_hash = await new_hash_in_turn(
            context, input.new_password, viewer.username, viewer.email, "new_password"
        )
        session = await context.own_session()
        notice = context.services.letters.password_changed(viewer.email, viewer.username)
        store = partial(_store_change, context, viewer, session.session_id, password_hash)
        count = await in_transaction(context, store, notices=lambda _: (notice,))
        return ChangePasswordPayload(revoked_count=count)

    @mutation(
        description="Request an e-mail with a link to choose a new password. The answer is the same, at the same "
        "time, whether there is such an account or not. RATE_LIMITED when there were too many requests from the "
        "caller's network address; beyond 5 within an hour, none is sent to the same receiver, and nothing says so.",
        public=True,
        transactional=False,
    )
    @staticmethod
    async def request_password_reset(info: Info, input: RequestPasswordResetInput) -> RequestPasswordResetPayload:
        services, client, email = info.context.services, info.context.client, normalised(input.email)
        await services.throttle.sender(client.network)
        if not await services.throttle.receiver(email, Purpose.PASSWORD_RESET):
            services.outbox.run(partial(_write_reset, services, email, client.address))
        return RequestPasswordResetPayload(accepted=True)

    @mutation(
        description="Choose a new password with the token from the e-mail. All sessions end, and all other links that "
        "were sent to the account's addresses stop working, a pending `changeEmail` included; an e-mail says so.",
        public=True,
        transactional=False,
    )
    @staticmethod
    async def reset_password(info: Info, input: ResetPasswordInput) -> ResetPasswordPayload:
        context, digest = info.context, token_hash(input.token)
        owner = await verification.owner_of_token(context.database, Purpose.PASSWORD_RESET, digest)
        await context.database.release()
        if owner is None:
            raise InvalidInputError(STALE_TOKEN, field=("token",))
        password_hash = await new_hash_in_turn(
            context, input.new_password, owner.username, owner.stored_email, "new_password"
        )
        notice = context.services.letters.password_changed(owner.stored_email, owner.username)
        store = partial(_store_reset, context, owner, digest, password_hash)
        await in_transaction(context, store, notices=lambda _: (notice,))
        if context.viewer_id == owner.id:
            leave(context)
        return ResetPasswordPayload(password_reset=True)
