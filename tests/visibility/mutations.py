"""Every mutation that names an object, and what its other inputs are given."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from graphql import GraphQLInputObjectType, GraphQLObjectType, is_required_input_field

from tests.visibility.questions import TYPES, named, paths

# Which objects the ids of an input belong to. An input with an id under another name fails.
IDS = {
    "userId": "User",
    "recipientId": "User",
    "postId": "Post",
    "postIds": "Post",
    "pinnedPostIds": "Post",
    "parentId": "Comment",
    "commentId": "Comment",
    "conversationId": "Conversation",
    "avatarMediaId": "Media",
    "mediaId": "Media",
    "ids": "Notification",
    "mediaIds": "Media",
    "sessionId": "Session",
    "feedId": "Feed",
    "feedIds": "Feed",
    "upToId": "Notification",
    "upToMessageId": "Message",
    "fromMessageId": "Message",
    "replyToId": "Message",
    "messageId": "Message",
    "userIds": "User",
    "listId": "UserList",
    "muteWordId": "MuteWord",
    "uploadId": "Upload",
    "followRequestId": "FollowRequest",
    "sectionId": "StaticTextSection",
    "versionId": "ProfileVersion",
}
OF_GROUPS = {
    *("updateConversation", "addConversationMembers", "removeConversationMember", "setConversationRole"),
    "leaveConversation",
}
OF_MEMBERSHIPS = {"removeConversationMember"}
LISTS = {"ids", "mediaIds", "feedIds", "postIds"}
# What else must be given.
OTHERS: dict[str, Any] = {
    "scheduledFor": (datetime.now(UTC) + timedelta(days=1)).isoformat(),
    "accept": True,
    "role": "ADMIN",
    "sharing": "PUBLIC",
    "rules": {},
    "setSectionContent.content": [],
    "updateBackground.type": "IMAGE",
}
# What takes something back may be said of what is closed: it makes nothing.
TAKES_BACK = ("un", "remove")
# What authors do with posts that they alone see: those are not closed to them.
OF_AUTHORS = {"updatePost", "publishPost", "schedulePost", "unschedulePost", "deletePost", "restorePost"}


class Write(NamedTuple):
    """A mutation, the field of its input that names an object, and the other fields that must be there."""

    name: str
    text: str
    field: str
    others: tuple[str, ...]

    @property
    def kind(self) -> str:
        return IDS[self.field]


def writes() -> Iterator[Write]:
    """Every field of an input that names an object."""
    mutation = TYPES["Mutation"]
    assert isinstance(mutation, GraphQLObjectType)
    for name, found in mutation.fields.items():
        for argument in found.args.values():
            given = named(argument.type)
            assert isinstance(given, GraphQLInputObjectType)
            payload = named(found.type).name
            text = f"mutation ($input: {given.name}!) {{ {name}(input: $input) {{ {paths(payload, 1, 3)} }} }}"
            needed = tuple(one for one, value in given.fields.items() if is_required_input_field(value))
            for one, value in given.fields.items():
                if named(value.type).name == "ID":
                    if one not in IDS:
                        raise LookupError(f"{given.name}.{one}: say in IDS whose id it is")
                    yield Write(name, text, one, tuple(other for other in needed if other != one))
