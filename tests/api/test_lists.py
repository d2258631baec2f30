"""Lists of people: made, changed and deleted by their owner, and seen by others when public."""

import asyncio
from typing import Any

from api.gql.ids import encode
from tests.api.conftest import Api

LIST = "id name description isPublic membersCount viewerCanEdit members { nodes { username } } owner { username }"
VERBS = {
    "createList": f"list {{ {LIST} }} listEdge {{ cursor node {{ id }} }}",
    "updateList": f"list {{ {LIST} }}",
    "deleteList": "deletedId",
    "addListMember": f"list {{ {LIST} }} user {{ username }} memberEdge {{ cursor node {{ username }} }}",
    "removeListMember": f"list {{ {LIST} }} user {{ username }}",
}
MINE = "{ viewer { lists { edges { cursor } nodes { name membersCount } } } }"
TABLES = "SELECT (SELECT count(*) FROM user_lists), (SELECT count(*) FROM list_members)"


async def verb(api: Api, name: str, viewer: int, /, **given: object) -> dict[str, Any]:
    kind = f"{name[0].upper()}{name[1:]}Input"
    query = (
        f"mutation ($input: {kind}!) {{ it: {name}(input: $input) {{ {VERBS[name]} userErrors {{ code field }} }} }}"
    )
    return (await api.run(query, viewer=viewer, input=given))["it"]


def rows(api: Api) -> tuple[int, int]:
    """Lists, and members of lists."""
    return api.factory.connection.execute(TABLES.encode()).fetchone() or (-1, -1)


async def test_a_list_is_created_with_its_members_and_listed(api: Api) -> None:
    ada, ben, cleo, _ = api.factory.cast()
    ids = [encode("User", one) for one in (ben, cleo, ben)]
    made = await verb(api, "createList", ada, name="Darkroom", description="Film", userIds=ids)
    (edge,) = (await api.run(MINE, viewer=ada))["viewer"]["lists"]["edges"]
    assert made == {
        "list": {
            "id": made["list"]["id"],
            "name": "Darkroom",
            "description": "Film",
            "isPublic": False,
            "membersCount": 2,
            "viewerCanEdit": True,
            "members": {"nodes": [{"username": "cleo"}, {"username": "ben"}]},
            "owner": {"username": "ada"},
        },
        "listEdge": {"cursor": edge["cursor"], "node": {"id": made["list"]["id"]}},
        "userErrors": [],
    }


async def test_a_refused_list_leaves_nothing(api: Api) -> None:
    ada, ben, cleo, _ = api.factory.cast()
    api.factory.insert("app.user_blocks", "blocker_id", blocker_id=cleo, blocked_id=ada)
    await verb(api, "createList", ada, name="Wool")
    two = [encode("User", ben), encode("User", cleo)]
    for given, code, field in (
        ({"name": "wOOL"}, "CONFLICT", "name"),
        ({"name": " "}, "BAD_USER_INPUT", "name"),
        ({"name": "x" * 101}, "BAD_USER_INPUT", "name"),
        ({"name": "Ink", "userIds": two}, "NOT_FOUND", "userIds"),
    ):
        refused = await verb(api, "createList", ada, **given)
        assert refused == {"list": None, "listEdge": None, "userErrors": [{"code": code, "field": ["input", field]}]}
        assert rows(api) == (1, 0)
    assert (await verb(api, "createList", ben, name="Wool"))["userErrors"] == []


async def test_a_list_is_changed_field_by_field(api: Api) -> None:
    ada, *_ = api.factory.cast()
    made = (await verb(api, "createList", ada, name="Wool", description="Sheep"))["list"]
    await verb(api, "createList", ada, name="Ink")

    async def change(**given: object) -> tuple[Any, ...]:
        found = (await verb(api, "updateList", ada, listId=made["id"], **given))["list"]
        return found["name"], found["description"], found["isPublic"]

    assert await change(isPublic=True) == ("Wool", "Sheep", True)
    assert await change(name="WOOL") == ("WOOL", "Sheep", True)
    assert await change(description="", isPublic=None) == ("WOOL", None, True)
    refused = await verb(api, "updateList", ada, listId=made["id"], name="ink", isPublic=False)
    assert refused == {"list": None, "userErrors": [{"code": "CONFLICT", "field": ["input", "name"]}]}
    assert await change() == ("WOOL", None, True)


async def test_members_are_added_and_removed_once_and_only_where_they_are_seen(api: Api) -> None:
    ada, ben, cleo, _ = api.factory.cast()
    made = (await verb(api, "createList", ada, name="Wool"))["list"]["id"]
    on: dict[str, Any] = {"nodes": [{"username": "ben"}]}
    off: dict[str, Any] = {"nodes": []}
    cursors: set[str] = set()
    for _ in range(2):
        added = await verb(api, "addListMember", ada, listId=made, userId=encode("User", ben))
        assert (added["list"]["membersCount"], added["list"]["members"], added["userErrors"]) == (1, on, [])
        assert (added["user"], added["memberEdge"]["node"]) == ({"username": "ben"}, {"username": "ben"})
        cursors.add(added["memberEdge"]["cursor"])
    assert len(cursors) == 1
    api.factory.insert("app.user_blocks", "blocker_id", blocker_id=cleo, blocked_id=ada)
    for name in ("addListMember", "removeListMember"):
        refused = await verb(api, name, ada, listId=made, userId=encode("User", cleo))
        assert (refused["list"], refused["userErrors"]) == (None, [{"code": "NOT_FOUND", "field": ["input", "userId"]}])
        assert rows(api) == (1, 1)
    for _ in range(2):
        removed = await verb(api, "removeListMember", ada, listId=made, userId=encode("User", ben))
        assert (removed["list"]["membersCount"], removed["list"]["members"], removed["userErrors"]) == (0, off, [])
    assert rows(api) == (1, 0)


async def test_others_see_the_public_lists_of_a_profile_that_they_see(api: Api) -> None:
    ada, ben, cleo, _ = api.factory.cast()
    public = (await verb(api, "createList", ada, name="Wool", isPublic=True))["list"]["id"]
    private = (await verb(api, "createList", ada, name="Ink", userIds=[encode("User", ben)]))["list"]["id"]
    query = """query ($public: ID!, $private: ID!) { user(username: "ada") { lists { nodes { name viewerCanEdit } } }
      public: list(id: $public) { name } private: list(id: $private) { name } }"""
    given = {"public": public, "private": private}
    mine = [{"name": "Ink", "viewerCanEdit": True}, {"name": "Wool", "viewerCanEdit": True}]
    assert await api.run(query, viewer=ada, **given) == {
        "user": {"lists": {"nodes": mine}},
        "public": {"name": "Wool"},
        "private": {"name": "Ink"},
    }
    for viewer in (ben, None):
        assert await api.run(query, viewer=viewer, **given) == {
            "user": {"lists": {"nodes": [{"name": "Wool", "viewerCanEdit": False}]}},
            "public": {"name": "Wool"},
            "private": None,
        }
    api.factory.connection.execute("UPDATE user_profiles SET visibility = 'followers' WHERE user_id = %s", [ada])
    api.factory.follow(cleo, ada)
    assert (await api.run(query, viewer=cleo, **given))["public"] == {"name": "Wool"}
    hidden: dict[str, Any] = {"user": {"lists": {"nodes": []}}, "public": None, "private": None}
    assert await api.run(query, viewer=ben, **given) == hidden


async def test_a_deleted_list_is_gone_with_its_members(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    made = (await verb(api, "createList", ada, name="Wool", userIds=[encode("User", ben)]))["list"]["id"]
    assert await verb(api, "deleteList", ada, listId=made) == {"deletedId": made, "userErrors": []}
    assert rows(api) == (0, 0)
    again = await verb(api, "deleteList", ada, listId=made)
    assert again == {"deletedId": None, "userErrors": [{"code": "NOT_FOUND", "field": ["input", "listId"]}]}


async def test_an_account_has_at_most_100_lists_also_when_two_are_created_at_once(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    fill = "INSERT INTO user_lists (user_id, name) SELECT %s, 'List ' || n FROM generate_series(1, %s) AS n"
    api.factory.connection.execute(fill, [ada, 98])
    api.factory.connection.execute(fill, [ben, 50])
    api.tokens[ada] = api.factory.session(ada)
    made = await asyncio.gather(*(verb(api, "createList", ada, name=f"New {n}") for n in range(4)))
    errors = sorted([error["code"] for error in one["userErrors"]] for one in made)
    assert errors == [[], [], ["BAD_USER_INPUT"], ["BAD_USER_INPUT"]]
    assert rows(api) == (150, 0)
    assert (await verb(api, "createList", ben, name="New"))["userErrors"] == []


async def test_a_list_has_at_most_1000_people_also_when_two_are_added_at_once(api: Api) -> None:
    ada, ben, cleo, dan = api.factory.cast()
    made = api.factory.insert("user_lists", user_id=ada, name="All")
    api.factory.connection.execute(
        "WITH many AS (INSERT INTO users (username, email, password_hash)"
        " SELECT 'many_' || n, n || '@example.org', 'x' FROM generate_series(1, 998) AS n RETURNING id)"
        " INSERT INTO list_members (list_id, user_id) SELECT %s, id FROM many",
        [made],
    )
    api.tokens[ada] = api.factory.session(ada)
    add = [
        verb(api, "addListMember", ada, listId=encode("UserList", made), userId=encode("User", one))
        for one in (ada, ben, cleo, dan)
    ]
    errors = sorted([error["code"] for error in one["userErrors"]] for one in await asyncio.gather(*add))
    assert errors == [[], [], ["BAD_USER_INPUT"], ["BAD_USER_INPUT"]]
    assert rows(api) == (1, 1000)
    member = api.factory.scalar("SELECT max(user_id) FROM list_members")
    present = await verb(api, "addListMember", ada, listId=encode("UserList", made), userId=encode("User", member))
    assert (present["list"]["membersCount"], present["userErrors"]) == (1000, [])


async def test_blanks_around_a_name_are_no_part_of_it(api: Api) -> None:
    ada, *_ = api.factory.cast()
    made = await verb(api, "createList", ada, name="  Darkroom\u00a0")
    assert made["list"]["name"] == "Darkroom"
    changed = await verb(api, "updateList", ada, listId=encode("UserList", 1), name=" Light room ")
    assert changed["list"]["name"] == "Light room"
