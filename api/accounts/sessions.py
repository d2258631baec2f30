"""The life of a session: opened, confirmed for each request, extended, ended. Nobody else writes it."""

import time
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from api.accounts.token_owners import TokenOwners
from api.accounts.tokens import bearer_token, new_token, token_hash
from api.gql.errors import UnauthenticatedError
from db.errors import ReadOnlyError
from db.pool import Database
from db.queries import sessions as queries
from db.queries.sessions import SessionRow, TokenOwnerRow

SESSION_LIFETIME = timedelta(days=7)
# A session slides: it is extended at most this often, so that reading does not become writing.
_EXTENSION_STEP = timedelta(hours=1)
MOST_SESSIONS = 100  # of an account; the ones used longest ago end for new ones
_REMEMBERED_OWNERS = 100_000
_CONFIRMED_SECONDS = 60.0
_OVER = "This session is over or never was. Log in again."


class OpenedSession(NamedTuple):
    token: str
    expires_at: datetime
    session: SessionRow


async def open_session(
    database: Database, user_id: int, *, user_agent: str | None, address: str | None
) -> OpenedSession:
    """A new session of an account, within the caller's transaction."""
    token = new_token()
    digest = token_hash(token)
    await queries.end_surplus_sessions(database, user_id, MOST_SESSIONS - 1)
    opened = await queries.insert_session(database, user_id, digest, user_agent, address, SESSION_LIFETIME)
    (session,) = await queries.session_by_token_hash(database, digest)
    return OpenedSession(token, opened.expires_at, session)


async def end_session(database: Database, user_id: int, session_id: int) -> bool:
    """Whether this session of the account was alive until now."""
    return await queries.revoke_session(database, user_id, session_id)


async def end_other_sessions(database: Database, user_id: int, kept: int | None) -> int:
    """How many sessions of the account have ended: all but the one that is kept."""
    return await queries.revoke_other_sessions(database, user_id, kept)


async def end_all_sessions(database: Database, user_id: int) -> int:
    return await queries.revoke_other_sessions(database, user_id, None)


async def living_session(database: Database, digest: bytes) -> SessionRow:
    """The session of a token as it is now; UNAUTHENTICATED when it is over."""
    found = await queries.session_by_token_hash(database, digest)
    if not found:
        raise UnauthenticatedError(_OVER)
    return found[0]


class SessionCheck:
    """The session of a request's token: queried at once, and known when the result is there.

    Whether a session is valid is queried each time. Its owner never changes, so `owner` may be known from the cache.
    Then the operation's own reads are sent together with the query, and their results are discarded if the session is
    not valid. `status` is the account's, None until the result is there; `extended` is whether this request has
    extended the session.
    """

    def __init__(self, sessions: "SessionCache", database: Database, digest: bytes) -> None:
        self._sessions = sessions
        self._database = database
        self.digest = digest
        self._known: SessionRow | None = None
        self._asked = queries.session_by_token_hash(database, digest)
        self.owner = sessions.owner(digest)
        self.status: str | None = None
        self.extended = False
        self.refused = False

    async def session(self) -> SessionRow:
        """The living session. A token that was sent and is not valid is an error, never a signed-out viewer."""
        if self._known is not None:
            return self._known
        found = await self._asked
        if not found:
            self.refused = True
            self._sessions.forget(self.digest)
            raise UnauthenticatedError(_OVER)
        if self._known is None:  # else another task that awaited the same result has done what follows
            (self._known,) = found
            await self._learn(self._known)
        return self._known

    async def _learn(self, session: SessionRow) -> None:
        self.owner = session.id
        self.status = session.status
        self._sessions.learn(self.digest, session)
        if session.is_read_only or session.expires_at - datetime.now(UTC) >= SESSION_LIFETIME - _EXTENSION_STEP:
            return
        # A read must answer although the database cannot write. It may have become read-only since the session was
        # read; asked for each time, the refused write would cost each request its connection.
        with suppress(ReadOnlyError):
            self.extended = await queries.extend_session(self._database, session.session_id, SESSION_LIFETIME)


class SessionCache:
    """Caches the owners of sessions by the digests of their tokens; the first ones cached are evicted first.

    Only of active accounts: for others the status decides what they may do, so the database's answer is awaited.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        # The account, and when its session was last known to live.
        self._owners: OrderedDict[bytes, tuple[int, float]] = OrderedDict()
        self._clock = clock

    def owner(self, digest: bytes) -> int | None:
        found = self._owners.get(digest)
        return None if found is None else found[0]

    def payer(self, digest: bytes) -> int | None:
        """The owner, if the session was valid a minute ago: an ended one must not spend the owner's points."""
        found = self._owners.get(digest)
        return found[0] if found is not None and self._clock() - found[1] < _CONFIRMED_SECONDS else None

    def learn(self, digest: bytes, session: SessionRow | TokenOwnerRow) -> None:
        """Cache the owner of a living session."""
        if session.status != "active":
            self._owners.pop(digest, None)
            return
        self._owners[digest] = session.id, self._clock()
        if len(self._owners) > _REMEMBERED_OWNERS:
            self._owners.popitem(last=False)

    def forget(self, digest: bytes) -> None:
        """A token is not valid any more."""
        self._owners.pop(digest, None)

    def check(self, database: Database, digest: bytes) -> SessionCheck:
        return SessionCheck(self, database, digest)


class Identity:
    """Whose request it is, by its token: known at once where the token is cached, else once it is looked up or checked.

    `token` and its `digest` are None without a token, and when the header is not valid: then `problem` says so.
    `became` is the user whom the operation has signed in, who is charged for it.
    """

    __slots__ = ("_found", "_owners", "_sessions", "became", "check", "digest", "problem", "token")

    def __init__(self, sessions: SessionCache, owners: TokenOwners, authorization: str | None) -> None:
        self._sessions = sessions
        self._owners: TokenOwners | None = owners
        self._found: int | None = None
        self.check: SessionCheck | None = None
        self.became: int | None = None
        self.token: str | None = None
        self.digest: bytes | None = None
        self.problem: UnauthenticatedError | None = None
        try:
            self.token = bearer_token(authorization)
        except UnauthenticatedError as error:
            self.problem = error
        if self.token is not None:
            self.digest = token_hash(self.token)

    @property
    def account(self) -> bytes | None:
        """A key of the account, the same for all its tokens."""
        if self.became is not None:
            owner: int | None = self.became
        elif self.check is not None:
            owner = None if self.check.refused else self.check.owner
        else:
            owner = None if self.digest is None else self._found or self._sessions.payer(self.digest)
        return None if owner is None else b"account %d" % owner

    async def look_up(self) -> None:
        """Find the account of the token before anything runs, once. OverloadedError where too many wait for theirs."""
        if self.digest is not None and self._owners is not None:
            owners, self._owners = self._owners, None
            owner = await owners.find(self.digest)
            if owner is not None:
                self._found = owner.id
                self._sessions.learn(self.digest, owner)

    @property
    def refused(self) -> bool:
        return self.check is not None and self.check.refused
