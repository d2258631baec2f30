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
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The outcome of `verifyEmail`.")
class VerifyEmailPayload:
    email: EmailAddress | None = strawberry.field(
        default=None, description="The address that is known to be the account's from now on."
    )
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The outcome of `resendVerification`.")
class ResendVerificationPayload:
    email: EmailAddress | None = strawberry.field(default=None, description="The address that another e-mail goes to.")
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The outcome of `changeEmail`.")
class ChangeEmailPayload:
    pending_email: EmailAddress | None = strawberry.field(
        default=None, description="The address that waits to be confirmed; until then the old one holds."
    )
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


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
        context = info.context
        login.require_cookie_allowed(context, as_cookie=input.as_cookie)
        wanted = Registration(input.username, normalised(input.email), input.password, input.display_name)
        opened = await registration.register(context, wanted)
        token = login.sign_in(context, opened, as_cookie=input.as_cookie)
        return RegisterPayload(token=token, expires_at=opened.expires_at)

    @mutation(
        description="Confirm an address with the token from the e-mail: that of a new account, or a new one of an old. "
        "With a new one, all other sessions end, all other links that were sent to the account's addresses stop "
        "working, and an e-mail to the old address says so.",
        public=True,
        transactional=False,
    )
    @staticmethod
    async def verify_email(info: Info, input: VerifyEmailInput) -> VerifyEmailPayload:
        email = await email_addresses.verify_email(info.context, input.token)
        return VerifyEmailPayload(email=EmailAddress(email))

    @mutation(
        description="Send the e-mail that asks to confirm the viewer's address once more. RATE_LIMITED when there were "
        "too many.",
        transactional=False,
    )
    @staticmethod
    async def resend_verification(info: Info) -> ResendVerificationPayload:
        email = await email_addresses.resend_verification(info.context)
        return ResendVerificationPayload(email=EmailAddress(email))

    @mutation(
        description="Change the viewer's address. The new address holds once its owner has confirmed it by the e-mail "
        "sent there; an e-mail to the old address reports the change. "
        "RATE_LIMITED when there were too many e-mails, or too many tries with addresses that are taken.",
        transactional=False,
    )
    @staticmethod
    async def change_email(info: Info, input: ChangeEmailInput) -> ChangeEmailPayload:
        email = normalised(input.email)
        await email_addresses.change_email(info.context, email, input.password)
        return ChangeEmailPayload(pending_email=EmailAddress(email))
