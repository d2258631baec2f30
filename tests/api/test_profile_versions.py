"""Drafts and versions of a profile: only their owner sees them, and publishing leaves nothing half done."""

import asyncio

from api.gql.ids import encode
from tests.api.conftest import Api
from tests.api.drafting import PUBLISH, RESTORE, TEXT, arranged, own, ran, restyled, without_ids
from tests.api.sections import ERRORS, SHOWN


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


async def test_two_publications_at_the_same_moment_publish_once(api: Api) -> None:
    ada = api.factory.user("ada")
    await restyled(api, ada, "#222222", "DRAFT")
    answers = await asyncio.gather(*(api.run(PUBLISH, viewer=ada) for _ in range(3)))
    codes = [[one["code"] for one in answer["publishProfileDraft"]["userErrors"]] for answer in answers]
    assert sorted(codes) == [[], ["NOT_FOUND"], ["NOT_FOUND"]]
    assert len((await own(api, ada))["profileVersions"]) == 2
