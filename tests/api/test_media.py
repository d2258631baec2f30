"""Media and storage."""

import asyncio

from api.gql.ids import decode, encode
from tests.api.conftest import Api

DELETE = """
mutation ($id: ID!) { deleteMedia(input: {mediaId: $id}) {
  deletedId viewer { storage { used images available percentage warningLevel } } userErrors { code field } } }
"""
MIB = 1024 * 1024


async def test_deleting_a_file_gives_its_bytes_back_in_the_same_answer(api: Api) -> None:
    ada = api.factory.user("ada")
    files = [api.factory.media(ada, file_size_bytes=size) for size in (20 * MIB, 25 * MIB)]
    query = "{ viewer { storage { used quota images videos audio other reserved available percentage warningLevel } } }"
    assert (await api.run(query, viewer=ada))["viewer"]["storage"] == {
        "used": str(45 * MIB),
        "quota": str(50 * MIB),
        "images": str(45 * MIB),
        "videos": "0",
        "audio": "0",
        "other": "0",
        "reserved": "0",
        "available": str(5 * MIB),
        "percentage": 90.0,
        "warningLevel": 80,
    }
    key = encode("Media", files[1])
    assert (await api.run(DELETE, viewer=ada, id=key))["deleteMedia"] == {
        "deletedId": key,
        "viewer": {
            "storage": {
                "used": str(20 * MIB),
                "images": str(20 * MIB),
                "available": str(30 * MIB),
                "percentage": 40.0,
                "warningLevel": None,
            }
        },
        "userErrors": [],
    }


async def test_a_deleted_picture_leaves_the_profile_in_the_same_answer(api: Api) -> None:
    ada = api.factory.user("ada")
    file = api.factory.media(ada)
    api.factory.connection.execute("UPDATE user_profiles SET avatar_media_id = %s WHERE user_id = %s", [file, ada])
    query = """mutation ($id: ID!) { deleteMedia(input: {mediaId: $id}) {
      post { id } profile { id avatarUrl } viewer { user { profile { avatarUrl } } } userErrors { code } } }"""
    before = await api.run('{ user(username: "ada") { profile { avatarUrl } } }')
    assert before["user"]["profile"]["avatarUrl"].endswith(".svg")
    assert (await api.run(query, viewer=ada, id=encode("Media", file)))["deleteMedia"] == {
        "post": None,
        "profile": {"id": encode("Profile", ada), "avatarUrl": None},
        "viewer": {"user": {"profile": {"avatarUrl": None}}},
        "userErrors": [],
    }


async def test_nobody_deletes_the_file_of_somebody_else(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    file = api.factory.media(ada, api.factory.post(ada))
    data = await api.run(DELETE, viewer=ben, id=encode("Media", file))
    assert data["deleteMedia"] == {
        "deletedId": None,
        "viewer": None,
        "userErrors": [{"code": "NOT_FOUND", "field": ["input", "mediaId"]}],
    }
    assert api.factory.scalar("SELECT used_bytes FROM storage_usage WHERE user_id = %s", ada) == 1000


async def test_uploads_under_way_count_as_reserved_until_they_fail(api: Api) -> None:
    ada = api.factory.user("ada")
    for number, (moment, failure) in enumerate((("1 hour", None), ("-1 hour", None), ("1 hour", "INVALID_FILE"))):
        begun = api.factory.scalar("SELECT now() - interval '2 hours'")
        end = api.factory.scalar("SELECT now() + %s::interval", moment)
        api.factory.insert(
            "app.pending_uploads",
            user_id=ada,
            type="video",
            object_key=f"pending-{number}",
            mime_type="video/mp4",
            file_size_bytes=MIB,
            created_at=begun,
            expires_at=end,
            state="reserved" if failure is None else "failed",
            failure=failure,
        )
    data = await api.run("{ viewer { storage { used reserved available } } }", viewer=ada)
    assert data["viewer"]["storage"] == {"used": "0", "reserved": str(2 * MIB), "available": str(48 * MIB)}


async def test_media_of_a_post_come_in_its_order_with_whole_addresses(api: Api) -> None:
    ada = api.factory.user("ada")
    post = api.factory.post(ada, type="image_gallery", content=None)
    for order in (2, 0, 1):
        api.factory.media(ada, post, display_order=order, alt_text=str(order))
    query = "query ($id: ID!) { post(id: $id) { media { altText url sizeBytes type width height } } }"
    media = (await api.run(query, id=encode("Post", post)))["post"]["media"]
    assert [found["altText"] for found in media] == ["0", "1", "2"]
    assert media[0]["sizeBytes"] == "1000"
    url = media[0]["url"]
    assert url.startswith("http://vrss.test/media/placeholders/")
    picture = await api.client.get(url)
    assert picture.headers["content-type"] == "image/svg+xml"
    assert 'width="40" height="30"' in picture.text
    assert (await api.client.get("/media/placeholders/image/nothing")).status_code == 404


async def test_a_deleted_file_leaves_its_post_and_the_copy_that_the_post_keeps(demo: Api) -> None:
    ada = demo.user("ada")
    gallery = """SELECT p.id FROM posts p JOIN post_media m ON m.post_id = p.id
      WHERE p.user_id = %s GROUP BY p.id HAVING count(*) > 2 ORDER BY p.id LIMIT 1"""
    post = demo.factory.scalar(gallery, ada)
    query = "query ($id: ID!) { post(id: $id) { thumbnailUrl media { id url } } }"
    first, second, *others = (await demo.run(query, viewer=ada, id=encode("Post", post)))["post"]["media"]
    await asyncio.gather(*(demo.run(DELETE, viewer=ada, id=file["id"]) for file in (first, second)))
    shown = (await demo.run(query, viewer=ada, id=encode("Post", post)))["post"]
    assert shown == {"thumbnailUrl": others[0]["url"], "media": others}
    copy = demo.factory.scalar("SELECT media_urls FROM posts WHERE id = %s", post)
    assert [item["id"] for item in copy] == [decode(file["id"], "Media") for file in others]
