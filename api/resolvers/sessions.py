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


@strawberry.type(description="The outcome of `login`.")
class LoginPayload:
    token: str | None = strawberry.field(
        default=None,
        description="The session's token, to be sent as `Authorization: Bearer TOKEN`. Shown only here, and not at all "
        "when a cookie holds it.",
    )
    expires_at: datetime | None = strawberry.field(
        default=None, description="When the session ends if it is not used; each use moves it on, to 7 days from then."
    )
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The outcome of `logout`.")
class LogoutPayload:
    logged_out: bool = strawberry.field(default=False, description="Whether the session has ended.")
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The outcome of `revokeSession`.")
class RevokeSessionPayload:
    deleted_id: strawberry.ID | None = strawberry.field(default=None, description="The id of the ended session.")
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The outcome of `revokeOtherSessions`.")
class RevokeOtherSessionsPayload:
    revoked_count: int | None = strawberry.field(default=None, description="How many sessions have ended.")
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


@strawberry.type
class SessionMutation:
    @mutation(
        description="Log in with user name or e-mail address. An unknown name and a wrong password answer alike.",
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

    @mutation(description="End the session of this request.", allows_suspended=True, transactional=False)
    @staticmethod
    async def logout(info: Info) -> LogoutPayload:
        await login.log_out(info.context)
        return LogoutPayload(logged_out=True)

    @mutation(description="End one of the viewer's sessions.", transactional=False)
    @staticmethod
    async def revoke_session(info: Info, input: RevokeSessionInput) -> RevokeSessionPayload:
        await login.revoke_session(info.context, decode(input.session_id, "Session"))
        return RevokeSessionPayload(deleted_id=input.session_id)

    @mutation(description="End all of the viewer's sessions but that of this request.")
    @staticmethod
    async def revoke_other_sessions(info: Info) -> RevokeOtherSessionsPayload:
        return RevokeOtherSessionsPayload(revoked_count=await login.revoke_other_sessions(info.context))
