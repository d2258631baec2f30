"""Passwords: changed by those who know them, and replaced by those who have forgotten them."""

import strawberry

from api.accounts import password_changes
from api.context import Info
from api.gql.mutation import mutation, user_errors
from api.gql.user_errors import UserError
from api.inputs.accounts import ChangePasswordInput, RequestPasswordResetInput, ResetPasswordInput, normalised
from api.types.payloads import changed_viewer
from db.queries.sessions import SessionRow


@strawberry.type(description="The result of `changePassword`.")
class ChangePasswordPayload:
    revoked_count: int | None = strawberry.field(
        default=None, description="How many other sessions ended. The session of this request continues."
    )
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The result of `requestPasswordReset`.")
class RequestPasswordResetPayload:
    accepted: bool = strawberry.field(
        default=False, description="Whether an e-mail will be sent if there is an account with this address."
    )
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The result of `resetPassword`.")
class ResetPasswordPayload:
    password_reset: bool = strawberry.field(
        default=False, description="Whether the new password is in force. Sign in with it."
    )
    user_errors: list[UserError] = user_errors()


@strawberry.type
class PasswordMutation:
    @mutation(
        description="Changes the password. All other sessions end, and all links that were sent by e-mail stop "
        "working, a pending `changeEmail` included; an e-mail reports the change. User errors: "
        "BAD_USER_INPUT, INVALID_CREDENTIALS, RATE_LIMITED.",
        transactional=False,  # no connection is held while passwords are hashed
    )
    @staticmethod
    async def change_password(info: Info, input: ChangePasswordInput) -> ChangePasswordPayload:
        count = await password_changes.change_password(info.context, input.current_password, input.new_password)
        return ChangePasswordPayload(revoked_count=count)

    @mutation(
        description="Sends an e-mail with a link to choose a new password. The answer and its timing are the same "
        "whether there is such an account or not. At most 5 e-mails within an hour go to one address, "
        "and nothing says so. Ignores a token that is sent along and not valid. User errors: "
        "BAD_USER_INPUT, RATE_LIMITED (too many requests from the caller's network address).",
        public=True,
        transactional=False,
    )
    @staticmethod
    async def request_password_reset(info: Info, input: RequestPasswordResetInput) -> RequestPasswordResetPayload:
        await password_changes.request_password_reset(info.context, normalised(input.email))
        return RequestPasswordResetPayload(accepted=True)

    @mutation(
        description="Sets a new password with the token from the e-mail. All sessions end, and all other links "
        "that were sent by e-mail stop working, a pending `changeEmail` included; an e-mail reports "
        "the change. Ignores a token of a session that is not valid. User errors: BAD_USER_INPUT (the "
        "token is unknown, used or expired; or the password is too weak).",
        public=True,
        transactional=False,
    )
    @staticmethod
    async def reset_password(info: Info, input: ResetPasswordInput) -> ResetPasswordPayload:
        await password_changes.reset_password(info.context, input.token, input.new_password)
        return ResetPasswordPayload(password_reset=True)
