"""The keys that make creating mutations safe to retry."""

from datetime import timedelta
from typing import NamedTuple

from db.pool import Database
from db.queries import IdRow
from db.statements import load

KEY_LIFETIME = timedelta(hours=24)
"""How long a retry returns what its key created."""


class UsedKeyRow(NamedTuple):
    fingerprint: bytes
    object_id: int


_STATEMENTS = load("idempotency")


async def claim_key(database: Database, viewer: int, key: str, fingerprint: bytes) -> bool:
    """Whether the key is new, and belongs to this transaction. Waits for another one that uses it now."""
    given = {"viewer": viewer, "key": key, "fingerprint": fingerprint, "lifetime": KEY_LIFETIME}
    return await database.fetch_one(_STATEMENTS["claim_idempotency_key"], IdRow, **given) is not None


async def note_created(database: Database, viewer: int, key: str, object_id: int) -> None:
    await database.execute(_STATEMENTS["note_created_object"], viewer=viewer, key=key, object_id=object_id)


async def used_key(database: Database, viewer: int, key: str) -> UsedKeyRow | None:
    return await database.fetch_one(_STATEMENTS["object_of_idempotency_key"], UsedKeyRow, viewer=viewer, key=key)
