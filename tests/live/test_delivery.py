"""What subscribers get: each event once, in order, and nothing that they may not see."""

import asyncio
from base64 import urlsafe_b64decode, urlsafe_b64encode

from tests.live.people import SEND, Person, log_in

MESSAGES = """subscription ($conversation: ID, $after: String) {
  messageAdded(conversationId: $conversation, after: $after) {
    kind cursor message { content sender { username } } messageEdge { cursor node { content } }
    conversation { id unreadCount } conversationEdge { node { id } } viewer { unreadNotificationCount }
  }
}"""
NOTIFICATIONS = """subscription ($after: String) {
  notificationAdded(after: $after) { kind cursor notification { type actor { username } } notificationEdge { cursor } }
}"""
POST = 'mutation { createPost(input: {type: TEXT_SHORT, content: "Live"}) { post { id } } }'
COMMENT = 'mutation ($id: ID!) { addComment(input: {postId: $id, content: "Yes"}) { userErrors { code } } }'
BLOCK = "mutation ($id: ID!) { blockUser(input: {userId: $id}) { userErrors { code } } }"
UNBLOCK = "mutation ($id: ID!) { unblockUser(input: {userId: $id}) { userErrors { code } } }"


async def test_a_message_comes_to_both_with_what_changed_around_it(ada: Person, ben: Person) -> None:
    async with ada.socket() as one, ben.socket() as other:
        at_ada, at_ben = await one.subscribe(MESSAGES), await other.subscribe(MESSAGES)
        conversation = await ben.write("Hello", await ada.user_id())
        event, own = await one.event(at_ada), await other.event(at_ben)
    assert (event["kind"], event["message"]) == ("DATA", {"content": "Hello", "sender": {"username": "ben"}})
    assert event["messageEdge"]["node"] == {"content": "Hello"}
    assert (event["conversation"]["id"], event["conversationEdge"]["node"]["id"]) == (conversation, conversation)
    assert event["conversation"]["unreadCount"] > 0
    assert event["viewer"]["unreadNotificationCount"] > 0
    assert (own["message"], own["conversation"]["unreadCount"]) == (event["message"], 0)


async def test_who_resumes_gets_what_was_missed_once_and_in_order(ada: Person, ben: Person) -> None:
    recipient = await ada.user_id()
    async with ada.socket() as socket:
        key = await socket.subscribe(MESSAGES)
        await ben.write("0", recipient)
        cursor = (await socket.event(key))["cursor"]
    for number in range(1, 6):
        await ben.write(str(number), recipient)
    seen: list[str] = []
    for taken in (2, 1, 2):  # breaks in the middle of what one read found
        async with ada.socket() as socket:
            key = await socket.subscribe_at_once(MESSAGES, after=cursor)
            for _ in range(taken):
                event = await socket.event(key)
                cursor = event["cursor"]
                seen.append(event["message"]["content"])
    assert seen == ["1", "2", "3", "4", "5"]
    async with ada.socket() as socket:
        await socket.subscribe_at_once(MESSAGES, after=cursor)
        await socket.silence()


async def test_many_who_write_at_once_are_read_once_each(ada: Person, ben: Person) -> None:
    recipient = await ada.user_id()
    async with ada.socket() as socket:
        key = await socket.subscribe(MESSAGES)
        await asyncio.gather(*(ben.write(f"many {number}", recipient) for number in range(30)))
        seen = [(await socket.event(key))["message"]["content"] for _ in range(30)]
        await socket.silence()
    assert sorted(seen) == sorted(f"many {number}" for number in range(30))
    held = """{ viewer { conversations(first: 1) { nodes { messages(first: 30) { nodes { content } } } } } }"""
    (conversation,) = (await ada.run(held))["viewer"]["conversations"]["nodes"]
    assert seen == [message["content"] for message in reversed(conversation["messages"]["nodes"])]


async def test_one_conversation_is_watched_by_itself(ada: Person, ben: Person, address: str) -> None:
    cleo, recipient = await log_in(address, "cleo"), await ada.user_id()
    conversation = await ben.write("before", recipient)
    async with ada.socket() as socket:
        key = await socket.subscribe(MESSAGES, conversation=conversation)
        await cleo.write("elsewhere", recipient)
        await ben.write("here", recipient)
        assert (await socket.event(key))["message"]["content"] == "here"
        await socket.silence()


async def test_nobody_watches_a_conversation_of_others(ada: Person, address: str) -> None:
    cleo, dan = await log_in(address, "cleo"), await log_in(address, "dan")
    conversation = await cleo.write("between us", await dan.user_id())
    async with ada.socket() as socket:
        await socket.send(
            type="subscribe", id="x", payload={"query": MESSAGES, "variables": {"conversation": conversation}}
        )
        refused = await socket.receive()
    assert (refused["type"], refused["id"]) == ("error", "x")
    assert [error["extensions"]["code"] for error in refused["payload"]] == ["NOT_FOUND"]


async def test_what_somebody_blocked_writes_does_not_come(ada: Person, address: str) -> None:
    cleo, dan = await log_in(address, "cleo"), await log_in(address, "dan")
    group = await cleo.write("first", await dan.user_id())
    async with dan.socket() as socket:
        key = await socket.subscribe(MESSAGES, conversation=group)
        await dan.run(BLOCK, id=await cleo.user_id())
        try:
            refused = await cleo.run(SEND, input={"conversationId": group, "content": "no"})
            assert refused["sendMessage"]["userErrors"] != []
            await socket.silence()
        finally:
            await dan.run(UNBLOCK, id=await cleo.user_id())
        await cleo.write("again", await dan.user_id())
        assert (await socket.event(key))["message"]["content"] == "again"


async def test_in_a_group_nothing_comes_of_whom_one_has_blocked(ada: Person, ben: Person, address: str) -> None:
    """Neither the message nor that there was one."""
    cleo = await log_in(address, "cleo")
    people = [await one.user_id() for one in (ben, cleo)]
    begin = "mutation ($input: CreateConversationInput!) { createConversation(input: $input) { conversation { id } } }"
    made = await ada.run(begin, input={"title": "Three", "userIds": people})
    group = made["createConversation"]["conversation"]["id"]
    async with ada.socket() as socket:
        key = await socket.subscribe(MESSAGES)
        await ada.run(BLOCK, id=people[0])
        try:
            for writer, content in ((ben, "unseen"), (cleo, "seen")):
                sent = await writer.run(SEND, input={"conversationId": group, "content": content})
                assert sent["sendMessage"]["userErrors"] == []
            event = await socket.event(key)
            assert (event["kind"], event["message"]["content"]) == ("DATA", "seen")
            await socket.silence()
        finally:
            await ada.run(UNBLOCK, id=people[0])


async def test_nothing_comes_of_what_somebody_muted_does(ada: Person, address: str) -> None:
    cleo, dan = await log_in(address, "cleo"), await log_in(address, "dan")
    muted = {"id": await dan.user_id()}
    post_id = (await ada.run(POST))["createPost"]["post"]["id"]
    async with ada.socket() as socket:
        key = await socket.subscribe(NOTIFICATIONS)
        await ada.run("mutation ($id: ID!) { muteUser(input: {userId: $id}) { userErrors { code } } }", **muted)
        try:
            for writer in (dan, cleo):
                await writer.run(COMMENT, id=post_id)
            event = await socket.event(key)
            assert (event["kind"], event["notification"]["actor"]) == ("DATA", {"username": "cleo"})
            await socket.silence()
        finally:
            await ada.run("mutation ($id: ID!) { unmuteUser(input: {userId: $id}) { userErrors { code } } }", **muted)


async def test_a_notification_comes_and_is_resumed(ada: Person, address: str) -> None:
    dan = await log_in(address, "dan")
    post_id = (await ada.run(POST))["createPost"]["post"]["id"]
    async with ada.socket() as socket:
        key = await socket.subscribe(NOTIFICATIONS)
        await dan.run(COMMENT, id=post_id)
        event = await socket.event(key)
    assert event["notification"] == {"type": "COMMENT", "actor": {"username": "dan"}}
    await dan.run(COMMENT, id=post_id)
    async with ada.socket() as socket:
        key = await socket.subscribe_at_once(NOTIFICATIONS, after=event["cursor"])
        assert (await socket.event(key))["notification"]["type"] == "COMMENT"
        await socket.silence()


async def test_a_cursor_of_another_stream_is_refused(ada: Person, ben: Person) -> None:
    async with ada.socket() as socket:
        key = await socket.subscribe(MESSAGES)
        await ben.write("x", await ada.user_id())
        cursor = (await socket.event(key))["cursor"]
        for query, given in ((NOTIFICATIONS, cursor), *((MESSAGES, one) for one in forged(cursor))):
            await socket.send(type="subscribe", id="y", payload={"query": query, "variables": {"after": given}})
            refused = await socket.receive()
            assert [error["extensions"]["code"] for error in refused["payload"]] == ["BAD_CURSOR"], given
    async with ben.socket() as socket:
        await socket.send(type="subscribe", id="y", payload={"query": MESSAGES, "variables": {"after": cursor}})
        assert [error["extensions"]["code"] for error in (await socket.receive())["payload"]] == ["BAD_CURSOR"]


def forged(cursor: str) -> list[str]:
    """What no server wrote: cut off, written otherwise, or with snapshots that PostgreSQL cannot read."""
    stream, time, snapshot, until, last, epoch = urlsafe_b64decode(cursor + "==").decode().split(" ")
    least = snapshot.split(":")[0]

    def made(*words: str) -> str:
        return urlsafe_b64encode(" ".join(words).encode()).decode().rstrip("=")

    snapshots = ("0:5:", "5:4:", "4294967296:4294967297:", "3:9:2", "3:9:8,7", "3:9:9", "٣:٩:", "3:9", "3:9:,", "x")
    return [
        *("", "é", "x" * 20_000, cursor[:-4], cursor + "="),
        *(made(stream, time, one, until, last, epoch) for one in snapshots),
        *(made(stream, time, snapshot, one, last, epoch) for one in snapshots),
        made(stream, time, "0" + least + snapshot[len(least) :], until, last, epoch),
        made(stream, "-1", snapshot, until, last, epoch),
        made(stream, "9" * 30, snapshot, until, last, epoch),
        made(stream, time, snapshot, until, str(2**63), epoch),
        made(stream, time, snapshot, until, last, "x"),
        made(stream, time, snapshot, until, last),
    ]
