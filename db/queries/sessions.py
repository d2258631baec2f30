"""Sessions: who is signed in, where, and until when."""

from asyncio import Future
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from db.pool import Database
from db.queries import PageBounds, array
from db.statements import load


class SessionRow(NamedTuple):
    """A living session and the account it belongs to; `id` is the account's. `is_read_only` is the database."""

    session_id: int
    expires_at: datetime
    id: int
    username: str
    email: str
    email_verified: bool
    status: str
    is_read_only: bool


class TokenOwnerRow(NamedTuple):
    """Whose account a token is, by the hexadecimal digits of its digest; `id` is the account's."""

    token_hash: str
    id: int
    status: str


class NewSessionRow(NamedTuple):
    id: int
    expires_at: datetime


class DeviceRow(NamedTuple):
    """A living session as its owner sees it; `id` is the session's."""

    id: int
    user_agent: str | None
    address: str | None
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime
    owner_id: int
    is_stop: bool = False


_STATEMENTS = load("sessions")


async def insert_session(
    database: Database,
    user_id: int,
    token_hash: bytes,
    user_agent: str | None,
    ip_address: str | None,
    lifetime: timedelta,
) -> NewSessionRow:
    (opened,) = await database.fetch(
        _STATEMENTS["insert_session"],
        NewSessionRow,
        user_id=user_id,
        token_hash=token_hash,
        user_agent=user_agent,
        ip_address=ip_address,
        lifetime=lifetime,
    )
    return opened


def session_by_token_hash(database: Database, token_hash: bytes) -> Future[list[SessionRow]]:
    """The living session of a token, or none. Requested at once; the result need not be awaited."""
    asked = database.fetch(_STATEMENTS["session_by_token_hash"], SessionRow, token_hash=token_hash)
    asked.add_done_callback(_retrieve_exception)
    return asked


def _retrieve_exception(asked: Future[list[SessionRow]]) -> None:
    """After an operation that failed nothing awaits this: asyncio must not log its exception."""
    if not asked.cancelled():
        asked.exception()


def token_owners_by_token_hashes(database: Database, token_hashes: Iterable[bytes]) -> Future[list[TokenOwnerRow]]:
    """The owners of those that are valid."""
    digits = array(digest.hex() for digest in token_hashes)
    return database.fetch(_STATEMENTS["token_owners_by_token_hashes"], TokenOwnerRow, token_hashes=digits)


def sessions_by_user_ids(
    database: Database, viewer: int | None, ids: Iterable[int], page: PageBounds
) -> Future[list[DeviceRow]]:
    statement = _STATEMENTS["sessions_by_user_ids"].towards(backward=page.backward)
    return database.fetch(statement, DeviceRow, viewer=viewer, ids=array(ids), **page.parameters)


def sessions_by_ids(database: Database, viewer: int | None, ids: Iterable[int]) -> Future[list[DeviceRow]]:
    return database.fetch(_STATEMENTS["sessions_by_ids"], DeviceRow, viewer=viewer, ids=array(ids))


async def extend_session(database: Database, session_id: int, lifetime: timedelta) -> bool:
    """Whether it had not ended meanwhile."""
    return await database.execute(_STATEMENTS["extend_session"], session_id=session_id, lifetime=lifetime) > 0


async def revoke_session(database: Database, viewer: int, session_id: int) -> bool:
    return await database.execute(_STATEMENTS["revoke_session"], viewer=viewer, session_id=session_id) > 0


async def revoke_other_sessions(database: Database, user_id: int, session_id: int | None) -> int:
    """How many ended: all but this one, or all."""
    return await database.execute(_STATEMENTS["revoke_other_sessions"], user_id=user_id, session_id=session_id)


async def end_surplus_sessions(database: Database, user_id: int, most: int) -> int:
    """How many ended: those beyond so many, the ones used longest ago."""
    return await database.execute(_STATEMENTS["end_surplus_sessions"], user_id=user_id, most=most)
