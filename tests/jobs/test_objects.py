"""Uploads whose time is over let go of their bytes, and objects that no row needs are deleted."""

import os
import secrets
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from api.jobs.tasks import MAINTENANCE, SCHEDULE
from api.media import uploading
from api.media.store import Store, new_key
from db.pool import Database, Pool
from db.settings import DatabaseSettings
from tests.factories import Factory
from tests.jobs.scene import count, enqueue, run, scalar


def upload(make: Factory, user: int, **values: Any) -> str:
    """The key of the bytes of an upload whose time is over."""
    key = new_key("in")
    given = {"type": "image", "mime_type": "image/png", "file_size_bytes": 10, "object_key": key}
    times = {
        "created_at": make.scalar("SELECT now() - interval '2 hours'"),
        "url_expires_at": make.scalar("SELECT now() - interval '90 minutes'"),
        "expires_at": make.scalar("SELECT now() - interval '75 minutes'"),
    }
    make.insert("app.pending_uploads", user_id=user, **{**given, **times, **values})
    return key


def written(store: Store, key: str) -> Path:
    """An object, with something in it."""
    path = store.path(key)
    if key.startswith("m/"):
        path.mkdir(parents=True)
        (path / "o.png").write_bytes(b"file")
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"bytes")
    return path


def due(connection: psycopg.Connection) -> None:
    connection.execute("UPDATE app.doomed_objects SET not_before = now()")


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


async def test_the_sweeper_releases_bytes_of_uploads_whose_time_is_over(
    database: Database, connection: psycopg.Connection, make: Factory
) -> None:
    ada = make.user("ada")
    keys = {upload(make, ada), upload(make, ada, state="failed", failure="INVALID_FILE")}
    later = make.scalar("SELECT now() + interval '1 hour'")
    upload(make, ada, expires_at=later)
    upload(make, ada, state="completing", final_key=new_key("m"), lease_until=later)
    assert await uploading.sweep(database, limit=1) == 2
    assert count(connection, "app.pending_uploads") == 2
    doomed = connection.execute("SELECT object_key FROM app.doomed_objects WHERE not_before > now()").fetchall()
    assert {key for (key,) in doomed} == keys


async def test_the_sweeper_fails_uploads_that_nobody_completes_any_more(
    database: Database, connection: psycopg.Connection, make: Factory
) -> None:
    ada, later = make.user("ada"), make.scalar("SELECT now() + interval '1 hour'")
    over = make.scalar("SELECT now() - interval '1 minute'")
    finals = [new_key("m") for _ in range(3)]
    upload(make, ada, state="completing", final_key=finals[0], lease_until=over, attempt=3, expires_at=later)
    upload(make, ada, state="completing", final_key=finals[1], lease_until=over, attempt=1, expires_at=later)
    upload(make, ada, state="completing", final_key=finals[2], lease_until=over, attempt=1)
    await uploading.sweep(database)
    states = connection.execute("SELECT final_key, state FROM app.pending_uploads").fetchall()
    assert dict(states) == {finals[0]: "failed", finals[1]: "completing"}
    waiting = "starts_with(object_key, 'm/') AND not_before > now() + interval '59 minutes'"
    assert count(connection, "app.doomed_objects", waiting) == 2


async def test_rows_that_are_deleted_leave_their_objects_to_the_job(
    database: Database, connection: psycopg.Connection, make: Factory, store: Store
) -> None:
    ada, ben, *_ = make.cast()
    post = make.post(ada, None, type="image")
    keys = [new_key("m") for _ in range(3)]
    make.media(ada, post, object_key=keys[0])
    make.media(ada, object_key=keys[1])
    make.media(ben, object_key=keys[2])
    make.media(ada)  # which the API draws itself
    final = new_key("m")
    lease = make.scalar("SELECT now() + interval '1 minute'")
    incoming = upload(make, ada, state="completing", final_key=final, lease_until=lease)
    paths = {key: written(store, key) for key in (*keys, final, incoming)}
    connection.execute("DELETE FROM posts WHERE id = %s", [post])
    connection.execute("DELETE FROM users WHERE id = %s", [ada])
    assert await uploading.delete_doomed(database, store) == 2
    assert [key for key, path in paths.items() if path.exists()] == [keys[2], final, incoming]
    due(connection)
    assert await uploading.delete_doomed(database, store) == 2
    assert [key for key, path in paths.items() if path.exists()] == [keys[2]]
    assert count(connection, "app.doomed_objects") == 0


async def test_an_object_that_a_file_needs_is_never_deleted(
    database: Database, connection: psycopg.Connection, make: Factory, store: Store
) -> None:
    key = new_key("m")
    make.media(make.user("ada"), object_key=key)
    connection.execute("INSERT INTO app.doomed_objects (object_key) VALUES (%s)", [key])
    path = written(store, key)
    assert await uploading.delete_doomed(database, store) == 0
    assert path.exists()


async def test_an_object_that_cannot_be_deleted_is_tried_again_and_stops_no_other(
    database: Database, connection: psycopg.Connection, store: Store
) -> None:
    bad, good = new_key("in"), new_key("in")
    written(store, good)
    path = store.path(bad)
    path.parent.parent.mkdir(parents=True, exist_ok=True)
    path.parent.write_text("a file in the place of its folder")
    connection.execute("INSERT INTO app.doomed_objects (object_key) VALUES (%s), (%s)", [bad, good])
    assert await uploading.delete_doomed(database, store) == 1
    assert scalar(connection, "SELECT object_key FROM app.doomed_objects WHERE not_before > now()") == bad


def test_keys_that_never_were_objects_delete_nothing(store: Store, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.write_text("kept")
    for key in ("../kept", str(kept), "m/../../kept", "", "m", "in"):
        store.delete(key)
    assert kept.exists()


def test_parts_of_processes_that_were_killed_are_deleted_after_an_hour(store: Store, tmp_path: Path) -> None:
    old, new = store.work_folder(), store.work_folder()
    (old / "o.png").write_bytes(b"half")
    part = tmp_path / "media" / "part" / secrets.token_hex(16)
    part.parent.mkdir(exist_ok=True)
    part.write_bytes(b"half")
    for path in (old, part):
        os.utime(path, (0, 0))
    assert store.sweep() == 2
    assert (old.exists(), part.exists(), new.exists()) == (False, False, True)


async def test_the_jobs_sweep_and_delete(
    empty_database: str, connection: psycopg.Connection, make: Factory, tmp_path: Path
) -> None:
    folder = tmp_path / "media"
    key = upload(make, make.user("ada"))
    path = written(Store(folder), key)
    enqueue(connection, SCHEDULE.name, "sweep_uploads")
    (swept,) = await run(empty_database, media_dir=folder)
    assert swept.said == "1 uploads deleted"
    due(connection)
    enqueue(connection, MAINTENANCE.name, "delete_objects")
    (deleted,) = await run(empty_database, media_dir=folder)
    assert deleted.said == "1 objects and 0 parts deleted"
    assert not path.exists()
