"""Who may see what, read in plain Python from the rows of the tables: what every answer is compared with.

It knows the rules of SPEC 2.2 and nothing of the SQL, the loaders and the types. An object is its type's name and key.
"""

from collections import defaultdict
from functools import cached_property

from db.documents.feed_rules import FeedRules
from db.enums import Visibility
from db.feeds.other_feeds import InnerFeed, with_inner_rules
from db.feeds.rows import FilterRow, rules_from_rows
from tests.feeds import reading
from tests.visibility.people import PeopleSight
from tests.visibility.rows import SECTIONS, Row, Thing, newest


class Sight(PeopleSight):
    """What one viewer may see."""

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
        used = {row["media_id"] for row in self.rows["section_content"]}
        if self.viewer is not None:
            used |= self.files_of(self.viewer)
        return [
            ("Media", row["id"])
            for row in newest(self.rows.where("post_media", user_id=self.viewer))
            if type_ in {"null", row["type"].upper()}
            and not (unattached and (row["post_id"] is not None or row["id"] in used))
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

    def uploads(self) -> list[Thing]:
        return [("Upload", row["id"]) for row in newest(self.rows.where("pending_uploads", user_id=self.viewer))]

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

    def notifications(self, types: str, *, unread_only: bool) -> list[Thing]:
        """`types` as a query names them, or null for all."""
        found = newest(self.rows.where("notifications", user_id=self.viewer))
        return [
            ("Notification", row["id"])
            for row in found
            if self.notification(row["id"])
            and not (unread_only and row["is_read"])
            and (types == "null" or row["type"].upper() in types)
        ]

    def sessions(self) -> list[Thing]:
        found = newest(self.rows.where("sessions", user_id=self.viewer), "id", "last_used_at")
        return [("Session", row["id"]) for row in found if self.session(row["id"])]

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
