"""Notifications of a storage that is nearly full: one for each time that a file makes it reach a level."""

import asyncio

import pytest

from tests.api.conftest import Api
from tests.api.uploading import announced, complete, put, uploaded
from tests.media.samples import odd_wav, png

SOUND = odd_wav(filled=True)  # 846 bytes
SIZE = len(SOUND)
DELETE = "mutation ($id: ID!) { deleteMedia(input: {mediaId: $id}) { deletedId } }"
SEEN = "{ viewer { storage { warningLevel } notifications { nodes { type title content } } } }"
TITLES = {80: "Your storage is 80 percent full", 95: "Your storage is 95 percent full", 100: "Your storage is full"}


def people(api: Api, *, quota: int, used: int = 0) -> int:
    ada = api.factory.user("ada")
    api.factory.insert("storage_usage", "user_id", user_id=ada, quota_bytes=quota)
    if used:
        api.factory.media(ada, file_size_bytes=used)
    return ada


async def seen(api: Api, viewer: int) -> tuple[int | None, list[str]]:
    """The level of the storage, and the titles of the notifications, oldest first."""
    found = (await api.run(SEEN, viewer=viewer))["viewer"]
    nodes = found["notifications"]["nodes"]
    assert {one["type"] for one in nodes} <= {"SYSTEM"}
    return found["storage"]["warningLevel"], [one["title"] for one in nodes][::-1]


@pytest.mark.parametrize(
    ("quota", "used", "level"),
    [
        (SIZE * 100 // 79, 0, None),
        (SIZE * 5, SIZE * 3, 80),  # exactly 80 percent
        (SIZE * 5 + 1, SIZE * 3, None),
        (SIZE * 20, SIZE * 18, 95),
        (SIZE * 20, SIZE * 19, 100),
        (SIZE, 0, 100),  # all three at once
    ],
)
async def test_the_highest_level_that_a_file_reaches_is_notified(
    api: Api, quota: int, used: int, level: int | None
) -> None:
    ada = people(api, quota=quota, used=used)
    before = await seen(api, ada)
    await uploaded(api, ada, "audio/wav", SOUND)
    after = await seen(api, ada)
    assert after == (level, [] if level is None else [TITLES[level]])
    assert before[1] == []


async def test_each_level_is_notified_once_until_it_is_left(api: Api) -> None:
    ada = people(api, quota=SIZE * 20, used=SIZE * 15)
    titles, files = list[str](), list[str]()
    for level in (TITLES[80], None, None, TITLES[95], TITLES[100]):  # 16 to 20 of 20
        files.append((await uploaded(api, ada, "audio/wav", SOUND))["id"])
        titles += [] if level is None else [level]
        assert (await seen(api, ada))[1] == titles
    await api.run(DELETE, viewer=ada, id=files[0])
    assert await seen(api, ada) == (95, titles)
    await uploaded(api, ada, "audio/wav", SOUND)
    assert await seen(api, ada) == (100, [*titles, TITLES[100]])


async def test_files_that_are_made_at_once_notify_once(api: Api) -> None:
    ada = people(api, quota=SIZE * 10, used=SIZE * 6)
    uploads = [await announced(api, ada, "audio/wav", SIZE) for _ in range(3)]
    for upload in uploads:
        await put(api, upload, SOUND)
    await asyncio.gather(*(complete(api, ada, upload) for upload in uploads))
    await asyncio.gather(*(complete(api, ada, upload) for upload in uploads))
    assert await seen(api, ada) == (80, [TITLES[80]])


async def test_a_file_that_is_refused_notifies_nobody(api: Api) -> None:
    data = png(data=b"noise" * 9)
    ada = people(api, quota=len(data))
    upload = await announced(api, ada, "image/png", len(data))
    await put(api, upload, data)
    assert [error["code"] for error in (await complete(api, ada, upload))["userErrors"]] == ["INVALID_FILE"]
    assert await seen(api, ada) == (None, [])
