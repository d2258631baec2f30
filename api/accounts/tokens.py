"""Tokens: of sessions, and those that are sent by e-mail and prove that an address is somebody's."""

import hashlib
import secrets

from api.gql.errors import UnauthenticatedError
from db.errors import InvalidInputError
from db.pool import Database
from db.queries import verification
from db.queries.verification import Purpose

_TOKEN_BYTES = 32  # 256 bits


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


async def issue_token(database: Database, user_id: int, purpose: Purpose, email: str) -> str:
    """A token that proves, when it comes back, that whoever it was sent to reads the e-mails to this address."""
    token = new_token()
    await verification.insert_token(database, user_id, purpose, token_hash(token), email)
    return token


def stale_token() -> InvalidInputError:
    """The error for a token from an e-mail that is not, or no longer, valid."""
    return InvalidInputError(
        "This does not work any more: it was used, or its time is over. Ask for another e-mail.", field=("token",)
    )
