"""Who asks: passwords, session tokens, and the session that a request carries."""

import hashlib
import secrets
from datetime import UTC, datetime, timedelta
from functools import cache

from anyio import CapacityLimiter, to_thread
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from api.errors import AccountSuspendedError, UnauthenticatedError
from db.pool import Database
from db.queries import accounts
from db.rows import SessionRow

SESSION_LIFETIME = timedelta(days=7)
# A session slides: it is extended at most this often, so that reading does not become writing.
_EXTENSION_STEP = timedelta(hours=1)
_TOKEN_BYTES = 32  # 256 bits
_REMEMBERED_OWNERS = 100_000

_hasher = PasswordHasher()


@cache
def _nobodys_hash() -> str:
    """Verified in place of a hash when the account is unknown, so that both answers take the same time."""
    return _hasher.hash(secrets.token_urlsafe())


class PasswordVerifier:
    """Checks passwords off the event loop, two at a time: argon2 takes a core and 64 MiB for each."""

    def __init__(self) -> None:
        self._limiter = CapacityLimiter(2)

    async def verify(self, password_hash: str | None, password: str) -> bool:
        """Whether the password belongs to the hash; False, after the same work, when there is no hash."""
        return await to_thread.run_sync(_verify, password_hash, password, limiter=self._limiter)


def _verify(password_hash: str | None, password: str) -> bool:
    try:
        return _hasher.verify(password_hash or _nobodys_hash(), password) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False


def new_token() -> str:
    return secrets.token_urlsafe(_TOKEN_BYTES)


def token_hash(token: str) -> bytes:
    """What is stored of a token. A plain digest suffices: there is nothing to guess in 256 random bits."""
    return hashlib.sha256(token.encode()).digest()


def bearer_token(authorization: str | None) -> str | None:
    """The token of an Authorization header; None without the header, UNAUTHENTICATED for any other scheme."""
    if authorization is None:
        return None
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise UnauthenticatedError("The Authorization header must be `Bearer TOKEN`.")
    return token.strip()


class SessionCheck:
    """The session of a request's token: asked for at once, and known when its answer is there.

    Whether a session lives is for the database to say, each time. Whose it is never changes, so `owner` is known before
    where it was known once. Then the operation's own reads leave together with the question, and what they gave is
    thrown away if the answer is no.
    """

    def __init__(self, sessions: "Sessions", database: Database, digest: bytes) -> None:
        self._sessions = sessions
        self._database = database
        self._digest = digest
        self._known: SessionRow | None = None
        self._asked = accounts.session_by_token_hash(database, digest)
        self.owner = sessions.owner(digest)

    async def session(self) -> SessionRow:
        """The living session. A token that was sent and is not valid is an error, never a signed-out viewer."""
        if self._known is None:
            self._known = await self._answered()
        return self._known

    async def _answered(self) -> SessionRow:
        found = await self._asked
        if not found:
            raise UnauthenticatedError("This session is over or never was. Log in again.")
        (session,) = found
        self.owner = session.id
        self._sessions.remember(self._digest, session.id)
        if session.status == "suspended":
            raise AccountSuspendedError
        if session.expires_at - datetime.now(UTC) < SESSION_LIFETIME - _EXTENSION_STEP:
            await accounts.extend_session(self._database, session.session_id, SESSION_LIFETIME)
        return session


class Sessions:
    """Knows whose the tokens are that it has seen: by their digests, and the first seen forgotten first."""

    def __init__(self) -> None:
        self._owners: dict[bytes, int] = {}

    def owner(self, digest: bytes) -> int | None:
        return self._owners.get(digest)

    def remember(self, digest: bytes, owner: int) -> None:
        self._owners[digest] = owner
        if len(self._owners) > _REMEMBERED_OWNERS:
            del self._owners[next(iter(self._owners))]

    def check(self, database: Database, token: str) -> SessionCheck:
        return SessionCheck(self, database, token_hash(token))
