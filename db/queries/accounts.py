"""Accounts: credentials, status and settings."""

from asyncio import Future
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from db.documents.folding import fold
from db.pool import Database
from db.queries import IdRow, array
from db.statements import load


class CredentialsRow(NamedTuple):
    id: int
    username: str
    email: str
    password_hash: str


class AccountRow(NamedTuple):
    id: int
    username: str
    email: str
    email_verified: bool


class AccountSettingsRow(NamedTuple):
    """Which events a user is notified of by e-mail."""

    user_id: int
    email_follows: bool
    email_likes: bool
    email_comments: bool
    email_reposts: bool
    email_mentions: bool
    email_messages: bool
    email_friend_requests: bool


class PendingRow(NamedTuple):
    """What awaits an account: another address, and its deletion for good."""

    user_id: int
    pending_email: str | None
    deletes_at: datetime | None


DELETION_GRACE = timedelta(days=30)
"""How long a deletion can be cancelled."""

_STATEMENTS = load("accounts")


class NewAccount(NamedTuple):
    username: str
    email: str
    password_hash: str
    display_name: str | None


class StatusRow(NamedTuple):
    id: int
    username: str
    status: str


class _DeletedRow(NamedTuple):
    deleted_at: datetime


class _StatusRow(NamedTuple):
    status: str


async def insert_account(database: Database, account: NewAccount) -> int:
    """The id of the new account. DuplicateUsernameError or DuplicateEmailError when somebody else has the name."""
    (made,) = await database.fetch(_STATEMENTS["insert_account"], IdRow, **account._asdict())
    return made.id


async def credentials_by_login(database: Database, login: str) -> CredentialsRow | None:
    return await database.fetch_one(
        _STATEMENTS["credentials_by_login"], CredentialsRow, login=fold(login), grace=DELETION_GRACE
    )


async def username_exists(database: Database, username: str) -> bool:
    """Whether somebody has this name; also an account that is deleted, or not to be seen."""
    return await database.fetch_one(_STATEMENTS["username_exists"], IdRow, username=fold(username)) is not None


async def credentials_by_id(database: Database, user_id: int) -> CredentialsRow | None:
    return await database.fetch_one(_STATEMENTS["credentials_by_id"], CredentialsRow, user_id=user_id)


async def lock_credentials(database: Database, user_id: int) -> CredentialsRow | None:
    """As they are, until the transaction ends."""
    return await database.fetch_one(_STATEMENTS["lock_credentials"], CredentialsRow, user_id=user_id)


async def account_by_email(database: Database, email: str) -> AccountRow | None:
    return await database.fetch_one(
        _STATEMENTS["account_by_email"], AccountRow, email=fold(email), grace=DELETION_GRACE
    )


async def note_login(database: Database, user_id: int, password_hash: str) -> bool:
    """Whether the account still has the password that belongs to this hash."""
    found = await database.fetch_one(_STATEMENTS["note_login"], IdRow, user_id=user_id, password_hash=password_hash)
    return found is not None


async def set_password(database: Database, user_id: int, password_hash: str) -> None:
    await database.execute(_STATEMENTS["set_password"], user_id=user_id, password_hash=password_hash)


async def replace_password(database: Database, user_id: int, old_hash: str, password_hash: str) -> bool:
    """Whether the account still had the old hash."""
    found = await database.fetch_one(
        _STATEMENTS["replace_password"], IdRow, user_id=user_id, old_hash=old_hash, password_hash=password_hash
    )
    return found is not None


async def set_verified_email(database: Database, user_id: int, email: str) -> None:
    await database.execute(_STATEMENTS["set_verified_email"], user_id=user_id, email=email)


async def set_username(database: Database, user_id: int, username: str) -> None:
    await database.execute(_STATEMENTS["set_username"], user_id=user_id, username=username)


async def delete_account(database: Database, user_id: int) -> datetime | None:
    """When it was deleted; None when it is already."""
    found = await database.fetch_one(_STATEMENTS["delete_account"], _DeletedRow, user_id=user_id)
    return found and found.deleted_at


async def cancel_account_deletion(database: Database, user_id: int) -> str | None:
    """The status that the account has again; None when it is not deleted, or for good."""
    found = await database.fetch_one(
        _STATEMENTS["cancel_account_deletion"], _StatusRow, user_id=user_id, grace=DELETION_GRACE
    )
    return found and found.status


async def account_by_username(database: Database, username: str) -> StatusRow | None:
    return await database.fetch_one(_STATEMENTS["account_by_username"], StatusRow, username=fold(username))


async def set_status(database: Database, user_id: int, status: str) -> bool:
    """Whether it changed: it does not where the account has the status already, or is deleted."""
    return await database.execute(_STATEMENTS["set_status"], user_id=user_id, status=status) > 0


def account_settings_by_user_ids(
    database: Database, viewer: int | None, ids: Iterable[int]
) -> Future[list[AccountSettingsRow]]:
    return database.fetch(
        _STATEMENTS["account_settings_by_user_ids"], AccountSettingsRow, viewer=viewer, ids=array(ids)
    )


def pending_by_user_ids(database: Database, viewer: int | None, ids: Iterable[int]) -> Future[list[PendingRow]]:
    statement = _STATEMENTS["pending_by_user_ids"]
    return database.fetch(statement, PendingRow, viewer=viewer, ids=array(ids), grace=DELETION_GRACE)


async def update_account_settings(database: Database, user_id: int, changes: Mapping[str, bool | None]) -> None:
    """`changes` has every flag of AccountSettingsRow; one that is None stays as it is."""
    await database.execute(_STATEMENTS["update_account_settings"], user_id=user_id, **changes)
