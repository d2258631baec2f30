"""updateSections: what it creates, keeps, orders and deletes, what it refuses, and what two at once leave."""

import asyncio
from typing import Any

import pytest

from api.gql.ids import encode
from db.queries.feeds import following_feed_id
from tests.api.conftest import Api
from tests.api.sections import UPDATE, refused, section, updated

TEXT: dict[str, Any] = {"title": "About", "config": {"staticText": {}}}


def lean(found: dict[str, Any]) -> dict[str, Any]:
    """A section without what is drawn."""
    shown = {name: value for name, value in found.items() if name != "id"}
    if "content" in shown:
        shown["content"] = [{name: one[name] for name in one if name != "id"} for one in shown["content"]]
    return shown


async def test_each_type_of_section_is_created_as_it_is_given(api: Api) -> None:
    ada = api.factory.user("ada")
    feed = encode("Feed", api.factory.insert("custom_feeds", user_id=ada, name="Mine"))
    people = encode("UserList", api.factory.insert("user_lists", user_id=ada, name="People"))
    given: list[tuple[str, dict[str, Any]]] = [
        ("feed", {"feedId": feed, "limit": 5}),
        ("gallery", {"columns": 6, "limit": 50}),
        ("links", {"shape": "CARDS"}),
        ("staticText", {"alignment": "CENTER"}),
        ("staticImage", {"fit": "CONTAIN"}),
        ("video", {"autoplay": True, "muted": False, "loop": True}),
        ("reposts", {"limit": 1, "showComments": False}),
        ("friends", {"limit": 2, "shape": "LIST"}),
        ("followers", {"limit": 3, "shape": "GRID"}),
        ("following", {"limit": 4, "shape": "LIST"}),
        ("list", {"listId": people, "limit": 7, "shape": "LIST"}),
    ]
    found = await updated(api, ada, *({"title": name, "config": {name: config}} for name, config in given))
    for one, (name, config) in zip(found, given, strict=True):
        assert (one["title"], one["description"], one["isVisible"]) == (name, None, True)
        sources: dict[str, Any] = {"feedId": one.get("feed"), "listId": one.get("list")}
        assert {key: sources[key]["id"] if key in sources else one[key] for key in config} == config


async def test_what_is_left_out_of_a_config_has_its_default(api: Api) -> None:
    ada = api.factory.user("ada")
    given: list[dict[str, Any]] = [{"title": one, "config": {one: {}}} for one in ("gallery", "friends", "video")]
    found = await updated(api, ada, *given)
    assert [lean(one) for one in found] == [
        _as_shown("GallerySection", "GALLERY", "gallery", limit=12, columns=3),
        _as_shown("FriendsSection", "FRIENDS", "friends", limit=12, shape="GRID"),
        _as_shown("VideoSection", "VIDEO", "video", content=[], autoplay=False, muted=True, loop=False),
    ]


def _as_shown(typename: str, type_: str, title: str, **more: Any) -> dict[str, Any]:
    common = {"__typename": typename, "type": type_, "title": title, "description": None, "isVisible": True}
    return common | more


async def test_a_section_with_nothing_but_its_id_stays_as_it_is(api: Api) -> None:
    ada = api.factory.user("ada")
    piece = {"type": "TEXT", "content": "Hello"}
    before = await updated(
        api, ada, TEXT | {"description": "Words", "isVisible": False, "content": [piece]}, {**TEXT, "title": "More"}
    )
    after = await updated(api, ada, *({"id": one["id"]} for one in reversed(before)))
    assert after == before[::-1]
    kept = {"title": None, "isVisible": None, "config": None, "content": None}
    assert await updated(api, ada, *({"id": one["id"], **kept} for one in before)) == before


async def test_what_is_given_of_a_section_changes_it(api: Api) -> None:
    ada = api.factory.user("ada")
    (before,) = await updated(api, ada, TEXT | {"description": "Words", "content": [{"type": "TEXT", "content": "Hi"}]})
    change: dict[str, Any] = {
        "id": before["id"],
        "title": " Me ",
        "description": None,
        "isVisible": False,
        "content": [],
    }
    (after,) = await updated(api, ada, change | {"config": {"staticText": {"alignment": "CENTER"}}})
    assert after == before | {
        "title": "Me", "description": None, "isVisible": False, "content": [], "alignment": "CENTER",
    }  # fmt: skip


async def test_missing_sections_are_deleted_with_their_pieces(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    others = section(api, ben, "links")
    first, second = await updated(api, ada, TEXT | {"content": [{"type": "TEXT", "content": "Hi"}]}, TEXT)
    answer = await api.run(UPDATE, viewer=ada, input={"sections": [{"id": second["id"]}]})
    assert answer["updateSections"]["deletedIds"] == [first["id"]]
    assert api.factory.scalar("SELECT count(*) FROM section_content") == 0
    assert await updated(api, ada) == []
    assert api.factory.scalar("SELECT array_agg(id) FROM profile_sections") == [_key(api, others)]


def _key(api: Api, global_id: str) -> int:
    keys = api.factory.connection.execute("SELECT id FROM profile_sections").fetchall()
    return next(key for (key,) in keys if encode("ProfileSection", key) == global_id)


async def test_new_sections_stand_where_they_are_given(api: Api) -> None:
    ada = api.factory.user("ada")
    first, last = await updated(api, ada, {**TEXT, "title": "First"}, {**TEXT, "title": "Last"})
    found = await updated(
        api, ada, {**TEXT, "title": "Top"}, {"id": last["id"]}, {**TEXT, "title": "Middle"}, {"id": first["id"]}
    )
    assert [one["title"] for one in found] == ["Top", "Last", "Middle", "First"]
    assert [found[1]["id"], found[3]["id"]] == [last["id"], first["id"]]


async def test_hidden_sections_are_the_owners_alone(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    await updated(api, ada, TEXT, {**TEXT, "title": "Hidden", "isVisible": False})
    query = '{ user(username: "ada") { sections { title } } }'
    for viewer, titles in ((ada, ["About", "Hidden"]), (ben, ["About"]), (None, ["About"])):
        found = (await api.run(query, viewer=viewer))["user"]["sections"]
        assert [one["title"] for one in found] == titles


async def test_each_wrong_value_is_named_by_its_path(api: Api) -> None:
    ada = api.factory.user("ada")
    given: list[dict[str, Any]] = [
        {"title": "", "config": {"gallery": {"columns": 7, "limit": 0}}},
        {"title": "x" * 101, "description": "x" * 501, "config": {"friends": {"shape": "CARDS"}}},
        {**TEXT, "description": " ", "content": [{"type": "TEXT"}, {"type": "LINK", "url": "javascript:alert(1)"}]},
        {**TEXT, "content": [{"type": "EMBED", "title": "two\nlines"}, {"type": "TEXT", "content": "x" * 10_001}]},
    ]
    assert await refused(api, ada, *given) == [
        ("BAD_USER_INPUT", ["input", "sections", *path])
        for path in (
            ["0", "title"],
            ["0", "config", "gallery", "columns"],
            ["0", "config", "gallery", "limit"],
            ["1", "title"],
            ["1", "description"],
            ["1", "config", "friends", "shape"],
            ["2", "description"],
            ["2", "content", "0", "content"],
            ["2", "content", "1", "url"],
            ["3", "content", "0", "title"],
            ["3", "content", "0", "url"],
            ["3", "content", "1", "content"],
        )
    ]


async def test_a_new_section_needs_a_title_and_a_config(api: Api) -> None:
    ada = api.factory.user("ada")
    assert await refused(api, ada, {}, {"id": None, "title": "Links"}) == [
        ("BAD_USER_INPUT", ["input", "sections", "0", "title"]),
        ("BAD_USER_INPUT", ["input", "sections", "0", "config"]),
        ("BAD_USER_INPUT", ["input", "sections", "1", "config"]),
    ]


async def test_a_shape_of_another_type_is_refused_with_the_allowed_ones(api: Api) -> None:
    ada = api.factory.user("ada")
    for name, shape, allowed in (("friends", "BUTTONS", "GRID, LIST."), ("links", "GRID", "BUTTONS, CARDS, LIST.")):
        given: dict[str, Any] = {"sections": [{"title": "x", "config": {name: {"shape": shape}}}]}
        (error,) = (await api.run(UPDATE, viewer=ada, input=given))["updateSections"]["userErrors"]
        assert error["message"].endswith(f"Allowed: {allowed}")
        given["sections"][0]["config"] = {name: {"shape": "STARS"}}
        assert (await api.fail(UPDATE, viewer=ada, input=given))["message"].endswith(
            "Allowed: BUTTONS, CARDS, GRID, LIST."
        )


@pytest.mark.parametrize(
    "config", [{}, {"links": {}, "friends": {}}, {"links": None}, {"songs": {}}, {"links": {"x": 1}}]
)
async def test_a_config_is_of_exactly_one_known_type(api: Api, config: dict[str, Any]) -> None:
    ada = api.factory.user("ada")
    variables = {"input": {"sections": [{"title": "x", "config": config}]}}
    answer = (await api.post({"query": UPDATE, "variables": variables}, viewer=ada)).json()
    assert {error["extensions"]["code"] for error in answer["errors"]} == {"BAD_USER_INPUT"}
    assert "data" not in answer
    assert api.statements == []


async def test_sections_of_others_are_not_found_like_missing_ones(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    own, theirs = section(api, ada, "links"), section(api, ben, "links")
    for one in (theirs, encode("ProfileSection", 2**40)):
        assert await refused(api, ada, {"id": own, "title": "Changed"}, {"id": one, "title": "Mine"}) == [
            ("NOT_FOUND", ["input", "sections", "1", "id"])
        ]
    assert await refused(api, ada, {"id": own}, {"id": own}) == [("BAD_USER_INPUT", ["input", "sections", "1", "id"])]


async def test_a_section_shows_only_the_owners_feeds_and_lists(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    feed = encode("Feed", api.factory.insert("custom_feeds", user_id=ben, name="Open", sharing="public"))
    people = encode("UserList", api.factory.insert("user_lists", user_id=ben, name="Open", is_public=True))
    given = [
        {"title": "x", "config": {"feed": {"feedId": feed}}},
        {"title": "x", "config": {"list": {"listId": people}}},
        {"title": "x", "config": {"feed": {"feedId": encode("Feed", following_feed_id(ada))}}},
    ]
    assert await refused(api, ada, *given) == [
        ("NOT_FOUND", ["input", "sections", "0", "config", "feed", "feedId"]),
        ("NOT_FOUND", ["input", "sections", "1", "config", "list", "listId"]),
        ("BAD_USER_INPUT", ["input", "sections", "2", "config", "feed", "feedId"]),
    ]


async def test_a_section_outlives_the_feed_and_list_that_it_shows(api: Api) -> None:
    ada = api.factory.user("ada")
    feed = encode("Feed", api.factory.insert("custom_feeds", user_id=ada, name="Mine"))
    people = encode("UserList", api.factory.insert("user_lists", user_id=ada, name="People"))
    before = await updated(
        api,
        ada,
        {"title": "Feed", "config": {"feed": {"feedId": feed}}},
        {"title": "List", "config": {"list": {"listId": people}}},
    )
    await api.run("mutation ($id: ID!) { deleteFeed(input: {feedId: $id}) { deletedId } }", viewer=ada, id=feed)
    await api.run("mutation ($id: ID!) { deleteList(input: {listId: $id}) { deletedId } }", viewer=ada, id=people)
    after = await updated(api, ada, *({"id": one["id"]} for one in before))
    assert after == [before[0] | {"feed": None}, before[1] | {"list": None}]
    given = {"id": before[0]["id"], "config": {"feed": {"feedId": feed}}}
    assert await refused(api, ada, given) == [("NOT_FOUND", ["input", "sections", "0", "config", "feed", "feedId"])]


async def test_the_type_of_a_section_cannot_change(api: Api) -> None:
    ada = api.factory.user("ada")
    given: dict[str, Any] = {"id": section(api, ada, "links"), "config": {"gallery": {}}}
    assert await refused(api, ada, given) == [("BAD_USER_INPUT", ["input", "sections", "0", "config", "gallery"])]


async def test_sections_that_show_lists_hold_no_pieces(api: Api) -> None:
    ada = api.factory.user("ada")
    new: dict[str, Any] = {"title": "x", "config": {"friends": {}}, "content": []}
    assert await refused(api, ada, new, {"id": section(api, ada, "gallery"), "content": []}) == [
        ("BAD_USER_INPUT", ["input", "sections", place, "content"]) for place in ("0", "1")
    ]


async def test_changes_at_the_same_moment_leave_what_one_of_them_gave(api: Api) -> None:
    """A list that leaves out what another has just created deletes it: the last one has decided all."""
    ada = api.factory.user("ada")
    given = [[{**TEXT, "title": f"{number} {place}"} for place in range(3)] for number in range(6)]
    await asyncio.gather(*(updated(api, ada, *one) for one in given))
    query = '{ user(username: "ada") { sections { title } } }'
    titles = [one["title"] for one in (await api.run(query))["user"]["sections"]]
    assert titles in [[one["title"] for one in every] for every in given]


async def test_a_list_of_thirty_is_written_by_as_many_statements_as_one(api: Api) -> None:
    ada = api.factory.user("ada")
    ran: list[list[str]] = []
    for size in (1, 30):
        await updated(api, ada)
        query = "mutation ($input: UpdateSectionsInput!) { updateSections(input: $input) { deletedIds } }"
        piece = {"type": "TEXT", "content": "Hi"}
        await api.run(query, viewer=ada, input={"sections": [TEXT | {"content": [piece] * 5}] * size})
        ran.append(api.statements)
    assert ran[0] == ran[1]


async def test_an_empty_id_creates_no_section(api: Api) -> None:
    ada = api.factory.user("ada")
    given: dict[str, Any] = {"sections": [{"id": "", "config": {"friends": {}}}]}
    error = await api.fail(UPDATE, viewer=ada, input=given)
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert api.factory.scalar("SELECT count(*) FROM profile_sections") == 0
