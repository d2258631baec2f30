"""Uploads: announced within the storage, sent once, completed to a file, or aborted."""

import asyncio

import pytest

from api.gql.ids import decode
from tests.api.conftest import Api
from tests.api.uploading import PNG, abort, announced, complete, initiate, put, stored, uploaded
from tests.media.samples import HIDDEN, LIES, SAMPLES, UNREADABLE, odd_wav, png

MIB = 1024 * 1024


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


async def test_an_upload_without_a_place_in_time_is_processing(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    ada = api.factory.user("ada")
    upload, unsent = [await announced(api, ada, "image/png", len(PNG)) for _ in range(2)]
    await put(api, upload, PNG)
    with monkeypatch.context() as busy:
        busy.setattr("api.media.places._AT_ONCE", 0)
        busy.setattr("api.media.places._WAIT_SECONDS", 0.01)
        payload = await complete(api, ada, upload)
        assert (payload["upload"]["status"], payload["media"], payload["userErrors"]) == ("PROCESSING", None, [])
        assert [error["code"] for error in (await complete(api, ada, unsent))["userErrors"]] == ["UPLOAD_INCOMPLETE"]
    assert (await complete(api, ada, upload))["upload"]["status"] == "READY"


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
