"""Messages and conversations after they were sent: changed, deleted, muted, unread again."""

from typing import Any

import pytest

from api.gql.ids import encode
from tests.api.conftest import Api
from tests.api.test_reading_conversations import Talk

ERRORS = "userErrors { code field }"
EDIT = f"""mutation ($id: ID!, $text: String!) {{ editMessage(input: {{messageId: $id, content: $text}}) {{
  message {{ content editedAt isDeleted viewerCanEdit viewerCanDelete }} {ERRORS} }} }}"""
DELETE = f"""mutation ($id: ID!) {{ deleteMessage(input: {{messageId: $id}}) {{
  message {{ content isDeleted viewerCanEdit viewerCanDelete }} conversation {{ id unreadCount }} {ERRORS} }} }}"""
SEND = """mutation ($id: ID!, $text: String!) { sendMessage(input: {conversationId: $id, content: $text}) {
  message { id viewerCanEdit viewerCanDelete } } }"""
UNREAD = f"""mutation ($id: ID!, $from: ID) {{
  markConversationUnread(input: {{conversationId: $id, fromMessageId: $from}}) {{
    conversation {{ unreadCount }} {ERRORS} }} }}"""
QUOTES = "SELECT array_agg(content ORDER BY id) FROM notifications"


class Said(Talk):
    """Ben has sent three messages, and one that Ada was notified of."""

    async def send(self, viewer: int, text: str = "Psst") -> str:
        given = {"id": encode("Conversation", self.key), "text": text}
        message = (await self.api.run(SEND, viewer=viewer, **given))["sendMessage"]["message"]
        assert (message["viewerCanEdit"], message["viewerCanDelete"]) == (True, True)
        return message["id"]

    async def edit(self, viewer: int, message: str, text: str = "Aloud") -> dict[str, Any]:
        return (await self.api.run(EDIT, viewer=viewer, id=message, text=text))["editMessage"]

    async def delete(self, viewer: int, message: str) -> dict[str, Any]:
        return (await self.api.run(DELETE, viewer=viewer, id=message))["deleteMessage"]

    async def unread(self, first: str | None = None, *, viewer: int | None = None) -> tuple[int | None, list[Any]]:
        given = {"id": encode("Conversation", self.key), "from": first}
        payload = (await self.api.run(UNREAD, viewer=viewer or self.ada, **given))["markConversationUnread"]
        return payload["conversation"] and payload["conversation"]["unreadCount"], payload["userErrors"]


@pytest.fixture
def said(api: Api) -> Said:
    return Said(api)


async def test_a_changed_message_is_another_text_wherever_it_stands(said: Said) -> None:
    message = await said.send(said.ben)
    same = await said.edit(said.ben, message, "Psst")
    assert (same["message"]["editedAt"], same["userErrors"]) == (None, [])
    edited = (await said.edit(said.ben, message))["message"]
    assert (edited["content"], edited["editedAt"] is None) == ("Aloud", False)
    assert said.api.factory.scalar(QUOTES) == ["Aloud"]


async def test_a_deleted_message_leaves_a_blank_and_no_words(said: Said) -> None:
    message = await said.send(said.ben)
    for _ in range(2):
        deleted = await said.delete(said.ben, message)
        blank = {"content": None, "isDeleted": True, "viewerCanEdit": False, "viewerCanDelete": False}
        assert (deleted["message"], deleted["userErrors"]) == (blank, [])
    assert said.api.factory.scalar(QUOTES) is None
    assert (await said.edit(said.ben, message))["userErrors"] == [
        {"code": "FORBIDDEN", "field": ["input", "messageId"]}
    ]
    list_ = "query ($id: ID!) { conversation(id: $id) { unreadCount lastMessage { content isDeleted } } }"
    found = await said.api.run(list_, viewer=said.ada, id=encode("Conversation", said.key))
    assert found == {"conversation": {"unreadCount": 3, "lastMessage": {"content": None, "isDeleted": True}}}


async def test_what_an_earlier_release_noted_of_a_message_goes_with_it(said: Said) -> None:
    message, other = await said.send(said.ben), await said.send(said.ben, "Hear")
    said.api.factory.connection.execute("UPDATE notifications SET message_id = NULL")
    assert (await said.delete(said.ben, message))["userErrors"] == []
    assert said.api.factory.scalar(QUOTES) == ["Hear"]
    await said.delete(said.ben, other)
    assert said.api.factory.scalar(QUOTES) is None


async def test_who_is_blocked_changes_no_message(said: Said) -> None:
    message = await said.send(said.ben)
    said.api.factory.insert("app.user_blocks", "blocker_id", blocker_id=said.ada, blocked_id=said.ben)
    assert (await said.edit(said.ben, message))["userErrors"] == [
        {"code": "FORBIDDEN", "field": ["input", "messageId"]}
    ]
    assert said.api.factory.scalar("SELECT content FROM messages ORDER BY id DESC LIMIT 1") == "Psst"
    assert (await said.delete(said.ben, message))["userErrors"] == []


@pytest.mark.parametrize("act", ["edit", "delete"])
async def test_messages_of_others_are_not_found(said: Said, act: str) -> None:
    own = await said.send(said.ben)
    gone = await said.send(said.ada)
    said.api.factory.connection.execute(
        "UPDATE app.conversation_members SET left_at = now() WHERE user_id = %s", [said.ada]
    )
    rows = "SELECT array_agg((content, edited_at, deleted_at)::text ORDER BY id) FROM messages"
    before = said.api.factory.scalar(rows)
    refused = [{"code": "NOT_FOUND", "field": ["input", "messageId"]}]
    tries = [(said.ada, own), (said.cleo, own), (said.ada, gone), (said.ben, encode("Message", 10**15))]
    for viewer, message in tries:
        payload = await (said.edit(viewer, message) if act == "edit" else said.delete(viewer, message))
        assert (payload["message"], payload["userErrors"]) == (None, refused)
    assert said.api.factory.scalar(rows) == before


async def test_a_message_of_yesterday_is_deleted_but_not_changed(said: Said) -> None:
    message = await said.send(said.ben)
    said.api.factory.connection.execute("UPDATE messages SET created_at = now() - interval '25 hours'")
    assert (await said.edit(said.ben, message))["userErrors"][0]["code"] == "FORBIDDEN"
    query = "query ($id: ID!) { node(id: $id) { ... on Message { viewerCanEdit viewerCanDelete } } }"
    assert await said.api.run(query, viewer=said.ben, id=message) == {
        "node": {"viewerCanEdit": False, "viewerCanDelete": True}
    }
    assert (await said.delete(said.ben, message))["userErrors"] == []


async def test_a_conversation_is_unread_again_from_a_message_on(said: Said) -> None:
    first, second, _ = said.messages
    await said.mark()
    assert await said.unread() == (1, [])
    assert await said.unread(second) == (2, [])
    assert await said.unread() == (2, [])
    assert await said.unread(first) == (3, [])
    assert await said.unread(encode("Message", 10**15)) == (
        None,
        [{"code": "NOT_FOUND", "field": ["input", "fromMessageId"]}],
    )
    assert await said.unread(viewer=said.cleo) == (None, [{"code": "NOT_FOUND", "field": ["input", "conversationId"]}])
    assert await said.unread(viewer=said.ben) == (0, [])  # nobody else has said anything


async def test_what_one_may_not_see_is_not_unread_again(said: Said) -> None:
    marks = "SELECT array_agg(last_read_message_id ORDER BY user_id) FROM app.conversation_members"
    await said.mark()
    before = said.api.factory.scalar(marks)
    said.api.factory.connection.execute("UPDATE app.conversation_members SET hidden_before_message_id = 1000000")
    assert await said.unread() == (0, [])
    said.api.factory.connection.execute("UPDATE app.conversation_members SET hidden_before_message_id = 0")
    said.api.factory.insert("app.user_blocks", "blocker_id", blocker_id=said.ada, blocked_id=said.ben)
    assert await said.unread() == (0, [])
    assert said.api.factory.scalar(marks) == before


async def test_who_marks_as_unread_does_so_for_themselves(said: Said) -> None:
    said.api.factory.connection.execute("UPDATE app.conversation_members SET last_read_message_id = 1000000")
    await said.unread()
    read = "SELECT last_read_message_id FROM app.conversation_members WHERE user_id = %s"
    assert said.api.factory.scalar(read, said.ben) == 1_000_000
    assert said.api.factory.scalar(read, said.ada) < 1_000_000


async def test_a_muted_conversation_notifies_nobody_who_muted_it(said: Said) -> None:
    for name, muted in (("muteConversation", True), ("muteConversation", True), ("unmuteConversation", False)):
        answer = f"conversation {{ isMuted }} {ERRORS}"
        mute = f"mutation ($id: ID!) {{ {name}(input: {{conversationId: $id}}) {{ {answer} }} }}"
        payload = (await said.api.run(mute, viewer=said.ada, id=encode("Conversation", said.key)))[name]
        assert payload == {"conversation": {"isMuted": muted}, "userErrors": []}
        await said.send(said.ben)
        await said.send(said.ada)
    assert said.api.factory.scalar("SELECT array_agg(user_id ORDER BY id) FROM notifications") == [
        *(said.ben, said.ben, said.ada, said.ben)
    ]
