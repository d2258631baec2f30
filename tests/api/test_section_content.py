"""setSectionContent: the pieces of a section as they are given, and how much of them a profile may have."""

import asyncio
from dataclasses import fields
from typing import Any

import pytest

from api.gql.ids import encode
from api.inputs import sections as inputs
from db.documents.section_config import SECTION_CONFIGS
from tests.api.conftest import Api
from tests.api.sections import CONTENT, refused, refused_content, section, updated


async def written(api: Api, viewer: int, section_id: str, *given: dict[str, Any]) -> list[dict[str, Any]]:
    """The pieces after a change that nothing is wrong with."""
    answer = await api.run(CONTENT, viewer=viewer, input={"sectionId": section_id, "content": list(given)})
    assert answer["setSectionContent"]["userErrors"] == []
    return answer["setSectionContent"]["section"]["content"]


async def test_pieces_are_written_in_the_order_in_which_they_are_given(api: Api) -> None:
    ada = api.factory.user("ada")
    links = section(api, ada, "links")
    given = [
        {"type": "LINK", "title": "Site", "content": None, "url": "https://example.org/"},
        {"type": "TEXT", "title": None, "content": "Two\nlines", "url": None},
        {"type": "IMAGE", "title": None, "content": "A beach", "url": "https://example.org/a.png"},
        {"type": "EMBED", "title": "Live", "content": None, "url": "http://example.org/video"},
    ]
    found = await written(api, ada, links, *given)
    assert [{name: one[name] for name in one if name != "id"} for one in found] == given
    again = await written(api, ada, links, *({**one} for one in reversed(found)))
    assert again == found[::-1]


async def test_a_piece_with_an_id_is_replaced_and_missing_ones_are_deleted(api: Api) -> None:
    ada = api.factory.user("ada")
    text = section(api, ada, "static_text")
    first, second = await written(
        api, ada, text, {"type": "TEXT", "title": "A", "content": "One"}, {"type": "TEXT", "content": "Two"}
    )
    given = [{"type": "LINK", "url": "https://example.org/"}, {"id": first["id"], "type": "TEXT", "content": "Three"}]
    answer = (await api.run(CONTENT, viewer=ada, input={"sectionId": text, "content": given}))["setSectionContent"]
    assert answer["deletedIds"] == [second["id"]]
    assert answer["section"]["content"][1] == {
        "id": first["id"], "type": "TEXT", "title": None, "content": "Three", "url": None,
    }  # fmt: skip
    assert api.factory.scalar("SELECT count(*) FROM section_content") == 2


async def test_pieces_of_another_section_are_not_found(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    one, other = section(api, ada, "links"), section(api, ada, "links", 1)
    theirs = section(api, ben, "links")
    piece = {"type": "LINK", "url": "https://example.org/"}
    (mine,) = await written(api, ada, other, piece)
    (bens,) = await written(api, ben, theirs, piece)
    for id_ in (mine["id"], bens["id"], encode("SectionContent", 2**40)):
        assert await refused_content(api, ada, one, piece, {**piece, "id": id_}) == [
            ("NOT_FOUND", ["input", "content", "1", "id"])
        ]
        assert await refused(api, ada, {"id": one, "content": [{**piece, "id": id_}]}, {"id": other}) == [
            ("NOT_FOUND", ["input", "sections", "0", "content", "0", "id"])
        ]
    twice = {**piece, "id": mine["id"]}
    assert await refused_content(api, ada, other, twice, twice) == [("BAD_USER_INPUT", ["input", "content", "1", "id"])]


@pytest.mark.parametrize("kind", ["feed", "gallery", "friends", "list"])
async def test_what_shows_a_list_takes_no_pieces(api: Api, kind: str) -> None:
    ada = api.factory.user("ada")
    config = {"feed": {"feed_id": 1}, "list": {"list_id": 1}}.get(kind, {})
    assert await refused_content(api, ada, section(api, ada, kind, **config)) == [
        ("BAD_USER_INPUT", ["input", "sectionId"])
    ]


@pytest.mark.parametrize(
    ("piece", "field"),
    [
        ({"type": "TEXT"}, "content"),
        ({"type": "TEXT", "content": " "}, "content"),
        ({"type": "LINK"}, "url"),
        ({"type": "IMAGE", "content": "A beach"}, "url"),
        ({"type": "EMBED", "url": "data:text/html,x"}, "url"),
        ({"type": "LINK", "url": "//example.org"}, "url"),
        ({"type": "LINK", "url": "/media/placeholders/image/1-40x30.svg"}, "url"),
        ({"type": "LINK", "url": "https://example.org/" + "x" * 2048}, "url"),
        ({"type": "TEXT", "content": "Hi", "title": "x" * 201}, "title"),
    ],
)
async def test_a_piece_that_is_not_whole_is_refused(api: Api, piece: dict[str, Any], field: str) -> None:
    ada = api.factory.user("ada")
    assert await refused_content(api, ada, section(api, ada, "links"), piece) == [
        ("BAD_USER_INPUT", ["input", "content", "0", field])
    ]


async def test_all_pieces_of_a_profile_have_a_hundred_thousand_characters(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    long = {"type": "TEXT", "content": "x" * 10_000}
    await written(api, ben, section(api, ben, "static_text"), *([long] * 10))  # which is nobody else's limit
    first, second = section(api, ada, "static_text"), section(api, ada, "static_text", 1)
    await written(api, ada, first, *([long] * 6))
    assert await refused_content(api, ada, second, *([long] * 4), {"type": "TEXT", "content": "x"}) == [
        ("BAD_USER_INPUT", ["input", "content"])
    ]
    await written(api, ada, second, *([long] * 4))
    assert await refused(api, ada, {"id": first}, {"id": second, "content": [long] * 5}) == [
        ("BAD_USER_INPUT", ["input", "sections"])
    ]
    # What is deleted by the same change does not count.
    assert len(await updated(api, ada, {"id": second, "content": [long] * 10})) == 1


async def test_changes_of_pieces_at_the_same_moment_follow_one_another(api: Api) -> None:
    """Together they would be too long, so one of them finds no room."""
    ada = api.factory.user("ada")
    ids = [section(api, ada, "static_text", order) for order in range(2)]
    given = [{"type": "TEXT", "content": "x" * 10_000}] * 6
    answers = await asyncio.gather(
        *(api.run(CONTENT, viewer=ada, input={"sectionId": one, "content": given}) for one in ids)
    )
    assert sorted(len(one["setSectionContent"]["userErrors"]) for one in answers) == [0, 1]
    assert api.factory.scalar("SELECT count(*) FROM section_content") == 6


def test_inputs_of_configs_have_the_fields_and_defaults_of_their_documents() -> None:
    given = {field.name: field for field in fields(inputs.SectionConfigInput)}
    assert set(given) == set(SECTION_CONFIGS)
    for kind, document in SECTION_CONFIGS.items():
        name = {"friends": "People", "followers": "People", "following": "People"}.get(
            kind, kind.title().replace("_", "")
        )
        input_ = getattr(inputs, f"{name}SectionInput")
        assert {field.name for field in fields(input_)} == set(document.model_fields)
        for field in fields(input_):
            stored = document.model_fields[field.name]
            if not stored.is_required():
                assert field.default == stored.default
