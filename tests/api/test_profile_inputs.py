"""Whatever a client sends to a profile is taken or refused with a path, and what is taken reads back as it was sent.

Each input is built from the schema: mostly right values, and wrong ones of every kind among them.
"""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# graphql-core's types are generic in what nothing here looks into.

import os
from collections import Counter
from collections.abc import AsyncGenerator
from typing import Any

import pytest
from graphql import GraphQLEnumType, GraphQLInputObjectType, GraphQLList, GraphQLNonNull, get_named_type
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from api.gql.ids import encode
from api.schema import schema
from tests.api.conftest import Api, api_over
from tests.api.sections import SHOWN

COUNT = 400 if os.environ.get("VRSS_PROOF") else 40
TYPES: Any = schema._schema.type_map  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
JUNK: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip
TEXTS = (
    st.text(max_size=30)
    | st.sampled_from(["", " ", "\x00", "\u202eabc", "a\nb", "x" * 101, "x" * 501, "x" * 10_001, "Göteborg", "👩‍👩‍👧"])
)  # fmt: skip
URLS = st.sampled_from(
    [
        "https://example.org/a", "http://example.org:8080/?q=1#x", "https://example.org/%22", "javascript:alert(1)",
        "data:text/html,x", "//example.org", "https://", "https://a b", "https://\u202e.org/", "/media/x.svg", "",
        "https://example.org/" + "x" * 2048, "ftp://example.org", "https://user:pw@example.org/", "https://[::1",
    ]
)  # fmt: skip
COLORS = st.sampled_from(["#123456", "#abcdef", "#12345", "red", "#GGGGGG", "#1234567", "url(x)", ""])
NUMBERS = st.integers(-3, 130) | st.sampled_from([2**31 - 1, -(2**31), 2**31])
LEAVES: dict[str, st.SearchStrategy[Any]] = {
    "String": TEXTS,
    "URL": URLS,
    "HexColor": COLORS,
    "Int": NUMBERS,
    "Boolean": st.booleans(),
    "ID": st.sampled_from(
        [
            *(encode(kind, 1) for kind in ("ProfileSection", "SectionContent", "Feed", "UserList", "User")),
            *(encode("ProfileSection", key) for key in (2, 2**62)),
            *("", "x", "1"),
        ]
    ),
}  # fmt: skip


def values(type_: Any) -> st.SearchStrategy[Any]:
    """Values of an input type, one in twenty of which is none of it."""
    if isinstance(type_, GraphQLNonNull):
        right = values(type_.of_type)
    elif isinstance(type_, GraphQLList):
        right = st.lists(values(type_.of_type), max_size=4)
    elif isinstance(type_, GraphQLInputObjectType):
        right = objects(type_)
    elif isinstance(type_, GraphQLEnumType):
        right = st.sampled_from([*type_.values, "NOTHING"])
    else:
        right = LEAVES[type_.name]
    return st.integers(0, 19).flatmap(lambda draw: JUNK if draw == 0 else right)


def objects(type_: GraphQLInputObjectType) -> st.SearchStrategy[dict[str, Any]]:
    fields = {name: values(field.type) for name, field in type_.fields.items()}
    if type_.name == "SectionConfigInput":
        return st.sampled_from(sorted(fields)).flatmap(lambda name: fields[name].map(lambda value: {name: value}))
    needed = {name for name, field in type_.fields.items() if isinstance(field.type, GraphQLNonNull)}
    return st.fixed_dictionaries(
        {name: fields[name] for name in needed}, optional={name: fields[name] for name in fields.keys() - needed}
    )


LOOK = """background { type value position } music { url autoplay volume loop }
  style { fonts { heading body } colors { text background accent link } sizes { text heading radius } }
  layout { columns width spacing header }"""
SHAPED = f"profile {{ displayName bio age location website {LOOK} }}"
PAYLOADS = {
    "updateProfile": SHAPED,
    **{f"update{name}": f"{SHAPED} draft {{ {LOOK} }}" for name in ("Background", "Music", "Style", "Layout")},
    "updateSections": f"user {{ sections {{ {SHOWN} }} }} draft {{ sections {{ {SHOWN} }} }}",
    "setSectionContent": f"section {{ ... on ProfileSection {{ {SHOWN} }} }}",
    "applyTemplate": f"user {{ sections {{ {SHOWN} }} }} {SHAPED}",
    "publishProfileDraft": f"user {{ sections {{ {SHOWN} }} }} {SHAPED}",
    "restoreProfileVersion": f"user {{ sections {{ {SHOWN} }} }} {SHAPED}",
}
AGAIN = f"""{{ viewer {{ user {{ sections {{ {SHOWN} }} {SHAPED} }}
  profileDraft {{ {LOOK} sections {{ {SHOWN} }} }} }} }}"""


def _input(name: str) -> GraphQLInputObjectType:
    found: Any = get_named_type(TYPES["Mutation"].fields[name].args["input"].type)
    assert isinstance(found, GraphQLInputObjectType)
    return found


def _agrees(sent: Any, shown: Any) -> bool:
    """Whether what was sent is what is shown, as far as both have it: texts but for blanks around and normal forms."""
    if sent is None or shown is None:
        return True
    if isinstance(sent, dict) and isinstance(shown, dict):
        return all(_agrees(value, shown[name]) for name, value in sent.items() if name in shown)  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    if isinstance(sent, str) and isinstance(shown, str):
        return sent.strip().casefold() == shown.strip().casefold() or not sent.isascii()
    return sent == shown


def drawn(strategy: st.SearchStrategy[Any]) -> list[Any]:
    """The same values each time: they are sent by a test that waits for answers, which Hypothesis cannot run."""
    found: list[Any] = []

    @settings(
        max_examples=COUNT,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
    )
    @given(strategy)
    def collect(value: Any) -> None:
        found.append(value)

    collect()
    return found


@pytest.fixture
async def api(empty_database: str) -> AsyncGenerator[Api]:
    """Who tries thousands of inputs would soon have asked for too much."""
    async with api_over(empty_database, settings={"rate_limit": 1_000_000_000}) as api:
        yield api


@pytest.fixture
def owner(api: Api) -> int:
    """Ada, with a section that has a piece, an empty one, a feed and a list."""
    ada = api.factory.user("ada")
    for order in range(2):
        given = {"user_id": ada, "type": "static_text", "title": "Text", "display_order": order}
        api.factory.insert("profile_sections", **given)
    api.factory.insert("section_content", section_id=1, content_type="text", content="Hello")
    api.factory.insert("custom_feeds", user_id=ada, name="Mine")
    api.factory.insert("user_lists", user_id=ada, name="People")
    return ada


async def _look(api: Api, viewer: int) -> dict[str, Any]:
    """What the payloads show, read by itself."""
    found = (await api.run(AGAIN, viewer=viewer))["viewer"]
    profile = found["user"].pop("profile")
    return {"user": found["user"], "profile": profile, "draft": found["profileDraft"]}


def _outcome(answer: dict[str, Any], name: str) -> str:
    """Whether an input was taken, or which of the two ways refused it; each refusal names a place."""
    if "errors" in answer:
        (error, *_) = answer["errors"]
        assert error["extensions"]["code"] == "BAD_USER_INPUT", error
        assert "$input" in error["message"] or error.get("path") or "NUL" in error["message"], error
        return "errors"
    payload = answer["data"][name]
    for error in payload["userErrors"]:
        assert error["code"] in {"BAD_USER_INPUT", "NOT_FOUND", "CONFLICT"}, error
        assert error["field"][:1] == ["input"] or error["message"] == "There is no draft to publish.", error
    return "userErrors" if payload["userErrors"] else "taken"


@pytest.mark.proof
@pytest.mark.parametrize("name", PAYLOADS)
async def test_any_input_of_a_profile_is_taken_or_refused_with_a_path(api: Api, owner: int, name: str) -> None:
    type_ = _input(name)
    query = f"""mutation ($input: {type_.name}!) {{ {name}(input: $input) {{
      {PAYLOADS[name]} userErrors {{ code message field }} }} }}"""
    outcomes = Counter[str]()
    for sent in drawn(values(GraphQLNonNull(type_))):
        before = await _look(api, owner)
        response = await api.post({"query": query, "variables": {"input": sent}}, viewer=owner)
        assert response.status_code < 500, (sent, response.text)
        outcome = _outcome(response.json(), name)
        outcomes[outcome] += 1
        after = await _look(api, owner)
        if outcome != "taken":
            assert after == before, sent
            continue
        payload = response.json()["data"][name]
        for part in payload.keys() & after.keys():
            shown = payload[part]
            assert shown is None or {key: after[part][key] for key in shown} == shown, sent
        target = "draft" if sent.get("target") == "DRAFT" else "profile"
        for part in ("background", "music", "style", "layout"):
            if name.lower() == f"update{part}":
                assert _agrees(sent, payload[target][part]), (sent, payload)
        if name == "updateProfile":
            assert _agrees(sent, payload["profile"]), (sent, payload)
        if name == "updateSections":
            sections = payload["draft" if target == "draft" else "user"]["sections"]
            assert all(map(_agrees, sent["sections"], sections)), (sent, payload)
    assert outcomes["errors"] > 0
