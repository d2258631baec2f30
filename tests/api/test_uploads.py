"""Uploads: announced within the storage, sent once, completed to a file, or aborted."""

import asyncio

import pytest

from api.gql.ids import decode
from tests.api.conftest import Api, api_over
from tests.api.uploading import abort, announced, complete, initiate, key_of, put, uploaded
from tests.media.samples import HIDDEN, LIES, SAMPLES, UNREADABLE, odd_wav, png

MIB = 1024 * 1024
PNG = SAMPLES["image/png"]


def quota(api: Api, user: int, size: int) -> None:
    api.factory.insert("storage_usage", "user_id", user_id=user, quota_bytes=size)


def stored(api: Api, user: int) -> tuple[int, int, int]:
    """The bytes that count as used, those of the files that there are, and those of uploads under way."""
    query = """SELECT coalesce((SELECT used_bytes FROM storage_usage WHERE user_id = u.id), 0),
      coalesce((SELECT sum(file_size_bytes) FROM post_media WHERE user_id = u.id), 0)::bigint,
      coalesce((SELECT sum(file_size_bytes) FROM app.pending_uploads WHERE user_id = u.id AND state <> 'failed'), 0)
      FROM users AS u WHERE u.id = %s"""
    row = api.factory.connection.execute(query, [user]).fetchone()
    assert row is not None
    return int(row[0]), int(row[1]), int(row[2])


async def test_what_may_be_uploaded_is_listed(api: Api) -> None:
    limits = (await api.run("{ uploadLimits { type mimeTypes maxBytes } }"))["uploadLimits"]
    assert limits == [
        {"type": "IMAGE", "mimeTypes": ["image/jpeg", "image/png", "image/webp"], "maxBytes": str(10 * MIB)},
        {"type": "GIF", "mimeTypes": ["image/gif"], "maxBytes": str(10 * MIB)},
        {"type": "VIDEO", "mimeTypes": ["video/mp4", "video/webm", "video/quicktime"], "maxBytes": str(100 * MIB)},
        {"type": "AUDIO", "mimeTypes": ["audio/mpeg", "audio/wav", "audio/ogg"], "maxBytes": str(20 * MIB)},
    ]


async def test_a_file_is_announced_sent_completed_and_read(api: Api) -> None:
    ada = api.factory.user("ada")
    upload = await announced(api, ada, "image/png", len(PNG), altText="A square")
    assert (upload["status"], upload["method"], upload["sizeBytes"]) == ("PENDING", "PUT", str(len(PNG)))
    assert upload["headers"] == [{"name": "Content-Type", "value": "image/png"}]
    assert (await put(api, upload, PNG)).status_code == 200
    payload = await complete(api, ada, upload)
    media = payload["media"]
    assert payload["userErrors"] == []
    assert payload["viewer"] == {"storage": {"used": str(len(PNG)), "reserved": "0"}, "uploads": []}
    assert payload["upload"] == {
        "id": upload["id"],
        "status": "READY",
        "sizeBytes": str(len(PNG)),
        "url": None,
        "expiresAt": None,
        "media": {"id": media["id"]},
    }
    url = media.pop("url")
    assert media == {
        "id": media["id"],
        "type": "IMAGE",
        "mimeType": "image/png",
        "sizeBytes": str(len(PNG)),
        "width": 4,
        "height": 3,
        "durationSeconds": None,
        "altText": "A square",
    }
    found = await api.client.get(url)
    assert (found.status_code, found.content, found.headers["content-type"]) == (200, PNG, "image/png")
    assert stored(api, ada) == (len(PNG), len(PNG), 0)


@pytest.mark.parametrize("mime_type", SAMPLES)
async def test_files_of_all_kinds_are_taken_and_charged(api: Api, mime_type: str) -> None:
    ada = api.factory.user("ada")
    media = await uploaded(api, ada, mime_type, SAMPLES[mime_type])
    assert media["mimeType"] == mime_type
    found = await api.client.get(media["url"])
    assert found.headers["content-type"] == mime_type
    assert len(found.content) == int(media["sizeBytes"])
    assert stored(api, ada) == (len(found.content), len(found.content), 0)


@pytest.mark.parametrize("name", HIDDEN)
async def test_what_hides_in_a_file_is_shown_to_nobody(api: Api, name: str) -> None:
    mime_type, data, hidden = HIDDEN[name]
    ada = api.factory.user("ada")
    media = await uploaded(api, ada, mime_type, data)
    found = await api.client.get(media["url"])
    assert hidden not in found.content
    assert stored(api, ada) == (len(found.content), len(found.content), 0)


@pytest.mark.parametrize("name", [*LIES, *UNREADABLE])
async def test_a_lie_is_neither_stored_nor_charged(api: Api, name: str) -> None:
    lie = {**LIES, **UNREADABLE}[name]
    ada = api.factory.user("ada")
    upload = await announced(api, ada, lie.mime_type, len(lie.data))
    assert (await put(api, upload, lie.data)).status_code == 200
    for _ in range(2):
        payload = await complete(api, ada, upload)
        assert payload["media"] is None
        assert payload["upload"] is None
        (error,) = payload["userErrors"]
        assert (error["__typename"], error["code"]) == ("InvalidFileError", lie.code)
        assert error["field"] == ["input", "uploadId"]
    shown = (await api.run("{ viewer { uploads { id status failureCode url } } }", viewer=ada))["viewer"]["uploads"]
    assert shown == [{"id": upload["id"], "status": "FAILED", "failureCode": lie.code, "url": None}]
    assert stored(api, ada) == (0, 0, 0)
    assert (await put(api, upload, lie.data)).status_code == 412


@pytest.mark.parametrize("filled", [False, True])
async def test_a_sound_whose_last_chunk_is_not_filled_up_is_taken(api: Api, filled: bool) -> None:
    ada, data = api.factory.user("ada"), odd_wav(filled=filled)
    media = await uploaded(api, ada, "audio/wav", data)
    found = await api.client.get(media["url"])
    assert (found.content, media["sizeBytes"]) == (data, str(len(data)))
    assert stored(api, ada) == (len(data), len(data), 0)


async def test_the_storage_may_be_filled_exactly_and_no_byte_further(api: Api) -> None:
    ada = api.factory.user("ada")
    quota(api, ada, 1000)
    api.factory.media(ada, file_size_bytes=100)
    await announced(api, ada, "image/png", 300)
    refused = await initiate(api, ada, "image/png", 601)
    (error,) = refused["userErrors"]
    assert refused["upload"] is None
    assert error == {
        "code": "STORAGE_LIMIT_EXCEEDED",
        "field": ["input", "sizeBytes"],
        "message": "Your storage is full.",
        "usedBytes": "100",
        "reservedBytes": "300",
        "quotaBytes": "1000",
        "neededBytes": "601",
    }
    assert stored(api, ada) == (100, 100, 300)
    exact = await initiate(api, ada, "image/png", 600)
    assert exact["viewer"]["storage"] == {"used": "100", "reserved": "900", "available": "0"}
    assert [error["code"] for error in (await initiate(api, ada, "image/png", 1))["userErrors"]] == [
        "STORAGE_LIMIT_EXCEEDED"
    ]


async def test_two_hundred_uploads_at_once_fill_the_storage_exactly(empty_database: str) -> None:
    many = {"operations_at_once": 20, "operations_waiting": 200, "rate_limit": 0}
    patient = {"pool_max_size": 20, "pool_timeout_seconds": 60, "lock_timeout_ms": 60_000}
    async with api_over(empty_database, settings=many, **patient) as api:
        ada = api.factory.user("ada")
        quota(api, ada, 100 * 1000)
        answers = await asyncio.gather(*(initiate(api, ada, "image/png", 1000) for _ in range(200)))
        codes = [error["code"] for answer in answers for error in answer["userErrors"]]
        assert codes == ["STORAGE_LIMIT_EXCEEDED"] * 100
        assert stored(api, ada) == (0, 0, 100 * 1000)


async def test_an_account_has_two_hundred_uploads_under_way_at_most(api: Api) -> None:
    ada = api.factory.user("ada")
    later = api.factory.scalar("SELECT now() + interval '1 hour'")
    for number in range(200):
        given = {"type": "image", "mime_type": "image/png", "file_size_bytes": 1, "expires_at": later}
        api.factory.insert("app.pending_uploads", user_id=ada, object_key=f"in/{number}", **given)
    refused = await initiate(api, ada, "image/png", 1)
    assert [error["code"] for error in refused["userErrors"]] == ["RATE_LIMITED"]
    assert len((await api.run("{ viewer { uploads { id } } }", viewer=ada))["viewer"]["uploads"]) == 200


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        ({"mime_type": "image/svg+xml"}, "INVALID_FILE_TYPE", "mimeType"),
        ({"mime_type": "image/PNG"}, "INVALID_FILE_TYPE", "mimeType"),
        ({"size": 10 * MIB + 1}, "FILE_TOO_LARGE", "sizeBytes"),
        ({"size": 0}, "BAD_USER_INPUT", "sizeBytes"),
        ({"size": -1}, "BAD_USER_INPUT", "sizeBytes"),
        ({"fileName": "picture.svg"}, "INVALID_FILE_TYPE", "fileName"),
        ({"fileName": " "}, "BAD_USER_INPUT", "fileName"),
        ({"altText": "x" * 1001}, "BAD_USER_INPUT", "altText"),
    ],
)
async def test_what_is_not_taken_is_refused_before_it_is_sent(
    api: Api, given: dict[str, object], code: str, field: str
) -> None:
    ada = api.factory.user("ada")
    values = {"mime_type": "image/png", "size": 10, **given}
    mime_type, size = str(values.pop("mime_type")), values.pop("size")
    assert isinstance(size, int)
    refused = await initiate(api, ada, mime_type, size, **values)
    (error,) = refused["userErrors"]
    assert (refused["upload"], error["code"], error["field"]) == (None, code, ["input", field])
    assert stored(api, ada) == (0, 0, 0)


async def test_an_upload_without_its_bytes_is_incomplete_and_can_still_be_sent(api: Api) -> None:
    ada = api.factory.user("ada")
    upload = await announced(api, ada, "image/png", len(PNG))
    for _ in range(4):
        payload = await complete(api, ada, upload)
        assert [(error["__typename"], error["code"]) for error in payload["userErrors"]] == [
            ("UploadIncompleteError", "UPLOAD_INCOMPLETE")
        ]
    assert stored(api, ada) == (0, 0, len(PNG))
    assert (await put(api, upload, PNG)).status_code == 200
    assert (await complete(api, ada, upload))["upload"]["status"] == "READY"


async def test_completing_many_times_at_once_makes_one_file(api: Api) -> None:
    ada = api.factory.user("ada")
    upload = await announced(api, ada, "image/png", len(PNG))
    await put(api, upload, PNG)
    answers = await asyncio.gather(*(complete(api, ada, upload) for _ in range(8)))
    assert {answer["media"]["id"] for answer in answers if answer["media"]} == {
        (await complete(api, ada, upload))["media"]["id"]
    }
    assert [error for answer in answers for error in answer["userErrors"]] == []
    assert api.factory.scalar("SELECT count(*) FROM post_media") == 1
    assert stored(api, ada) == (len(PNG), len(PNG), 0)


async def test_an_aborted_upload_gives_its_bytes_back_and_takes_none(api: Api) -> None:
    ada = api.factory.user("ada")
    upload = await announced(api, ada, "image/png", len(PNG))
    assert await abort(api, ada, upload) == {
        "deletedId": upload["id"],
        "viewer": {"storage": {"used": "0", "reserved": "0"}, "uploads": []},
        "userErrors": [],
    }
    assert (await put(api, upload, PNG)).status_code == 412
    assert [error["code"] for error in (await complete(api, ada, upload))["userErrors"]] == ["NOT_FOUND"]
    assert [error["code"] for error in (await abort(api, ada, upload))["userErrors"]] == ["NOT_FOUND"]
    done = await announced(api, ada, "image/png", len(PNG))
    await put(api, done, PNG)
    await complete(api, ada, done)
    assert [error["code"] for error in (await abort(api, ada, done))["userErrors"]] == ["CONFLICT"]


async def test_an_upload_is_known_to_nobody_else(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    upload = await announced(api, ada, "image/png", len(PNG))
    await put(api, upload, PNG)
    for act in (complete, abort):
        assert [(error["code"], error["field"]) for error in (await act(api, ben, upload))["userErrors"]] == [
            ("NOT_FOUND", ["input", "uploadId"])
        ]
    query = "query ($id: ID!) { node(id: $id) { id } viewer { uploads { id } } }"
    for viewer in (ben, None):
        found = await api.run(query, viewer=viewer, id=upload["id"])
        assert found["node"] is None
        assert (found["viewer"] or {"uploads": []})["uploads"] == []
    assert stored(api, ada) == (0, 0, len(PNG))
    await complete(api, ada, upload)
    assert (await api.run("query ($id: ID!) { node(id: $id) { id } }", viewer=ben, id=upload["id"]))["node"] is None


async def test_a_reservation_counts_until_its_row_is_gone(api: Api) -> None:
    ada = api.factory.user("ada")
    quota(api, ada, 1000)
    upload = await announced(api, ada, "image/png", 1000)
    expire = "UPDATE app.pending_uploads SET created_at = now() - interval '2 h', expires_at = now() - interval '1 h'"
    api.factory.connection.execute(expire)
    query = "{ viewer { storage { reserved } uploads { status } } }"
    assert (await api.run(query, viewer=ada))["viewer"] == {
        "storage": {"reserved": "1000"},
        "uploads": [{"status": "EXPIRED"}],
    }
    assert [error["code"] for error in (await complete(api, ada, upload))["userErrors"]] == ["NOT_FOUND"]
    # The next announcement lets go of those of its own account.
    assert (await initiate(api, ada, "image/png", 1000))["userErrors"] == []
    assert stored(api, ada) == (0, 0, 1000)


async def test_an_attempt_that_was_given_up_is_taken_over_with_another_key(api: Api) -> None:
    ada = api.factory.user("ada")
    upload = await announced(api, ada, "image/png", len(PNG))
    await put(api, upload, PNG)
    left = "m/ab/" + "0" * 30
    claim = (
        "UPDATE app.pending_uploads"
        " SET state = 'completing', attempt = 1, final_key = %s, lease_until = now() + %s::interval"
    )
    api.factory.connection.execute(claim, [left, "1 minute"])
    payload = await complete(api, ada, upload)
    assert (payload["upload"]["status"], payload["media"], payload["userErrors"]) == ("PROCESSING", None, [])
    assert [error["code"] for error in (await abort(api, ada, upload))["userErrors"]] == ["CONFLICT"]
    api.factory.connection.execute(claim, [left, "-1 minute"])
    assert (await complete(api, ada, upload))["upload"]["status"] == "READY"
    assert api.factory.scalar("SELECT count(*) FROM post_media WHERE object_key = %s", left) == 0
    wait = "SELECT not_before - now() > interval '59 min' FROM app.doomed_objects WHERE object_key = %s"
    assert api.factory.scalar(wait, left)


async def test_an_upload_fails_after_three_attempts_that_were_given_up(api: Api) -> None:
    ada = api.factory.user("ada")
    upload = await announced(api, ada, "image/png", len(PNG))
    await put(api, upload, PNG)
    api.factory.connection.execute(
        "UPDATE app.pending_uploads"
        " SET state = 'completing', attempt = 3, final_key = %s, lease_until = now() - interval '1 s'",
        ["m/ab/" + "0" * 30],
    )
    assert [error["code"] for error in (await complete(api, ada, upload))["userErrors"]] == ["PROCESSING_FAILED"]
    assert stored(api, ada) == (0, 0, 0)


async def test_a_deleted_file_gives_its_bytes_back_and_its_object_up(api: Api) -> None:
    ada = api.factory.user("ada")
    media = await uploaded(api, ada, "image/png", PNG)
    key = api.factory.scalar("SELECT object_key FROM post_media")
    await api.run(
        "mutation ($id: ID!) { deleteMedia(input: {mediaId: $id}) { deletedId } }", viewer=ada, id=media["id"]
    )
    assert stored(api, ada) == (0, 0, 0)
    assert api.factory.scalar("SELECT not_before <= now() FROM app.doomed_objects WHERE object_key = %s", key)


async def test_a_retry_of_the_announcement_reserves_once(api: Api) -> None:
    ada = api.factory.user("ada")
    first = await announced(api, ada, "image/png", len(PNG), idempotencyKey="one")
    assert (await announced(api, ada, "image/png", len(PNG), idempotencyKey="one"))["id"] == first["id"]
    assert stored(api, ada) == (0, 0, len(PNG))
    await put(api, first, PNG)
    media = (await complete(api, ada, first))["media"]
    again = await announced(api, ada, "image/png", len(PNG), idempotencyKey="one")
    assert (again["id"], again["status"], again["media"]) == (first["id"], "READY", {"id": media["id"]})


async def test_a_file_in_a_post_has_signed_addresses_and_the_post_a_picture(api: Api) -> None:
    ada = api.factory.user("ada")
    media = await uploaded(api, ada, "image/png", png(8, 8))
    create = """mutation ($ids: [ID!]!) { createPost(input: {type: IMAGE, mediaIds: $ids}) {
      post { id thumbnailUrl media { id url } } userErrors { code } } }"""
    post = (await api.run(create, viewer=ada, ids=[media["id"]]))["createPost"]["post"]
    assert (await api.client.get(post["thumbnailUrl"])).status_code == 200
    assert (await api.client.get(post["media"][0]["url"])).content == png(8, 8)
    kept = api.factory.scalar("SELECT media_urls->0->>'url' FROM posts")
    assert kept.startswith("/media/f/")
    assert "?" not in kept
    assert decode(media["id"], "Media") == api.factory.scalar("SELECT (media_urls->0->>'id')::bigint FROM posts")


async def test_the_bytes_of_a_completed_upload_take_no_room_and_none_can_follow(api: Api) -> None:
    ada, data = api.factory.user("ada"), SAMPLES["image/png"]
    upload = await announced(api, ada, "image/png", len(data))
    await put(api, upload, data)
    assert (await complete(api, ada, upload))["userErrors"] == []
    assert api.store.size(key_of(upload)) is None
    assert (await put(api, upload, data)).status_code == 412
