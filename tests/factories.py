"""Rows for tests: each function inserts one and returns its id. The triggers do the rest, as in production."""

import hashlib
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql


@dataclass(frozen=True, slots=True)
class Factory:
    """Inserts through one connection in autocommit."""

    connection: psycopg.Connection[tuple[Any, ...]]

    def insert(self, table: str, returning: str = "id", /, **values: object) -> int:
        schema, _, name = table.rpartition(".")
        query = sql.SQL("INSERT INTO {} ({}) VALUES ({}) RETURNING {}").format(
            sql.Identifier(schema or "public", name),
            sql.SQL(", ").join(map(sql.Identifier, values)),
            sql.SQL(", ").join(map(sql.Placeholder, values)),
            sql.Identifier(returning),
        )
        row = self.connection.execute(query, values).fetchone()
        assert row is not None
        return row[0]

    def user(self, username: str, *, status: str = "active", visibility: str = "public") -> int:
        user_id = self.insert(
            "users", username=username, email=f"{username}@example.org", password_hash="x", status=status
        )
        self.insert("user_profiles", "user_id", user_id=user_id, display_name=username.title(), visibility=visibility)
        return user_id

    def cast(self) -> tuple[int, int, int, int]:
        """Ada, Ben, Cleo and Dan."""
        return self.user("ada"), self.user("ben"), self.user("cleo"), self.user("dan")

    def follow(self, follower: int, followed: int) -> None:
        self.insert("user_follows", "follower_id", follower_id=follower, following_id=followed)

    def post(self, author: int, content: str | None = "Hello", **values: object) -> int:
        return self.insert("posts", user_id=author, content=content, **{"type": "text_short", **values})

    def comment(self, author: int, post: int, content: str = "Nice", **values: object) -> int:
        return self.insert("comments", user_id=author, post_id=post, content=content, **values)

    def like(self, user: int, post: int) -> None:
        self.insert("post_interactions", user_id=user, post_id=post, type="like")

    def media(self, user: int, post: int | None = None, **values: object) -> int:
        count = self.scalar("SELECT count(*) FROM post_media")
        given = {
            "type": "image",
            "file_url": f"/media/placeholders/image/{count}-40x30.svg",
            "object_key": f"key-{count}",
            "file_size_bytes": 1000,
            "mime_type": "image/png",
            "width": 40,
            "height": 30,
        }
        return self.insert("post_media", user_id=user, post_id=post, **{**given, **values})

    def session(self, user: int, **values: object) -> str:
        """A token for a user, who need not log in."""
        token = f"token-of-{user}-{self.scalar('SELECT count(*) FROM app.sessions')}"
        digest = hashlib.sha256(token.encode()).digest()
        expires = self.scalar("SELECT now() + interval '7 days'")
        self.insert("app.sessions", user_id=user, token_hash=digest, **{"expires_at": expires, **values})
        return token

    def scalar(self, query: str, *parameters: object) -> Any:
        """The first column of the first row."""
        row = self.connection.execute(query.encode(), parameters).fetchone()
        assert row is not None
        return row[0]
