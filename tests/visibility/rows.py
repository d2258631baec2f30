"""The rows of all tables, which the oracle reads in place of the database."""

from collections.abc import Iterable
from functools import cached_property
from typing import Any, TypeAlias

import psycopg
from psycopg.rows import dict_row

from db.enums import PostStatus, PostType, Visibility
from db.queries.feeds import following_feed_id
from tests.feeds import model

Row: TypeAlias = dict[str, Any]
Thing: TypeAlias = tuple[str, int]

TABLES = (
    *("users", "user_profiles", "user_follows", "friendships", "posts", "post_media", "comments", "reposts"),
    *("post_interactions", "profile_sections", "section_content", "custom_feeds", "feed_filters", "user_lists"),
    *("list_members", "conversations", "messages", "notifications", "app.conversation_members", "app.user_settings"),
    *("app.user_blocks", "app.user_mutes", "app.sessions", "app.user_counts", "app.comment_likes"),
    *("app.post_mentions", "app.post_revisions"),
    *("app.follow_requests", "app.feed_tokens", "app.feed_markers", "app.seen_posts", "app.mute_words"),
    "app.message_replies",
    *("app.feed_pins", "app.feed_opt_outs", "app.pending_uploads", "app.profile_versions"),
)
SECTIONS = {
    "static_text": "StaticTextSection",
    "static_image": "StaticImageSection",
    **{name: f"{name.title()}Section" for name in ("feed", "gallery", "links", "video", "reposts", "friends")},
    **{name: f"{name.title()}Section" for name in ("followers", "following", "list")},
}


class Rows:
    """All tables, as they are."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._tables: dict[str, list[Row]] = {}
        with connection.cursor(row_factory=dict_row) as cursor:
            for table in TABLES:
                self._tables[table.removeprefix("app.")] = cursor.execute(f"SELECT * FROM {table}".encode()).fetchall()
        self["custom_feeds"].extend(self._following_feed(person) for person in list(self["users"]))
        for row in self["profile_sections"]:
            row["version_id"] = None
        for version in self["profile_versions"]:
            self._add_sections(version)
        self._by_id = {
            name: {row["id"]: row for row in rows} for name, rows in self._tables.items() if rows and "id" in rows[0]
        }
        self.profiles = {row["user_id"]: row for row in self["user_profiles"]}
        self.counts = {row["user_id"]: row for row in self["user_counts"]}
        self.follows = {(row["follower_id"], row["following_id"]) for row in self["user_follows"]}
        self.blocks = {(row["blocker_id"], row["blocked_id"]) for row in self["user_blocks"]}
        self.mutes = {(row["muter_id"], row["muted_id"]) for row in self["user_mutes"]}
        self.discreet = {row["user_id"] for row in self["user_settings"] if not row["show_followers"]}

    def _following_feed(self, person: Row) -> Row:
        """What nobody stores, as if it was."""
        theirs = [row for row in self["custom_feeds"] if row["user_id"] == person["id"]]
        return {
            "id": following_feed_id(person["id"]),
            "user_id": person["id"],
            "name": "Following",
            "description": "",
            "algorithm_config": {"scope": "FOLLOWING"},
            "is_default": not any(row["is_default"] for row in theirs),
            "display_order": -1,
            "sharing": "private",
            "forked_from_id": None,
        }

    def _add_sections(self, version: Row) -> None:
        """The sections in a version, as if they were rows like others."""
        for place, one in enumerate(version["sections"]["sections"]):
            common = {"user_id": version["user_id"], "version_id": version["id"], "display_order": place}
            self["profile_sections"].append(common | one)
            self["section_content"].extend(
                {"media_id": None} | piece | {"section_id": one["id"], "display_order": at}
                for at, piece in enumerate(one["content"])
            )

    def __getitem__(self, table: str) -> list[Row]:
        return self._tables[table]

    def is_public(self, post: Row) -> bool:
        """Whether everybody may see it whom its author has not blocked."""
        author = post["user_id"]
        is_open = self.one("users", author)["status"] == "active" and self.profiles[author]["visibility"] == "public"
        return is_open and post["status"] == "published" and post["visibility"] == "public"

    def one(self, table: str, key: int | None) -> Row:
        return self._by_id[table][key]

    def where(self, table: str, **given: object) -> list[Row]:
        return [row for row in self[table] if all(row[name] == value for name, value in given.items())]

    @cached_property
    def world(self) -> model.World:
        """What feeds are made of."""
        pictures: dict[int, list[str | None]] = {}
        for row in self["post_media"]:
            pictures.setdefault(row["post_id"], []).append(row["alt_text"])
        return model.World(
            now=max(row["created_at"] for row in self["posts"]),
            authors={
                row["id"]: model.Author(
                    row["id"],
                    row["status"] == "active",
                    Visibility(self.profiles[row["id"]]["visibility"]),
                    row["username"],
                    self.profiles[row["id"]]["display_name"],
                )
                for row in self["users"]
            },
            posts=tuple(
                model.Post(
                    row["id"],
                    row["user_id"],
                    PostType(row["type"]),
                    PostStatus(row["status"]),
                    Visibility(row["visibility"]),
                    row["title"],
                    row["content"],
                    tuple(row["tags"]),
                    row["likes_count"],
                    row["comments_count"],
                    row["reposts_count"],
                    row["created_at"],
                    row["language"],
                    tuple(pictures.get(row["id"], ())),
                )
                for row in self["posts"]
            ),
            follows=frozenset(self.follows),
            blocks=frozenset(self.blocks),
            mutes=frozenset(self.mutes),
            seen={(row["user_id"], row["post_id"]): row["mark"] for row in self["seen_posts"]},
            mute_words=tuple(
                model.MuteWord(row["user_id"], row["word"], row["whole_word"], row["except_followed"], row["until"])
                for row in newest(self["mute_words"])
            ),
            lists={
                row["id"]: model.People(
                    row["user_id"],
                    row["is_public"],
                    frozenset(member["user_id"] for member in self.where("list_members", list_id=row["id"])),
                )
                for row in self["user_lists"]
            },
            discreet=frozenset(self.discreet),
            opted_out=frozenset(row["user_id"] for row in self["feed_opt_outs"]),
            pins={
                feed: tuple(
                    row["post_id"]
                    for row in sorted(self["feed_pins"], key=lambda row: row["place"])
                    if row["feed_id"] == feed
                )
                for feed in {row["feed_id"] for row in self["feed_pins"]}
            },
        )


def newest(rows: Iterable[Row], tie: str = "id", time: str = "created_at") -> list[Row]:
    return sorted(rows, key=lambda row: (row[time], row[tie]), reverse=True)
