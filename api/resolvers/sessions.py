"""Sessions: logging in and out, and ending those elsewhere."""

from datetime import datetime

import strawberry

from api.accounts import login
from api.context import Info
from api.gql.ids import decode
from api.gql.mutation import mutation, user_errors
from api.gql.user_errors import UserError
from api.inputs.accounts import LoginInput, RevokeSessionInput, normalised_login
from api.types.payloads import changed_viewer
from db.queries.sessions import SessionRow


@strawberry.type(description="The result of `login`.")
class LoginPayload:
    token: str | None = strawberry.field(
        default=None,
        description="The token of the session, to be sent as `Authorization: Bearer TOKEN`. Shown only here; null "
        "with `asCookie`.",
    )
    expires_at: datetime | None = strawberry.field(
        default=None, description="When the session ends if it is not used; every use moves it to 7 days later."
    )
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The result of `logout`.")
class LogoutPayload:
    logged_out: bool = strawberry.field(default=False, description="Whether the session has ended.")
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The result of `revokeSession`.")
class RevokeSessionPayload:
    deleted_id: strawberry.ID | None = strawberry.field(default=None, description="The id of the ended session.")
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The result of `revokeOtherSessions`.")
class RevokeOtherSessionsPayload:
    revoked_count: int | None = strawberry.field(default=None, description="How many sessions ended.")
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


@strawberry.type
class SessionMutation:
    @mutation(
        description="Signs in with user name or e-mail address. An unknown login and a wrong password answer "
        "alike. Ignores a token that is sent along and not valid. User errors: INVALID_CREDENTIALS, "
        "RATE_LIMITED, BAD_USER_INPUT.",
        public=True,
        transactional=False,  # no connection is held while the password is being checked
    )
    @staticmethod
    async def login(info: Info, input: LoginInput) -> LoginPayload:
        context = info.context
        login.require_cookie_allowed(context, as_cookie=input.as_cookie)
        opened = await login.log_in(context, normalised_login(input.login), input.password)
        token = login.sign_in(context, opened, as_cookie=input.as_cookie)
        return LoginPayload(token=token, expires_at=opened.expires_at)

    @mutation(
        description="Ends the session of this request and clears its cookie.",
        allows_suspended=True,
        transactional=False,
    )
    @staticmethod
    async def logout(info: Info) -> LogoutPayload:
        await login.log_out(info.context)
        return LogoutPayload(logged_out=True)

    @mutation(
        description="Ends one of the viewer's sessions. User errors: NOT_FOUND.",
        transactional=False,
    )
    @staticmethod
    async def revoke_session(info: Info, input: RevokeSessionInput) -> RevokeSessionPayload:
        await login.revoke_session(info.context, decode(input.session_id, "Session"))
        return RevokeSessionPayload(deleted_id=input.session_id)

    @mutation(description="Ends all of the viewer's sessions except that of this request.")
    @staticmethod
    async def revoke_other_sessions(info: Info) -> RevokeOtherSessionsPayload:
        return RevokeOtherSessionsPayload(revoked_count=await login.revoke_other_sessions(info.context))
