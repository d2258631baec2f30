"""Files under their signed addresses: for those whom a row was shown, with headers that let them do no harm."""

import pytest

from api.gql.ids import decode, encode
from tests.api.conftest import Api
from tests.api.uploading import uploaded
from tests.media.samples import SAMPLES, png

PNG = png(40, 30)


async def in_a_post(api: Api, author: int, visibility: str) -> tuple[str, str]:
    """The ids of a file and of a post that shows it."""
    media = await uploaded(api, author, "image/png", PNG)
    post = api.factory.post(author, None, type="image", visibility=visibility)
    update = "UPDATE post_media SET post_id = %s WHERE id = %s"
    api.factory.connection.execute(update, [post, decode(media["id"], "Media")])
    thumbnail = "UPDATE posts SET thumbnail_url = (SELECT file_url FROM post_media WHERE post_id = %s) WHERE id = %s"
    api.factory.connection.execute(thumbnail, [post, post])
    return media["id"], encode("Post", post)


@pytest.mark.parametrize(
    ("visibility", "sees"),
    [
        ("public", {"ada", "ben", "cleo", None}),
        ("followers", {"ada", "ben"}),
        ("private", {"ada"}),
    ],
)
async def test_whoever_sees_a_post_gets_addresses_of_its_files(
    api: Api, visibility: str, sees: set[str | None]
) -> None:
    ada, ben, cleo, dan = api.factory.cast()
    api.factory.follow(ben, ada)
    api.factory.insert("app.user_blocks", "blocker_id", blocker_id=ada, blocked_id=dan)
    media, post = await in_a_post(api, ada, visibility)
    query = """query ($media: ID!, $post: ID!) {
      node(id: $media) { ... on Media { url } } post(id: $post) { thumbnailUrl media { url } } }"""
    for name, viewer in {"ada": ada, "ben": ben, "cleo": cleo, "dan": dan, None: None}.items():
        found = await api.run(query, viewer=viewer, media=media, post=post)
        if name not in sees:
            assert found == {"node": None, "post": None}
            continue
        for url in (found["node"]["url"], found["post"]["thumbnailUrl"], found["post"]["media"][0]["url"]):
            assert (await api.client.get(url)).content == PNG


async def test_a_path_without_a_signature_opens_nothing(api: Api) -> None:
    ada = api.factory.user("ada")
    url = (await uploaded(api, ada, "image/png", PNG))["url"]
    bare = url.partition("?")[0]
    for other in (bare, bare + "?e=99999999999&s=x", url.replace("o.png", "o.jpg"), url + "A"):
        answer = await api.client.get(other)
        assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (403, "FORBIDDEN")
    assert (await api.client.post(url)).status_code == 405


async def test_what_people_write_into_their_profiles_is_never_signed(api: Api) -> None:
    """Whoever has seen an address could else have it signed again for ever."""
    ada, ben, *_ = api.factory.cast()
    path = (await uploaded(api, ada, "image/png", PNG))["url"].partition("?")[0].removeprefix("http://vrss.test")
    config = f'{{"type": "image", "value": "{path}", "position": "center"}}'
    update = "UPDATE user_profiles SET background_config = %s::jsonb WHERE user_id = %s"
    api.factory.connection.execute(update, [config, ben])
    query = '{ user(username: "ben") { profile { background { value } } } }'
    value = (await api.run(query))["user"]["profile"]["background"]["value"]
    assert value == f"http://vrss.test{path}"
    assert (await api.client.get(value)).status_code == 403


async def test_a_file_comes_with_headers_that_let_it_do_no_harm(api: Api) -> None:
    ada = api.factory.user("ada")
    answer = await api.client.get((await uploaded(api, ada, "image/png", PNG))["url"])
    headers = {
        name: answer.headers[name] for name in ("content-type", "content-length", "cache-control", "accept-ranges")
    }
    assert headers == {
        "content-type": "image/png",
        "content-length": str(len(PNG)),
        "cache-control": "private, max-age=600, immutable",
        "accept-ranges": "bytes",
    }
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["content-disposition"].startswith('inline; filename="')


async def test_parts_of_a_file_can_be_read_and_known_ones_are_not_sent_again(api: Api) -> None:
    ada = api.factory.user("ada")
    url = (await uploaded(api, ada, "video/mp4", SAMPLES["video/mp4"]))["url"]
    whole = await api.client.get(url)
    part = await api.client.get(url, headers={"Range": "bytes=4-7"})
    assert (part.status_code, part.content) == (206, b"ftyp")
    assert (await api.client.get(url, headers={"Range": "bytes=99999-"})).status_code == 416
    known = await api.client.get(url, headers={"If-None-Match": whole.headers["etag"]})
    assert (known.status_code, known.content) == (304, b"")
    assert (await api.client.head(url)).headers["content-length"] == str(len(whole.content))


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("bytes=0-3", b"0123"),
        ("bytes=-2", b"89"),
        ("bytes=8-", b"89"),
        ("BYTES = 0-3", None),
        ("bytes=5-99", b"56789"),
        ("bytes=99-, 3-4", b"34"),
        ("bytes=3-1", None),
        ("bytes=-", None),
        ("bytes=x", None),
        ("bytes=", None),
        ("lines=1-2", None),
        ("bytes=0-" + "9" * 5000, None),
        ("bytes=" + ",".join(["0-0"] * 500), None),
    ],
)
async def test_a_range_that_cannot_be_read_is_ignored(api: Api, asked: str, expected: bytes | None) -> None:
    ada = api.factory.user("ada")
    url = (await uploaded(api, ada, "image/png", PNG))["url"]
    key = api.factory.scalar("SELECT object_key FROM post_media")
    (api.store.path(key) / "o.png").write_bytes(b"0123456789")
    answer = await api.client.get(url, headers={"Range": asked})
    if expected is None:
        assert (answer.status_code, answer.content) == (200, b"0123456789")
    else:
        assert (answer.status_code, answer.content) == (206, expected)
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("asked", ["bytes=99999-", "bytes=-0", "bytes=99999-,88888-99999"])
async def test_a_range_that_is_not_there_is_refused_with_a_code(api: Api, asked: str) -> None:
    ada = api.factory.user("ada")
    url = (await uploaded(api, ada, "image/png", PNG))["url"]
    answer = await api.client.get(url, headers={"Range": asked})
    assert (answer.status_code, answer.headers["content-range"]) == (416, f"bytes */{len(PNG)}")
    (error,) = answer.json()["errors"]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert error["extensions"]["requestId"] == answer.headers["x-request-id"]


async def test_a_part_of_another_file_is_not_sent(api: Api) -> None:
    ada = api.factory.user("ada")
    url = (await uploaded(api, ada, "image/png", PNG))["url"]
    etag = (await api.client.get(url)).headers["etag"]
    for known, status in ((etag, 206), ('"another"', 200), ("Mon, 30 Nov 2026 00:00:00 GMT", 200)):
        answer = await api.client.get(url, headers={"Range": "bytes=0-3", "If-Range": known})
        assert answer.status_code == status
    gone = await api.client.get(url, headers={"Range": "bytes=99999-", "If-Range": '"another"'})
    assert (gone.status_code, gone.content) == (200, PNG)


async def test_a_deleted_file_is_gone_with_its_object(api: Api) -> None:
    ada = api.factory.user("ada")
    media = await uploaded(api, ada, "image/png", PNG)
    api.store.delete(api.factory.scalar("SELECT object_key FROM post_media"))
    answer = await api.client.get(media["url"])
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (404, "NOT_FOUND")
