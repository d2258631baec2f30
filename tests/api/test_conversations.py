"""Conversations: sending, reading, counting."""

import asyncio
from datetime import timedelta

from api.gql.ids import encode
from db.maintenance import purges
from db.pool import Pool
from db.settings import DatabaseSettings
from tests.api.conftest import Api

SEND = """
mutation ($input: SendMessageInput!) { sendMessage(input: $input) {
  message { content sender { username } conversation { id } }
  conversation { id kind participants { username } lastMessage { content } unreadCount }
  userErrors { __typename code field } } }
"""
INBOX = """
{ viewer { conversations { nodes { id unreadCount lastMessage { content } messages { nodes { content } } } } } }
"""


async def test_a_message_to_a_person_opens_the_conversation_of_the_two(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    sent = (await api.run(SEND, viewer=ada, input={"recipientId": encode("User", ben), "content": "Hi"}))["sendMessage"]
    conversation = sent["conversation"].pop("id")
    assert sent == {
        "message": {"content": "Hi", "sender": {"username": "ada"}, "conversation": {"id": conversation}},
        "conversation": {
            "kind": "DIRECT",
            "participants": [{"username": "ada"}, {"username": "ben"}],
            "lastMessage": {"content": "Hi"},
            "unreadCount": 0,
        },
        "userErrors": [],
    }
    answer = await api.run(SEND, viewer=ben, input={"recipientId": encode("User", ada), "content": "Hello"})
    assert answer["sendMessage"]["conversation"]["id"] == conversation
    assert (await api.run(INBOX, viewer=ada))["viewer"]["conversations"]["nodes"] == [
        {
            "id": conversation,
            "unreadCount": 1,
            "lastMessage": {"content": "Hello"},
            "messages": {"nodes": [{"content": "Hello"}, {"content": "Hi"}]},
        }
    ]
    told = api.factory.connection.execute("SELECT user_id, actor_id, content FROM notifications ORDER BY id").fetchall()
    assert told == [(ben, ada, "Hi"), (ada, ben, "Hello")]


async def test_two_who_write_to_each_other_at_once_share_one_conversation(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    for user in (ada, ben):
        api.tokens[user] = api.factory.session(user)
    pairs = [(ada, ben), (ben, ada)] * 4
    await asyncio.gather(
        *(
            api.run(SEND, viewer=one, input={"recipientId": encode("User", other), "content": "Hi"})
            for one, other in pairs
        )
    )
    assert api.factory.scalar("SELECT count(*) FROM conversations") == 1
    assert api.factory.scalar("SELECT count(*) FROM messages") == 8
    in_order = (
        "SELECT bool_and(ok) FROM (SELECT created_at >= lag(created_at) OVER (ORDER BY id) AS ok FROM messages) m"
    )
    assert api.factory.scalar(in_order)


async def test_who_may_not_write_is_refused_and_nothing_is_sent(api: Api) -> None:
    ada, ben, cleo, dan = api.factory.cast()
    api.factory.insert("app.user_settings", "user_id", user_id=ben, allow_messages_from="friends")
    api.factory.insert("app.user_blocks", "blocker_id", blocker_id=cleo, blocked_id=ada)
    strange = api.factory.insert("conversations", kind="direct", participant_ids=[ben, dan])
    refusals: list[tuple[dict[str, str], tuple[str, list[str]]]] = [
        ({"recipientId": encode("User", ben)}, ("ForbiddenError", ["input", "recipientId"])),
        ({"recipientId": encode("User", cleo)}, ("NotFoundError", ["input", "recipientId"])),
        ({"recipientId": encode("User", ada)}, ("InvalidInputError", ["input", "recipientId"])),
        ({"conversationId": encode("Conversation", strange)}, ("NotFoundError", ["input", "conversationId"])),
        ({}, ("InvalidInputError", ["input", "conversationId"])),
        (
            {"conversationId": encode("Conversation", strange), "recipientId": encode("User", dan)},
            ("InvalidInputError", ["input", "recipientId"]),
        ),
    ]
    for given, expected in refusals:
        data = await api.run(SEND, viewer=ada, input={"content": "Hi", **given})
        (error,) = data["sendMessage"]["userErrors"]
        assert (error["__typename"], error["field"]) == expected
    assert api.factory.scalar("SELECT count(*) FROM messages") == 0
    for one, other in ((ada, ben), (ben, ada)):
        api.factory.follow(one, other)
    data = await api.run(SEND, viewer=ada, input={"content": "Hi", "recipientId": encode("User", ben)})
    assert data["sendMessage"]["userErrors"] == []


async def test_a_block_ends_a_direct_conversation_on_both_sides(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    data = await api.run(SEND, viewer=ada, input={"recipientId": encode("User", ben), "content": "Hi"})
    conversation = data["sendMessage"]["conversation"]["id"]
    api.factory.insert("app.user_blocks", "blocker_id", blocker_id=ben, blocked_id=ada)
    for viewer in (ada, ben):
        data = await api.run(SEND, viewer=viewer, input={"conversationId": conversation, "content": "Still there?"})
        assert data["sendMessage"]["userErrors"][0]["__typename"] == "ForbiddenError"
    assert api.factory.scalar("SELECT count(*) FROM messages") == 1


async def test_the_unread_count_stops_at_one_hundred_and_leaves_out_ones_own(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    conversation = api.factory.insert("conversations", kind="direct", participant_ids=[ada, ben])
    for user in (ada, ben):
        api.factory.insert("app.conversation_members", "user_id", conversation_id=conversation, user_id=user)
    api.factory.connection.execute(
        "INSERT INTO messages (conversation_id, sender_id, content) SELECT %s, %s, 'x' FROM generate_series(1, 120)",
        (conversation, ben),
    )
    query = "{ viewer { conversations { nodes { unreadCount } } } }"
    assert (await api.run(query, viewer=ada))["viewer"]["conversations"]["nodes"] == [{"unreadCount": 100}]
    assert (await api.run(query, viewer=ben))["viewer"]["conversations"]["nodes"] == [{"unreadCount": 0}]


async def test_the_statements_of_an_inbox_do_not_grow_with_its_conversations(api: Api) -> None:
    ada, *_ = api.factory.cast()
    names: list[list[str]] = []
    for size in (1, 12):
        for number in range(size):
            other = encode("User", api.factory.user(f"other_{size}_{number}"))
            await api.run(SEND, viewer=ada, input={"recipientId": other, "content": "Hi"})
        query = """{ viewer { conversations { nodes { unreadCount lastMessage { sender { username } }
          participants { username } } } } }"""
        await api.run(query, viewer=ada)
        names.append(sorted(api.statements))
    assert names[0] == names[1]
    assert len(set(names[0])) == len([name for name in names[0] if name != "users_by_ids"]) + 1


async def test_nobody_writes_to_an_account_that_is_purged(api: Api, empty_database: str) -> None:
    ada, ben, *_ = api.factory.cast()
    sent = await api.run(SEND, viewer=ada, input={"recipientId": encode("User", ben), "content": "Hi"})
    conversation = sent["sendMessage"]["conversation"]["id"]
    api.factory.scalar("UPDATE users SET status = 'deleted' WHERE id = %s RETURNING id", ben)
    pool = Pool(empty_database, DatabaseSettings.model_validate({"DATABASE_URL": empty_database}))
    await pool.open()
    async with pool.operation() as database:
        assert await purges.purge_account(database, ben, timedelta(seconds=-1))
    await pool.close()
    answer = await api.run(SEND, viewer=ada, input={"conversationId": conversation, "content": "Still there?"})
    assert answer["sendMessage"]["message"] is None
    assert [(error["code"], error["field"]) for error in answer["sendMessage"]["userErrors"]] == [
        ("FORBIDDEN", ["input", "conversationId"])
    ]
    assert api.factory.scalar("SELECT count(*) FROM messages") == 1
