"""Conversations: what was read, and what was not."""

from api.gql.ids import decode, encode
from tests.api.conftest import Api

MARK = """
mutation ($id: ID!, $upTo: ID) { markConversationRead(input: {conversationId: $id, upToMessageId: $upTo}) {
  conversation { id unreadCount } viewer { id } userErrors { code field } } }
"""


class Talk:
    """Ben has written three messages to Ada."""

    def __init__(self, api: Api) -> None:
        self.api = api
        make = api.factory
        self.ada, self.ben, self.cleo, _ = make.cast()
        self.key = make.insert("conversations", kind="direct", participant_ids=[self.ada, self.ben])
        for who in (self.ada, self.ben):
            make.insert("app.conversation_members", "user_id", conversation_id=self.key, user_id=who)
        self.messages = [self.say() for _ in range(3)]

    def say(self) -> str:
        row = {"conversation_id": self.key, "sender_id": self.ben, "content": "Hi"}
        return encode("Message", self.api.factory.insert("messages", **row))

    async def mark(self, up_to: str | None = None, *, viewer: int | None = None) -> tuple[int | None, list[object]]:
        """The count of unread messages afterwards, and the errors."""
        variables = {"id": encode("Conversation", self.key), "upTo": up_to}
        payload = (await self.api.run(MARK, viewer=viewer or self.ada, **variables))["markConversationRead"]
        assert (payload["viewer"] is None) == (payload["conversation"] is None)
        return payload["conversation"] and payload["conversation"]["unreadCount"], payload["userErrors"]


async def test_a_conversation_is_read_up_to_a_message_and_stays_read(api: Api) -> None:
    talk = Talk(api)
    first, second, _ = talk.messages
    assert await talk.mark(second) == (1, [])
    assert await talk.mark(first) == (1, [])
    assert await talk.mark() == (0, [])
    assert await talk.mark() == (0, [])
    talk.say()
    assert await talk.mark(first) == (1, [])
    others = "SELECT last_read_message_id FROM app.conversation_members WHERE user_id = %s"
    assert api.factory.scalar(others, talk.ben) == 0  # who reads, reads for themselves


async def test_only_members_read_and_only_messages_of_the_conversation(api: Api) -> None:
    talk = Talk(api)
    other = api.factory.insert("conversations", kind="group", participant_ids=[talk.ada, talk.cleo])
    api.factory.insert("app.conversation_members", "user_id", conversation_id=other, user_id=talk.ada)
    foreign = api.factory.insert("messages", conversation_id=other, sender_id=talk.cleo, content="Hi")
    not_found = {"code": "NOT_FOUND"}
    no_message = [{**not_found, "field": ["input", "upToMessageId"]}]
    no_conversation = [{**not_found, "field": ["input", "conversationId"]}]
    assert await talk.mark(encode("Message", foreign)) == (None, no_message)
    assert await talk.mark(encode("Message", 10**15)) == (None, no_message)
    assert await talk.mark(viewer=talk.cleo) == (None, no_conversation)
    assert api.factory.scalar("SELECT max(last_read_message_id) FROM app.conversation_members") == 0


async def test_an_empty_conversation_is_read(api: Api) -> None:
    talk = Talk(api)
    api.factory.connection.execute("DELETE FROM messages")
    assert await talk.mark() == (0, [])


async def test_what_notified_of_messages_is_read_with_them(api: Api) -> None:
    talk = Talk(api)
    ids = [decode(message, "Message") for message in talk.messages]
    other = api.factory.insert("conversations", kind="group", participant_ids=[talk.ada, talk.cleo])
    told = [
        *((talk.ada, talk.key, message) for message in ids),
        *((talk.ada, talk.key, None), (talk.ada, other, ids[0]), (talk.ben, talk.key, ids[0])),
    ]
    for person, conversation, message in told:
        row = {"user_id": person, "conversation_id": conversation, "message_id": message}
        api.factory.insert("notifications", type="message", title="Hi", **row)
    read = "SELECT array_agg(is_read AND read_at IS NOT NULL ORDER BY id) FROM notifications"
    await talk.mark(talk.messages[1])
    assert api.factory.scalar(read) == [True, True, False, True, False, False]
    await talk.mark()
    assert api.factory.scalar(read) == [True, True, True, True, False, False]
