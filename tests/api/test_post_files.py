"""The files of posts: of each type, of their author alone, in one post only, and deleted meanwhile."""

import asyncio
from typing import Any

import psycopg
import pytest

from api.gql.ids import encode
from tests.api.authoring import codes, create, media_ids, nothing_written, update
from tests.api.conftest import Api
from tests.waiting import until_blocked_by

FILES: dict[str, dict[str, Any]] = {
    "p": {"type": "image"},
    "g": {"type": "gif"},
    "v": {"type": "video", "duration_seconds": 60},
    "V": {"type": "video", "duration_seconds": 61},
    "s": {"type": "audio", "width": None, "height": None},
    "u": {"type": "video", "duration_seconds": None},
    "d": {"type": "document", "width": None, "height": None},
}
FIT = {
    "IMAGE": ("p",),
    "IMAGE_GALLERY": ("pp", "pgp", "p" * 10),
    "GIF": ("g",),
    "VIDEO_SHORT": ("v",),
    "VIDEO_LONG": ("v", "V", "u"),
    "SONG": ("s", "sp", "ps"),
    "ALBUM": ("ss", "ps", "pss", "s" * 10),
}
UNFIT = {
    "TEXT_SHORT": ("p",),
    "TEXT_LONG": ("s",),
    "IMAGE": ("", "pp", "g", "v", "d"),
    "IMAGE_GALLERY": ("", "p", "pv", "ps"),
    "GIF": ("", "p", "gg"),
    "VIDEO_SHORT": ("", "V", "u", "vv", "p", "vp"),
    "VIDEO_LONG": ("", "VV", "s"),
    "SONG": ("", "p", "ss", "spp", "sg", "sv"),
    "ALBUM": ("", "s", "p", "pps", "sd"),
}


def uploads(api: Api, user: int, kinds: str) -> list[int]:
    return [api.factory.media(user, **FILES[kind]) for kind in kinds]


@pytest.mark.parametrize("type_", FIT)
async def test_a_post_of_each_type_has_its_files_in_their_order(api: Api, type_: str) -> None:
    ada = api.factory.user("ada")
    for kinds in FIT[type_]:
        keys = uploads(api, ada, kinds)[::-1]
        done = await create(api, ada, type=type_, mediaIds=media_ids(*keys))
        assert (done["userErrors"], done["post"]["type"], done["post"]["content"]) == ([], type_, None)
        assert done["post"]["media"] == [{"id": id_} for id_ in media_ids(*keys)]
        copy = "SELECT array_agg((item ->> 'id')::bigint) FROM posts, jsonb_array_elements(media_urls) AS item"
        assert api.factory.scalar(f"{copy} WHERE id = (SELECT max(id) FROM posts)") == keys
        assert (done["post"]["thumbnailUrl"] is None) == (set(kinds) <= set("svVu"))


@pytest.mark.parametrize("type_", UNFIT)
async def test_files_that_do_not_fit_a_type_are_refused_and_kept_in_a_draft(api: Api, type_: str) -> None:
    ada = api.factory.user("ada")
    for kinds in UNFIT[type_]:
        ids = media_ids(*uploads(api, ada, kinds))
        field = "mediaIds" if kinds else "type"
        assert codes(await create(api, ada, type=type_, content="x", mediaIds=ids)) == [("BAD_USER_INPUT", field)]
        assert nothing_written(api)
        assert api.factory.scalar("SELECT count(post_id) FROM post_media") == 0
        draft = await create(api, ada, type=type_, content="x", mediaIds=ids, status="DRAFT")
        assert draft["post"]["media"] == [{"id": one} for one in ids]
        publish = "mutation ($id: ID!) { publishPost(input: {postId: $id}) { userErrors { code field } } }"
        refused = (await api.run(publish, viewer=ada, id=draft["post"]["id"]))["publishPost"]
        assert refused["userErrors"] == [{"code": "BAD_USER_INPUT", "field": ["input", "postId"]}]
        api.factory.connection.execute("DELETE FROM posts")


async def test_files_of_others_of_other_posts_and_given_twice_are_refused(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    used = api.factory.media(ada, api.factory.post(ada, type="image", content=None))
    mine, bens = api.factory.media(ada), api.factory.media(ben)
    for keys, code, place in (
        ((mine, bens), "NOT_FOUND", 1),
        ((mine, 10**12), "NOT_FOUND", 1),
        ((used, mine), "CONFLICT", 0),
        ((mine, mine), "BAD_USER_INPUT", 1),
    ):
        for status in ("PUBLISHED", "DRAFT"):
            done = await create(api, ada, type="IMAGE_GALLERY", mediaIds=media_ids(*keys), status=status)
            assert codes(done) == [(code, f"mediaIds.{place}")]
    assert api.factory.scalar("SELECT count(*) FROM posts") == 1
    assert api.factory.scalar("SELECT array_agg(post_id) FROM post_media WHERE id <> %s", used) == [None, None]


async def test_of_two_posts_that_take_one_file_at_once_one_gets_it(api: Api, empty_database: str) -> None:
    ada = api.factory.user("ada")
    picture, first = api.factory.media(ada), api.factory.post(ada, type="image", content=None)
    with psycopg.connect(empty_database) as other:
        other.execute("UPDATE post_media SET post_id = %s WHERE id = %s", [first, picture])
        second = asyncio.create_task(create(api, ada, type="IMAGE", mediaIds=media_ids(picture)))
        await asyncio.to_thread(until_blocked_by, other)
        other.commit()
        assert codes(await second) == [("CONFLICT", "mediaIds.0")]
    assert api.factory.scalar("SELECT array_agg(post_id) FROM post_media") == [first]
    assert api.factory.scalar("SELECT count(*) FROM posts") == 1


async def test_a_file_that_is_deleted_while_a_post_takes_it_is_in_no_copy(api: Api, empty_database: str) -> None:
    ada = api.factory.user("ada")
    picture = api.factory.media(ada)
    copy = f"""INSERT INTO posts (user_id, type, media_urls, thumbnail_url)
        VALUES (%s, 'image', '[{{"id": {picture}}}]', '/media/x') RETURNING id"""
    with psycopg.connect(empty_database) as other:
        ((post,),) = other.execute(copy.encode(), [ada]).fetchall()
        other.execute("UPDATE post_media SET post_id = %s WHERE id = %s", [post, picture])
        query = "mutation ($id: ID!) { deleteMedia(input: {mediaId: $id}) { post { id } userErrors { code } } }"
        deleting = asyncio.create_task(api.run(query, viewer=ada, id=encode("Media", picture)))
        await asyncio.to_thread(until_blocked_by, other)
        other.commit()
        assert (await deleting)["deleteMedia"] == {"post": {"id": encode("Post", post)}, "userErrors": []}
    assert api.factory.scalar("SELECT (media_urls, thumbnail_url)::text FROM posts") == "([],)"
    assert api.factory.scalar("SELECT count(*) FROM post_media") == 0


DELETE = "mutation ($id: ID!) { deleteMedia(input: { mediaId: $id }) { userErrors { code } } }"


async def test_a_deleted_file_leaves_the_small_picture_of_those_left(api: Api) -> None:
    ada = api.factory.user("ada")
    cases = [(uploads(api, ada, kinds), deleted) for kinds, deleted in (("ssp", 0), ("ssp", 2), ("pgp", 0), ("ps", 0))]
    for files, deleted in cases:
        given = {"type": "ALBUM", "status": "DRAFT"}
        await create(api, ada, mediaIds=media_ids(*files), **given)
        post = api.factory.scalar("SELECT max(id) FROM posts")
        await api.run(DELETE, viewer=ada, id=media_ids(files.pop(deleted))[0])
        kept = api.factory.scalar("SELECT (thumbnail_url, media_urls)::text FROM posts WHERE id = %s", post)
        await update(api, ada, post, mediaIds=[])
        await create(api, ada, mediaIds=media_ids(*files), **given)
        made = "SELECT (thumbnail_url, media_urls)::text FROM posts WHERE id = (SELECT max(id) FROM posts)"
        assert kept == api.factory.scalar(made)


async def test_a_post_that_has_lost_its_file_can_be_changed_in_all_else(api: Api) -> None:
    ada = api.factory.user("ada")
    (picture,) = uploads(api, ada, "p")
    await create(api, ada, type="IMAGE", mediaIds=media_ids(picture))
    post = api.factory.scalar("SELECT id FROM posts")
    await api.run(DELETE, viewer=ada, id=media_ids(picture)[0])
    changed = await update(api, ada, post, title="Was here", content="See you", visibility="PRIVATE")
    assert changed["userErrors"] == []
    assert (changed["post"]["title"], changed["post"]["visibility"], changed["post"]["media"]) == (
        "Was here",
        "PRIVATE",
        [],
    )
    assert codes(await update(api, ada, post, mediaIds=[])) == [("BAD_USER_INPUT", "type")]
    assert (await update(api, ada, post, mediaIds=media_ids(*uploads(api, ada, "p"))))["userErrors"] == []
