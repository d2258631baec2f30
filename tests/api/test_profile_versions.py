"""Drafts and versions of a profile: only their owner sees them, and publishing leaves nothing half done."""

import asyncio
from typing import Any

import pytest

from api.gql.ids import encode
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


async def test_publishing_keeps_the_ids_of_sections_and_ends_the_draft(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    (kept, dropped) = (await arranged(api, ada, TEXT, {**TEXT, "title": "Dropped"}))["user"]["sections"]
    draft = (await restyled(api, ada, "#222222", "DRAFT"))["draft"]
    await arranged(
        api,
        ada,
        {"title": "New", "config": {"links": {}}},
        {"id": draft["sections"][0]["id"], "title": "Me"},
        target="DRAFT",
    )
    payload = await ran(api, ada, PUBLISH)
    new, after = payload["user"]["sections"]
    assert after == {**kept, "title": "Me"}
    assert new["title"] == "New"
    assert (payload["deletedId"], payload["viewer"]) == (draft["id"], {"profileDraft": None})
    assert payload["profile"]["style"] == {"colors": {"text": "#222222"}}
    found = (await api.run(f'{{ user(username: "ada") {{ sections {{ {SHOWN} }} }} }}', viewer=ben))["user"]["sections"]
    assert found == [new, after]
    assert api.factory.scalar("SELECT count(*) FROM profile_sections") == 2
    assert dropped["id"] not in {one["id"] for one in found}


async def test_a_version_is_what_was_published_and_can_be_restored(api: Api) -> None:
    ada = api.factory.user("ada")
    await arranged(api, ada, TEXT, {**TEXT, "title": "More"})
    await restyled(api, ada, "#111111")
    before = (await own(api, ada))["user"]
    await restyled(api, ada, "#222222", "DRAFT")
    await arranged(api, ada, target="DRAFT")
    published = await ran(api, ada, PUBLISH)
    assert published["user"]["sections"] == []
    current, earlier = (await own(api, ada))["profileVersions"]
    assert current == published["version"]
    assert (current["isCurrent"], earlier["isCurrent"]) == (True, False)
    assert (current["number"], earlier["number"]) == (published["profile"]["version"], before["profile"]["version"])
    assert without_ids(earlier["sections"]) == without_ids(before["sections"])
    restored = await ran(api, ada, RESTORE, id=earlier["id"])
    assert without_ids(restored["user"]["sections"]) == without_ids(before["sections"])
    assert restored["profile"]["style"] == before["profile"]["style"]
    versions = (await own(api, ada))["profileVersions"]
    assert [one["isCurrent"] for one in versions] == [True, False, False]
    assert versions[0] == restored["version"]


async def test_direct_changes_before_a_publication_are_kept_in_a_version(api: Api) -> None:
    ada = api.factory.user("ada")
    for number in range(2):
        await restyled(api, ada, "#222222", "DRAFT")
        await ran(api, ada, PUBLISH)
        await restyled(api, ada, f"#00000{number}")
        await arranged(api, ada, {**TEXT, "title": str(number)})
    await restyled(api, ada, "#333333", "DRAFT")
    await ran(api, ada, PUBLISH)
    styles = [one["style"] for one in (await own(api, ada))["profileVersions"]]
    found = [style and style["colors"]["text"] for style in styles]
    assert found == ["#333333", "#000001", "#222222", "#000000", "#222222", None]


async def test_a_draft_of_an_older_profile_is_published_only_by_overwriting(api: Api) -> None:
    ada = api.factory.user("ada")
    await restyled(api, ada, "#222222", "DRAFT")
    await arranged(api, ada, TEXT)
    payload = (await api.run(PUBLISH, viewer=ada))["publishProfileDraft"]
    assert [(one["code"], one["field"]) for one in payload["userErrors"]] == [("CONFLICT", ["input", "overwrite"])]
    found = await own(api, ada)
    assert (len(found["user"]["sections"]), found["profileDraft"]["sections"]) == (1, [])
    assert (await ran(api, ada, PUBLISH, overwrite=True))["user"]["sections"] == []


async def test_without_a_draft_there_is_nothing_to_publish_or_discard(api: Api) -> None:
    ada = api.factory.user("ada")
    payload = (await api.run(PUBLISH, viewer=ada))["publishProfileDraft"]
    assert [one["code"] for one in payload["userErrors"]] == ["NOT_FOUND"]
    discard = f"mutation {{ discardProfileDraft {{ deletedId viewer {{ profileDraft {{ id }} }} {ERRORS} }} }}"
    assert (await ran(api, ada, discard))["deletedId"] is None
    draft = (await restyled(api, ada, "#222222", "DRAFT"))["draft"]
    payload = await ran(api, ada, discard)
    assert (payload["deletedId"], payload["viewer"]) == (draft["id"], {"profileDraft": None})
    assert api.factory.scalar("SELECT count(*) FROM app.profile_versions") == 0


async def test_drafts_and_versions_are_their_owners_alone(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    await arranged(api, ada, TEXT)
    await restyled(api, ada, "#222222", "DRAFT")
    await ran(api, ada, PUBLISH)
    await restyled(api, ada, "#333333", "DRAFT")
    found = await own(api, ada)
    versions = [found["profileDraft"], *found["profileVersions"]]
    ids = [one["id"] for one in versions]
    ids += [section["id"] for one in versions for section in one["sections"]]
    ids += [piece["id"] for one in versions for section in one["sections"] for piece in section["content"]]
    query = "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }"
    assert [one["id"] for one in (await api.run(query, viewer=ada, ids=ids))["nodes"]] == ids
    for viewer in (ben, None):
        assert (await api.run(query, viewer=viewer, ids=ids))["nodes"] == [None] * len(ids)
    payload = (await api.run(RESTORE, viewer=ben, id=versions[1]["id"]))["restoreProfileVersion"]
    assert [(one["code"], one["field"]) for one in payload["userErrors"]] == [("NOT_FOUND", ["input", "versionId"])]
    payload = (await api.run(RESTORE, viewer=ada, id=versions[0]["id"]))["restoreProfileVersion"]
    assert [one["code"] for one in payload["userErrors"]] == ["NOT_FOUND"]


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


async def test_a_version_outlives_the_feed_that_its_section_shows(api: Api) -> None:
    ada = api.factory.user("ada")
    feed = encode("Feed", api.factory.insert("custom_feeds", user_id=ada, name="Mine"))
    await arranged(api, ada, {"title": "Feed", "config": {"feed": {"feedId": feed}}})
    await arranged(api, ada, target="DRAFT")
    await ran(api, ada, PUBLISH)
    await api.run("mutation ($id: ID!) { deleteFeed(input: {feedId: $id}) { deletedId } }", viewer=ada, id=feed)
    earlier = (await own(api, ada))["profileVersions"][1]
    (found,) = (await ran(api, ada, RESTORE, id=earlier["id"]))["user"]["sections"]
    assert (found["title"], found["feed"]) == ("Feed", None)


async def test_the_last_fifty_versions_are_kept(api: Api) -> None:
    ada = api.factory.user("ada")
    api.factory.connection.execute(
        "INSERT INTO app.profile_versions (user_id, number, sections, section_ids, content_ids)"
        " SELECT %s, n, '{\"sections\": []}', '{}', '{}' FROM generate_series(1, 50) AS n",
        [ada],
    )
    api.factory.connection.execute("UPDATE user_profiles SET version = 50")
    await restyled(api, ada, "#222222", "DRAFT")
    await ran(api, ada, PUBLISH)
    assert [one["number"] for one in (await own(api, ada))["profileVersions"]] == list(range(51, 1, -1))


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


async def test_two_publications_at_the_same_moment_publish_once(api: Api) -> None:
    ada = api.factory.user("ada")
    await restyled(api, ada, "#222222", "DRAFT")
    answers = await asyncio.gather(*(api.run(PUBLISH, viewer=ada) for _ in range(3)))
    codes = [[one["code"] for one in answer["publishProfileDraft"]["userErrors"]] for answer in answers]
    assert sorted(codes) == [[], ["NOT_FOUND"], ["NOT_FOUND"]]
    assert len((await own(api, ada))["profileVersions"]) == 2
