"""Searching for people: by which names, in which order, and what is no search."""

from typing import Any

import pytest

from tests.api.conftest import Api

SEARCH = """
query ($name: String!, $first: Int, $after: String, $last: Int, $before: String) {
  searchUsers(query: $name, first: $first, after: $after, last: $last, before: $before) {
    nodes { username } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}
"""


async def search(api: Api, name: str, *, viewer: int | None = None, **variables: object) -> dict[str, Any]:
    return (await api.run(SEARCH, viewer=viewer, name=name, **variables))["searchUsers"]


async def found(api: Api, name: str, *, viewer: int | None = None, **variables: object) -> list[str]:
    return [node["username"] for node in (await search(api, name, viewer=viewer, **variables))["nodes"]]


def people(api: Api, **names: str) -> None:
    for username, display_name in names.items():
        user = api.factory.user(username)
        api.factory.connection.execute(
            "UPDATE user_profiles SET display_name = %s WHERE user_id = %s", [display_name, user]
        )


async def test_exact_names_come_first_then_beginnings_then_similar_ones(api: Api) -> None:
    people(
        api,
        lovelace="Somebody",
        countess="Lovelace",
        lovelace_fan="Fan",
        poet="Lovelace the Poet",
        ada="Ada Lovelace",
        lovelase="Typo",
        other="Ben",
    )
    everybody = ["lovelace", "countess", "lovelace_fan", "poet", "ada", "lovelase"]
    for name in ("lovelace", "@Lovelace", " LOVELACE ", "\uff2covelace"):
        assert await found(api, name) == everybody, name
    assert await found(api, "ada lovelace") == ["ada", "countess", "lovelace", "lovelace_fan", "poet"]
    assert await found(api, "b") == ["other"]
    assert await found(api, "nobody_has_it") == []
    assert (await found(api, "LOVE"))[0] in {"lovelace", "countess", "lovelase"}


async def test_names_are_compared_as_they_are_folded(api: Api) -> None:
    people(api, zoe="Zoë  Ångström", other="\uff21da")
    assert await found(api, "ZOË å") == ["zoe"]
    assert await found(api, "zoë ångström") == ["zoe"]
    assert await found(api, "ada") == ["other"]


@pytest.mark.parametrize("visibility", ["followers", "private"])
async def test_display_names_count_where_the_profile_is_public(api: Api, visibility: str) -> None:
    people(api, countess="Ada Lovelace")
    who = api.user("countess")
    assert await found(api, "ada love") == ["countess"]
    api.factory.connection.execute("UPDATE user_profiles SET visibility = %s WHERE user_id = %s", [visibility, who])
    assert await found(api, "ada love") == []
    assert await found(api, "count") == ["countess"]
    api.factory.connection.execute("UPDATE user_profiles SET visibility = 'public' WHERE user_id = %s", [who])
    assert await found(api, "ada love") == ["countess"]


async def test_people_are_found_as_they_are_now(api: Api) -> None:
    people(api, ada="Ada")
    make, who = api.factory, api.user("ada")
    make.connection.execute("UPDATE users SET username = 'countess' WHERE id = %s", [who])
    make.connection.execute("UPDATE user_profiles SET display_name = NULL WHERE user_id = %s", [who])
    assert (await found(api, "ada"), await found(api, "countess")) == ([], ["countess"])
    make.connection.execute("UPDATE users SET status = 'suspended' WHERE id = %s", [who])
    assert await found(api, "countess") == []
    assert make.scalar("SELECT count(*) FROM app.user_search") == 0
    make.connection.execute("UPDATE users SET status = 'active' WHERE id = %s", [who])
    assert await found(api, "countess") == ["countess"]
    make.connection.execute("DELETE FROM users WHERE id = %s", [who])
    assert make.scalar("SELECT count(*) FROM app.user_search") == 0


async def test_a_block_hides_from_search_in_both_directions(api: Api) -> None:
    people(api, ada="Ada", ada_fan="Fan")
    ada, fan = api.user("ada"), api.user("ada_fan")
    api.factory.insert("app.user_blocks", "blocked_id", blocker_id=ada, blocked_id=fan)
    assert await found(api, "ada", viewer=ada) == ["ada"]
    assert await found(api, "ada", viewer=fan) == ["ada_fan"]
    assert await found(api, "ada") == ["ada", "ada_fan"]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        *(("", "`query` must not be blank."), ("\u200b\u00a0", "`query` must not be blank.")),
        ("x" * 10_000, "`query` may have at most 100 characters; it has 10000."),
    ],
)
async def test_what_is_no_name(api: Api, name: str, message: str) -> None:
    error = await api.fail(SEARCH, name=name)
    assert (error["extensions"]["code"], error["message"]) == ("BAD_USER_INPUT", message)
    assert api.statements == []


@pytest.mark.parametrize("name", ["!!!", "@", "%", "_", "\\", "'", "\u0301", "\U0010ffff", "x" * 100])
async def test_what_nobody_is_called_finds_nobody(api: Api, name: str) -> None:
    people(api, ada="Ada", ben="Ben")
    assert await found(api, name) == []


async def test_pages_together_are_the_whole_list_in_both_directions(api: Api) -> None:
    people(api, **{f"ada_{n}": f"{'Ada' if n % 2 else 'Lady Ada'} {n // 3}" for n in range(17)})
    whole = await found(api, "ada", first=100)
    assert len(set(whole)) == len(whole) == 17
    forward, backward = list[str](), list[str]()
    page = await search(api, "ada", first=4)
    forward += [node["username"] for node in page["nodes"]]
    while page["pageInfo"]["hasNextPage"]:
        page = await search(api, "ada", first=4, after=page["pageInfo"]["endCursor"])
        forward += [node["username"] for node in page["nodes"]]
    page = await search(api, "ada", last=4)
    backward += [node["username"] for node in page["nodes"]]
    while page["pageInfo"]["hasPreviousPage"]:
        page = await search(api, "ada", last=4, before=page["pageInfo"]["startCursor"])
        backward = [*(node["username"] for node in page["nodes"]), *backward]
    assert forward == backward == whole
    error = await api.fail(SEARCH, name="ben", after=(await search(api, "ada"))["pageInfo"]["endCursor"])
    assert error["extensions"]["code"] == "BAD_CURSOR"
