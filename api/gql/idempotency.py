"""Idempotency keys: a creating mutation that is sent again with its key returns what it created the first time.

The key is claimed, and what it created is noted, in the transaction of the mutation: both are stored, or neither. Of
two at the same moment the second waits for the first.
"""

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import MISSING, fields, is_dataclass
from typing import Any, NamedTuple

import orjson

from api.context import Info
from db.errors import ConflictError, ConflictingWritesError, NotFoundError
from db.queries import idempotency

_FIELD = "idempotency_key"
_OPTIONS = orjson.OPT_SORT_KEYS | orjson.OPT_PASSTHROUGH_DATACLASS


class Creation(NamedTuple):
    """`field` of the payload is the created object; `again` makes the payload anew from its id."""

    field: str
    again: Callable[[Info, int], Awaitable[Any]]


async def created_once(
    info: Info, mutation: str, creation: Creation, create: Callable[[], Awaitable[Any]], given: Any
) -> Any:
    """What `create` returns, or what it returned the first time with the key in the input `given`."""
    key = getattr(given, _FIELD)
    if key is None:
        return await create()
    database, viewer, fingerprint = info.context.database, info.context.signed_in, fingerprint_of(mutation, given)
    if await idempotency.claim_key(database, viewer, key, fingerprint):
        payload = await create()
        await idempotency.note_created(database, viewer, key, getattr(payload, creation.field).id)
        return payload
    used = await idempotency.used_key(database, viewer, key)
    if used is None:  # deleted since: claimed at the next try
        raise ConflictingWritesError
    if used.fingerprint != fingerprint:
        raise ConflictError("This key was used with other input.", field=(_FIELD,))
    try:
        return await creation.again(info, used.object_id)
    except NotFoundError:
        raise NotFoundError("What was created with this key is no longer there.", field=(_FIELD,)) from None


def fingerprint_of(mutation: str, given: Any) -> bytes:
    """A digest of the mutation and its input without the key."""
    values = {name: value for name, value in _stated(given).items() if name != _FIELD}
    return hashlib.sha256(orjson.dumps([mutation, values], default=_stated, option=_OPTIONS)).digest()


def _stated(value: Any) -> Any:
    """What an input says, without what it leaves at its default: a later release may have more of that."""
    if not is_dataclass(value):
        return repr(value)
    defaults = {
        field.name: field.default if field.default_factory is MISSING else field.default_factory()
        for field in fields(value)
    }
    values = {name: getattr(value, name) for name in defaults}
    return {name: one for name, one in values.items() if one != defaults[name]}
