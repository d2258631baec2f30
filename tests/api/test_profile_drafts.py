"""Drafts of a profile: what is edited in them, by whom, and by how many at once."""

import asyncio
from typing import Any

import pytest

from api.gql.ids import encode
from tests.api.conftest import Api
from tests.api.drafting import DRAFT, LOOK, PUBLISH, TEXT, UPDATE, arranged, own, ran, restyled, without_ids
from tests.api.sections import ERRORS, SHOWN


async def test_a_draft_begins_as_the_profile_and_leaves_it_as_it_is(api: Api) -> None:
    ada = api.factory.user("ada")
    await arranged(api, ada, TEXT)
    await restyled(api, ada, "#111111")
    before = (await own(api, ada))["user"]
    payload = await restyled(api, ada, "#222222", "DRAFT")
    assert payload["profile"]["style"] == {"colors": {"text": "#111111"}}
    draft = payload["draft"]
    assert (draft["number"], draft["isCurrent"], draft["style"]) == (None, False, {"colors": {"text": "#222222"}})
    assert without_ids(draft["sections"]) == without_ids(before["sections"])
    assert draft["sections"][0]["id"] != before["sections"][0]["id"]
    found = await own(api, ada)
    assert (found["user"], found["profileDraft"]) == (before, draft)


@pytest.mark.parametrize(
    ("name", "given", "field", "shown"),
    [
        ("Background", {"type": "COLOR", "value": "#112233"}, "background", {"type": "COLOR", "value": "#112233"}),
        ("Music", {"url": "https://a.example/", "volume": 7}, "music", {"url": "https://a.example/", "volume": 7}),
        ("Style", {"colors": {"text": "#445566"}}, "style", {"colors": {"text": "#445566"}}),
        ("Layout", {"columns": 3}, "layout", {"columns": 3}),
    ],
)  # fmt: skip
async def test_each_part_of_a_look_is_drafted(
    api: Api, name: str, given: dict[str, Any], field: str, shown: dict[str, Any]
) -> None:
    ada = api.factory.user("ada")
    query = f"""mutation ($input: Update{name}Input!) {{ update{name}(input: $input) {{
      profile {{ {LOOK} }} {DRAFT} {ERRORS} }} }}"""
    payload = await ran(api, ada, query, input={**given, "target": "DRAFT"})
    assert (payload["profile"][field], payload["draft"][field]) == (None, shown)
    assert (await ran(api, ada, PUBLISH))["profile"][field] == shown


async def test_sections_of_a_draft_are_edited_like_published_ones(api: Api) -> None:
    ada = api.factory.user("ada")
    await arranged(api, ada, TEXT, {**TEXT, "title": "More"})
    published = (await own(api, ada))["user"]["sections"]
    draft = (await restyled(api, ada, "#222222", "DRAFT"))["draft"]
    first, second = draft["sections"]
    payload = await arranged(
        api, ada, {"title": "Friends", "config": {"friends": {}}}, {"id": second["id"], "title": "Less"}, target="DRAFT"
    )
    assert [one["title"] for one in payload["draft"]["sections"]] == ["Friends", "Less"]
    assert payload["draft"]["sections"][1] == {**second, "title": "Less"}
    assert payload["deletedIds"] == [first["id"]]
    assert payload["user"]["sections"] == published
    content = f"""mutation ($id: ID!, $content: [SectionContentInput!]!) {{
      setSectionContent(input: {{sectionId: $id, content: $content}}) {{
        section {{ ... on ProfileSection {{ {SHOWN} }} }} deletedIds {ERRORS} }} }}"""
    piece = second["content"][0]
    given = [{"type": "LINK", "url": "https://example.org/"}, {**piece, "content": "Changed"}]
    answer = await ran(api, ada, content, id=second["id"], content=given)
    assert answer["section"]["content"][1] == {**piece, "content": "Changed"}
    assert (await own(api, ada))["profileDraft"]["sections"][1] == answer["section"]
    assert (await own(api, ada))["user"]["sections"] == published


async def test_ids_belong_to_the_target(api: Api) -> None:
    ada = api.factory.user("ada")
    published = (await arranged(api, ada, TEXT))["user"]["sections"][0]["id"]
    drafted = (await restyled(api, ada, "#222222", "DRAFT"))["draft"]["sections"][0]["id"]
    for target, one in (("DRAFT", published), ("PUBLISHED", drafted)):
        given = {"sections": [{"id": one}], "target": target}
        (error,) = (await api.run(UPDATE, viewer=ada, input=given))["updateSections"]["userErrors"]
        assert (error["code"], error["field"]) == ("NOT_FOUND", ["input", "sections", "0", "id"])


async def test_sections_of_a_draft_show_what_their_owner_sees(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    api.factory.follow(ben, ada)
    post = encode("Post", api.factory.post(ada))
    feed = encode("Feed", api.factory.insert("custom_feeds", user_id=ada, name="Mine"))
    people = api.factory.insert("user_lists", user_id=ada, name="People")
    api.factory.insert("list_members", "user_id", list_id=people, user_id=ben)
    configs: list[dict[str, Any]] = [
        {"feed": {"feedId": feed}}, {"followers": {}}, {"list": {"listId": encode("UserList", people)}},
    ]  # fmt: skip
    given = [{"title": "x", "config": config} for config in configs]
    await arranged(api, ada, *given, target="DRAFT")
    query = """{ viewer { profileDraft { sections { ... on PostsSection { posts { nodes { id } } }
      ... on PeopleSection { users { nodes { username } } } } } } }"""
    found = (await api.run(query, viewer=ada))["viewer"]["profileDraft"]["sections"]
    shown = {"users": {"nodes": [{"username": "ben"}]}}
    assert found == [{"posts": {"nodes": [{"id": post}]}}, shown, shown]


async def test_an_expected_version_refuses_a_change_of_another(api: Api) -> None:
    ada = api.factory.user("ada")
    version = (await own(api, ada))["user"]["profile"]["version"]
    assert version == 1
    await ran(api, ada, UPDATE, input={"sections": [TEXT], "expectedVersion": version})
    payload = (await api.run(UPDATE, viewer=ada, input={"sections": [], "expectedVersion": version}))["updateSections"]
    (error,) = payload["userErrors"]
    assert (error["code"], error["field"]) == ("CONFLICT", ["input", "expectedVersion"])
    found = (await own(api, ada))["user"]
    assert (found["profile"]["version"], len(found["sections"])) == (2, 1)


async def test_changes_of_a_draft_at_the_same_moment_are_all_kept(api: Api) -> None:
    ada = api.factory.user("ada")
    query = f"""mutation ($input: UpdateStyleInput!) {{ updateStyle(input: $input) {{ {ERRORS} }} }}"""
    sizes = [{"text": 20}, {"heading": 40}, {"radius": 9}]
    await asyncio.gather(*(ran(api, ada, query, input={"sizes": one, "target": "DRAFT"}) for one in sizes * 3))
    assert api.factory.scalar("SELECT style_config -> 'sizes' FROM app.profile_versions") == {
        "text": 20, "heading": 40, "radius": 9,
    }  # fmt: skip
