"""Whether there is an object at all for a viewer: the rules of SPEC 2.2 in plain Python."""

from datetime import UTC, datetime, timedelta

from tests.visibility.rows import Row, Rows, Thing, newest


class ObjectSight:
    """What objects one viewer may see."""

    def __init__(self, rows: Rows, viewer: int | None) -> None:
        self.rows = rows
        self.viewer = viewer

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
        return media["user_id"] == self.viewer or self.published(media["post_id"]) or self.shown_by_profile(media)

    def shown_by_profile(self, media: Row) -> bool:
        owner, pieces = media["user_id"], self.rows.where("section_content", media_id=media["id"])
        return self.profile(owner) and (
            media["id"] in self.files_of(owner) or any(self.section(piece["section_id"]) for piece in pieces)
        )

    def files_of(self, owner: int) -> set[int | None]:
        row = self.rows.profiles[owner]
        return {row["avatar_media_id"], row["background_config"].get("media_id")}

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

    def mute_word(self, key: int) -> bool:
        return self.rows.one("mute_words", key)["user_id"] == self.viewer

    def upload(self, key: int) -> bool:
        return self.rows.one("pending_uploads", key)["user_id"] == self.viewer

    def blocked(self) -> list[Thing]:
        """Blocks of one's own are seen whatever the other side does; only who is not there at all is left out."""
        found = newest(self.rows.where("user_blocks", blocker_id=self.viewer), "blocked_id")
        active = [row for row in found if self.rows.one("users", row["blocked_id"])["status"] == "active"]
        return [("BlockedUser", row["blocked_id"]) for row in active]
