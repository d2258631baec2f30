"""Accounts: credentials and sessions."""

from asyncio import Future
from datetime import timedelta

from db.pool import Database
from db.rows import CredentialsRow, NewSessionRow, SessionRow
from db.statements import load

_STATEMENTS = load("accounts")


async def credentials_by_login(database: Database, login: str) -> CredentialsRow | None:
    return await database.fetch_one(_STATEMENTS["credentials_by_login"], CredentialsRow, login=login)


async def insert_session(
    database: Database,
    user_id: int,
    token_hash: bytes,
    user_agent: str | None,
    ip_address: str | None,
    lifetime: timedelta,
) -> NewSessionRow | None:
    return await database.fetch_one(
        _STATEMENTS["insert_session"],
        NewSessionRow,
        user_id=user_id,
        token_hash=token_hash,
        user_agent=user_agent,
        ip_address=ip_address,
        lifetime=lifetime,
    )


async def note_login(database: Database, user_id: int) -> None:
    await database.execute(_STATEMENTS["note_login"], user_id=user_id)


def session_by_token_hash(database: Database, token_hash: bytes) -> Future[list[SessionRow]]:
    """The living session of a token, or none. Asked for at once; the answer need not be awaited."""
    asked = database.fetch(_STATEMENTS["session_by_token_hash"], SessionRow, token_hash=token_hash)
    asked.add_done_callback(_heard)
    return asked


def _heard(asked: Future[list[SessionRow]]) -> None:
    """An operation that failed has nobody left to hear how this ended."""
    if not asked.cancelled():
        asked.exception()


async def extend_session(database: Database, session_id: int, lifetime: timedelta) -> None:
    await database.execute(_STATEMENTS["extend_session"], session_id=session_id, lifetime=lifetime)


async def revoke_session(database: Database, viewer: int, session_id: int) -> bool:
    return await database.execute(_STATEMENTS["revoke_session"], viewer=viewer, session_id=session_id) > 0
