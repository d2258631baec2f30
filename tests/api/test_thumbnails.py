"""Smaller pictures: beside the file, for those who see it, gone with it, and charged to nobody."""

import resource

import pytest

from api.gql.ids import decode, encode
from api.media import uploading
from db.pool import Pool
from db.settings import DatabaseSettings
from tests.api.conftest import Api
from tests.api.uploading import announced, complete, put, uploaded
from tests.media.samples import LIES, SAMPLES, png

MIB_OF_KIB = 1024
PNG = png(600, 300)
SIZES = """{ width height placeholder sizeBytes
  small: thumbnailUrl(size: SMALL) medium: thumbnailUrl large: thumbnailUrl(size: LARGE) }"""
FIND = f"query ($id: ID!) {{ node(id: $id) {{ ... on Media {SIZES} }} }}"


async def test_a_picture_comes_in_several_sizes_that_are_not_charged(api: Api) -> None:
    ada = api.factory.user("ada")
    media = await uploaded(api, ada, "image/png", PNG)
    found = (await api.run(FIND, viewer=ada, id=media["id"]))["node"]
    assert (found["width"], found["height"], found["sizeBytes"]) == (600, 300, str(len(PNG)))
    assert len(found["placeholder"]) >= 24
    names = [found[size].partition("?")[0].rpartition("/")[2] for size in ("small", "medium", "large")]
    assert names == ["t160.webp", "t480.webp", "t1280.webp"]
    for size in ("small", "medium", "large"):
        answer = await api.client.get(found[size])
        assert (answer.status_code, answer.headers["content-type"]) == (200, "image/webp")
        assert answer.content[8:12] == b"WEBP"
    assert api.factory.scalar("SELECT used_bytes FROM storage_usage WHERE user_id = %s", ada) == len(PNG)


@pytest.mark.parametrize("mime_type", ["video/mp4", "audio/wav"])
async def test_what_is_no_picture_has_no_smaller_one(api: Api, mime_type: str) -> None:
    ada = api.factory.user("ada")
    media = await uploaded(api, ada, mime_type, SAMPLES[mime_type])
    found = (await api.run(FIND, viewer=ada, id=media["id"]))["node"]
    assert (found["small"], found["medium"], found["large"], found["placeholder"]) == (None, None, None, None)


async def test_the_address_of_one_size_opens_no_other(api: Api) -> None:
    ada = api.factory.user("ada")
    media = await uploaded(api, ada, "image/png", PNG)
    found = (await api.run(FIND, viewer=ada, id=media["id"]))["node"]
    assert (await api.client.get(found["small"].replace("t160", "t480"))).status_code == 403
    assert (await api.client.get(found["small"].replace("t160.webp", "o.png"))).status_code == 403
    assert (await api.client.get(found["small"].partition("?")[0])).status_code == 403


@pytest.mark.parametrize(
    ("visibility", "sees"),
    [("public", {"ada", "ben", "cleo", None}), ("followers", {"ada", "ben"}), ("private", {"ada"})],
)
async def test_whoever_sees_a_post_gets_addresses_of_its_smaller_pictures(
    api: Api, visibility: str, sees: set[str | None]
) -> None:
    ada, ben, cleo, dan = api.factory.cast()
    api.factory.follow(ben, ada)
    api.factory.insert("app.user_blocks", "blocker_id", blocker_id=ada, blocked_id=dan)
    media = await uploaded(api, ada, "image/png", PNG)
    create = """mutation ($id: ID!, $to: Visibility!) {
      createPost(input: {type: IMAGE, visibility: $to, mediaIds: [$id]}) { post { id } userErrors { code } } }"""
    given = {"id": media["id"], "to": visibility.upper()}
    post = (await api.run(create, viewer=ada, **given))["createPost"]["post"]["id"]
    query = f"""query ($media: ID!, $post: ID!) {{
      node(id: $media) {{ ... on Media {SIZES} }} post(id: $post) {{ thumbnailUrl }} }}"""
    for name, viewer in {"ada": ada, "ben": ben, "cleo": cleo, "dan": dan, None: None}.items():
        found = await api.run(query, viewer=viewer, media=media["id"], post=post)
        if name not in sees:
            assert found == {"node": None, "post": None}
            continue
        assert found["post"]["thumbnailUrl"] == found["node"]["medium"]
        assert (await api.client.get(found["node"]["large"])).status_code == 200


async def _clear(api: Api, url: str) -> None:
    """What the jobs do with what was doomed."""
    pool = Pool(url, DatabaseSettings())
    await pool.open()
    try:
        async with pool.operation() as database:
            await uploading.delete_doomed(database, api.store)
    finally:
        await pool.close()


@pytest.mark.parametrize("way", ["file", "account"])
async def test_smaller_pictures_are_deleted_with_their_file(api: Api, empty_database: str, way: str) -> None:
    ada = api.factory.user("ada")
    media = await uploaded(api, ada, "image/png", PNG)
    folder = api.store.path(api.factory.scalar("SELECT object_key FROM post_media"))
    found = (await api.run(FIND, viewer=ada, id=media["id"]))["node"]
    assert sorted(path.name for path in folder.iterdir()) == ["o.png", "t1280.webp", "t160.webp", "t480.webp"]
    if way == "file":
        delete = "mutation ($id: ID!) { deleteMedia(input: {mediaId: $id}) { deletedId } }"
        await api.run(delete, viewer=ada, id=media["id"])
    else:
        api.factory.connection.execute("DELETE FROM users WHERE id = %s", [ada])
    await _clear(api, empty_database)
    assert not folder.exists()
    assert (await api.client.get(found["small"])).status_code == 404


@pytest.mark.parametrize("name", ["a PNG of 100 million pixels", "a PNG of 2,500 million pixels"])
async def test_a_picture_that_is_too_large_leaves_the_server_as_it_was(api: Api, name: str) -> None:
    lie = LIES[name]
    ada = api.factory.user("ada")
    upload = await announced(api, ada, lie.mime_type, len(lie.data))
    await put(api, upload, lie.data)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    payload = await complete(api, ada, upload)
    assert [error["code"] for error in payload["userErrors"]] == ["TOO_MANY_PIXELS"]
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20 * MIB_OF_KIB
    folder = api.store.path("m/ab/" + "0" * 30).parent.parent
    assert not folder.exists() or not list(folder.rglob("*.*"))


async def test_what_was_uploaded_before_there_were_smaller_ones_is_shown(api: Api) -> None:
    ada = api.factory.user("ada")
    shown = api.factory.media(ada, thumbnail_url="/media/placeholders/poster/1-40x30.svg")
    bare = api.factory.media(ada)
    for media, expected in ((shown, "1-40x30.svg"), (bare, None)):
        found = (await api.run(FIND, viewer=ada, id=encode("Media", media)))["node"]
        assert {size: (found[size] or "").rpartition("/")[2] or None for size in ("small", "large")} == {
            "small": expected,
            "large": expected,
        }
        assert decode(encode("Media", media), "Media") == media
