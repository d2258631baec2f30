"""The mutations that shape a profile: what they keep, what they refuse, and what two of them at once leave."""

import asyncio
import json
from typing import Any

import pytest

from tests.api.conftest import Api

PROFILE = (
    "profile { displayName bio age location website music { url autoplay volume loop } "
    "style { fonts { heading body } colors { text background accent link } sizes { text heading radius } "
    "contrastWarnings { foreground background ratio required message } } layout { columns width spacing header } }"
)


def mutation(name: str) -> str:
    kind = name[0].upper() + name[1:]
    return f"""mutation ($input: {kind}Input!) {{ {name}(input: $input) {{
      {PROFILE} viewer {{ user {{ profile {{ displayName }} }} }} userErrors {{ __typename field message }} }} }}"""


async def changed(api: Api, viewer: int, name: str, **given: Any) -> dict[str, Any]:
    """The profile after a change that nothing is wrong with."""
    answer = (await api.run(mutation(name), viewer=viewer, input=given))[name]
    assert answer["userErrors"] == []
    return answer["profile"]


async def refused(api: Api, viewer: int, name: str, **given: Any) -> list[list[str]]:
    """The fields that a change is refused for; nothing is changed."""
    stored = "SELECT to_jsonb(f) FROM user_profiles AS f WHERE user_id = %s"
    before = api.factory.scalar(stored, viewer)
    answer = (await api.run(mutation(name), viewer=viewer, input=given))[name]
    assert api.factory.scalar(stored, viewer) == before
    assert answer["profile"] is None
    return [error["field"] for error in answer["userErrors"]]


async def test_what_is_left_out_stays_and_null_removes(api: Api) -> None:
    ada = api.factory.user("ada")
    given = {
        "displayName": " Ada  ",
        "bio": "Rides at night\n",
        "age": 13,
        "location": "Go\u0308teborg",
        "website": "https://example.org/a",
    }
    profile = await changed(api, ada, "updateProfile", **given)
    said = {name: profile[name] for name in given}
    assert said == {**given, "displayName": "Ada", "location": "G\u00f6teborg"}
    profile = await changed(api, ada, "updateProfile", age=None, bio=None)
    assert {name: profile[name] for name in given} == {**said, "age": None, "bio": None}
    assert await changed(api, ada, "updateProfile") == profile


async def test_what_is_left_out_is_ones_own(api: Api) -> None:
    for name, color in (("ada", "#000000"), ("ben", "#111111"), ("cleo", "#222222")):
        await changed(api, api.factory.user(name), "updateStyle", colors={"text": color, "background": "#ffffff"})
    ben = api.factory.scalar("SELECT id FROM users WHERE username = 'ben'")
    profile = await changed(api, ben, "updateStyle", sizes={"text": 20})
    assert profile["style"]["colors"]["text"] == "#111111"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("displayName", ""),
        ("displayName", "\u200b"),
        ("displayName", "two\nlines"),
        ("displayName", "x" * 101),
        ("bio", "x" * 501),
        ("bio", " "),
        ("age", 12),
        ("age", 121),
        ("location", "x" * 101),
        ("location", "a\u202eb"),
    ],
)
async def test_what_nobody_may_say_of_themselves_is_refused_by_its_field(api: Api, field: str, value: object) -> None:
    ada = api.factory.user("ada")
    assert await refused(api, ada, "updateProfile", **{field: value, "bio" if field != "bio" else "age": None}) == [
        ["input", field]
    ]


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "example.org", "//example.org", "http://"]
)
@pytest.mark.parametrize(("name", "field"), [("updateProfile", "website"), ("updateMusic", "url")])
async def test_an_address_that_is_none_of_the_web_is_refused(api: Api, name: str, field: str, address: str) -> None:
    assert await refused(api, api.factory.user("ada"), name, **{field: address}) == [["input", field]]


async def test_another_name_is_found_and_the_old_one_no_more(api: Api) -> None:
    ada = api.factory.user("ada")
    query = "query ($words: String!) { searchUsers(query: $words) { nodes { username } } }"
    for name in ("Zephyrine", "Quillon"):
        await changed(api, ada, "updateProfile", displayName=name)
    found = [(await api.run(query, words=name))["searchUsers"]["nodes"] for name in ("Zephyrine", "Quillon")]
    assert found == [[], [{"username": "ada"}]]


async def test_music_keeps_what_is_not_given_and_null_takes_the_sound_away(api: Api) -> None:
    ada = api.factory.user("ada")
    assert (await changed(api, ada, "updateMusic", volume=0, loop=True))["music"] == {
        "url": None, "autoplay": False, "volume": 0, "loop": True,
    }  # fmt: skip
    music = (await changed(api, ada, "updateMusic", url="https://example.org/a.ogg", loop=None))["music"]
    assert music == {"url": "https://example.org/a.ogg", "autoplay": False, "volume": 0, "loop": True}
    assert (await changed(api, ada, "updateMusic", url=None))["music"] == {**music, "url": None}
    assert await refused(api, ada, "updateMusic", volume=101) == [["input", "volume"]]
    assert await refused(api, ada, "updateMusic", volume=-1, url=None) == [["input", "volume"]]


async def test_style_keeps_the_rest_of_each_group(api: Api) -> None:
    ada = api.factory.user("ada")
    await changed(api, ada, "updateStyle", colors={"text": "#000000"}, sizes={"radius": 0})
    style = (await changed(api, ada, "updateStyle", colors={"link": "#00ff7f", "text": None}, fonts={"body": "MONO"}))[
        "style"
    ]
    assert style["colors"] == {"text": "#000000", "background": "#FFFFFF", "accent": "#0B57D0", "link": "#00FF7F"}
    assert style["fonts"] == {"heading": "SYSTEM", "body": "MONO"}
    assert style["sizes"] == {"text": 16, "heading": 28, "radius": 0}


async def test_each_wrong_value_of_a_style_is_named_by_its_path(api: Api) -> None:
    ada = api.factory.user("ada")
    given = {"colors": {"text": "red", "link": "#12345"}, "sizes": {"text": 11, "heading": 65, "radius": 33}}
    assert await refused(api, ada, "updateStyle", **given) == [
        ["input", "colors", "text"],
        ["input", "colors", "link"],
        ["input", "sizes", "text"],
        ["input", "sizes", "heading"],
        ["input", "sizes", "radius"],
    ]
    error = await api.fail(mutation("updateStyle"), viewer=ada, input={"fonts": {"body": "COMIC"}})
    assert error["message"].endswith("Allowed: SYSTEM, SANS, SERIF, MONO, ROUNDED, DISPLAY, HANDWRITING.")
    error = await api.fail(mutation("updateStyle"), viewer=ada, input={"css": "body{}"})
    assert error["extensions"]["code"] == "BAD_USER_INPUT"


async def test_colours_that_are_hard_to_read_are_taken_with_a_warning(api: Api) -> None:
    ada = api.factory.user("ada")
    colors = {"text": "#777777", "background": "#FFFFFF", "accent": "#FFFF00", "link": "#767676"}
    warnings = (await changed(api, ada, "updateStyle", colors=colors))["style"]["contrastWarnings"]
    assert [(one["foreground"], one["ratio"], one["required"]) for one in warnings] == [
        ("#777777", 4.47, 4.5),
        ("#FFFF00", 1.07, 3.0),
    ]
    assert "`text` is hard to read on `background`" in warnings[0]["message"]
    colors = {"text": "#000000", "accent": "#000000", "link": "#000000"}
    assert (await changed(api, ada, "updateStyle", colors=colors))["style"]["contrastWarnings"] == []


async def test_a_layout_keeps_what_is_not_given(api: Api) -> None:
    ada = api.factory.user("ada")
    assert (await changed(api, ada, "updateLayout", columns=3))["layout"] == {
        "columns": 3, "width": "MEDIUM", "spacing": "COMFORTABLE", "header": "BANNER",
    }  # fmt: skip
    layout = (await changed(api, ada, "updateLayout", width="WIDE", spacing=None))["layout"]
    assert layout == {"columns": 3, "width": "WIDE", "spacing": "COMFORTABLE", "header": "BANNER"}
    assert await refused(api, ada, "updateLayout", columns=4) == [["input", "columns"]]


async def test_changes_at_the_same_moment_are_all_kept(api: Api) -> None:
    ada = api.factory.user("ada")
    sizes = [{"text": 20}, {"heading": 40}, {"radius": 9}]
    await asyncio.gather(*(changed(api, ada, "updateStyle", sizes=one) for one in sizes * 3))
    stored = api.factory.scalar("SELECT style_config -> 'sizes' FROM user_profiles WHERE user_id = %s", ada)
    assert json.loads(json.dumps(stored)) == {"text": 20, "heading": 40, "radius": 9}
