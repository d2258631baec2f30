"""Messages that reply to others of their conversation."""

from typing import Any

import pytest

from api.gql.ids import encode
from tests.api.conftest import Api
from tests.api.groups import Group

REPLY = """mutation ($input: SendMessageInput!) { sendMessage(input: $input) {
  message { id replyTo { id content isDeleted replyTo { id } } } userErrors { code field } } }"""
LOOK = "query ($id: ID!) { node(id: $id) { ... on Message { replyTo { content isDeleted } } } }"


@pytest.fixture
async def group(api: Api) -> Group:
    group = await Group(api).begun()
    await group.say(group.ben, "Where?")
    return group


def said(group: Group) -> str:
    return encode("Message", group.api.factory.scalar("SELECT max(id) FROM messages"))


async def reply(group: Group, viewer: int, message: str, **more: str) -> dict[str, Any]:
    given = {"conversationId": group.id, "content": "Here", "replyToId": message, **more}
    return (await group.api.run(REPLY, viewer=viewer, input=given))["sendMessage"]


async def test_a_reply_leads_to_what_it_replies_to(group: Group) -> None:
    question = said(group)
    answer = (await reply(group, group.ada, question))["message"]
    assert answer["replyTo"] == {"id": question, "content": "Where?", "isDeleted": False, "replyTo": None}
    again = (await reply(group, group.ben, answer["id"]))["message"]
    assert again["replyTo"]["replyTo"] == {"id": question}


async def test_the_words_of_a_deleted_message_are_in_no_reply(group: Group) -> None:
    question = said(group)
    answer = (await reply(group, group.ada, question))["message"]["id"]
    group.api.factory.connection.execute("UPDATE messages SET deleted_at = now() WHERE content = 'Where?'")
    blank = {"replyTo": {"content": None, "isDeleted": True}}
    assert await group.api.run(LOOK, viewer=group.cleo, id=answer) == {"node": blank}
    group.api.factory.connection.execute("DELETE FROM messages WHERE content = 'Where?'")
    assert await group.api.run(LOOK, viewer=group.cleo, id=answer) == {"node": {"replyTo": None}}


async def test_who_does_not_see_a_message_sees_a_reply_to_none(group: Group) -> None:
    question = said(group)
    await group.act("addConversationMembers", group.ada, userIds=group.people("dan"))
    group.api.factory.insert("app.user_blocks", "blocker_id", blocker_id=group.cleo, blocked_id=group.ben)
    answer = (await reply(group, group.ada, question))["message"]["id"]
    for viewer in (group.cleo, group.dan):
        assert await group.api.run(LOOK, viewer=viewer, id=answer) == {"node": {"replyTo": None}}


async def test_one_replies_to_what_one_sees_in_the_same_conversation(group: Group) -> None:
    question = said(group)
    pair = (await reply(group, group.ada, question))["message"]["id"]
    other = await group.api.run(
        'mutation ($id: ID!) { sendMessage(input: {recipientId: $id, content: "Hi"}) { message { id } } }',
        viewer=group.ada,
        id=group.people("ben")[0],
    )
    group.api.factory.insert("app.user_blocks", "blocker_id", blocker_id=group.cleo, blocked_id=group.ben)
    group.api.factory.connection.execute("UPDATE messages SET deleted_at = now() WHERE content = 'Here'")
    before = group.api.factory.scalar("SELECT count(*) FROM messages")
    tries = [
        (group.cleo, question),
        (group.ada, pair),
        (group.ada, other["sendMessage"]["message"]["id"]),
        (group.ada, encode("Message", 10**15)),
    ]
    for viewer, message in tries:
        assert await reply(group, viewer, message) == {
            "message": None,
            "userErrors": [{"code": "NOT_FOUND", "field": ["input", "replyToId"]}],
        }
    assert group.api.factory.scalar("SELECT count(*) FROM messages") == before
