"""Sessions: logging in and out, and ending those elsewhere."""

from datetime import datetime
from functools import partial
from typing import NamedTuple, TypeAlias

import strawberry

from api.accounts.sessions import SESSION_LIFETIME, new_token, token_hash
from api.context import Context, Info
from api.gql.errors import ForbiddenRequestError
from api.gql.ids import decode
from api.gql.mutation import in_transaction, mutation, user_errors
from api.gql.user_errors import UserError
from api.http.cookies import FOREIGN
from api.inputs.accounts import LoginInput, RevokeSessionInput, normalised_login
from api.types.viewer import Viewer
from db.documents.folding import fold
from db.errors import ConflictingWritesError, CredentialsError, NotFoundError
from db.queries import accounts, audit, sessions
from db.queries.accounts import CredentialsRow
from db.queries.audit import Action
from db.queries.sessions import NewSessionRow, SessionRow


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
    viewer: SessionRow | None = strawberry.field(
        default=None, graphql_type=Viewer | None, description="Who has signed in."
    )
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The outcome of `logout`.")
class LogoutPayload:
    logged_out: bool = strawberry.field(default=False, description="Whether the session has ended.")
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The outcome of `revokeSession`.")
class RevokeSessionPayload:
    session_id: strawberry.ID | None = strawberry.field(default=None, description="The session that has ended.")
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The outcome of `revokeOtherSessions`.")
class RevokeOtherSessionsPayload:
    revoked_count: int | None = strawberry.field(default=None, description="How many sessions have ended.")
    user_errors: list[UserError] = user_errors()


MOST_SESSIONS = 100

Stored: TypeAlias = tuple[NewSessionRow, SessionRow]


class Opened(NamedTuple):
    """A new session; `token` is None where a cookie holds it."""

    token: str | None
    expires_at: datetime
    session: SessionRow


def require_cookie_allowed(context: Context, *, as_cookie: bool) -> None:
    """A page of another site may not sign its visitors in, under its own account for example."""
    if as_cookie and not context.jar.is_open:
        raise ForbiddenRequestError(FOREIGN)


async def insert_session(context: Context, user_id: int, token: str) -> Stored:
    """Open a session, within the caller's transaction."""
    digest, client = token_hash(token), context.client
    await sessions.end_surplus_sessions(context.database, user_id, MOST_SESSIONS - 1)
    opened = await sessions.insert_session(
        context.database, user_id, digest, client.user_agent, client.address, SESSION_LIFETIME
    )
    (session,) = await sessions.session_by_token_hash(context.database, digest)
    return opened, session


def enter(context: Context, token: str, found: Stored, *, as_cookie: bool) -> Opened:
    """Go on as the one whose session is stored, and hand the token over."""
    opened, session = found
    context.become(session, token_hash(token))
    context.entered = session.id
    if as_cookie:
        context.jar.put(token, int(SESSION_LIFETIME.total_seconds()))
    return Opened(None if as_cookie else token, opened.expires_at, session)


def leave(context: Context) -> None:
    """Go on as nobody."""
    context.become(None)
    context.jar.empty()


async def _checked(context: Context, login: str, password: str) -> CredentialsRow:
    """The account that these belong to. No connection is held while somebody waits."""
    services, database = context.services, context.database
    session = await context.session()
    await database.release()
    known = session is not None and fold(login) in {fold(session.username), fold(session.email)}
    async with services.throttle.attempt(login, context.client.network, known=known) as attempt:
        account = await accounts.credentials_by_login(database, login)
        await database.release()
        attempt.passed = await services.passwords.verify(account and account.password_hash, password)
    if account is None or not attempt.passed:
        user_id = account and account.id
        await audit.insert_entry(database, user_id, Action.LOGIN_FAILED, context.client.address)
        raise CredentialsError
    return account


async def _store_login(context: Context, account: CredentialsRow, token: str, new_hash: str | None) -> Stored:
    database = context.database
    if not await accounts.note_login(database, account.id, account.password_hash):
        raise ConflictingWritesError
    if new_hash is not None:
        await accounts.replace_password(database, account.id, account.password_hash, new_hash)
    found = await insert_session(context, account.id, token)
    await audit.insert_entry(database, account.id, Action.LOGIN, context.client.address, session_id=found[1].session_id)
    return found


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
        require_cookie_allowed(context, as_cookie=input.as_cookie)
        account = await _checked(context, normalised_login(input.login), input.password)
        passwords, token = context.services.passwords, new_token()
        outdated = passwords.is_outdated(account.password_hash)
        new_hash = await passwords.hash(input.password) if outdated else None
        stored = await in_transaction(context, partial(_store_login, context, account, token, new_hash))
        entered = enter(context, token, stored, as_cookie=input.as_cookie)
        return LoginPayload(token=entered.token, expires_at=entered.expires_at, viewer=entered.session)

    @mutation(description="End the session of this request.", allows_suspended=True, transactional=False)
    @staticmethod
    async def logout(info: Info) -> LogoutPayload:
        context = info.context
        session = await context.own_session()
        await in_transaction(context, partial(_end, context, session, session.session_id, Action.LOGOUT))
        leave(context)
        return LogoutPayload(logged_out=True)

    @mutation(description="End one of the viewer's sessions.", transactional=False)
    @staticmethod
    async def revoke_session(info: Info, input: RevokeSessionInput) -> RevokeSessionPayload:
        context, session_id = info.context, decode(input.session_id, "Session")
        session = await context.own_session()
        if not await in_transaction(context, partial(_end, context, session, session_id, Action.SESSION_REVOKED)):
            raise NotFoundError(field=("session_id",))
        if session.session_id == session_id:
            leave(context)
        return RevokeSessionPayload(session_id=input.session_id)

    @mutation(description="End all of the viewer's sessions but that of this request.")
    @staticmethod
    async def revoke_other_sessions(info: Info) -> RevokeOtherSessionsPayload:
        context = info.context
        session = await context.own_session()
        count = await sessions.revoke_other_sessions(context.database, session.id, session.session_id)
        await audit.insert_entry(
            context.database, session.id, Action.OTHER_SESSIONS_REVOKED, context.client.address, count=count
        )
        return RevokeOtherSessionsPayload(revoked_count=count)


async def _end(context: Context, session: SessionRow, session_id: int, action: Action) -> bool:
    """End a session of whoever has this one; whether it lived."""
    ended = await sessions.revoke_session(context.database, session.id, session_id)
    if ended:
        await audit.insert_entry(context.database, session.id, action, context.client.address, session_id=session_id)
    return ended
