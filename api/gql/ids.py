"""Opaque global ids: the name of a type and the key of its row, in URL-safe base64.

The key is a number, but for tags: a tag is its name, and no row.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from binascii import b2a_base64
from collections.abc import Callable, Iterable
from functools import cache, lru_cache

import strawberry

from api.gql.errors import BadUserInputError
from db.documents.texts import tag_of

MAX_BIGINT = 2**63 - 1
TAG = "Tag"
_REMEMBERED = 20_000


def encode(type_name: str, key: int | str) -> strawberry.ID:
    return encode_all(type_name, [key])[0]


def encode_all(type_name: str, keys: Iterable[int | str]) -> list[strawberry.ID]:
    """The ids of many rows of one type."""
    return list(map(_encoder(type_name), keys))


@cache
def _encoder(type_name: str) -> Callable[[int | str], strawberry.ID]:
    """The ids of one type. The same few are asked for again and again, so many are remembered."""
    plain = f"{type_name}:%d".encode()

    @lru_cache(maxsize=_REMEMBERED)
    def encoded(key: int | str) -> strawberry.ID:
        if isinstance(key, str):
            return strawberry.ID(urlsafe_b64encode(f"{type_name}:{key}".encode()).rstrip(b"=").decode())
        # Of plain ASCII, base64 never makes the two characters that URLs do not take.
        return strawberry.ID(b2a_base64(plain % key, newline=False).rstrip(b"=").decode())

    return encoded


def decode_tag(global_id: str) -> str | None:
    """The name of a tag in its id; None where it is no id of a tag."""
    try:
        padded = global_id + "=" * (-len(global_id) % 4)
        type_name, _, name = urlsafe_b64decode(padded.encode("ascii")).decode().partition(":")
    except (ValueError, Base64Error):
        return None
    return name if type_name == TAG and tag_of(name) == name and encode(TAG, name) == global_id else None


def decode_any(global_id: str) -> tuple[str, int]:
    """The type name and the key. BAD_USER_INPUT unless `encode` could have made this id."""
    try:
        padded = global_id + "=" * (-len(global_id) % 4)
        type_name, _, digits = urlsafe_b64decode(padded.encode("ascii")).decode("ascii").partition(":")
        key = int(digits) if digits.isdigit() and len(digits) <= len(str(MAX_BIGINT)) else 0
    except (ValueError, Base64Error):  # UnicodeError is a ValueError
        type_name, key = "", 0
    if not 0 < key <= MAX_BIGINT or encode(type_name, key) != global_id:
        raise BadUserInputError("This is not an id that the API gave.")
    return type_name, key


def decode(global_id: str, type_name: str) -> int:
    """The key of an id that must belong to `type_name`, else BAD_USER_INPUT."""
    found, key = decode_any(global_id)
    if found != type_name:
        article = "an" if type_name[0] in "AEIO" else "a"
        raise BadUserInputError(f"This id does not belong to {article} {type_name}.")
    return key
