"""What uploads take of the storage of an account, and give back."""

import asyncio

from tests.api.conftest import Api, api_over
from tests.api.uploading import PNG, announced, complete, initiate, key_of, put, quota, stored, uploaded
from tests.media.samples import SAMPLES


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


async def test_a_deleted_file_gives_its_bytes_back_and_its_object_up(api: Api) -> None:
    ada = api.factory.user("ada")
    media = await uploaded(api, ada, "image/png", PNG)
    key = api.factory.scalar("SELECT object_key FROM post_media")
    await api.run(
        "mutation ($id: ID!) { deleteMedia(input: {mediaId: $id}) { deletedId } }", viewer=ada, id=media["id"]
    )
    assert stored(api, ada) == (0, 0, 0)
    assert api.factory.scalar("SELECT not_before <= now() FROM app.doomed_objects WHERE object_key = %s", key)


async def test_the_bytes_of_a_completed_upload_take_no_room_and_none_can_follow(api: Api) -> None:
    ada, data = api.factory.user("ada"), SAMPLES["image/png"]
    upload = await announced(api, ada, "image/png", len(data))
    await put(api, upload, data)
    assert (await complete(api, ada, upload))["userErrors"] == []
    assert api.store.size(key_of(upload)) is None
    assert (await put(api, upload, data)).status_code == 412
