"""The files of the viewer, and what is said of them."""

import pytest

from api.gql.ids import encode
from tests.api.conftest import Api

MINE = """query ($type: MediaType, $only: Boolean! = false, $first: Int, $after: String) {
  viewer { media(type: $type, unattachedOnly: $only, first: $first, after: $after) {
    nodes { id type } pageInfo { hasNextPage endCursor } } } }"""
UPDATE = """mutation ($id: ID!, $text: String) { updateMedia(input: {mediaId: $id, altText: $text}) {
  media { id altText } post { id media { altText } } viewer { id } userErrors { code field } } }"""


async def ids(api: Api, viewer: int, **given: object) -> list[str]:
    return [one["id"] for one in (await api.run(MINE, viewer=viewer, **given))["viewer"]["media"]["nodes"]]


async def test_files_are_listed_newest_first_and_by_what_they_are(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    post = api.factory.post(ada, None, type="image")
    shown, avatar, free = api.factory.media(ada, post), api.factory.media(ada), api.factory.media(ada)
    song = api.factory.media(ada, type="audio", mime_type="audio/mpeg")
    api.factory.media(ben)
    api.factory.connection.execute("UPDATE user_profiles SET avatar_media_id = %s WHERE user_id = %s", [avatar, ada])
    media = [encode("Media", one) for one in (song, free, avatar, shown)]
    assert await ids(api, ada) == media
    assert await ids(api, ada, type="IMAGE") == media[1:]
    assert await ids(api, ada, type="VIDEO") == []
    assert await ids(api, ada, only=True) == media[:2]
    assert await ids(api, ada, only=True, type="AUDIO") == media[:1]


async def test_few_files_behind_a_crowd_of_others_are_found_page_by_page(api: Api) -> None:
    """A page looks at a bounded number of rows: it may be short, and the next one goes on from there."""
    ada = api.factory.user("ada")
    songs = [encode("Media", api.factory.media(ada, type="audio", created_at="2026-01-01Z")) for _ in range(3)]
    crowd = """INSERT INTO post_media (user_id, type, file_url, object_key, file_size_bytes, mime_type, created_at)
      SELECT %s, 'image', '/media/a', 'crowd ' || n, 1, 'image/png', '2026-02-01Z'::timestamptz + n * interval '1 s'
      FROM generate_series(1, 3000) AS n"""
    api.factory.connection.execute(crowd, [ada])
    found, after, pages = list[str](), None, 0
    while True:
        page = (await api.run(MINE, viewer=ada, type="AUDIO", first=100, after=after))["viewer"]["media"]
        found += [one["id"] for one in page["nodes"]]
        pages += 1
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
    assert found == songs[::-1]
    assert 2 <= pages <= 20


@pytest.mark.parametrize(("given", "kept"), [("A  pier", "A  pier"), ("", None), ("  ", None), (None, None)])
async def test_what_a_file_shows_is_changed_in_its_post_too(api: Api, given: str | None, kept: str | None) -> None:
    ada = api.factory.user("ada")
    post = api.factory.post(ada, None, type="image")
    media = encode("Media", api.factory.media(ada, post, alt_text="Before"))
    for _ in range(2):
        assert (await api.run(UPDATE, viewer=ada, id=media, text=given))["updateMedia"] == {
            "media": {"id": media, "altText": kept},
            "post": {"id": encode("Post", post), "media": [{"altText": kept}]},
            "viewer": {"id": encode("Viewer", ada)},
            "userErrors": [],
        }
    assert api.factory.scalar("SELECT media_urls -> 0 ->> 'alt_text' FROM posts") == kept


async def test_a_file_in_no_post_is_described_too(api: Api) -> None:
    ada = api.factory.user("ada")
    media = encode("Media", api.factory.media(ada))
    payload = (await api.run(UPDATE, viewer=ada, id=media, text="A pier"))["updateMedia"]
    assert (payload["media"]["altText"], payload["post"]) == ("A pier", None)
    assert api.factory.scalar("SELECT used_bytes FROM storage_usage WHERE user_id = %s", ada) == 1000


async def test_somebody_elses_file_is_not_described(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    post = api.factory.post(ada, None, type="image")
    media = encode("Media", api.factory.media(ada, post, alt_text="Before"))
    payload = (await api.run(UPDATE, viewer=ben, id=media, text="After"))["updateMedia"]
    assert payload["userErrors"] == [{"code": "NOT_FOUND", "field": ["input", "mediaId"]}]
    assert (payload["media"], payload["post"]) == (None, None)
    assert api.factory.scalar("SELECT alt_text FROM post_media") == "Before"


async def test_what_is_said_of_a_file_has_an_end(api: Api) -> None:
    ada = api.factory.user("ada")
    media = encode("Media", api.factory.media(ada, alt_text="Before"))
    payload = (await api.run(UPDATE, viewer=ada, id=media, text="x" * 1001))["updateMedia"]
    assert payload["userErrors"] == [{"code": "BAD_USER_INPUT", "field": ["input", "altText"]}]
    assert api.factory.scalar("SELECT alt_text FROM post_media") == "Before"
