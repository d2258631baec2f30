"""Whom the viewer may know: friends and follows in common, suggestions, and the lists that somebody is on."""

from typing import Any

import pytest

from api.gql.ids import encode
from tests.api.conftest import Api

COMMON = """
query ($name: String!, $first: Int!, $after: String) { user(username: $name) {
  mutualFriends(first: $first, after: $after) { nodes { username } pageInfo { hasNextPage endCursor } }
  knownFollowers(first: $first, after: $after) { nodes { username } pageInfo { hasNextPage endCursor } } } }
"""
SUGGESTIONS = """
query ($first: Int, $after: String, $last: Int, $before: String) { viewer {
  suggestions(first: $first, after: $after, last: $last, before: $before) {
    nodes { username } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }
"""


def names(connection: dict[str, Any]) -> list[str]:
    return [node["username"] for node in connection["nodes"]]


async def common(api: Api, viewer: int | None, name: str, first: int = 20) -> dict[str, list[str]]:
    """What the viewer and somebody have in common, by the name of the field."""
    found = (await api.run(COMMON, viewer=viewer, name=name, first=first))["user"]
    return {field: names(connection) for field, connection in found.items()}


async def suggested(api: Api, viewer: int) -> list[str]:
    return names((await api.run(SUGGESTIONS, viewer=viewer))["viewer"]["suggestions"])


def befriend(api: Api, one: int, other: int) -> None:
    api.factory.follow(one, other)
    api.factory.follow(other, one)


def circle(api: Api) -> tuple[int, ...]:
    """Ada follows Ben, Cleo and Dan in this order, and is a friend of the first two; all three are friends of Eve."""
    ada, ben, cleo, dan = api.factory.cast()
    eve = api.factory.user("eve")
    for who in (ben, cleo):
        befriend(api, ada, who)
    api.factory.follow(ada, dan)
    for who in (dan, cleo, ben):
        befriend(api, who, eve)
    return ada, ben, cleo, dan, eve


async def test_friends_and_follows_in_common_are_in_the_order_of_the_viewer(api: Api) -> None:
    ada, ben, *_, eve = circle(api)
    assert await common(api, ada, "eve") == {
        "mutualFriends": ["cleo", "ben"],
        "knownFollowers": ["dan", "cleo", "ben"],
    }
    assert await common(api, eve, "ada") == {"mutualFriends": ["ben", "cleo"], "knownFollowers": ["ben", "cleo"]}
    assert await common(api, ben, "dan") == {"mutualFriends": ["eve"], "knownFollowers": ["eve", "ada"]}
    assert await common(api, None, "eve") == {"mutualFriends": [], "knownFollowers": []}
    # Of oneself, all friends, who are the followers that one follows.
    assert await common(api, ada, "ada") == {"mutualFriends": ["cleo", "ben"], "knownFollowers": ["cleo", "ben"]}


@pytest.mark.parametrize("hides", ["followers", "private profile", "profile for followers"])
async def test_what_is_in_common_is_hidden_with_the_circle_of_the_person(api: Api, hides: str) -> None:
    ada, *_, eve = circle(api)
    if hides == "followers":
        api.factory.insert("app.user_settings", "user_id", user_id=eve, show_followers=False)
    else:
        visibility = "private" if hides == "private profile" else "followers"
        api.factory.connection.execute("UPDATE user_profiles SET visibility = %s WHERE user_id = %s", [visibility, eve])
    assert await common(api, ada, "eve") == {"mutualFriends": [], "knownFollowers": []}


async def test_blocked_and_suspended_people_are_not_in_common(api: Api) -> None:
    ada, ben, cleo, *_ = circle(api)
    api.factory.insert("app.user_blocks", "blocker_id", blocker_id=cleo, blocked_id=ada)
    api.factory.connection.execute("UPDATE users SET status = 'suspended' WHERE id = %s", [ben])
    assert await common(api, ada, "eve") == {"mutualFriends": [], "knownFollowers": ["dan"]}


async def test_pages_of_what_is_in_common_follow_one_another(api: Api) -> None:
    ada, *_ = circle(api)
    found = (await api.run(COMMON, viewer=ada, name="eve", first=1))["user"]
    assert [names(found[field]) for field in ("mutualFriends", "knownFollowers")] == [["cleo"], ["dan"]]
    for field, rest in (("mutualFriends", ["ben"]), ("knownFollowers", ["cleo", "ben"])):
        assert found[field]["pageInfo"]["hasNextPage"]
        query = 'query ($after: String) { user(username: "eve") { FIELD(after: $after) '
        query += "{ nodes { username } pageInfo { hasNextPage } } } }"
        after = found[field]["pageInfo"]["endCursor"]
        page = (await api.run(query.replace("FIELD", field), viewer=ada, after=after))["user"][field]
        assert names(page) == rest
        assert page["pageInfo"] == {"hasNextPage": False}


async def test_a_short_page_looks_through_two_hundred_whom_the_viewer_follows(api: Api) -> None:
    """And where somebody follows more, the next page goes on behind them."""
    ada, eve, known = api.factory.user("ada"), api.factory.user("eve"), api.factory.user("known")
    api.factory.follow(ada, known)
    api.factory.follow(known, eve)
    api.factory.connection.execute(
        "WITH others AS (INSERT INTO users (username, email, password_hash)"
        " SELECT 'user' || n, 'user' || n || '@example.org', 'x' FROM generate_series(1, 199) AS n RETURNING id)"
        " INSERT INTO user_follows (follower_id, following_id, created_at)"
        " SELECT %s, id, now() + interval '1 day' FROM others",
        [ada],
    )
    query = 'query ($after: String) { user(username: "eve") { knownFollowers(first: 1, after: $after) '
    query += "{ nodes { username } pageInfo { hasNextPage endCursor } } } }"
    first = (await api.run(query, viewer=ada))["user"]["knownFollowers"]
    assert (names(first), first["pageInfo"]["hasNextPage"]) == ([], True)
    after = first["pageInfo"]["endCursor"]
    second = (await api.run(query, viewer=ada, after=after))["user"]["knownFollowers"]
    assert (names(second), second["pageInfo"]["hasNextPage"]) == (["known"], False)
    api.factory.connection.execute("DELETE FROM user_follows WHERE following_id = (SELECT max(id) FROM users)")
    assert names((await api.run(query, viewer=ada))["user"]["knownFollowers"]) == ["known"]


async def test_what_is_in_common_with_twenty_people_takes_one_statement_each(api: Api) -> None:
    ada, *_ = circle(api)
    query = """{ user(username: "ada") { following { nodes {
      mutualFriends(first: 3) { nodes { username } } knownFollowers(first: 3) { nodes { username } }
      viewerLists { name } } } } }"""
    await api.run(query, viewer=ada)
    for name in ("mutual_friends_by_user_ids", "known_followers_by_user_ids", "viewer_lists_by_user_ids"):
        assert list(api.statements).count(name) == 1, name


async def test_those_followed_by_most_are_suggested_first(api: Api) -> None:
    ada, ben, cleo, dan, eve = circle(api)
    fay, gil = api.factory.user("fay"), api.factory.user("gil", visibility="followers")
    for who in (ben, cleo):
        api.factory.follow(who, fay)
    api.factory.follow(dan, gil)
    api.factory.follow(ben, cleo)  # whom Ada follows already
    assert await suggested(api, ada) == ["eve", "fay", "gil"]
    assert await suggested(api, fay) == []  # she follows nobody
    pages: list[list[str]] = []
    after: str | None = None
    while len(pages) < 4:
        page = (await api.run(SUGGESTIONS, viewer=ada, first=2, after=after))["viewer"]["suggestions"]
        pages.append(names(page))
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert pages == [["eve", "fay"], ["gil"]]
    back = (await api.run(SUGGESTIONS, viewer=ada, last=2, before=after))["viewer"]["suggestions"]
    assert (names(back), back["pageInfo"]["hasPreviousPage"]) == (["eve", "fay"], False)
    assert eve


DECIDED = {
    "followed": "INSERT INTO user_follows (follower_id, following_id) VALUES (%(ada)s, %(eve)s)",
    "asked": "INSERT INTO app.follow_requests (requester_id, target_id) VALUES (%(ada)s, %(eve)s)",
    "muted": "INSERT INTO app.user_mutes (muter_id, muted_id) VALUES (%(ada)s, %(eve)s)",
    "blocked": "INSERT INTO app.user_blocks (blocker_id, blocked_id) VALUES (%(ada)s, %(eve)s)",
    "blocking": "INSERT INTO app.user_blocks (blocker_id, blocked_id) VALUES (%(eve)s, %(ada)s)",
    "suspended": "UPDATE users SET status = 'suspended' WHERE id = %(eve)s",
    "private": "UPDATE user_profiles SET visibility = 'private' WHERE user_id = %(eve)s",
}


@pytest.mark.parametrize("state", DECIDED)
async def test_nobody_is_suggested_who_is_decided_about_or_not_to_be_seen(api: Api, state: str) -> None:
    ada, ben, *_, eve = circle(api)
    api.factory.follow(ben, api.factory.user("fay"))
    assert await suggested(api, ada) == ["eve", "fay"]
    api.factory.connection.execute(DECIDED[state].encode(), {"ada": ada, "eve": eve})
    assert await suggested(api, ada) == ["fay"]


@pytest.mark.parametrize("visibility", ["hidden followers", "private profile"])
async def test_whom_somebody_keeps_to_themselves_they_suggest_to_nobody(api: Api, visibility: str) -> None:
    """Neither as a person nor in the order."""
    ada, ben, cleo, dan, _ = circle(api)
    fay, gil = api.factory.user("fay"), api.factory.user("gil")
    for who in (ben, cleo, dan):
        api.factory.follow(who, gil)
    api.factory.follow(dan, fay)
    for who in (cleo, dan):
        if visibility == "hidden followers":
            api.factory.insert("app.user_settings", "user_id", user_id=who, show_followers=False)
        else:
            api.factory.connection.execute("UPDATE user_profiles SET visibility = 'private' WHERE user_id = %s", [who])
    assert await suggested(api, ada) == ["gil", "eve"]  # of one each, the newest account first


async def test_the_lists_of_the_viewer_that_somebody_is_on(api: Api) -> None:
    ada, ben, cleo, _ = api.factory.cast()
    for owner, name, members in (
        (ada, "Darkroom", (ben, cleo)),
        (ada, "Rooms", (ben,)),
        (ada, "Empty", ()),
        (cleo, "Hers", (ben,)),
    ):
        made = api.factory.insert("user_lists", user_id=owner, name=name, is_public=True)
        for who in members:
            api.factory.insert("list_members", "user_id", list_id=made, user_id=who)
    query = """query ($ids: [ID!]!) { nodes(ids: $ids) {
      ... on User { username viewerLists { name viewerCanEdit members { nodes { username } } } } } }"""
    ids = [encode("User", one) for one in (ben, cleo, ada)]
    found = (await api.run(query, viewer=ada, ids=ids))["nodes"]
    assert [[one["name"] for one in node["viewerLists"]] for node in found] == [["Rooms", "Darkroom"], ["Darkroom"], []]
    assert found[1]["viewerLists"][0] == {
        "name": "Darkroom",
        "viewerCanEdit": True,
        "members": {"nodes": [{"username": "cleo"}, {"username": "ben"}]},
    }
    assert [node["viewerLists"] for node in (await api.run(query, ids=ids))["nodes"]] == [[], [], []]
