"""An upload as a client makes it: announced, sent, completed; and what it takes of the storage."""

from typing import Any

import httpx

from tests.api.conftest import Api
from tests.media.samples import SAMPLES

PNG = SAMPLES["image/png"]

INITIATE = """
mutation ($input: InitiateUploadInput!) { initiateUpload(input: $input) {
  upload { id status method url headers { name value } expiresAt mimeType sizeBytes failureCode media { id } }
  viewer { storage { used reserved available } }
  userErrors { code field message
    ... on StorageLimitError { usedBytes reservedBytes quotaBytes neededBytes }
    ... on InvalidFileError { allowedMimeTypes maxBytes } } } }
"""
COMPLETE = """
mutation ($id: ID!) { completeUpload(input: {uploadId: $id}) {
  upload { id status sizeBytes url expiresAt media { id } }
  media { id type url mimeType sizeBytes width height durationSeconds altText }
  viewer { storage { used reserved } uploads { id } }
  userErrors { __typename code field message } } }
"""
ABORT = """
mutation ($id: ID!) { abortUpload(input: {uploadId: $id}) {
  deletedId viewer { storage { used reserved } uploads { id } } userErrors { code field } } }
"""


async def initiate(api: Api, viewer: int, mime_type: str, size: int, **more: object) -> dict[str, Any]:
    """The payload of `initiateUpload`."""
    given = {"fileName": "picture", "mimeType": mime_type, "sizeBytes": str(size), **more}
    return (await api.run(INITIATE, viewer=viewer, input=given))["initiateUpload"]


async def announced(api: Api, viewer: int, mime_type: str, size: int, **more: object) -> dict[str, Any]:
    """The upload, which is not refused."""
    payload = await initiate(api, viewer, mime_type, size, **more)
    assert payload["userErrors"] == []
    return payload["upload"]


async def put(api: Api, upload: dict[str, Any], data: bytes, **headers: str) -> httpx.Response:
    """The answer to its bytes, sent as it asks for."""
    asked = {header["name"]: header["value"] for header in upload["headers"]}
    return await api.client.request(upload["method"], upload["url"], content=data, headers={**asked, **headers})


async def complete(api: Api, viewer: int, upload: dict[str, Any]) -> dict[str, Any]:
    """The payload of `completeUpload`."""
    return (await api.run(COMPLETE, viewer=viewer, id=upload["id"]))["completeUpload"]


async def abort(api: Api, viewer: int, upload: dict[str, Any]) -> dict[str, Any]:
    return (await api.run(ABORT, viewer=viewer, id=upload["id"]))["abortUpload"]


async def uploaded(api: Api, viewer: int, mime_type: str, data: bytes, **more: object) -> dict[str, Any]:
    """The file that becomes of these bytes."""
    upload = await announced(api, viewer, mime_type, len(data), **more)
    assert (await put(api, upload, data)).status_code == 200
    payload = await complete(api, viewer, upload)
    assert payload["userErrors"] == []
    return payload["media"]


def key_of(upload: dict[str, Any]) -> str:
    """The key of its bytes."""
    return "in/" + upload["url"].partition("/media/in/")[2].partition("?")[0]


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
