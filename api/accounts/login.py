"""Logging in and out, and ending sessions elsewhere."""

from functools import partial

from api.accounts.sessions import SESSION_LIFETIME, OpenedSession, end_other_sessions, end_session, open_session
from api.accounts.tokens import token_hash
from api.context import Context
from api.gql.errors import ForbiddenRequestError
from api.gql.mutation import in_transaction
from api.http.cookies import FOREIGN_PAGE
from db.documents.folding import fold
from db.errors import ConflictingWritesError, CredentialsError, NotFoundError
from db.queries import accounts, audit
from db.queries.accounts import CredentialsRow
from db.queries.audit import Action
from db.queries.sessions import SessionRow


def require_cookie_allowed(context: Context, *, as_cookie: bool) -> None:
    """A page of another site may not sign its visitors in, under its own account for example."""
    if as_cookie and not context.cookie_jar.is_allowed:
        raise ForbiddenRequestError(FOREIGN_PAGE)


def sign_in(context: Context, opened: OpenedSession, *, as_cookie: bool) -> str | None:
    """Go on as the owner of a session that is stored. The token to be answered; None where a cookie holds it."""
    context.become(opened.session, token_hash(opened.token))
    context.entered = opened.session.id
    if not as_cookie:
        return opened.token
    context.cookie_jar.set(opened.token, int(SESSION_LIFETIME.total_seconds()))
    return None


def sign_out(context: Context) -> None:
    """Go on as somebody signed out."""
    context.become(None)
    context.cookie_jar.clear()


async def log_in(context: Context, login: str, password: str) -> OpenedSession:
    """A new session of the account that the name or address and the password belong to, else CredentialsError."""
    account = await _authenticated(context, login, password)
    passwords = context.services.passwords
    outdated = passwords.is_outdated(account.password_hash)
    new_hash = await passwords.hash(password) if outdated else None
    return await in_transaction(context, partial(_store_login, context, account, new_hash))


async def _authenticated(context: Context, login: str, password: str) -> CredentialsRow:
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


async def _store_login(context: Context, account: CredentialsRow, new_hash: str | None) -> OpenedSession:
    database, client = context.database, context.client
    if not await accounts.note_login(database, account.id, account.password_hash):
        raise ConflictingWritesError
    if new_hash is not None:
        await accounts.replace_password(database, account.id, account.password_hash, new_hash)
    opened = await open_session(database, account.id, user_agent=client.user_agent, address=client.address)
    session_id = opened.session.session_id
    await audit.insert_entry(database, account.id, Action.LOGIN, client.address, session_id=session_id)
    return opened


async def log_out(context: Context) -> None:
    """Ends the session of this request and clears its cookie."""
    session = await context.own_session()
    await in_transaction(context, partial(_end, context, session, session.session_id, Action.LOGOUT))
    sign_out(context)


async def revoke_session(context: Context, session_id: int) -> None:
    """End one of the viewer's sessions; NotFoundError when there is no such living one."""
    session = await context.own_session()
    if not await in_transaction(context, partial(_end, context, session, session_id, Action.SESSION_REVOKED)):
        raise NotFoundError(field=("session_id",))
    if session.session_id == session_id:
        sign_out(context)


async def _end(context: Context, session: SessionRow, session_id: int, action: Action) -> bool:
    """Whether a session of this one's owner was alive until now."""
    ended = await end_session(context.database, session.id, session_id)
    if ended:
        await audit.insert_entry(context.database, session.id, action, context.client.address, session_id=session_id)
    return ended


async def revoke_other_sessions(context: Context) -> int:
    """How many have ended: all of the viewer's but that of this request. Within the caller's transaction."""
    session, database = await context.own_session(), context.database
    count = await end_other_sessions(database, session.id, session.session_id)
    await audit.insert_entry(database, session.id, Action.OTHER_SESSIONS_REVOKED, context.client.address, count=count)
    return count
