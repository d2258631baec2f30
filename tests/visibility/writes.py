"""Every mutation, naming what its caller may not see: it answers as for what never was, and writes nothing."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from api.gql.ids import encode
from tests.api.conftest import Api
from tests.visibility.answers import NOBODY, FailedError, Oracle, as_named
from tests.visibility.asking import Differences, spread
from tests.visibility.mutations import IDS, OF_AUTHORS, OF_GROUPS, OF_MEMBERSHIPS, OTHERS, TAKES_BACK, Write, writes
from tests.visibility.oracle import Sight
from tests.visibility.rows import Thing
from tests.visibility.world.cast import token

TABLES = b"""
SELECT c.oid::regclass FROM pg_class AS c
WHERE c.relkind = 'r' AND c.relnamespace IN ('public'::regnamespace, 'app'::regnamespace)
ORDER BY c.oid
"""


@dataclass
class Writer:
    """Names up to `size` things of each kind that are hidden, and as many that are closed."""

    api: Api
    oracle: Oracle
    size: int
    ran: set[str] = field(default_factory=set[str])
    requests: int = 0

    def __post_init__(self) -> None:
        self.api.tokens |= {viewer: token(viewer) for viewer in self.oracle.viewers.values() if viewer is not None}

    async def differences(self, first: Sequence[str] = ()) -> Differences:
        """What a message reaches and should not; then every write, those of the mutations in `first` before others.

        Each write is tried by all viewers before the next one, since a server remembers only so many documents.
        """
        async for found in self._messages():
            yield found
        before = self._written()
        for write in sorted(writes(), key=lambda one: one.name not in first):
            for name, viewer in self.oracle.viewers.items():
                if viewer is not None:
                    async for found in self._refused(name, write):
                        yield f"{name}: {found}"
            if before != self._written():
                yield f"{write.name} has changed what is there"
                return

    async def statements(self, name: str) -> dict[str, set[str]]:
        """By mutation, the names of the statements that it runs for a viewer."""
        ran = defaultdict[str, set[str]](set)
        for write in writes():
            self.ran.clear()
            assert [one async for one in self._refused(name, write)] == []
            ran[write.name] |= self.ran
        return ran

    async def _refused(self, name: str, write: Write) -> Differences:
        nothing = await self._answer(name, write, (write.kind, NOBODY))
        things = [thing for thing in self.oracle.asked_of(name) if thing[0] == write.kind]
        hidden = [thing for thing in things if self.oracle.answer(name, thing) is None]
        if write.name in {"blockUser", "unblockUser"}:  # whom one has blocked, one may name
            blocks = {thing[1] for thing in self.oracle.sights[name].blocked()}
            if write.name == "unblockUser":
                blocks = {other for one, other in self.oracle.rows.blocks if one == self.oracle.viewers[name]}
            hidden = [thing for thing in hidden if thing[1] not in blocks]
        if write.name in OF_MEMBERSHIPS:  # they may be removed, with the same answer
            group = self._of_group(name, write)
            hidden = [thing for thing in hidden if thing[1] not in self._members(group)]
        for thing in spread(hidden, self.size):
            answer = await self._answer(name, write, thing)
            if answer != nothing:
                yield f"{write.name} of {thing} answers {answer}, not {nothing}"
        seen = [thing for thing in things if thing not in hidden and self.oracle.answer(name, thing) is not None]
        for thing in spread([thing for thing in seen if self._closed(name, write, thing)], self.size):
            await self._answer(name, write, thing)  # whatever it says, it must write nothing

    def _closed(self, name: str, write: Write, thing: Thing) -> bool:  # noqa: PLR0911  # a kind each
        """Whether a thing is seen, and not to be written to: one's drafts, blanks, talks with those who are gone."""
        rows, sight = self.oracle.rows, self.oracle.sights[name]
        match write.field:
            case "feedId" | "postId" | "pinnedPostIds" | "sectionId":
                return self._of_others(sight, write, thing[1])
            case "commentId":
                return not self._open(sight, write.name, thing[1])
            case "messageId":
                return not sight.retracts(thing[1])
            case "parentId":
                return not sight.says(thing[1])
            case "conversationId" if write.name == "sendMessage":
                return not sight.sends(thing[1])
            case "conversationId" if write.name in OF_GROUPS:
                is_group = rows.one("conversations", thing[1])["kind"] == "group"
                return not is_group or (write.name != "leaveConversation" and not sight.administers(thing[1]))
            case "userIds" if write.name == "createList":
                return False
            case "recipientId" | "userIds":
                return thing[1] != sight.viewer and not self._takes_messages(sight.viewer, thing[1])
            case _:
                return False

    @staticmethod
    def _of_others(sight: Sight, write: Write, key: int) -> bool:
        """Whether a feed or section is not this viewer's to change, or a post not to be written to by others."""
        if write.field == "sectionId":
            return sight.rows.one("profile_sections", key)["user_id"] != sight.viewer
        if write.kind == "Feed":
            own = sight.rows.one("custom_feeds", key)["user_id"] == sight.viewer
            return not own and write.name not in {"forkFeed", "setFeedMarker"}
        return not (write.name in OF_AUTHORS or sight.published(key) or write.name.startswith(TAKES_BACK))

    @staticmethod
    def _open(sight: Sight, name: str, comment: int) -> bool:
        """Whether a comment is to be edited, deleted or liked; a blank may be deleted again."""
        match name:
            case "editComment":
                return sight.edits(comment)
            case "deleteComment":
                return sight.deletes(comment) or not sight.says(comment)
            case _:
                return sight.says(comment) or name.startswith(TAKES_BACK)

    def _takes_messages(self, sender: int | None, recipient: int) -> bool:
        rows = self.oracle.rows
        follows = (sender, recipient) in rows.follows
        settings = rows.where("user_settings", user_id=recipient)
        return {
            "everyone": True,
            "followers": follows,
            "friends": follows and (recipient, sender) in rows.follows,
            "nobody": False,
        }[settings[0]["allow_messages_from"] if settings else "everyone"]

    async def _answer(self, name: str, write: Write, thing: Thing) -> Any:
        self.requests += 1
        global_id = encode(*as_named(thing))
        given: dict[str, Any] = {
            write.field: [global_id] if write.field in {"ids", "mediaIds", "feedIds"} else global_id
        }
        for other in write.others:
            given[other] = (
                encode(IDS[other], self._of_group(name, write) or self._visible(name, write, thing))
                if other in IDS
                else OTHERS.get(f"{write.name}.{other}", OTHERS.get(other, "Hello"))
            )
        if write.name == "sendMessage":
            given["content"] = "Hello"
        if write.field == "replyToId":
            given["conversationId"] = encode("Conversation", self._group(name))
        body = {"query": write.text, "variables": {"input": given}}
        answer = (await self.api.post(body, viewer=self.oracle.viewers[name])).json()
        self.ran.update(self.api.statements)
        if "errors" in answer:
            raise FailedError(answer["errors"])
        return answer["data"]

    def _visible(self, name: str, write: Write, thing: Thing) -> int:
        """The post that a comment is on, if it is seen; else any that is."""
        if write.field == "userId":  # a list, where there is one
            sight = self.oracle.sights[name]
            return next((row["id"] for row in self.oracle.rows.where("user_lists", user_id=sight.viewer)), NOBODY)
        if write.field == "listId":  # of a person who is seen
            return self.oracle.viewers[name] or NOBODY
        if write.field in {"upToMessageId", "fromMessageId"}:
            return self._talk(name, thing)
        sight = self.oracle.sights[name]
        if write.field in {"mediaIds", "pinnedPostIds"}:
            table, more = ("posts", {"status": "published"}) if write.field == "mediaIds" else ("custom_feeds", {})
            return self.oracle.rows.where(table, user_id=sight.viewer, **more)[0]["id"]
        assert write.field == "parentId", write
        own = None if thing[1] == NOBODY else self.oracle.rows.one("comments", thing[1])["post_id"]
        if own is not None and sight.published(own):
            return own
        return next(row["id"] for row in self.oracle.rows["posts"] if sight.published(row["id"]))

    def _group(self, name: str) -> int:
        """The first group that the viewer is in."""
        talks, sight = self.oracle.rows.where("conversations", kind="group"), self.oracle.sights[name]
        return next((row["id"] for row in talks if sight.conversation(row["id"])), NOBODY)

    def _of_group(self, name: str, write: Write) -> int | None:
        """Of a group, the first person who takes messages; of a person, a group of which the viewer is an admin."""
        if write.name not in OF_GROUPS:
            return None
        rows, sight = self.oracle.rows, self.oracle.sights[name]
        if write.field == "conversationId":
            people = (row["id"] for row in rows["users"] if sight.user(row["id"]) and row["id"] != sight.viewer)
            return next(person for person in people if self._takes_messages(sight.viewer, person))
        return next((row["id"] for row in rows["conversations"] if sight.administers(row["id"])), NOBODY)

    def _members(self, group: int | None) -> set[int]:
        rows = self.oracle.rows.where("conversation_members", conversation_id=group, left_at=None)
        return {row["user_id"] for row in rows}

    def _talk(self, name: str, message: Thing) -> int:
        """The conversation of a message, if it is seen; else any that is, if there is one."""
        rows, sight = self.oracle.rows, self.oracle.sights[name]
        own = None if message[1] == NOBODY else rows.one("messages", message[1])["conversation_id"]
        if own is not None and sight.conversation(own):
            return own
        return next((row["id"] for row in rows["conversations"] if sight.conversation(row["id"])), NOBODY)

    async def _messages(self) -> Differences:
        """In a group, a message reaches those alone who are in it and see its sender."""
        text = "mutation ($input: SendMessageInput!) { sendMessage(input: $input) { message { createdAt } } }"
        recently = "> now() - interval '1 hour' AND conversation_id = %s"
        moved = f"SELECT user_id FROM app.conversation_members WHERE last_message_at {recently}"
        told = f"SELECT user_id FROM notifications WHERE type = 'message' AND created_at {recently}"
        talks = sorted(row["id"] for row in self.oracle.rows["conversations"])
        for name, talk in (("blocked", talks[0]), ("open", talks[2])):
            sender = self.oracle.viewers[name]
            given = {"conversationId": encode("Conversation", talk), "content": "Hello"}
            await self.api.run(text, viewer=sender, input=given)
            sights = [Sight(self.oracle.rows, row["id"]) for row in self.oracle.rows["users"]]
            hears = {sight.viewer for sight in sights if sight.user(sender) and sight.conversation(talk)}
            for query, expected in ((moved, hears), (told, hears - {sender})):
                found = {row[0] for row in self.api.factory.connection.execute(query.encode(), [talk])}
                if found != expected:
                    yield f"a message of {name} in {talk} reaches {found}, not {expected}"

    def _written(self) -> Any:
        """A digest of each table."""
        return self.api.factory.connection.execute(self._digests).fetchone()

    @cached_property
    def _digests(self) -> bytes:
        tables = [table for (table,) in self.api.factory.connection.execute(TABLES)]
        digest = "(SELECT md5(string_agg(t::text, '' ORDER BY t::text)) FROM {} AS t)"
        return f"SELECT {', '.join(map(digest.format, tables))}".encode()
