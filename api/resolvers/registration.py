"""Registration, and proof that an e-mail address is the account's."""

from datetime import datetime

import strawberry

from api.accounts import email_addresses, login, registration
from api.accounts.registration import Registration
from api.context import Info
from api.gql.mutation import mutation, user_errors
from api.gql.scalars import EmailAddress
from api.gql.user_errors import UserError
from api.inputs.accounts import ChangeEmailInput, RegisterInput, VerifyEmailInput, normalised
from api.types.payloads import changed_viewer
from db.queries.sessions import SessionRow


@strawberry.type(description="The result of `register`.")
class RegisterPayload:
    token: str | None = strawberry.field(
        default=None,
        description="The token of the new session, to be sent as `Authorization: Bearer TOKEN`. Shown only here; "
        "null with `asCookie`.",
    )
    expires_at: datetime | None = strawberry.field(
        default=None, description="When the session ends if it is not used; every use moves it to 7 days later."
    )
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The result of `verifyEmail`.")
class VerifyEmailPayload:
    email: EmailAddress | None = strawberry.field(default=None, description="The confirmed address.")
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The result of `resendVerification`.")
class ResendVerificationPayload:
    email: EmailAddress | None = strawberry.field(default=None, description="Where the e-mail goes.")
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The result of `changeEmail`.")
class ChangeEmailPayload:
    pending_email: EmailAddress | None = strawberry.field(
        default=None, description="The address that waits to be confirmed; until then the old one stays."
    )
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


@strawberry.type
class RegistrationMutation:
    @mutation(
        description="Creates an account with profile, storage and default sections, and signs in. An e-mail asks "
        "to confirm the address. Ignores a token that is sent along and not valid. User errors: "
        "BAD_USER_INPUT, DUPLICATE_USERNAME, DUPLICATE_EMAIL, RATE_LIMITED (too many registrations "
        "from the caller's network address, or too many attempts with addresses that are taken).",
        public=True,
        transactional=False,  # no connection is held while the password is hashed
    )
    @staticmethod
    async def register(info: Info, input: RegisterInput) -> RegisterPayload:
        context = info.context
        login.require_cookie_allowed(context, as_cookie=input.as_cookie)
        wanted = Registration(input.username, normalised(input.email), input.password, input.display_name)
        opened = await registration.register(context, wanted)
        token = login.sign_in(context, opened, as_cookie=input.as_cookie)
        return RegisterPayload(token=token, expires_at=opened.expires_at)

    @mutation(
        description="Confirms an e-mail address with the token that was sent to it: that of a new account, or a "
        "changed address. Works signed in or out, and ignores a token of a session that is not valid. "
        "A changed address ends all other sessions, voids all other links that were sent by e-mail, "
        "and the old address is notified. User errors: BAD_USER_INPUT (the token is unknown, used or "
        "expired), DUPLICATE_EMAIL.",
        public=True,
        transactional=False,
    )
    @staticmethod
    async def verify_email(info: Info, input: VerifyEmailInput) -> VerifyEmailPayload:
        email = await email_addresses.verify_email(info.context, input.token)
        return VerifyEmailPayload(email=EmailAddress(email))

    @mutation(
        description="Sends the confirmation e-mail again. Only the link of the latest e-mail works, one for a "
        "changed address included. User errors: CONFLICT (already confirmed), RATE_LIMITED.",
        transactional=False,
    )
    @staticmethod
    async def resend_verification(info: Info) -> ResendVerificationPayload:
        email = await email_addresses.resend_verification(info.context)
        return ResendVerificationPayload(email=EmailAddress(email))

    @mutation(
        description="Changes the e-mail address. The new one takes effect when its owner confirms it by the "
        "e-mail that is sent there; the old one is notified. User errors: BAD_USER_INPUT, "
        "INVALID_CREDENTIALS, DUPLICATE_EMAIL, RATE_LIMITED.",
        transactional=False,
    )
    @staticmethod
    async def change_email(info: Info, input: ChangeEmailInput) -> ChangeEmailPayload:
        email = normalised(input.email)
        await email_addresses.change_email(info.context, email, input.password)
        return ChangeEmailPayload(pending_email=EmailAddress(email))
