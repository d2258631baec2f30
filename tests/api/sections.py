"""What the tests of sections share: the mutations, and what an owner's sections are."""

from typing import Any

from psycopg.types.json import Jsonb

from api.gql.ids import encode
from tests.api.conftest import Api

SHOWN = """__typename id type title description isVisible
  ... on StaticSection { content { id type title content url } }
  ... on PostsSection { limit }
  ... on PeopleSection { limit shape }
  ... on GallerySection { limit columns }
  ... on FeedSection { feed { id } }
  ... on ListSection { list { id } }
  ... on RepostsSection { showComments }
  ... on LinksSection { shape }
  ... on StaticTextSection { alignment }
  ... on StaticImageSection { fit }
  ... on VideoSection { autoplay muted loop }"""
ERRORS = "userErrors { __typename code field message }"
UPDATE = f"""mutation ($input: UpdateSectionsInput!) {{ updateSections(input: $input) {{
  user {{ sections {{ {SHOWN} }} }} profile {{ id }} deletedIds viewer {{ id }} {ERRORS} }} }}"""
CONTENT = f"""mutation ($input: SetSectionContentInput!) {{ setSectionContent(input: $input) {{
  section {{ ... on ProfileSection {{ {SHOWN} }} }} deletedIds viewer {{ id }} {ERRORS} }} }}"""
STORED = """SELECT jsonb_build_array(
  (SELECT coalesce(jsonb_agg(to_jsonb(s) ORDER BY s.id), '[]') FROM profile_sections AS s),
  (SELECT coalesce(jsonb_agg(to_jsonb(c) ORDER BY c.id), '[]') FROM section_content AS c))"""


def section(api: Api, owner: int, type_: str, order: int = 0, **config: object) -> str:
    """The id of a section of this type."""
    given = {"user_id": owner, "type": type_, "title": f"{type_} {order}", "config": Jsonb(config)}
    return encode("ProfileSection", api.factory.insert("profile_sections", display_order=order, **given))


async def updated(api: Api, viewer: int, *given: dict[str, Any]) -> list[dict[str, Any]]:
    """The sections after a change that nothing is wrong with."""
    answer = (await api.run(UPDATE, viewer=viewer, input={"sections": list(given)}))["updateSections"]
    assert answer["userErrors"] == []
    return answer["user"]["sections"]


async def refused(api: Api, viewer: int, *given: dict[str, Any]) -> list[tuple[str, list[str]]]:
    """The codes and fields that a change of sections is refused for; nothing is changed."""
    return await _refused(api, viewer, UPDATE, "updateSections", {"sections": list(given)})


async def refused_content(
    api: Api, viewer: int, section_id: str, *given: dict[str, Any]
) -> list[tuple[str, list[str]]]:
    """The codes and fields that a change of pieces is refused for; nothing is changed."""
    return await _refused(api, viewer, CONTENT, "setSectionContent", {"sectionId": section_id, "content": list(given)})


async def _refused(api: Api, viewer: int, query: str, name: str, given: dict[str, Any]) -> list[tuple[str, list[str]]]:
    before = api.factory.scalar(STORED)
    answer = (await api.run(query, viewer=viewer, input=given))[name]
    assert api.factory.scalar(STORED) == before
    assert answer.get("user", answer.get("section")) is None
    assert answer["deletedIds"] == []
    return [(error["code"], error["field"]) for error in answer["userErrors"]]
