"""Conversations that are hidden: out of one person's inbox with what was said so far, until somebody writes again."""

import pytest

from api.gql.ids import encode
from tests.api.conftest import Api
from tests.api.test_messages import Said

HIDE = """mutation ($id: ID!) { hideConversation(input: {conversationId: $id}) {
  conversation { id unreadCount lastMessage { id } } userErrors { code field } } }"""
INBOX = """{ viewer { unreadNotificationCount
  conversations { nodes { unreadCount messages { nodes { content } } } } } }"""


@pytest.fixture
def said(api: Api) -> Said:
    return Said(api)


async def inbox(said: Said, viewer: int) -> list[tuple[int, list[str]]]:
    """Of each conversation, how much is unread, and what was said."""
    found = (await said.api.run(INBOX, viewer=viewer))["viewer"]["conversations"]["nodes"]
    return [(one["unreadCount"], [message["content"] for message in one["messages"]["nodes"]]) for one in found]


async def test_a_hidden_conversation_is_back_with_the_next_message(said: Said) -> None:
    id_ = encode("Conversation", said.key)
    await said.send(said.ben)
    for _ in range(2):
        hidden = await said.api.run(HIDE, viewer=said.ada, id=id_)
        empty = {"id": id_, "unreadCount": 0, "lastMessage": None}
        assert hidden["hideConversation"] == {"conversation": empty, "userErrors": []}
        assert await inbox(said, said.ada) == []
    assert (await said.api.run(INBOX, viewer=said.ada))["viewer"]["unreadNotificationCount"] == 0
    assert await inbox(said, said.ben) == [(0, ["Psst", "Hi", "Hi", "Hi"])]
    await said.send(said.ben, "Still there?")
    assert await inbox(said, said.ada) == [(1, ["Still there?"])]


async def test_ones_own_message_brings_a_conversation_back(said: Said) -> None:
    await said.api.run(HIDE, viewer=said.ada, id=encode("Conversation", said.key))
    await said.send(said.ada)
    assert await inbox(said, said.ada) == [(0, ["Psst"])]


async def test_a_conversation_without_a_message_is_hidden_too(said: Said) -> None:
    said.api.factory.connection.execute("DELETE FROM messages")
    await said.api.run(HIDE, viewer=said.ada, id=encode("Conversation", said.key))
    assert await inbox(said, said.ada) == []
    await said.send(said.ben)
    assert await inbox(said, said.ada) == [(1, ["Psst"])]


async def test_only_members_hide_a_conversation(said: Said) -> None:
    refused = (await said.api.run(HIDE, viewer=said.cleo, id=encode("Conversation", said.key)))["hideConversation"]
    error = {"code": "NOT_FOUND", "field": ["input", "conversationId"]}
    assert refused == {"conversation": None, "userErrors": [error]}
    assert said.api.factory.scalar("SELECT count(*) FROM app.conversation_members WHERE hidden_at IS NOT NULL") == 0
