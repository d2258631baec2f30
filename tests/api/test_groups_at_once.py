"""Groups whose members act at the same moment: nothing is torn, nobody waits forever, and one admin remains."""

import asyncio
import random
from typing import Any

import psycopg
import pytest

from tests.api.conftest import Api
from tests.api.groups import Group
from tests.waiting import until_blocked_by

TORN = """
SELECT count(*) FROM conversations AS c
WHERE c.kind = 'group' AND (
    c.participant_ids <> ARRAY(
        SELECT m.user_id FROM app.conversation_members AS m WHERE m.conversation_id = c.id ORDER BY m.user_id
    )
    OR EXISTS (SELECT FROM app.conversation_members AS m WHERE m.conversation_id = c.id AND m.left_at IS NULL)
    <> EXISTS (
        SELECT FROM app.conversation_members AS m
        WHERE m.conversation_id = c.id AND m.left_at IS NULL AND m.is_admin
    )
)
"""
BLOCK = "mutation ($id: ID!) { blockUser(input: {userId: $id}) { userErrors { code } } }"
UNBLOCK = BLOCK.replace("blockUser", "unblockUser")


@pytest.fixture
async def group(api: Api) -> Group:
    group = Group(api)
    for person in (group.ada, group.ben, group.cleo, group.dan):
        api.tokens[person] = api.factory.session(person)
    return await group.begun()


async def _any_act(group: Group, choose: random.Random) -> None:
    """What anybody may try; most of it is refused, and none of it fails."""
    names = ("ada", "ben", "cleo", "dan")
    actor, other = getattr(group, choose.choice(names)), group.people(choose.choice(names))[0]
    given: dict[str, dict[str, Any]] = {
        "addConversationMembers": {"userIds": [other]},
        "removeConversationMember": {"userId": other},
        "setConversationRole": {"userId": other, "role": choose.choice(["ADMIN", "ADMIN", "MEMBER"])},
        "leaveConversation": {},
        "updateConversation": {"title": choose.choice(["Tandem", "Unicycle"])},
    }
    match choose.choice([*given, "say", "say", "block", "unblock"]):
        case "say":
            await group.say(actor, "Hi")
        case "block" | "unblock" as verb:
            await group.api.run(BLOCK if verb == "block" else UNBLOCK, viewer=actor, id=other)
        case verb:
            await group.act(verb, actor, **given[verb])


@pytest.mark.parametrize("seed", range(3))
async def test_whatever_happens_at_once_a_group_stays_whole(group: Group, seed: int) -> None:
    choose = random.Random(seed)

    async def person() -> None:
        for _ in range(25):
            await _any_act(group, choose)

    await asyncio.gather(*(person() for _ in range(6)))
    assert group.api.factory.scalar(TORN) == 0
    assert group.api.factory.scalar("SELECT count(*) FROM app.conversation_members") >= 3


async def test_two_admins_who_remove_each_other_leave_one(group: Group) -> None:
    ben, ada = group.people("ben", "ada")
    await group.act("setConversationRole", group.ada, userId=ben, role="ADMIN")
    await asyncio.gather(
        group.act("removeConversationMember", group.ada, userId=ben),
        group.act("removeConversationMember", group.ben, userId=ada),
    )
    assert sorted(group.members().values()) == [False, True]


async def test_who_is_removed_meanwhile_says_nothing_more(group: Group, empty_database: str) -> None:
    with psycopg.connect(empty_database) as admin:
        admin.execute("SELECT FROM conversations WHERE id = %s FOR NO KEY UPDATE", [group.key])
        said = asyncio.create_task(group.say(group.ben, "Too late"))
        await asyncio.to_thread(until_blocked_by, admin)
        admin.execute("UPDATE app.conversation_members SET left_at = now() WHERE user_id = %s", [group.ben])
        admin.commit()
        assert await said == ["NOT_FOUND"]
    assert group.api.factory.scalar("SELECT count(*) FROM messages") == 0


async def test_who_begins_to_leave_before_they_join_again_leaves(group: Group, empty_database: str) -> None:
    """The time of a transaction is that of its beginning, and memberships end after they begin."""
    with psycopg.connect(empty_database) as admin:
        admin.execute("SELECT FROM conversations WHERE id = %s FOR NO KEY UPDATE", [group.key])
        left = asyncio.create_task(group.act("leaveConversation", group.ben))
        await asyncio.to_thread(until_blocked_by, admin)
        admin.execute(
            "UPDATE app.conversation_members SET joined_at = clock_timestamp() + interval '1 second'"
            " WHERE user_id = %s",
            [group.ben],
        )
        admin.commit()
        assert (await left)["userErrors"] == []
    assert "ben" not in group.members()
