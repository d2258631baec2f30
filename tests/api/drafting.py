"""Drafts and versions of a profile: how they are changed, published and read."""

from typing import Any

from tests.api.conftest import Api
from tests.api.sections import ERRORS, SHOWN

LOOK = "background { type value } music { url volume } style { colors { text } } layout { columns }"
VERSION = f"id number isCurrent {LOOK} sections {{ {SHOWN} }}"
DRAFT = f"draft {{ {VERSION} }}"
UPDATE = f"""mutation ($input: UpdateSectionsInput!) {{ updateSections(input: $input) {{
  user {{ sections {{ {SHOWN} }} }} {DRAFT} deletedIds {ERRORS} }} }}"""
PUBLISH = f"""mutation ($overwrite: Boolean = false) {{ publishProfileDraft(input: {{overwrite: $overwrite}}) {{
  profile {{ version {LOOK} }} user {{ sections {{ {SHOWN} }} }} version {{ {VERSION} }} deletedId
  viewer {{ profileDraft {{ id }} }} {ERRORS} }} }}"""
RESTORE = f"""mutation ($id: ID!) {{ restoreProfileVersion(input: {{versionId: $id}}) {{
  profile {{ version {LOOK} }} user {{ sections {{ {SHOWN} }} }} version {{ {VERSION} }} {ERRORS} }} }}"""
OWN = f"""{{ viewer {{ profileDraft {{ {VERSION} }} profileVersions {{ {VERSION} }}
  user {{ profile {{ version {LOOK} }} sections {{ {SHOWN} }} }} }} }}"""
TEXT: dict[str, Any] = {
    "title": "About",
    "config": {"staticText": {}},
    "content": [{"type": "TEXT", "content": "Hello"}],
}


async def own(api: Api, viewer: int) -> dict[str, Any]:
    return (await api.run(OWN, viewer=viewer))["viewer"]


async def ran(api: Api, viewer: int, query: str, **given: Any) -> dict[str, Any]:
    """The payload of a mutation that nothing is wrong with."""
    (payload,) = (await api.run(query, viewer=viewer, **given)).values()
    assert payload["userErrors"] == []
    return payload


async def arranged(api: Api, viewer: int, *sections: dict[str, Any], target: str = "PUBLISHED") -> dict[str, Any]:
    return await ran(api, viewer, UPDATE, input={"sections": list(sections), "target": target})


def without_ids(value: Any) -> Any:
    if isinstance(value, list):
        return [without_ids(one) for one in value]  # pyright: ignore[reportUnknownVariableType]
    if isinstance(value, dict):
        return {name: without_ids(held) for name, held in value.items() if name != "id"}  # pyright: ignore[reportUnknownVariableType]
    return value


async def restyled(api: Api, viewer: int, color: str, target: str = "PUBLISHED") -> dict[str, Any]:
    query = f"""mutation ($input: UpdateStyleInput!) {{ updateStyle(input: $input) {{
      profile {{ version {LOOK} }} {DRAFT} {ERRORS} }} }}"""
    return await ran(api, viewer, query, input={"colors": {"text": color}, "target": target})
