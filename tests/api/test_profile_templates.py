"""Templates of profiles: what they add, what stays, and that what they look like can be read."""

from typing import Any

import pytest

from api.gql.enums import ProfileTemplateKey
from api.profiles.sections import MOST_SECTIONS
from api.profiles.templates import BY_KEY, TEMPLATES, ProfileTemplate
from tests.api.conftest import Api
from tests.api.sections import ERRORS, STORED, updated

SHOWN = "sections { id title type isVisible }"
APPLY = f"""mutation ($input: ApplyTemplateInput!) {{ applyTemplate(input: $input) {{
  profile {{ version style {{ colors {{ text }} contrastWarnings {{ ratio }} }} layout {{ columns width }} }}
  user {{ {SHOWN} }} draft {{ style {{ colors {{ text }} }} {SHOWN} }}
  viewer {{ profileVersions {{ isCurrent {SHOWN} }} }} {ERRORS} }} }}"""
TEXT: dict[str, Any] = {"title": "About", "config": {"staticText": {}}}


async def applied(api: Api, viewer: int, template: str, target: str = "PUBLISHED") -> dict[str, Any]:
    given = {"template": template, "target": target}
    payload = (await api.run(APPLY, viewer=viewer, input=given))["applyTemplate"]
    assert payload["userErrors"] == []
    return payload


def test_each_template_is_there_once() -> None:
    assert [template.key for template in TEMPLATES] == list(ProfileTemplateKey)
    assert set(BY_KEY) == set(ProfileTemplateKey)


@pytest.mark.parametrize("template", TEMPLATES, ids=[one.key for one in TEMPLATES])
def test_the_colours_of_a_template_are_easy_to_read(template: ProfileTemplate) -> None:
    assert template.style.colors.low_contrasts() == []
    assert 0 < len(template.sections) <= MOST_SECTIONS // 2


async def test_templates_are_listed_with_their_looks(api: Api) -> None:
    query = """{ profileTemplates { key name description style { colors { text } fonts { heading } }
      layout { columns } sectionTypes } }"""
    found = (await api.run(query))["profileTemplates"]
    assert [one["key"] for one in found] == ["MUSICIAN", "RESTAURANT", "PORTFOLIO", "BUSINESS"]
    assert found[2]["sectionTypes"] == ["GALLERY", "STATIC_TEXT", "LINKS"]
    assert found[2]["layout"] == {"columns": 1}


async def test_a_template_adds_its_sections_above_those_that_are_there(api: Api) -> None:
    ada = api.factory.user("ada")
    (before,) = await updated(api, ada, TEXT)
    payload = await applied(api, ada, "PORTFOLIO")
    found = payload["user"]["sections"]
    assert [(one["title"], one["type"], one["isVisible"]) for one in found] == [
        ("Work", "GALLERY", True),
        ("About", "STATIC_TEXT", True),
        ("Contact", "LINKS", True),
        ("About", "STATIC_TEXT", False),
    ]
    assert found[3]["id"] == before["id"]
    assert payload["profile"]["style"] == {"colors": {"text": "#1A1A1A"}, "contrastWarnings": []}
    assert payload["profile"]["layout"] == {"columns": 1, "width": "WIDE"}
    current, earlier = payload["viewer"]["profileVersions"]
    assert ([one["title"] for one in earlier["sections"]], current["isCurrent"]) == (["About"], True)


async def test_a_template_of_a_draft_leaves_the_profile_as_it_is(api: Api) -> None:
    ada = api.factory.user("ada")
    before = await updated(api, ada, TEXT)
    payload = await applied(api, ada, "MUSICIAN", "DRAFT")
    assert [one["id"] for one in payload["user"]["sections"]] == [one["id"] for one in before]
    assert (payload["profile"]["style"], payload["viewer"]["profileVersions"]) == (None, [])
    assert payload["draft"]["style"] == {"colors": {"text": "#F4F1EA"}}
    drafted = payload["draft"]["sections"]
    assert [one["title"] for one in drafted] == ["Watch", "Listen", "Dates", "On stage", "Listeners", "About"]
    assert [one["isVisible"] for one in drafted] == [True] * 5 + [False]


@pytest.mark.parametrize("target", ["PUBLISHED", "DRAFT"])
async def test_a_profile_without_room_for_a_template_stays_as_it_is(api: Api, target: str) -> None:
    ada = api.factory.user("ada")
    await updated(api, ada, *([TEXT] * (MOST_SECTIONS - 2)))
    before = api.factory.scalar(STORED)
    payload = (await api.run(APPLY, viewer=ada, input={"template": "PORTFOLIO", "target": target}))["applyTemplate"]
    assert [(one["code"], one["field"]) for one in payload["userErrors"]] == [("BAD_USER_INPUT", ["input", "template"])]
    assert api.factory.scalar(STORED) == before
    assert api.factory.scalar("SELECT count(*) FROM app.profile_versions") == 0
