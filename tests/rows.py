"""Rows for tests, with what a table demands and nothing more. The cast: Ada, Ben, Cleo, Dan."""

from collections.abc import Mapping
from typing import LiteralString, cast

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

INSERT: LiteralString = "INSERT INTO {table} ({columns}) VALUES ({values}) RETURNING *"


def insert(connection: psycopg.Connection, table: str, **values: object) -> dict[str, object]:
    """Insert one row into `schema.table` and return it whole; dicts become jsonb."""
    adapted = {name: Jsonb(value) if isinstance(value, Mapping) else value for name, value in values.items()}
    statement = sql.SQL(INSERT).format(
        table=sql.Identifier(*table.split(".")),
        columns=sql.SQL(", ").join(map(sql.Identifier, adapted)),
        values=sql.SQL(", ").join(map(sql.Placeholder, adapted)),
    )
    cursor = connection.execute(statement, adapted)
    row = cursor.fetchone()
    assert row is not None
    assert cursor.description is not None
    return {column.name: value for column, value in zip(cursor.description, row, strict=True)}


def identity(row: Mapping[str, object]) -> int:
    return cast("int", row["id"])


def person(connection: psycopg.Connection, username: str, **values: object) -> int:
    """An account with a public profile."""
    user = insert(
        connection,
        "public.users",
        **{"username": username, "email": f"{username}@example.org", "password_hash": "x", **values},
    )
    insert(connection, "public.user_profiles", user_id=user["id"], display_name=username.title())
    return identity(user)


def post(connection: psycopg.Connection, user_id: int, **values: object) -> int:
    """A published text."""
    row = insert(
        connection,
        "public.posts",
        **{"user_id": user_id, "type": "text_short", "content": "A post", **values},
    )
    return identity(row)


def comment(connection: psycopg.Connection, user_id: int, post_id: int, **values: object) -> int:
    row = insert(
        connection,
        "public.comments",
        **{"user_id": user_id, "post_id": post_id, "content": "A comment", **values},
    )
    return identity(row)


def like(connection: psycopg.Connection, user_id: int, post_id: int) -> None:
    insert(connection, "public.post_interactions", user_id=user_id, post_id=post_id, type="like")


def follow(connection: psycopg.Connection, follower_id: int, following_id: int) -> None:
    insert(connection, "public.user_follows", follower_id=follower_id, following_id=following_id)


def media(connection: psycopg.Connection, user_id: int, size: int, **values: object) -> int:
    """A picture that belongs to no post yet."""
    row = insert(
        connection,
        "public.post_media",
        **{
            "user_id": user_id,
            "type": "image",
            "file_url": "https://media.example.org/picture",
            "mime_type": "image/png",
            "object_key": _next_key(connection),
            "file_size_bytes": size,
            **values,
        },
    )
    return identity(row)


def _next_key(connection: psycopg.Connection) -> str:
    row = connection.execute("SELECT gen_random_uuid()").fetchone()
    assert row is not None
    return f"tests/{row[0]}"
