"""A post that is purged goes in pieces, and keeps no other from it."""

import logging
from typing import LiteralString

import psycopg
import pytest

from db.maintenance import purges
from db.pool import Database
from tests.jobs.scene import count, scalar
from tests.triggers.recount import differences

CHILDREN: tuple[LiteralString, ...] = ("comments", "post_interactions", "reposts", "notifications")


def deleted_posts(connection: psycopg.Connection, number: int) -> list[int]:
    """Some posts that the job has to purge, the one that waits longest first."""
    found = [
        row[0] for row in connection.execute("SELECT id FROM posts WHERE status = 'published' LIMIT %s", (number,))
    ]
    for days, post in enumerate(reversed(found), 31):
        connection.execute("UPDATE posts SET status = 'deleted' WHERE id = %s", (post,))
        connection.execute(
            "UPDATE posts SET deleted_at = now() - make_interval(days => %s) WHERE id = %s", (days, post)
        )
    return found


def crowd(connection: psycopg.Connection, post: int, comments: int) -> None:
    """Everybody likes, shares and is told of a post, and somebody comments and is answered, again and again."""
    connection.execute(
        "INSERT INTO post_interactions (user_id, post_id, type) SELECT id, %s, 'like' FROM users"
        " ON CONFLICT DO NOTHING",
        (post,),
    )
    connection.execute(
        "INSERT INTO reposts (user_id, post_id) SELECT id, %s FROM users ON CONFLICT DO NOTHING", (post,)
    )
    parent = scalar(
        connection, "INSERT INTO comments (post_id, user_id, content) VALUES (%s, 1, 'Hi') RETURNING id", post
    )
    connection.execute(
        "INSERT INTO comments (post_id, user_id, parent_comment_id, content)"
        " SELECT %s, 2, %s, 'Hi' FROM generate_series(1, %s)",
        (post, parent, comments),
    )
    connection.execute(
        "INSERT INTO notifications (user_id, actor_id, type, post_id, comment_id, title)"
        " SELECT 1, 2, 'comment', post_id, id, 'Hi' FROM comments WHERE post_id = %s ON CONFLICT DO NOTHING",
        (post,),
    )


async def test_a_post_with_many_children_goes_in_batches(
    seeded: psycopg.Connection, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(purges, "_BATCH", 7)
    posts = deleted_posts(seeded, 2)
    for post in posts:
        crowd(seeded, post, 40)
    seeded.execute("CREATE TABLE public.sizes (size bigint)")
    seeded.execute(
        "CREATE FUNCTION public.measure() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN INSERT INTO public.sizes SELECT count(*) FROM changed; RETURN NULL; END $$"
    )
    for table in CHILDREN:
        seeded.execute(
            f"CREATE TRIGGER measure AFTER DELETE ON {table} REFERENCING OLD TABLE AS changed"
            " FOR EACH STATEMENT EXECUTE FUNCTION public.measure()".encode()
        )
    # Replies that lose their parent.
    seeded.execute(
        "CREATE TRIGGER measure_update AFTER UPDATE ON comments REFERENCING NEW TABLE AS changed"
        " FOR EACH STATEMENT EXECUTE FUNCTION public.measure()"
    )
    assert await purges.purge_posts(database) == 2
    assert scalar(seeded, "SELECT max(size) FROM public.sizes") == 7
    for table in CHILDREN:
        assert count(seeded, table, f"post_id IN ({posts[0]}, {posts[1]})") == 0  # pyright: ignore[reportArgumentType]
    assert differences(seeded) == []


async def test_a_post_that_cannot_be_purged_stops_no_other(
    seeded: psycopg.Connection,
    database: Database,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(purges, "_BATCH", 2)
    posts = deleted_posts(seeded, 5)
    seeded.execute("CREATE TABLE public.kept (post_id bigint REFERENCES posts (id))")
    seeded.execute("INSERT INTO public.kept VALUES (%s), (%s)", tuple(posts[:2]))
    with caplog.at_level(logging.ERROR, logger="vrss.jobs"):
        assert await purges.purge_posts(database) == 3
    for post in posts[:2]:
        assert caplog.text.count(f"the post {post} was not purged") == 1
    left = [row[0] for row in seeded.execute("SELECT id FROM posts WHERE id = ANY(%s) ORDER BY id", (posts,))]
    assert left == sorted(posts[:2])
    assert differences(seeded) == []
