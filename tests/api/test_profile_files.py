"""Uploaded files on a profile: its owner's alone, of the right kind, and seen with it."""

from typing import Any

import pytest

from api.gql.ids import encode
from tests.api.conftest import Api
from tests.api.sections import ERRORS, section

MEDIA = "media { id type }"
AVATAR = f"""mutation ($input: UpdateProfileInput!) {{ updateProfile(input: $input) {{
  profile {{ displayName avatarUrl avatar {{ id altText }} }} viewer {{ id }} {ERRORS} }} }}"""
BACKGROUND = f"""mutation ($input: UpdateBackgroundInput!) {{ updateBackground(input: $input) {{
  profile {{ background {{ type value position {MEDIA} }} }} draft {{ background {{ type {MEDIA} }} }} {ERRORS} }} }}"""
MUSIC = f"""mutation ($input: UpdateMusicInput!) {{ updateMusic(input: $input) {{
  profile {{ music {{ url volume {MEDIA} }} }} {ERRORS} }} }}"""
PIECES = f"""mutation ($input: SetSectionContentInput!) {{ setSectionContent(input: $input) {{
  section {{ content {{ id type url content {MEDIA} }} }} {ERRORS} }} }}"""
DELETE = f"""mutation ($id: ID!) {{ deleteMedia(input: {{mediaId: $id}}) {{
  profile {{ avatarUrl avatar {{ id }} background {{ type }} music {{ url volume }} }} {ERRORS} }} }}"""
SEEN = f"""{{ user(username: "ada") {{ profile {{ avatarUrl avatar {{ id }} background {{ value {MEDIA} }}
  music {{ url {MEDIA} }} }} sections {{ ... on StaticSection {{ content {{ type url {MEDIA} }} }} }} }} }}"""
NODE = "query ($id: ID!) { node(id: $id) { id } }"
UNATTACHED = "{ viewer { media(unattachedOnly: true) { nodes { id } } } }"
STORED = """SELECT jsonb_agg(to_jsonb(f) - 'updated_at' ORDER BY f.user_id) FROM user_profiles AS f"""


async def ran(api: Api, viewer: int, query: str, **given: Any) -> dict[str, Any]:
    (payload,) = (await api.run(query, viewer=viewer, **given)).values()
    assert payload["userErrors"] == []
    return payload


async def refused(api: Api, viewer: int, query: str, **given: Any) -> list[tuple[str, list[str]]]:
    """The codes and fields that it is refused for; nothing is changed."""
    before = api.factory.scalar(STORED)
    (payload,) = (await api.run(query, viewer=viewer, input=given)).values()
    assert api.factory.scalar(STORED) == before
    return [(error["code"], error["field"][1:]) for error in payload["userErrors"]]


def files(api: Api, owner: int) -> dict[str, str]:
    given = {"GIF": "image/gif", "VIDEO": "video/mp4", "AUDIO": "audio/mpeg", "DOCUMENT": "application/pdf"}
    ids = {kind: api.factory.media(owner, type=kind.lower(), mime_type=mime) for kind, mime in given.items()}
    ids["IMAGE"] = api.factory.media(owner, alt_text="A pier")
    return {kind: encode("Media", one) for kind, one in ids.items()}


async def test_an_uploaded_picture_becomes_the_picture_of_its_owner(api: Api) -> None:
    ada = api.factory.user("ada")
    picture = files(api, ada)["IMAGE"]
    for _ in range(2):
        shown = (await ran(api, ada, AVATAR, input={"avatarMediaId": picture}))["profile"]
        assert shown["avatar"] == {"id": picture, "altText": "A pier"}
        assert shown["avatarUrl"].startswith("http")
    kept = await ran(api, ada, AVATAR, input={"displayName": "Ada"})
    assert (kept["profile"]["displayName"], kept["profile"]["avatar"]["id"]) == ("Ada", picture)
    removed = await ran(api, ada, AVATAR, input={"avatarMediaId": None})
    assert removed["profile"] == {"displayName": "Ada", "avatarUrl": None, "avatar": None}
    assert (await api.run(NODE, viewer=ada, id=picture))["node"] == {"id": picture}


async def test_the_picture_has_the_size_that_is_asked_for(api: Api) -> None:
    ada = api.factory.user("ada")
    folder = "/media/f/00/00112233445566778899aabbccddee"
    media: dict[str, Any] = {
        "file_url": f"{folder}/abc.png",
        "thumbnail_url": f"{folder}/t480.webp",
        "thumbnails": [160, 480, 1280],
    }
    picture = encode("Media", api.factory.media(ada, **media))
    await ran(api, ada, AVATAR, input={"avatarMediaId": picture})
    query = '{ user(username: "ada") { profile { avatarUrl s: avatarUrl(size: SMALL) l: avatarUrl(size: LARGE) } } }'
    found = (await api.run(query))["user"]["profile"]
    assert [url.partition("?")[0].rpartition("/")[2] for url in found.values()] == [
        "t480.webp",
        "t160.webp",
        "t1280.webp",
    ]


async def test_files_lie_behind_a_profile_and_play_on_it(api: Api) -> None:
    ada = api.factory.user("ada")
    own = files(api, ada)
    for kind, type_ in (("IMAGE", "IMAGE"), ("GIF", "IMAGE"), ("VIDEO", "VIDEO")):
        given = {"type": type_, "mediaId": own[kind], "position": "TOP"}
        shown = (await ran(api, ada, BACKGROUND, input=given))["profile"]["background"]
        assert (shown["type"], shown["position"], shown["media"]) == (type_, "TOP", {"id": own[kind], "type": kind})
        assert shown["value"].startswith("http")
    color = (await ran(api, ada, BACKGROUND, input={"type": "COLOR", "value": "#112233"}))["profile"]["background"]
    assert (color["value"], color["media"]) == ("#112233", None)
    music = (await ran(api, ada, MUSIC, input={"mediaId": own["AUDIO"], "volume": 20}))["profile"]["music"]
    assert (music["media"], music["volume"]) == ({"id": own["AUDIO"], "type": "AUDIO"}, 20)
    assert music["url"].startswith("http")
    kept = (await ran(api, ada, MUSIC, input={"volume": 30}))["profile"]["music"]
    assert (kept["media"], kept["volume"]) == (music["media"], 30)
    elsewhere = {"url": "https://example.org/a.mp3"}
    assert (await ran(api, ada, MUSIC, input=elsewhere))["profile"]["music"] == {
        **elsewhere,
        "media": None,
        "volume": 30,
    }
    await ran(api, ada, MUSIC, input={"mediaId": own["AUDIO"]})
    silent = {"url": None, "media": None, "volume": 30}
    assert (await ran(api, ada, MUSIC, input={"mediaId": None}))["profile"]["music"] == silent


async def test_pieces_of_sections_show_files(api: Api) -> None:
    ada = api.factory.user("ada")
    own, key = files(api, ada), section(api, ada, "static_image")
    given = [{"type": "IMAGE", "mediaId": own["GIF"], "content": "A pier"}, {"type": "EMBED", "mediaId": own["VIDEO"]}]
    shown = (await ran(api, ada, PIECES, input={"sectionId": key, "content": given}))["section"]["content"]
    assert [(one["type"], one["url"], one["media"]["type"]) for one in shown] == [
        ("IMAGE", None, "GIF"),
        ("EMBED", None, "VIDEO"),
    ]
    again = [{"id": shown[0]["id"], "type": "IMAGE", "url": "https://example.org/a.png"}]
    (left,) = (await ran(api, ada, PIECES, input={"sectionId": key, "content": again}))["section"]["content"]
    assert (left["url"], left["media"]) == ("https://example.org/a.png", None)


@pytest.mark.parametrize("whose", ["foreign", "wrong kind", "gone"])
async def test_only_own_files_of_the_right_kind_are_taken(api: Api, whose: str) -> None:
    ada, ben, *_ = api.factory.cast()
    own, key = files(api, ben if whose == "foreign" else ada), section(api, ada, "static_image")
    if whose == "gone":
        api.factory.connection.execute("DELETE FROM post_media")
    code = "BAD_USER_INPUT" if whose == "wrong kind" else "NOT_FOUND"
    wrong = whose == "wrong kind"
    one, video, sound = (
        own["AUDIO" if wrong else "IMAGE"],
        own["IMAGE" if wrong else "VIDEO"],
        own["VIDEO" if wrong else "AUDIO"],
    )
    assert await refused(api, ada, AVATAR, avatarMediaId=one, displayName="Ada") == [(code, ["avatarMediaId"])]
    assert await refused(api, ada, BACKGROUND, type="IMAGE", mediaId=one) == [(code, ["mediaId"])]
    assert await refused(api, ada, BACKGROUND, type="VIDEO", mediaId=video) == [(code, ["mediaId"])]
    assert await refused(api, ada, MUSIC, mediaId=sound) == [(code, ["mediaId"])]
    content = [{"type": "TEXT", "content": "x"}, {"type": "IMAGE", "mediaId": one}]
    assert await refused(api, ada, PIECES, sectionId=key, content=content) == [(code, ["content", "1", "mediaId"])]
    assert api.factory.scalar("SELECT count(*) FROM section_content") == 0


async def test_an_address_and_a_file_together_are_refused(api: Api) -> None:
    ada = api.factory.user("ada")
    own, url, key = files(api, ada), "https://example.org/a", section(api, ada, "links")
    bad = "BAD_USER_INPUT"
    assert await refused(api, ada, BACKGROUND, type="IMAGE", value=url, mediaId=own["IMAGE"]) == [(bad, ["value"])]
    assert await refused(api, ada, BACKGROUND, type="IMAGE") == [(bad, ["value"])]
    assert await refused(api, ada, BACKGROUND, type="IMAGE", value="") == [(bad, ["value"])]
    assert await refused(api, ada, BACKGROUND, type="COLOR", mediaId=own["IMAGE"]) == [(bad, ["mediaId"])]
    assert await refused(api, ada, MUSIC, url=url, mediaId=own["AUDIO"]) == [(bad, ["mediaId"])]
    for piece, field in (
        ({"type": "IMAGE", "url": url, "mediaId": own["IMAGE"]}, "mediaId"),
        ({"type": "LINK", "mediaId": own["IMAGE"]}, "mediaId"),
        ({"type": "TEXT", "content": "x", "mediaId": own["IMAGE"]}, "mediaId"),
        ({"type": "EMBED"}, "url"),
    ):
        assert await refused(api, ada, PIECES, sectionId=key, content=[piece]) == [(bad, ["content", "0", field])]


async def test_whoever_sees_the_profile_sees_its_files(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    own, key = files(api, ada), section(api, ada, "static_image")
    assert (await api.run(NODE, viewer=ben, id=own["IMAGE"]))["node"] is None
    await ran(api, ada, AVATAR, input={"avatarMediaId": own["IMAGE"]})
    await ran(api, ada, BACKGROUND, input={"type": "VIDEO", "mediaId": own["VIDEO"]})
    await ran(api, ada, MUSIC, input={"mediaId": own["AUDIO"]})
    await ran(api, ada, PIECES, input={"sectionId": key, "content": [{"type": "IMAGE", "mediaId": own["GIF"]}]})
    shown = ("IMAGE", "VIDEO", "AUDIO", "GIF")
    for viewer in (ben, None):
        found = (await api.run(SEEN, viewer=viewer))["user"]
        assert found["profile"]["avatar"] == {"id": own["IMAGE"]}
        assert found["profile"]["background"]["media"]["id"] == own["VIDEO"]
        assert found["profile"]["music"]["media"]["id"] == own["AUDIO"]
        assert found["sections"][0]["content"][0]["media"]["id"] == own["GIF"]
        assert [(await api.run(NODE, viewer=viewer, id=own[kind]))["node"] for kind in shown] == [
            {"id": own[kind]} for kind in shown
        ]
        assert (await api.run(NODE, viewer=viewer, id=own["DOCUMENT"]))["node"] is None
    assert (await api.run(UNATTACHED, viewer=ada))["viewer"]["media"]["nodes"] == [{"id": own["DOCUMENT"]}]
    api.factory.connection.execute("UPDATE profile_sections SET is_visible = FALSE")
    assert (await api.run(NODE, viewer=ben, id=own["GIF"]))["node"] is None
    api.factory.connection.execute("UPDATE user_profiles SET visibility = 'private'")
    assert [(await api.run(NODE, viewer=ben, id=own[kind]))["node"] for kind in shown] == [None] * 4
    assert (await api.run(NODE, viewer=ada, id=own["IMAGE"]))["node"] == {"id": own["IMAGE"]}


async def test_a_deleted_file_is_gone_from_the_profile(api: Api) -> None:
    ada = api.factory.user("ada")
    own, key = files(api, ada), section(api, ada, "static_image")
    await ran(api, ada, AVATAR, input={"avatarMediaId": own["IMAGE"]})
    await ran(api, ada, BACKGROUND, input={"type": "VIDEO", "mediaId": own["VIDEO"]})
    await ran(api, ada, MUSIC, input={"mediaId": own["AUDIO"], "volume": 20})
    await ran(api, ada, PIECES, input={"sectionId": key, "content": [{"type": "IMAGE", "mediaId": own["GIF"]}]})
    for kind in ("IMAGE", "VIDEO", "GIF"):
        await ran(api, ada, DELETE, id=own[kind])
    left = (await ran(api, ada, DELETE, id=own["AUDIO"]))["profile"]
    assert left == {"avatarUrl": None, "avatar": None, "background": None, "music": {"url": None, "volume": 20}}
    assert (await api.run(SEEN))["user"]["sections"] == [{"content": []}]


async def test_a_draft_with_a_file_is_published_without_it_when_it_is_gone(api: Api) -> None:
    ada = api.factory.user("ada")
    own = files(api, ada)
    given = {"type": "IMAGE", "mediaId": own["IMAGE"], "target": "DRAFT"}
    draft = (await ran(api, ada, BACKGROUND, input=given))["draft"]
    assert draft["background"]["media"]["id"] == own["IMAGE"]
    pieces = [{"type": "IMAGE", "mediaId": own["GIF"]}, {"type": "IMAGE", "mediaId": own["IMAGE"]}]
    sections: list[dict[str, Any]] = [{"title": "Pictures", "config": {"staticImage": {}}, "content": pieces}]
    arrange = f"""mutation ($input: UpdateSectionsInput!) {{ updateSections(input: $input) {{
      draft {{ sections {{ ... on StaticSection {{ content {{ {MEDIA} }} }} }} }} {ERRORS} }} }}"""
    kept = (await ran(api, ada, arrange, input={"target": "DRAFT", "sections": sections}))["draft"]["sections"]
    assert [one["media"]["type"] for one in kept[0]["content"]] == ["GIF", "IMAGE"]
    await ran(api, ada, DELETE, id=own["GIF"])
    publish = f"mutation {{ publishProfileDraft(input: {{}}) {{ version {{ id }} {ERRORS} }} }}"
    await ran(api, ada, publish)
    found = (await api.run(SEEN))["user"]
    assert found["profile"]["background"]["media"]["id"] == own["IMAGE"]
    assert [one["media"]["id"] for one in found["sections"][0]["content"]] == [own["IMAGE"]]


async def test_the_stylesheet_has_the_uploaded_picture_signed(api: Api) -> None:
    ada = api.factory.user("ada")
    path = "/media/f/00/00112233445566778899aabbccddee/abc.png"
    picture = encode("Media", api.factory.media(ada, file_url=path))
    await ran(api, ada, BACKGROUND, input={"type": "IMAGE", "mediaId": picture})
    found = await api.client.get("/profiles/ada/style.css")
    assert f"{path}?" in found.text.split("backdrop-image: url(")[1]
    await ran(api, ada, DELETE, id=picture)
    assert "backdrop" not in (await api.client.get("/profiles/ada/style.css")).text
