"""Passwords: changed by those who know them, and replaced by those who have forgotten them."""

import strawberry

from api.accounts import password_changes
from api.context import Info
from api.gql.mutation import mutation, user_errors
from api.gql.user_errors import UserError
from api.inputs.accounts import ChangePasswordInput, RequestPasswordResetInput, ResetPasswordInput, normalised
from api.types.payloads import changed_viewer
from db.queries.sessions import SessionRow


@strawberry.type(description="The outcome of `changePassword`.")
class ChangePasswordPayload:
    revoked_count: int | None = strawberry.field(
        default=None, description="How many other sessions have ended. That of the request goes on."
    )
    viewer: SessionRow | None = changed_viewer()
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
        count = await password_changes.change_password(info.context, input.current_password, input.new_password)
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
        await password_changes.request_password_reset(info.context, normalised(input.email))
        return RequestPasswordResetPayload(accepted=True)

    @mutation(
        description="Choose a new password with the token from the e-mail. All sessions end, and all other links that "
        "were sent to the account's addresses stop working, a pending `changeEmail` included; an e-mail says so.",
        public=True,
        transactional=False,
    )
    @staticmethod
    async def reset_password(info: Info, input: ResetPasswordInput) -> ResetPasswordPayload:
        await password_changes.reset_password(info.context, input.token, input.new_password)
        return ResetPasswordPayload(password_reset=True)
