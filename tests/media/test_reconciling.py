"""Objects and rows beside each other: what lacks the other is named, and only what nobody misses is deleted."""

import os
import shutil
import time
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from api.media import uploading
from api.media.reconciling import Finding, repair, verify
from api.media.store import Store, new_key
from db.pool import Database, Pool
from db.settings import DatabaseSettings
from tests.factories import Factory


class Silent:
    def begin(self, what: str, steps: int) -> None: ...

    def advance(self, steps: int) -> None: ...


@pytest.fixture
async def database(empty_database: str) -> AsyncGenerator[Database]:
    pool = Pool(empty_database, DatabaseSettings())
    await pool.open()
    try:
        async with pool.operation() as opened:
            yield opened
    finally:
        await pool.close()


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "media")


def object_of(store: Store, key: str, data: bytes = b"file", *, hours: float = 48) -> Path:
    """An object that was written so long ago."""
    path = store.path(key)
    if key.startswith("m/"):
        path.mkdir(parents=True)
        (path / "o.png").write_bytes(data)
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    then = time.time() - hours * 3600
    os.utime(path, (then, then))
    return path


def file_of(make: Factory, user: int, key: str, size: int = 4, **more: Any) -> int:
    url = f"/media/f/{key.partition('/')[2]}/o.png"
    return make.media(user, object_key=key, file_url=url, file_size_bytes=size, **more)


async def found(database: Database, store: Store) -> list[Finding]:
    return [one async for one in verify(database, store, Silent(), batch=2)]


async def healed(database: Database, store: Store) -> list[Finding]:
    return [one async for one in repair(database, store, Silent(), batch=2)]


async def test_what_has_row_and_object_is_in_order(database: Database, store: Store, make: Factory) -> None:
    ada = make.user("ada")
    for _ in range(5):
        key = new_key("m")
        file_of(make, ada, key)
        object_of(store, key)
    make.media(ada)  # one that the API draws itself
    sent, doomed = new_key("in"), new_key("in")
    later = make.scalar("SELECT now() + interval '1 hour'")
    given = {"type": "image", "mime_type": "image/png", "file_size_bytes": 10, "expires_at": later}
    make.insert("app.pending_uploads", user_id=ada, object_key=sent, **given)
    make.insert("app.doomed_objects", "object_key", object_key=doomed, not_before=later)
    object_of(store, sent)
    object_of(store, doomed)
    assert await found(database, store) == await healed(database, store) == []


async def test_an_object_that_no_row_knows_is_deleted_after_a_day(
    database: Database, store: Store, connection: psycopg.Connection
) -> None:
    keys = sorted([*(new_key("in") for _ in range(3)), *(new_key("m") for _ in range(3))])
    paths = [object_of(store, key) for key in keys]
    young = object_of(store, new_key("m"), hours=23)
    assert sorted(await found(database, store)) == [Finding(f"object {key}", "no row knows it") for key in keys]
    assert connection.execute("SELECT FROM app.doomed_objects").fetchall() == []
    assert [one.what for one in sorted(await healed(database, store))] == [f"object {key}" for key in keys]
    assert await found(database, store) == []
    await uploading.delete_doomed(database, store)
    assert all(path.exists() for path in paths)
    connection.execute("UPDATE app.doomed_objects SET not_before = not_before - interval '1 day'")
    await uploading.delete_doomed(database, store)
    assert not any(path.exists() for path in paths)
    assert young.exists()


async def test_an_object_that_gets_its_row_back_is_kept(
    database: Database, store: Store, make: Factory, connection: psycopg.Connection
) -> None:
    path = object_of(store, key := new_key("m"))
    await healed(database, store)
    file_of(make, make.user("ada"), key)
    connection.execute("UPDATE app.doomed_objects SET not_before = now()")
    await uploading.delete_doomed(database, store)
    assert path.exists()


async def test_a_file_without_its_object_is_named_and_kept(database: Database, store: Store, make: Factory) -> None:
    ada = make.user("ada")
    gone, empty, bare = (new_key("m") for _ in range(3))
    ids = [file_of(make, ada, key, thumbnails=[160]) for key in (gone, empty, bare)]
    (object_of(store, empty, b"") / "t160.webp").write_bytes(b"small")
    object_of(store, bare)
    expected = [
        Finding(f"post_media {ids[0]}", f"o.png, t160.webp missing in {gone}", can_heal=False),
        Finding(f"post_media {ids[1]}", f"o.png missing in {empty}", can_heal=False),
        Finding(f"post_media {ids[2]}", f"t160.webp missing in {bare}", can_heal=False),
    ]
    assert await found(database, store) == await healed(database, store) == expected
    assert make.scalar("SELECT count(*) FROM post_media") == 3
    assert make.scalar("SELECT used_bytes FROM storage_usage WHERE user_id = %s", ada) == 12


async def test_people_are_charged_for_the_bytes_that_there_are(database: Database, store: Store, make: Factory) -> None:
    ada = make.user("ada")
    media = file_of(make, ada, key := new_key("m"), size=100)
    object_of(store, key)
    name = f"post_media {media} file_size_bytes"
    assert await found(database, store) == [Finding(name, "stored 100, counted 4")]
    assert await healed(database, store) == [Finding(name, "was 100, is 4")]
    assert make.scalar("SELECT used_bytes FROM storage_usage WHERE user_id = %s", ada) == 4
    assert await found(database, store) == []


async def test_storage_that_has_drifted_is_counted_anew(database: Database, store: Store, make: Factory) -> None:
    ada = make.user("ada")
    file_of(make, ada, key := new_key("m"))
    object_of(store, key)
    make.connection.execute("UPDATE storage_usage SET used_bytes = 9")
    assert await found(database, store) == [Finding(f"storage_usage {ada} used_bytes", "stored 9, counted 4")]
    assert await healed(database, store) == [Finding(f"storage_usage {ada} used_bytes", "was 9, is 4")]
    assert await found(database, store) == []


async def test_reservations_that_the_sweeper_left_are_released(database: Database, store: Store, make: Factory) -> None:
    ada = make.user("ada")
    make.insert("storage_usage", "user_id", user_id=ada)
    given = {"type": "image", "mime_type": "image/png", "file_size_bytes": 10}
    created = make.scalar("SELECT now() - interval '2 hours'")
    for minutes in (5, 20, 30, 40):
        over = make.scalar("SELECT now() - %s * interval '1 minute'", minutes)
        make.insert(
            "app.pending_uploads", user_id=ada, object_key=new_key("in"), created_at=created, expires_at=over, **given
        )
    assert [one.words[:10] for one in await found(database, store)] == ["over since"] * 3
    assert [one.words[-9:] for one in await healed(database, store)] == [", deleted"] * 3
    assert await found(database, store) == []


async def test_a_store_that_is_gone_deletes_nothing(database: Database, store: Store, make: Factory) -> None:
    """A volume that was not mounted must not cost anybody their files."""
    ada = make.user("ada")
    for _ in range(3):
        key = new_key("m")
        file_of(make, ada, key)
        object_of(store, key)
    shutil.rmtree(store.path("m/ab/" + "0" * 30).parents[2])
    assert [one.can_heal for one in await healed(database, store)] == [False] * 3
    assert make.scalar("SELECT count(*) FROM post_media") == 3


def test_a_folder_is_walked_key_by_key(store: Store) -> None:
    """However many objects there are, none is held: the walk stops where nobody asks for the next."""
    for _ in range(50):
        object_of(store, new_key("in"))
    walk = store.objects("in")
    first, _ = next(walk)
    assert first.startswith("in/")
    for key in [key for key, _ in walk]:
        assert first.split("/")[1] <= key.split("/")[1]
    assert list(Store(Path("/nowhere")).objects("in")) == []
