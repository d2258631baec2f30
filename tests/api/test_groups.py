"""Groups: who begins one, who is in it, and what each of them may do and see."""

from typing import Any

import pytest

from api.gql.ids import encode
from tests.api.conftest import Api
from tests.api.groups import Group


@pytest.fixture
async def group(api: Api) -> Group:
    return await Group(api).begun()


async def test_who_begins_a_group_is_its_admin(api: Api) -> None:
    group = Group(api)
    created = await group.act("createConversation", group.ada, title=" Tandem ", userIds=group.people("cleo", "ben"))
    assert created["conversation"].pop("id") == encode("Conversation", group.key)
    people = [("ada", "ADMIN"), ("ben", "MEMBER"), ("cleo", "MEMBER")]
    assert created["conversation"] == {
        "title": "Tandem",
        "viewerIsAdmin": True,
        "viewerCanSend": True,
        "members": [{"role": role, "user": {"username": name}} for name, role in people],
    }
    ids = sorted([group.ada, group.ben, group.cleo])
    assert api.factory.scalar("SELECT participant_ids FROM conversations") == ids
    inbox = "{ viewer { conversations { nodes { title viewerIsAdmin participants { username } } } } }"
    assert (await api.run(inbox, viewer=group.ben))["viewer"]["conversations"]["nodes"] == [
        {"title": "Tandem", "viewerIsAdmin": False, "participants": [{"username": name} for name, _ in people]}
    ]
    assert (await api.run(inbox, viewer=group.dan))["viewer"]["conversations"]["nodes"] == []


async def test_nobody_is_put_into_a_group_by_whom_they_take_no_messages_from(api: Api) -> None:
    group = Group(api)
    make = api.factory
    make.insert("app.user_settings", "user_id", user_id=group.ben, allow_messages_from="followers")
    make.insert("app.user_blocks", "blocker_id", blocker_id=group.cleo, blocked_id=group.ada)
    gone = make.user("gone", status="suspended")
    tries: list[tuple[list[Any], tuple[str, list[str]]]] = [
        (group.people("dan", "ben"), ("FORBIDDEN", ["input", "userIds", "1"])),
        (group.people("cleo"), ("NOT_FOUND", ["input", "userIds", "0"])),
        ([encode("User", gone)], ("NOT_FOUND", ["input", "userIds", "0"])),
        ([encode("User", 10**15)], ("NOT_FOUND", ["input", "userIds", "0"])),
        (group.people("dan", "ada"), ("BAD_USER_INPUT", ["input", "userIds", "1"])),
        ([], ("BAD_USER_INPUT", ["input", "userIds"])),
    ]
    for people, error in tries:
        assert await group.errors("createConversation", group.ada, title="Tandem", userIds=people) == [error]
    assert make.scalar("SELECT count(*) FROM conversations") == 0
    make.follow(group.ada, group.ben)
    await group.begun_with("ben", "dan")
    for people, error in tries[1:]:
        assert await group.errors("addConversationMembers", group.ada, userIds=people) == [error]


async def test_a_group_has_a_title_of_one_line(group: Group) -> None:
    for title in ("", " ", "x" * 101, "Two\nlines"):
        for verb, more in (("updateConversation", {}), ("createConversation", {"userIds": group.people("ben")})):
            errors = await group.errors(verb, group.ada, title=title, **more)
            assert errors == [("BAD_USER_INPUT", ["input", "title"])]
    renamed = await group.act("updateConversation", group.ada, title="Unicycle")
    assert (renamed["conversation"]["title"], renamed["userErrors"]) == ("Unicycle", [])


async def test_only_admins_change_a_group_and_only_members_know_it(group: Group) -> None:
    acts: list[tuple[str, dict[str, object]]] = [
        ("updateConversation", {"title": "Mine"}),
        ("addConversationMembers", {"userIds": group.people("dan")}),
        ("removeConversationMember", {"userId": group.people("cleo")[0]}),
        ("setConversationRole", {"userId": group.people("ben")[0], "role": "ADMIN"}),
    ]
    for verb, given in acts:
        assert await group.errors(verb, group.ben, **given) == [("FORBIDDEN", ["input", "conversationId"])]
    for verb, given in (*acts, ("leaveConversation", {})):
        of_another = given | ({"userId": group.people("ben")[0]} if "userId" in given else {})
        assert await group.errors(verb, group.dan, **of_another) == [("NOT_FOUND", ["input", "conversationId"])]
    pair = await group.api.run(
        'mutation ($id: ID!) { sendMessage(input: {recipientId: $id, content: "Hi"}) { conversation { id } } }',
        viewer=group.ada,
        id=group.people("ben")[0],
    )
    group.id = pair["sendMessage"]["conversation"]["id"]
    for verb, given in (*acts, ("leaveConversation", {})):
        assert await group.errors(verb, group.ada, **given) == [("FORBIDDEN", ["input", "conversationId"])]


async def test_who_joins_reads_what_is_written_from_then_on(group: Group) -> None:
    await group.say(group.ben, "Before")
    added = await group.act("addConversationMembers", group.ada, userIds=group.people("dan", "ben"))
    assert [member["user"]["username"] for member in added["conversation"]["members"]] == ["ada", "ben", "cleo", "dan"]
    assert await group.say(group.dan, "Hello") == []
    assert await group.receives(group.dan) == ["Hello"]
    assert await group.receives(group.ben) == ["Hello", "Before"]
    assert group.dan in group.api.factory.scalar("SELECT participant_ids FROM conversations")


@pytest.mark.parametrize("act", ["leaveConversation", "removeConversationMember"])
async def test_who_is_no_longer_in_a_group_sees_nothing_of_it(group: Group, act: str) -> None:
    await group.say(group.ada, "Before")
    message = encode("Message", group.api.factory.scalar("SELECT max(id) FROM messages"))
    removal = act == "removeConversationMember"
    given = {"userId": group.people("ben")[0]} if removal else {}
    done = await group.act(act, group.ada if removal else group.ben, **given)
    assert (done["userErrors"], done.get("deletedId")) == ([], None if removal else group.id)
    await group.say(group.ada, "After")
    assert await group.say(group.ben, "Still?") == ["NOT_FOUND"]
    assert await group.receives(group.ben) is None
    query = """query ($id: ID!) { node(id: $id) { id } viewer { unreadNotificationCount
      conversations { nodes { id } } notifications { nodes { content } } } }"""
    assert await group.api.run(query, viewer=group.ben, id=message) == {
        "node": None,
        "viewer": {"unreadNotificationCount": 0, "conversations": {"nodes": []}, "notifications": {"nodes": []}},
    }
    assert group.members() == {"ada": True, "cleo": False}
    assert group.ben in group.api.factory.scalar("SELECT participant_ids FROM conversations")
    await group.act("addConversationMembers", group.ada, userIds=group.people("ben"))
    await group.say(group.ada, "Again")
    assert await group.receives(group.ben) == ["Again"]
    assert list(group.members()) == ["ada", "cleo", "ben"]


async def test_to_remove_who_is_not_in_a_group_is_no_error(group: Group) -> None:
    await group.act("addConversationMembers", group.ada, userIds=group.people("dan"))
    await group.act("leaveConversation", group.dan)
    before = group.rows()
    removed = await group.act("removeConversationMember", group.ada, userId=group.people("dan")[0])
    assert (len(removed["conversation"]["members"]), removed["userErrors"]) == (3, [])
    assert group.rows() == before
    assert await group.errors("removeConversationMember", group.ada, userId=group.people("ada")[0]) == [
        ("BAD_USER_INPUT", ["input", "userId"])
    ]


async def test_a_group_is_never_without_an_admin(group: Group) -> None:
    ada, cleo, dan = (group.people(name)[0] for name in ("ada", "cleo", "dan"))
    await group.act("addConversationMembers", group.ada, userIds=[dan])
    await group.act("leaveConversation", group.dan)
    last = [("CONFLICT", ["input", "role"])]
    assert await group.errors("setConversationRole", group.ada, userId=ada, role="MEMBER") == last
    assert await group.errors("setConversationRole", group.ada, userId=dan, role="ADMIN") == [
        ("NOT_FOUND", ["input", "userId"])
    ]
    for _ in range(2):
        assert await group.errors("setConversationRole", group.ada, userId=cleo, role="ADMIN") == []
    assert await group.errors("setConversationRole", group.cleo, userId=ada, role="MEMBER") == []
    assert group.members() == {"ada": False, "ben": False, "cleo": True}
    assert await group.errors("setConversationRole", group.cleo, userId=cleo, role="MEMBER") == last
    await group.act("leaveConversation", group.cleo)
    assert group.members() == {"ada": True, "ben": False}


HIDE = {
    "a block of theirs": "INSERT INTO app.user_blocks (blocker_id, blocked_id) VALUES (%(person)s, %(admin)s)",
    "a block of the admin's": "INSERT INTO app.user_blocks (blocker_id, blocked_id) VALUES (%(admin)s, %(person)s)",
    "a suspension": "UPDATE users SET status = 'suspended' WHERE id = %(person)s",
    "a deletion": "UPDATE users SET status = 'deleted', deleted_at = now() WHERE id = %(person)s",
}


@pytest.mark.parametrize("cause", HIDE)
async def test_an_admin_removes_and_demotes_members_they_cannot_see(group: Group, cause: str) -> None:
    """And is answered alike for people they cannot see, members or not, and for nobody."""
    make = group.api.factory
    member, outsider, nobody = group.ben, group.dan, 10**15
    await group.act("setConversationRole", group.ada, userId=encode("User", member), role="ADMIN")
    for person in (member, outsider):
        make.connection.execute(HIDE[cause].encode(), {"person": person, "admin": group.ada})
    for verb, more in (("setConversationRole", {"role": "MEMBER"}), ("removeConversationMember", {})):
        answers = [
            await group.act(verb, group.ada, userId=encode("User", person), **more)
            for person in (nobody, outsider, member, member)
        ]
        assert answers[0]["userErrors"] == []
        assert [one["user"]["username"] for one in answers[0]["conversation"]["members"]] == ["ada", "cleo"]
        assert answers == [answers[0]] * 4
        assert group.members() == {"ada": True, "cleo": False} | ({"ben": False} if more else {})


async def test_nobody_unseen_is_added_or_made_admin_whether_a_member_or_not(group: Group) -> None:
    make = group.api.factory
    for person in (group.ben, group.dan):
        make.insert("app.user_blocks", "blocker_id", blocker_id=person, blocked_id=group.ada)
    for person in (group.ben, group.dan, 10**15):
        id_ = encode("User", person)
        assert await group.errors("addConversationMembers", group.ada, userIds=[id_]) == [
            ("NOT_FOUND", ["input", "userIds", "0"])
        ]
        assert await group.errors("setConversationRole", group.ada, userId=id_, role="ADMIN") == [
            ("NOT_FOUND", ["input", "userId"])
        ]


async def test_a_role_is_passed_on_to_who_can_use_it(group: Group) -> None:
    group.api.factory.connection.execute("UPDATE users SET status = 'suspended' WHERE id = %s", [group.ben])
    await group.act("leaveConversation", group.ada)
    assert group.members() == {"ben": False, "cleo": True}
    await group.act("leaveConversation", group.cleo)
    assert group.members() == {"ben": True}


async def test_a_group_has_fifty_members(group: Group) -> None:
    make = group.api.factory
    people = [make.user(f"guest_{n}") for n in range(50)]
    ids = [encode("User", person) for person in people]
    full = [("BAD_USER_INPUT", ["input", "userIds"])]
    assert await group.errors("addConversationMembers", group.ada, userIds=ids[:48]) == full
    assert await group.errors("addConversationMembers", group.ada, userIds=ids[:47]) == []
    assert await group.errors("addConversationMembers", group.ada, userIds=ids[47:48]) == full
    assert await group.errors("addConversationMembers", group.ada, userIds=ids[:10]) == []
    await group.act("leaveConversation", people[0])
    assert await group.errors("addConversationMembers", group.ada, userIds=ids[47:48]) == []


async def test_five_hundred_people_may_ever_have_been_in_a_group(group: Group) -> None:
    guest = encode("User", group.api.factory.user("guest"))
    group.api.factory.connection.execute(
        "UPDATE conversations SET participant_ids = participant_ids || ARRAY(SELECT generate_series(1000, 1496))"
    )
    assert await group.errors("addConversationMembers", group.ada, userIds=[guest]) == [
        ("BAD_USER_INPUT", ["input", "conversationId"])
    ]
    group.api.factory.connection.execute("UPDATE conversations SET participant_ids = participant_ids[:499]")
    assert await group.errors("addConversationMembers", group.ada, userIds=[guest]) == []


async def test_those_who_block_each_other_share_a_group_and_do_not_see_each_other(group: Group) -> None:
    group.api.factory.insert("app.user_blocks", "blocker_id", blocker_id=group.cleo, blocked_id=group.ben)
    await group.say(group.ben, "From Ben")
    await group.say(group.ada, "From Ada")
    assert await group.receives(group.cleo) == ["From Ada"]
    query = "query ($id: ID!) { conversation(id: $id) { participants { username } members { user { username } } } }"
    seen = [{"username": "ada"}, {"username": "cleo"}]
    assert (await group.api.run(query, viewer=group.cleo, id=group.id))["conversation"] == {
        "participants": seen,
        "members": [{"user": user} for user in seen],
    }


async def test_a_conversation_of_two_says_whether_one_may_write(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    query = """mutation ($id: ID!) { sendMessage(input: {recipientId: $id, content: "Hi"}) {
      conversation { id viewerCanSend viewerIsAdmin members { role } } } }"""
    sent = (await api.run(query, viewer=ada, id=encode("User", ben)))["sendMessage"]["conversation"]
    id_ = sent.pop("id")
    assert sent == {"viewerCanSend": True, "viewerIsAdmin": False, "members": [{"role": "MEMBER"}] * 2}
    api.factory.insert("app.user_blocks", "blocker_id", blocker_id=ben, blocked_id=ada)
    query = "query ($id: ID!) { conversation(id: $id) { viewerCanSend } }"
    assert (await api.run(query, viewer=ada, id=id_))["conversation"] == {"viewerCanSend": False}
