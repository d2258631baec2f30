"""Accounts: who the viewer is, logging in and out."""

from datetime import datetime
from functools import partial

import strawberry

from api.context import Context, Info
from api.identity import SESSION_LIFETIME, new_token, token_hash
from api.inputs.accounts import LoginInput
from api.permissions import authenticated
from api.resolvers.mutation import in_transaction, mutation, user_errors
from api.types.user_errors import UserError
from api.types.viewer import Viewer
from db.errors import CredentialsError
from db.queries import accounts
from db.rows import NewSessionRow, SessionRow


@strawberry.type
class AccountQuery:
    @strawberry.field(graphql_type=Viewer | None, description="The one who asks; null when signed out.")
    async def viewer(self, info: Info) -> SessionRow | None:
        return await info.context.session()


@strawberry.type(description="The outcome of `login`.")
class LoginPayload:
    token: str | None = strawberry.field(
        default=None, description="The session's token, to be sent as `Authorization: Bearer TOKEN`. Shown only here."
    )
    expires_at: datetime | None = strawberry.field(
        default=None, description="When the session ends if it is not used; each use moves it on, to 7 days from then."
    )
    viewer: SessionRow | None = strawberry.field(
        default=None,
        graphql_type=Viewer | None,
        description="Who has signed in; null for a suspended account, which cannot do much with its token.",
    )
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The outcome of `logout`.")
class LogoutPayload:
    logged_out: bool = strawberry.field(default=False, description="Whether the session has ended.")
    user_errors: list[UserError] = user_errors()


async def _open_session(context: Context, user_id: int, token: str) -> tuple[NewSessionRow | None, SessionRow | None]:
    opened = await accounts.insert_session(
        context.database,
        user_id,
        token_hash(token),
        context.user_agent,
        context.client_address,
        SESSION_LIFETIME,
    )
    await accounts.note_login(context.database, user_id)
    return opened, next(iter(await accounts.session_by_token_hash(context.database, token_hash(token))), None)


@strawberry.type
class AccountMutation:
    @mutation(
        description="Log in with user name or e-mail address. An unknown name and a wrong password answer alike.",
        public=True,
        transactional=False,  # no connection is held while the password is being checked
    )
    @staticmethod
    async def login(info: Info, input: LoginInput) -> LoginPayload:
        context = info.context
        account = await accounts.credentials_by_login(context.database, input.login.strip())
        await context.database.release()
        if not await context.passwords.verify(account and account.password_hash, input.password) or account is None:
            raise CredentialsError
        token = new_token()
        opened, session = await in_transaction(context, partial(_open_session, context, account.id, token))
        if session is not None and session.status == "suspended":
            session = None
        context.become(session)
        return LoginPayload(token=token, expires_at=opened and opened.expires_at, viewer=session)

    @strawberry.mutation(description="End the session of this request.", extensions=authenticated())
    async def logout(self, info: Info) -> LogoutPayload | None:
        context = info.context
        session = await context.session()
        if session is not None:
            await accounts.revoke_session(context.database, session.id, session.session_id)
        context.become(None)
        return LogoutPayload(logged_out=True)
