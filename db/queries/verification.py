"""Tokens that are sent by mail and prove that an address is somebody's."""

from datetime import timedelta
from enum import StrEnum
from typing import NamedTuple

from db.errors import ConflictingWritesError
from db.pool import Database
from db.queries import IdRow
from db.statements import load


class TokenOwnerRow(NamedTuple):
    """Whose a token is; `email` is the address that it proves, `stored_email` the one that the account has."""

    id: int
    username: str
    stored_email: str
    email: str


_STATEMENTS = load("verification")


class Purpose(StrEnum):
    EMAIL_VERIFICATION = "email_verification"
    PASSWORD_RESET = "password_reset"  # noqa: S105  # no password, but what a token is for


LIFETIMES = {Purpose.EMAIL_VERIFICATION: timedelta(hours=24), Purpose.PASSWORD_RESET: timedelta(hours=1)}


async def insert_token(database: Database, user_id: int, purpose: Purpose, token_hash: bytes, email: str) -> None:
    """Store a token; ConflictingWritesError when the account was deleted meanwhile. The caller has locked it."""
    stored = await database.fetch_one(
        _STATEMENTS["insert_token"],
        IdRow,
        user_id=user_id,
        purpose=purpose.value,
        token_hash=token_hash,
        email=email,
        lifetime=LIFETIMES[purpose],
    )
    if stored is None:
        raise ConflictingWritesError


async def owner_of_token(database: Database, purpose: Purpose, token_hash: bytes) -> TokenOwnerRow | None:
    return await database.fetch_one(
        _STATEMENTS["owner_of_token"], TokenOwnerRow, purpose=purpose.value, token_hash=token_hash
    )


async def use_token(database: Database, purpose: Purpose, token_hash: bytes) -> bool:
    """Whether it could still be used."""
    used = await database.fetch_one(_STATEMENTS["use_token"], IdRow, purpose=purpose.value, token_hash=token_hash)
    return used is not None


async def void_tokens(database: Database, user_id: int, purpose: Purpose | None = None) -> None:
    """Those for one purpose, or all: whoever changes a credential voids all, with the account locked."""
    await database.execute(_STATEMENTS["void_tokens"], user_id=user_id, purpose=purpose and purpose.value)
