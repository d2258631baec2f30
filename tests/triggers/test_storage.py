"""Bytes are charged to their owner, by kind, and come back when the file goes."""

import psycopg
import pytest

from tests.factories import Factory

BUCKETS = {
    "image": "images_bytes",
    "gif": "images_bytes",
    "video": "videos_bytes",
    "audio": "audio_bytes",
    "document": "other_bytes",
}


def usage(connection: psycopg.Connection, user_id: int) -> dict[str, int]:
    """What is used, by column, where it is not nothing."""
    columns = ["used_bytes", *dict.fromkeys(BUCKETS.values())]
    row = connection.execute(
        f"SELECT {', '.join(columns)} FROM storage_usage WHERE user_id = %s".encode(), [user_id]
    ).fetchone()
    assert row is not None
    return {name: size for name, size in zip(columns, row, strict=True) if size}


@pytest.fixture
def ada(make: Factory) -> int:
    user_id = make.user("ada")
    make.insert("storage_usage", "user_id", user_id=user_id, quota_bytes=1_000_000)
    return user_id


@pytest.mark.parametrize(("kind", "bucket"), BUCKETS.items())
def test_each_kind_has_its_bucket(
    connection: psycopg.Connection, make: Factory, ada: int, kind: str, bucket: str
) -> None:
    first = make.media(ada, type=kind, file_size_bytes=100)
    make.media(ada, type=kind, file_size_bytes=20)
    assert usage(connection, ada) == {"used_bytes": 120, bucket: 120}
    connection.execute("DELETE FROM post_media WHERE id = %s", [first])
    assert usage(connection, ada) == {"used_bytes": 20, bucket: 20}


def test_a_person_without_a_row_is_charged_all_the_same(connection: psycopg.Connection, make: Factory) -> None:
    ben = make.user("ben")
    make.media(ben, file_size_bytes=5)
    assert usage(connection, ben) == {"used_bytes": 5, "images_bytes": 5}
    assert make.scalar("SELECT quota_bytes FROM storage_usage WHERE user_id = %s", ben) == 52_428_800


def test_many_files_of_many_people_in_one_statement(connection: psycopg.Connection, make: Factory, ada: int) -> None:
    ben = make.user("ben")
    with connection.transaction():
        connection.execute(
            "INSERT INTO post_media (user_id, type, file_url, object_key, file_size_bytes, mime_type)"
            " SELECT owner, kind, '/x', owner || '/' || kind || '/' || n, n, 'any/thing'"
            " FROM unnest(%s::bigint[]) AS owner, unnest(enum_range(NULL::media_type)) AS kind,"
            " generate_series(1, 10) AS n",
            [[ben, ada]],
        )
        assert make.scalar("SELECT n_tup_upd FROM pg_stat_xact_user_tables WHERE relname = 'storage_usage'") == 1
    everything = {
        "used_bytes": 275,
        "images_bytes": 110,
        "videos_bytes": 55,
        "audio_bytes": 55,
        "other_bytes": 55,
    }
    assert usage(connection, ada) == usage(connection, ben) == everything
    connection.execute("DELETE FROM post_media WHERE type <> 'audio'")
    assert usage(connection, ada) == usage(connection, ben) == {"used_bytes": 55, "audio_bytes": 55}


def test_a_file_that_changes_is_charged_as_it_is_now(connection: psycopg.Connection, make: Factory, ada: int) -> None:
    ben = make.user("ben")
    its = make.media(ada, file_size_bytes=100)
    connection.execute("UPDATE post_media SET file_size_bytes = 70, type = 'video' WHERE id = %s", [its])
    assert usage(connection, ada) == {"used_bytes": 70, "videos_bytes": 70}
    connection.execute("UPDATE post_media SET post_id = %s WHERE id = %s", [make.post(ada), its])
    assert usage(connection, ada) == {"used_bytes": 70, "videos_bytes": 70}
    connection.execute("UPDATE post_media SET user_id = %s WHERE id = %s", [ben, its])
    assert usage(connection, ada) == {}
    assert usage(connection, ben) == {"used_bytes": 70, "videos_bytes": 70}


def test_a_post_that_goes_gives_its_bytes_back_and_a_deleted_one_does_not(
    connection: psycopg.Connection, make: Factory, ada: int
) -> None:
    """A deleted post can be restored, with its files."""
    its = make.post(ada)
    make.media(ada, its, file_size_bytes=100)
    connection.execute("UPDATE posts SET status = 'deleted' WHERE id = %s", [its])
    assert usage(connection, ada) == {"used_bytes": 100, "images_bytes": 100}
    connection.execute("DELETE FROM posts WHERE id = %s", [its])
    assert usage(connection, ada) == {}


def test_an_account_goes_with_its_files(connection: psycopg.Connection, make: Factory, ada: int) -> None:
    make.media(ada, make.post(ada))
    make.media(ada)
    connection.execute("DELETE FROM users WHERE id = %s", [ada])
    assert make.scalar("SELECT count(*) FROM storage_usage") == 0
    assert make.scalar("SELECT count(*) FROM post_media") == 0


def test_a_refused_upload_is_not_charged(connection: psycopg.Connection, make: Factory, ada: int) -> None:
    make.media(ada, object_key="taken", file_size_bytes=1)
    with pytest.raises(psycopg.errors.UniqueViolation):
        make.media(ada, object_key="taken", file_size_bytes=100)
    assert usage(connection, ada) == {"used_bytes": 1, "images_bytes": 1}
