"""Who may see what, read in plain Python from the rows of the tables: what every answer is compared with.

It knows the rules of SPEC 2.2 and nothing of the SQL, the loaders and the types. An object is its type's name and key.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any, TypeAlias

import psycopg
from psycopg.rows import dict_row

from db.documents.feed_rules import FeedRules
from db.enums import PostStatus, PostType, Visibility
from db.feeds.other_feeds import InnerFeed, with_inner_rules
from db.feeds.rows import FilterRow, rules_from_rows
from db.queries.feeds import following_feed_id
from tests.feeds import reading

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
                piece | {"section_id": one["id"], "display_order": at} for at, piece in enumerate(one["content"])
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
    def world(self) -> reading.World:
        """What feeds are made of."""
        pictures: dict[int, list[str | None]] = {}
        for row in self["post_media"]:
            pictures.setdefault(row["post_id"], []).append(row["alt_text"])
        return reading.World(
            now=max(row["created_at"] for row in self["posts"]),
            authors={
                row["id"]: reading.Author(
                    row["id"],
                    row["status"] == "active",
                    Visibility(self.profiles[row["id"]]["visibility"]),
                    row["username"],
                    self.profiles[row["id"]]["display_name"],
                )
                for row in self["users"]
            },
            posts=tuple(
                reading.Post(
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
                reading.MuteWord(row["user_id"], row["word"], row["whole_word"], row["except_followed"], row["until"])
                for row in newest(self["mute_words"])
            ),
            lists={
                row["id"]: reading.People(
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


class Sight:
    """What one viewer may see."""

    def __init__(self, rows: Rows, viewer: int | None) -> None:
        self.rows = rows
        self.viewer = viewer

    # Whether there is an object at all.

    def user(self, key: int | None) -> bool:
        if key is None or self.rows.one("users", key)["status"] != "active":
            return False
        return (self.viewer, key) not in self.rows.blocks and (key, self.viewer) not in self.rows.blocks

    def lets_in(self, visibility: str, owner: int) -> bool:
        if owner == self.viewer or visibility == "public":
            return True
        return visibility == "followers" and (self.viewer, owner) in self.rows.follows

    def profile(self, owner: int) -> bool:
        return self.user(owner) and self.lets_in(self.rows.profiles[owner]["visibility"], owner)

    def circles(self, owner: int) -> bool:
        return self.profile(owner) and (owner == self.viewer or owner not in self.rows.discreet)

    def published(self, key: int | None) -> bool:
        if key is None:
            return False
        post = self.rows.one("posts", key)
        author = post["user_id"]
        return post["status"] == "published" and self.profile(author) and self.lets_in(post["visibility"], author)

    def post(self, key: int) -> bool:
        post = self.rows.one("posts", key)
        recently = post["deleted_at"] is not None and post["deleted_at"] > datetime.now(UTC) - timedelta(days=30)
        unseen = post["status"] in {"draft", "scheduled"} or recently
        return (post["user_id"] == self.viewer and unseen) or self.published(key)

    def revision(self, key: int) -> bool:
        post = self.rows.one("post_revisions", key)["post_id"]
        return self.rows.one("posts", post)["user_id"] == self.viewer and self.post(post)

    def comment(self, key: int) -> bool:
        comment = self.rows.one("comments", key)
        stays = comment["deleted_at"] is None or comment["replies_count"] > 0
        on = comment["post_id"]
        return stays and self.user(comment["user_id"]) and self.published(on) and self.met(comment["user_id"], on)

    def met(self, who: int, post: int) -> bool:
        """Whether no block is between them and the post's author, who else could not moderate what they wrote on it."""
        author = self.rows.one("posts", post)["user_id"]
        return (who, author) not in self.rows.blocks and (author, who) not in self.rows.blocks

    def repost(self, key: int) -> bool:
        repost = self.rows.one("reposts", key)
        seen = self.profile(repost["user_id"]) and self.published(repost["post_id"])
        return seen and self.met(repost["user_id"], repost["post_id"])

    def media(self, key: int) -> bool:
        media = self.rows.one("post_media", key)
        return media["user_id"] == self.viewer or self.published(media["post_id"])

    def section(self, key: int) -> bool:
        section = self.rows.one("profile_sections", key)
        if section["version_id"] is not None:
            return section["user_id"] == self.viewer
        return self.profile(section["user_id"]) and (section["is_visible"] or section["user_id"] == self.viewer)

    def section_content(self, key: int) -> bool:
        return self.section(self.rows.one("section_content", key)["section_id"])

    def feed(self, key: int) -> bool:
        row = self.rows.one("custom_feeds", key)
        return row["user_id"] == self.viewer or (row["sharing"] == "public" and self.profile(row["user_id"]))

    def linked_feed(self, key: int) -> bool:
        """Whether a link opens it."""
        row = self.rows.one("custom_feeds", key)
        return row["sharing"] != "private" and self.profile(row["user_id"])

    def membership(self, key: int) -> Row | None:
        found = self.rows.where("conversation_members", conversation_id=key, user_id=self.viewer, left_at=None)
        return found[0] if found else None

    def conversation(self, key: int) -> bool:
        return self.membership(key) is not None

    def message(self, key: int) -> bool:
        message = self.rows.one("messages", key)
        member = self.membership(message["conversation_id"])
        if member is None or message["id"] <= member["hidden_before_message_id"]:
            return False
        return message["sender_id"] is None or self.user(message["sender_id"])

    def notification(self, key: int) -> bool:
        row = self.rows.one("notifications", key)
        if row["user_id"] != self.viewer or (self.viewer, row["actor_id"]) in self.rows.mutes:
            return False
        if row["withdrawn_at"] is not None:
            return False
        return (
            (row["type"] == "system" or self.user(row["actor_id"]))
            and (row["post_id"] is None or self.published(row["post_id"]))
            and (row["comment_id"] is None or self.says(row["comment_id"]))
            and (row["conversation_id"] is None or self.conversation(row["conversation_id"]))
        )

    def session(self, key: int) -> bool:
        row = self.rows.one("sessions", key)
        lives = row["revoked_at"] is None and row["expires_at"] > datetime.now(UTC)
        return lives and row["user_id"] == self.viewer

    def blocked_user(self, key: int) -> bool:
        return ("BlockedUser", key) in self.blocked()

    def version(self, key: int) -> bool:
        return self.rows.one("profile_versions", key)["user_id"] == self.viewer

    def user_list(self, key: int) -> bool:
        row = self.rows.one("user_lists", key)
        return row["user_id"] == self.viewer or (row["is_public"] and self.profile(row["user_id"]))

    def follow_request(self, key: int) -> bool:
        row = self.rows.one("follow_requests", key)
        pair = [row["requester_id"], row["target_id"]]
        return self.viewer in pair and all(one == self.viewer or self.user(one) for one in pair)

    def own(self, key: int) -> bool:
        return key == self.viewer

    def says(self, key: int) -> bool:
        return self.comment(key) and self.rows.one("comments", key)["deleted_at"] is None

    def sees(self, thing: Thing) -> bool:
        kind, key = thing
        return {
            "User": self.user,
            "Post": self.post,
            "PostRevision": self.revision,
            "Comment": self.comment,
            "Repost": self.repost,
            "Media": self.media,
            "Feed": self.feed,
            "Conversation": self.conversation,
            "Message": self.message,
            "Notification": self.notification,
            "Session": self.session,
            "Profile": self.profile,
            "SectionContent": self.section_content,
            "BlockedUser": self.blocked_user,
            "FollowRequest": self.follow_request,
            "UserList": self.user_list,
            "MuteWord": self.mute_word,
            "Upload": self.upload,
            "ProfileVersion": self.version,
            **dict.fromkeys(("Viewer", "AccountSettings", "Privacy", "Storage"), self.own),
        }.get(kind, self.section)(key)

    # What lists hold, in their order.

    def followers(self, owner: int) -> list[Thing]:
        return self._people(self.rows.where("user_follows", following_id=owner), "follower_id", owner)

    def following(self, owner: int) -> list[Thing]:
        return self._people(self.rows.where("user_follows", follower_id=owner), "following_id", owner)

    def friends(self, owner: int) -> list[Thing]:
        return self._friends(owner) if self.circles(owner) else []

    def _friends(self, person: int | None) -> list[Thing]:
        found = [
            {**row, "other": row["user_id_1"] + row["user_id_2"] - person}
            for row in self.rows["friendships"]
            if person in {row["user_id_1"], row["user_id_2"]}
        ]
        return self.users(newest(found, "other"), "other")

    def _people(self, rows: Iterable[Row], column: str, owner: int) -> list[Thing]:
        return self.users(newest(rows, column), column) if self.circles(owner) else []

    def users(self, rows: Iterable[Row], column: str) -> list[Thing]:
        return [("User", row[column]) for row in rows if self.user(row[column])]

    def posts_of(self, owner: int) -> list[Thing]:
        return [
            ("Post", row["id"]) for row in newest(self.rows.where("posts", user_id=owner)) if self.published(row["id"])
        ]

    def every_post(self, *visibilities: str) -> list[Thing]:
        """All, or those whose own visibility is one of these."""
        return [
            ("Post", row["id"])
            for row in newest(self.rows["posts"])
            if self.published(row["id"]) and row["visibility"] in (visibilities or set(map(str, Visibility)))
        ]

    def _known_by(self, person: int | None) -> set[int]:
        pairs = [{row["user_id_1"], row["user_id_2"]} for row in self.rows["friendships"]]
        return {other for pair in pairs if person in pair for other in pair - {person}}

    def discovered(self) -> list[Thing]:
        """Popular posts of the friends, and of the friends of those who do not hide them; else of everybody."""
        if self.viewer is None:
            posts = self.every_post("public")
        else:
            friends = self._known_by(self.viewer)
            second = {one for friend in friends if self.circles(friend) for one in self._known_by(friend)}
            muted = {other for muter, other in self.rows.mutes if muter == self.viewer}
            people = (friends | second) - {self.viewer} - muted
            posts = [post for post in self.every_post() if self.rows.one("posts", post[1])["user_id"] in people]
        return sorted(posts, key=lambda post: -self.rows.one("posts", post[1])["engagement_bucket"])

    def reposts(self, owner: int) -> list[Thing]:
        found = newest(self.rows.where("reposts", user_id=owner)) if self.profile(owner) else []
        seen = [row for row in found if self.published(row["post_id"]) and self.met(owner, row["post_id"])]
        return [("Post", row["post_id"]) for row in seen]

    def reposts_on(self, post: int) -> list[Row]:
        return [row for row in newest(self.rows.where("reposts", post_id=post)) if self.repost(row["id"])]

    def own_repost(self, post: int) -> Thing | None:
        found = [row for row in self.reposts_on(post) if row["user_id"] == self.viewer]
        return ("Repost", found[0]["id"]) if found else None

    def own_posts(self, status: str, time: str, *, soonest: bool = False) -> list[Thing]:
        found = newest(self.rows.where("posts", user_id=self.viewer, status=status), time=time)
        found.sort(key=lambda row: row[time], reverse=not soonest)
        return [("Post", row["id"]) for row in found if self.post(row["id"])]

    def bookmarks(self) -> list[Thing]:
        found = newest(self.rows.where("post_interactions", user_id=self.viewer, type="bookmark"))
        return [("Post", row["post_id"]) for row in found if self.published(row["post_id"])]

    def sections_of(self, owner: int) -> list[Thing]:
        published = self.rows.where("profile_sections", user_id=owner, version_id=None)
        found = sorted(published, key=lambda row: row["display_order"])
        return [(SECTIONS[row["type"]], row["id"]) for row in found if self.section(row["id"])]

    def revisions(self, post: int) -> list[Thing] | None:
        if self.rows.one("posts", post)["user_id"] != self.viewer:
            return None
        found = newest(self.rows.where("post_revisions", post_id=post), time="replaced_at")
        return [("PostRevision", row["id"]) for row in found]

    def likers(self, post: int) -> list[Thing]:
        return self.users(newest(self.rows.where("post_interactions", post_id=post, type="like")), "user_id")

    def comments(self, **of: int | None) -> list[Thing]:
        return [("Comment", row["id"]) for row in newest(self.rows.where("comments", **of)) if self.comment(row["id"])]

    def comment_likers(self, comment: int) -> list[Thing]:
        return self.users(newest(self.rows.where("comment_likes", comment_id=comment)), "user_id")

    def ancestors(self, comment: int, limit: int) -> list[Thing]:
        found: list[Thing] = []
        above = self.rows.one("comments", comment)["parent_comment_id"]
        for _ in range(limit):
            if above is not None:
                found = [("Comment", above), *found] if self.comment(above) else found
                above = self.rows.one("comments", above)["parent_comment_id"]
        return found

    def edits(self, key: int) -> bool:
        comment = self.rows.one("comments", key)
        return comment["user_id"] == self.viewer and comment["deleted_at"] is None

    def deletes(self, key: int) -> bool:
        comment = self.rows.one("comments", key)
        own = self.viewer in {comment["user_id"], self.rows.one("posts", comment["post_id"])["user_id"]}
        return own and comment["deleted_at"] is None

    def retracts(self, key: int) -> bool:
        message = self.rows.one("messages", key)
        return message["sender_id"] == self.viewer and message["deleted_at"] is None

    def pictures(self, owner: int) -> list[Thing]:
        found = newest(self.rows.where("post_media", user_id=owner))
        return [("Media", row["id"]) for row in found if self.published(row["post_id"])]

    def files(self, type_: str, *, unattached: bool) -> list[Thing]:
        avatars = {row["avatar_media_id"] for row in self.rows.where("user_profiles")}
        return [
            ("Media", row["id"])
            for row in newest(self.rows.where("post_media", user_id=self.viewer))
            if type_ in {"null", row["type"].upper()}
            and not (unattached and (row["post_id"] is not None or row["id"] in avatars))
        ]

    def versions(self, *, is_draft: bool) -> list[Thing]:
        found = self.rows.where("profile_versions", user_id=self.viewer)
        kept = sorted(found, key=lambda row: -row["number"])
        return [("ProfileVersion", row["id"]) for row in kept if (row["number"] == 0) == is_draft]

    def listed(self, section: Row) -> list[Thing]:
        list_ = self.rows.one("user_lists", section["config"]["list_id"])
        if not list_["is_public"] and list_["user_id"] != self.viewer:
            return []
        return self.users(newest(self.rows.where("list_members", list_id=list_["id"]), "user_id"), "user_id")

    def rules(self, feed: int) -> FeedRules:
        """Those of a feed, with those of the feeds that it names and that the viewer may open."""
        stored = self._stored_rules(feed)
        opened = [one.feed_id for one in stored.other_feeds if self.feed(one.feed_id)]
        return with_inner_rules(stored, {key: InnerFeed(self._stored_rules(key), 1) for key in opened})

    def _stored_rules(self, feed: int) -> FeedRules:
        filters = [
            FilterRow(one["type"], one["operator"], one["value"], one["group_id"], one["logical_operator"], 0)
            for one in self.rows.where("feed_filters", feed_id=feed)
        ]
        return rules_from_rows(self.rows.one("custom_feeds", feed)["algorithm_config"], filters)

    def feed_posts(self, feed: int, me: int | None, *, with_pinned: bool = True) -> list[Thing]:
        pins_of = None if with_pinned else feed
        found = reading.read(self.rows.world, self.rules(feed), self.viewer, me, pins_of=pins_of)
        return [("Post", post.id) for post in found]

    def pinned_posts(self, feed: int) -> list[Thing]:
        return [("Post", post) for post in reading.pinned(self.rows.world, self.viewer, feed)]

    def marker(self, feed: int) -> Row | None:
        found = self.rows.where("feed_markers", user_id=self.viewer, feed_id=feed)
        return found[0] if found else None

    def new_posts(self, feed: int) -> int:
        """How many posts of a feed by time stand before the viewer's marker."""
        marker = self.marker(feed)
        if marker is None:
            return 0
        found = [self.rows.one("posts", key) for _, key in self.feed_posts(feed, self.viewer, with_pinned=False)]
        read = (marker["post_created_at"], marker["post_id"])
        return len([row for row in found if (row["created_at"], row["id"]) > read])

    def home(self) -> list[Thing]:
        followed = {other for one, other in self.rows.follows if one == self.viewer}
        followed -= {other for one, other in self.rows.mutes if one == self.viewer}
        found = [row for row in newest(self.rows["posts"]) if row["user_id"] in followed and self.published(row["id"])]
        return [("Post", row["id"]) for row in found if not self.has_muted_word(row["id"])]

    def has_muted_word(self, post: int) -> bool:
        (found,) = (one for one in self.rows.world.posts if one.id == post)
        return bool(reading.muted_words(self.rows.world, found, self.viewer))

    def mute_words(self) -> list[Thing]:
        return [("MuteWord", row["id"]) for row in newest(self.rows.where("mute_words", user_id=self.viewer))]

    def mute_word(self, key: int) -> bool:
        return self.rows.one("mute_words", key)["user_id"] == self.viewer

    def uploads(self) -> list[Thing]:
        return [("Upload", row["id"]) for row in newest(self.rows.where("pending_uploads", user_id=self.viewer))]

    def upload(self, key: int) -> bool:
        return self.rows.one("pending_uploads", key)["user_id"] == self.viewer

    def conversations(self) -> list[Thing]:
        found = self.rows.where("conversation_members", user_id=self.viewer, left_at=None)
        shown = [row for row in found if row["hidden_at"] != row["last_message_at"]]
        return [("Conversation", row["conversation_id"]) for row in newest(shown, "conversation_id", "last_message_at")]

    def administers(self, key: int) -> bool:
        member = self.membership(key)
        return member is not None and member["is_admin"]

    def sends(self, key: int) -> bool:
        """Whether this viewer may write: in a conversation of two, to somebody who is seen."""
        others = [person for _, person in self.participants(key) if person != self.viewer]
        return self.rows.one("conversations", key)["kind"] == "group" or bool(others)

    def participants(self, key: int) -> list[Thing]:
        found = self.rows.where("conversation_members", conversation_id=key, left_at=None)
        return self.users(sorted(found, key=lambda row: (row["joined_at"], row["user_id"])), "user_id")

    def messages(self, key: int) -> list[Thing]:
        found = newest(self.rows.where("messages", conversation_id=key))
        return [("Message", row["id"]) for row in found if self.message(row["id"])]

    def unread(self, key: int) -> int:
        member = self.membership(key)
        assert member is not None
        found = [self.rows.one("messages", message) for _, message in self.messages(key)]
        return len(
            [
                row
                for row in found
                if row["deleted_at"] is None
                and row["sender_id"] != self.viewer
                and row["id"] > member["last_read_message_id"]
            ]
        )

    def notifications(self, *, unread_only: bool = False) -> list[Thing]:
        found = newest(self.rows.where("notifications", user_id=self.viewer))
        return [
            ("Notification", row["id"])
            for row in found
            if self.notification(row["id"]) and not (unread_only and row["is_read"])
        ]

    def sessions(self) -> list[Thing]:
        found = newest(self.rows.where("sessions", user_id=self.viewer), "id", "last_used_at")
        return [("Session", row["id"]) for row in found if self.session(row["id"])]

    def blocked(self) -> list[Thing]:
        """Blocks of one's own are seen whatever the other side does; only who is not there at all is left out."""
        found = newest(self.rows.where("user_blocks", blocker_id=self.viewer), "blocked_id")
        active = [row for row in found if self.rows.one("users", row["blocked_id"])["status"] == "active"]
        return [("BlockedUser", row["blocked_id"]) for row in active]

    def follow_requests(self, side: str) -> list[Thing]:
        """Those that the viewer has received (target_id) or made (requester_id)."""
        found = newest(self.rows.where("follow_requests", **{side: self.viewer}))
        return [("FollowRequest", row["id"]) for row in found if self.follow_request(row["id"])]

    def request_between(self, requester: int | None, target: int | None) -> Thing | None:
        found = self.rows.where("follow_requests", requester_id=requester, target_id=target)
        return ("FollowRequest", found[0]["id"]) if found else None

    def known_followers(self, owner: int) -> list[Thing]:
        followers = set(self.followers(owner))
        own = newest(self.rows.where("user_follows", follower_id=self.viewer), "following_id")
        return [thing for thing in self.users(own, "following_id") if thing in followers]

    def mutual_friends(self, owner: int) -> list[Thing]:
        friends = set(self.friends(owner))
        return [thing for thing in self._friends(self.viewer) if thing in friends]

    def friend_requests(self) -> list[Thing]:
        found = newest(self.rows.where("user_follows", following_id=self.viewer), "follower_id")
        waiting = [row for row in found if (self.viewer, row["follower_id"]) not in self.rows.follows]
        return self.users(waiting, "follower_id")

    def suggestions(self) -> list[Thing]:
        """Whom those whom the viewer follows follow, if they say so; nobody whom the viewer has decided about."""
        followed = {other for one, other in self.rows.follows if one == self.viewer}
        asked = {row["target_id"] for row in self.rows.where("follow_requests", requester_id=self.viewer)}
        muted = {other for one, other in self.rows.mutes if one == self.viewer}
        shared = Counter(other for one, other in self.rows.follows if one in followed and self.circles(one))
        found = shared.keys() - followed - asked - muted - {self.viewer}
        open_ = [key for key in found if self.user(key) and self.rows.profiles[key]["visibility"] != "private"]
        return [("User", key) for key in sorted(open_, key=lambda key: (shared[key], key), reverse=True)]

    def lists_with(self, person: int) -> list[Thing]:
        """The viewer's lists that a person is on."""
        on = {row["list_id"] for row in self.rows.where("list_members", user_id=person)}
        own = newest(self.rows.where("user_lists", user_id=self.viewer))
        return [("UserList", row["id"]) for row in own if row["id"] in on]

    def lists(self, owner: int) -> list[Thing]:
        found = newest(self.rows.where("user_lists", user_id=owner))
        return [("UserList", row["id"]) for row in found if self.user_list(row["id"])]

    def members(self, key: int) -> list[Thing]:
        return self.users(newest(self.rows.where("list_members", list_id=key), "user_id"), "user_id")

    def muted(self) -> list[Thing]:
        return self.users(newest(self.rows.where("user_mutes", muter_id=self.viewer), "muted_id"), "muted_id")

    @cached_property
    def interactions(self) -> dict[int, set[str]]:
        found: defaultdict[int, set[str]] = defaultdict(set)
        for row in self.rows.where("post_interactions", user_id=self.viewer):
            found[row["post_id"]].add(row["type"])
        for row in self.rows.where("reposts", user_id=self.viewer):
            found[row["post_id"]].add("repost")
        for row in self.rows.where("seen_posts", user_id=self.viewer):
            found[row["post_id"]].add("seen")
        return found
