"""Texts that were written before their HTML was stored get it from a job."""

import psycopg

from api.authoring.texts import render_old_texts
from db.pool import Database
from tests.jobs.scene import scalar

UNRENDERED = "SELECT count(*) FROM posts WHERE content_html IS NULL AND content IS NOT NULL"
COMMENTS = "SELECT count(*) FROM comments WHERE content_html IS NULL"
EDITED_COMMENTS = "SELECT md5(string_agg(updated_at::text, ',' ORDER BY id)) FROM comments"
LONG = 300.0  # seconds
EDITED = "SELECT md5(string_agg(updated_at::text, ',' ORDER BY id)) FROM posts"


async def test_old_texts_are_rendered_so_many_at_a_time(seeded: psycopg.Connection, database: Database) -> None:
    seeded.execute("UPDATE posts SET content = 'Hello *you*, @ben and @nobody' WHERE id = 9")
    seeded.execute("UPDATE posts SET content_html = NULL")
    texts, edited = scalar(seeded, UNRENDERED), scalar(seeded, EDITED)
    assert await render_old_texts(database, 100, LONG) == 100
    assert scalar(seeded, UNRENDERED) == texts - 100
    assert await render_old_texts(database, 1000, LONG) == texts - 100
    assert (scalar(seeded, UNRENDERED), await render_old_texts(database, 1000, LONG)) == (0, 0)
    assert scalar(seeded, "SELECT content_html FROM posts WHERE id = 9") == (
        '<p>Hello <em>you</em>, <a href="/@ben" rel="nofollow noopener ugc">@ben</a> and @nobody</p>\n'
    )
    assert scalar(seeded, EDITED) == edited  # nobody has changed them


async def test_old_comments_are_rendered_after_old_posts(seeded: psycopg.Connection, database: Database) -> None:
    seeded.execute("UPDATE comments SET content = 'Hello *you*, @ben and @nobody' WHERE id = 9")
    seeded.execute("UPDATE comments SET content_html = NULL")
    texts, edited = scalar(seeded, COMMENTS), scalar(seeded, EDITED_COMMENTS)
    assert await render_old_texts(database, 60, LONG) == 60
    assert scalar(seeded, COMMENTS) == texts - 60
    assert await render_old_texts(database, 10_000, LONG) == texts - 60
    assert (scalar(seeded, COMMENTS), await render_old_texts(database, 1000, LONG)) == (0, 0)
    assert scalar(seeded, "SELECT content_html FROM comments WHERE id = 9") == (
        '<p>Hello <em>you</em>, <a href="/@ben" rel="nofollow noopener ugc">@ben</a> and @nobody</p>\n'
    )
    assert scalar(seeded, EDITED_COMMENTS) == edited


async def test_what_takes_long_is_left_for_the_next_minute(seeded: psycopg.Connection, database: Database) -> None:
    seeded.execute("UPDATE posts SET content_html = NULL")
    texts = scalar(seeded, UNRENDERED)
    assert await render_old_texts(database, 1000, 0) == 0
    done = await render_old_texts(database, 1000, 0.001)
    assert scalar(seeded, UNRENDERED) == texts - done
    assert 0 < done < texts
