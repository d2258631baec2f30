"""The rows of accounts that only their owners see, beside those of db/rows.py."""

from datetime import datetime
from typing import NamedTuple


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
    """Of what a user is told by mail."""

    user_id: int
    email_follows: bool
    email_likes: bool
    email_comments: bool
    email_reposts: bool
    email_mentions: bool
    email_messages: bool
    email_friend_requests: bool


class TokenOwnerRow(NamedTuple):
    """Whose a token is; `email` is the address that it proves, `stored_email` the one that the account has."""

    id: int
    username: str
    stored_email: str
    email: str


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
