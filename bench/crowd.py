"""A database full of people and posts, for plan tests and benchmarks: what `vrss seed --scale` writes, and sessions."""

from datetime import UTC, datetime
from typing import Final, LiteralString

import psycopg

from db.seed.scaled import seed_scaled

POSTS_FOR_EACH_PERSON = 10
ANCHOR = datetime(2026, 1, 1, tzinfo=UTC)

# Whom the measurements look through, see docs/operations.md: the last people follow so many others.
FOLLOWS_100: Final[LiteralString] = "SELECT max(id) FROM users WHERE username LIKE 'person_%'"
FOLLOWS_1000: Final[LiteralString] = "SELECT max(id) - 1 FROM users WHERE username LIKE 'person_%'"
FOLLOWS_5000: Final[LiteralString] = "SELECT max(id) - 2 FROM users WHERE username LIKE 'person_%'"
FOLLOWS_SILENT: Final[LiteralString] = "SELECT max(id) - 3 FROM users WHERE username LIKE 'person_%'"

# Each person has one session, whose token is their id.
_SESSIONS: LiteralString = """
INSERT INTO app.sessions (user_id, token_hash, expires_at)
SELECT id, sha256(id::text::bytea), now() + interval '7 days' FROM users ORDER BY id
"""


def fill(url: str, posts: int) -> None:
    """Fill an empty database at head, the same each time. Needs a superuser."""
    seed_scaled(url, posts, anchor=ANCHOR)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(_SESSIONS)
        connection.execute("VACUUM ANALYZE")


def viewer(connection: psycopg.Connection, query: LiteralString) -> int:
    """The person whom one of the queries above names."""
    ((found,),) = connection.execute(query).fetchall()
    return found
