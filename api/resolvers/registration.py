"""Joining, and proving that an e-mail address is one's own."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial

import strawberry

from api.accounts.sessions import issue_token, new_token, token_hash
from api.context import Context, Info
from api.email.messages import Letter
from api.gql.mutation import in_transaction, mutation, user_errors
from api.gql.scalars import EmailAddress
from api.gql.user_errors import UserError
from api.inputs.accounts import ChangeEmailInput, RegisterInput, VerifyEmailInput, normalised
from api.resolvers.passwords import STALE_TOKEN, confirmed, require_strong, require_unchanged
from api.resolvers.sessions import Stored, enter, insert_session, require_cookie_allowed
from api.types.viewer import Viewer
from db.errors import (
    ConflictError,
    ConflictingWritesError,
    DuplicateEmailError,
    DuplicateUsernameError,
    InvalidInputError,
    RateLimitedError,
)
from db.queries import accounts, audit, sessions, verification
from db.queries.accounts import CredentialsRow, NewAccount
from db.queries.audit import Action
from db.queries.sessions import SessionRow
from db.queries.verification import Purpose, TokenOwnerRow


@strawberry.type(description="The outcome of `register`.")
class RegisterPayload:
    token: str | None = strawberry.field(
        default=None,
        description="The token of the first session, to be sent as `Authorization: Bearer TOKEN`. Shown only here, and "
        "not at all when a cookie holds it.",
    )
    expires_at: datetime | None = strawberry.field(
        default=None, description="When the session ends if it is not used; each use moves it on, to 7 days from then."
    )
    viewer: SessionRow | None = strawberry.field(
        default=None, graphql_type=Viewer | None, description="Who has joined."
    )
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The outcome of `verifyEmail`.")
class VerifyEmailPayload:
    email: EmailAddress | None = strawberry.field(
        default=None, description="The address that is known to be the account's from now on."
    )
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The outcome of `resendVerification`.")
class ResendVerificationPayload:
    email: EmailAddress | None = strawberry.field(default=None, description="The address that another e-mail goes to.")
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The outcome of `changeEmail`.")
class ChangeEmailPayload:
    pending_email: EmailAddress | None = strawberry.field(
        default=None, description="The address that waits to be confirmed; until then the old one holds."
    )
    user_errors: list[UserError] = user_errors()


async def _store_account(context: Context, account: NewAccount, token: str) -> tuple[Stored, str]:
    """The new account's first session, and the token that proves its address."""
    database = context.database
    user_id = await accounts.insert_account(database, account)
    await accounts.note_login(database, user_id, account.password_hash)
    await audit.insert_entry(database, user_id, Action.ACCOUNT_REGISTERED, context.client.address)
    proof = await issue_token(database, user_id, Purpose.EMAIL_VERIFICATION, account.email)
    return await insert_session(context, user_id, token), proof


async def _store_verification(context: Context, digest: bytes) -> TokenOwnerRow:
    """Whose token it was, with the address that was stored until now."""
    session = await context.session()
    kept = session and session.session_id
    database, purpose = context.database, Purpose.EMAIL_VERIFICATION
    owner = await verification.owner_of_token(database, purpose, digest)
    account = owner and await accounts.lock_credentials(database, owner.id)
    if owner is None or account is None or not await verification.use_token(database, purpose, digest):
        raise InvalidInputError(STALE_TOKEN, field=("token",))
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
    await sessions.revoke_other_sessions(database, owner.id, kept)
    await audit.insert_entry(database, owner.id, Action.EMAIL_CHANGED, context.client.address)
    return owner


async def _store_proof(context: Context, user_id: int, email: str, action: Action | None) -> str:
    """A token for an address, the only one of the account that works. The caller has locked the account."""
    database = context.database
    await verification.void_tokens(database, user_id, Purpose.EMAIL_VERIFICATION)
    if action is not None:
        await audit.insert_entry(database, user_id, action, context.client.address)
    return await issue_token(database, user_id, Purpose.EMAIL_VERIFICATION, email)


async def _store_resending(context: Context, session: SessionRow) -> str:
    account = await accounts.lock_credentials(context.database, session.id)
    if account is None or account.email != session.email:
        raise ConflictingWritesError
    return await _store_proof(context, session.id, session.email, None)


async def _store_change(context: Context, viewer: CredentialsRow, email: str) -> str:
    await require_unchanged(context.database, viewer)
    return await _store_proof(context, viewer.id, email, Action.EMAIL_CHANGE_REQUESTED)


async def _require_room_for_letter(context: Context, user_id: int, email: str) -> None:
    throttle = context.services.throttle
    await throttle.sender(context.client.network, user_id)
    seconds = await throttle.receiver(email, Purpose.EMAIL_VERIFICATION)
    if seconds:
        raise RateLimitedError(
            "There have been many letters to this address. Look for them first.", retry_after=seconds
        )


async def _register(context: Context, input: RegisterInput, email: str, token: str) -> Stored:
    """Store the account, and send the e-mail that asks to confirm its address."""
    services, network = context.services, context.client.network
    async with services.throttle.registration(network):
        require_strong(input.password, input.username, email, "password")
        if await accounts.username_exists(context.database, input.username):
            raise DuplicateUsernameError(field=("username",))
        await context.database.release()
        await services.throttle.sender(network)  # before the hash, which takes much longer than all else
        password_hash = await services.passwords.hash(input.password)
        account = NewAccount(input.username, email, password_hash, input.display_name)
        stored, proof = await in_transaction(context, partial(_store_account, context, account, token))
    # Others may have asked for e-mails to this address. That must not keep its owner from joining.
    if not await services.throttle.receiver(email, Purpose.EMAIL_VERIFICATION):
        services.outbox.send(services.letters.verify_email(email, input.username, proof))
    return stored


@strawberry.type
class RegistrationMutation:
    @mutation(
        description="Join, and be signed in. An e-mail asks to confirm the address. RATE_LIMITED when there were too "
        "many registrations from the caller's network address, or too many tries with addresses that are taken.",
        public=True,
        transactional=False,  # no connection is held while the password is hashed
    )
    @staticmethod
    async def register(info: Info, input: RegisterInput) -> RegisterPayload:
        context, token = info.context, new_token()
        require_cookie_allowed(context, as_cookie=input.as_cookie)
        stored = await _register(context, input, normalised(input.email), token)
        entered = enter(context, token, stored, as_cookie=input.as_cookie)
        return RegisterPayload(token=entered.token, expires_at=entered.expires_at, viewer=entered.session)

    @mutation(
        description="Confirm an address with the token from the e-mail: that of a new account, or a new one of an old. "
        "With a new one, all other sessions end, all other links that were sent to the account's addresses stop "
        "working, and an e-mail to the old address says so.",
        public=True,
        transactional=False,
    )
    @staticmethod
    async def verify_email(info: Info, input: VerifyEmailInput) -> VerifyEmailPayload:
        context = info.context
        letters = context.services.letters

        def notices(owner: TokenOwnerRow) -> Iterable[Letter]:
            changed = owner.email != owner.stored_email
            return (letters.email_changed(owner.stored_email, owner.username, owner.email),) if changed else ()

        store = partial(_store_verification, context, token_hash(input.token))
        owner = await in_transaction(context, store, notices=notices)
        session = await context.session()
        if session is not None and session.id == owner.id:
            context.become(session._replace(email=owner.email, email_verified=True))
        return VerifyEmailPayload(email=EmailAddress(owner.email))

    @mutation(
        description="Send the e-mail that asks to confirm the viewer's address once more. RATE_LIMITED when there were "
        "too many.",
        transactional=False,
    )
    @staticmethod
    async def resend_verification(info: Info) -> ResendVerificationPayload:
        context, services = info.context, info.context.services
        session = await context.own_session()
        if session.email_verified:
            raise ConflictError("Your address is confirmed already.")
        await _require_room_for_letter(context, session.id, session.email)
        proof = await in_transaction(context, partial(_store_resending, context, session))
        services.outbox.send(services.letters.verify_email(session.email, session.username, proof))
        return ResendVerificationPayload(email=EmailAddress(session.email))

    @mutation(
        description="Change the viewer's address. The new address holds once its owner has confirmed it by the e-mail "
        "sent there; an e-mail to the old address reports the change. "
        "RATE_LIMITED when there were too many e-mails, or too many tries with addresses that are taken.",
        transactional=False,
    )
    @staticmethod
    async def change_email(info: Info, input: ChangeEmailInput) -> ChangeEmailPayload:
        context, services, email = info.context, info.context.services, normalised(input.email)
        viewer = await confirmed(context, input.password, "password")
        async with services.throttle.email_change(viewer.id, context.client.network):
            taken = await accounts.account_by_email(context.database, email)
            await context.database.release()
            if taken is not None and taken.id != viewer.id:
                raise DuplicateEmailError(field=("email",))
        await _require_room_for_letter(context, viewer.id, email)
        letters = services.letters
        await in_transaction(
            context,
            partial(_store_change, context, viewer, email),
            notices=lambda proof: (
                letters.verify_email(email, viewer.username, proof),
                letters.email_change_requested(viewer.email, viewer.username, email),
            ),
        )
        return ChangeEmailPayload(pending_email=EmailAddress(email))
