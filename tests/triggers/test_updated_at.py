"""updated_at moves when a person changes a row, and stays when the system counts or stamps it."""

import psycopg
import pytest

from tests.factories import Factory

# What the system keeps by itself. An update of any other column is a change.
KEPT_BY_THE_SYSTEM = {
    "public.users": {"last_login_at", "deleted_at", "status_before_delete"},
    "public.posts": {
        "likes_count",
        "comments_count",
        "reposts_count",
        "views_count",
        "content_html",
        "published_at",
        "drafted_at",
        "deleted_at",
        "status_before_delete",
    },
    "public.comments": {"content_html", "likes_count", "replies_count", "parent_comment_id", "depth"},
    # Shown elsewhere, or never changed.
    "public.custom_feeds": {"sharing", "is_default", "display_order", "forked_from_id"},
}
# Never set by an update.
FIXED = {"id", "user_id", "post_id", "created_at", "updated_at", "engagement_bucket"}

TABLES = [
    "public.users",
    "public.user_profiles",
    "public.posts",
    "public.comments",
    "public.profile_sections",
    "public.section_content",
    "public.custom_feeds",
    "public.user_lists",
    "public.user_subscriptions",
    "app.user_settings",
]
LONG_AGO = "2020-01-01T00:00:00Z"


@pytest.fixture
def rows(make: Factory) -> None:
    """One row in each of the tables, last changed long ago."""
    old = {"updated_at": LONG_AGO}
    ada = make.insert("users", username="ada", email="ada@example.org", password_hash="x", **old)
    make.insert("user_profiles", "user_id", user_id=ada, **old)
    make.comment(ada, make.post(ada, **old), **old)
    section = make.insert("profile_sections", user_id=ada, type="links", title="Links", **old)
    make.insert("section_content", section_id=section, content_type="text", content="Text", **old)
    make.insert("custom_feeds", user_id=ada, name="Videos", **old)
    make.insert("user_lists", user_id=ada, name="Friends", **old)
    make.insert("user_subscriptions", user_id=ada, tier_id=1, current_period_end="2100-01-01T00:00:00Z", **old)
    make.insert("app.user_settings", "user_id", user_id=ada, **old)
    # The counters that these rows moved are not changes either.
    assert make.scalar("SELECT updated_at = %s FROM posts", LONG_AGO)


def test_every_table_with_updated_at_is_tried(connection: psycopg.Connection) -> None:
    found = connection.execute(
        "SELECT table_schema || '.' || table_name FROM information_schema.columns WHERE column_name = 'updated_at'"
        " AND table_schema IN ('public', 'app')"
    )
    assert sorted(name for (name,) in found) == sorted(TABLES)


@pytest.mark.usefixtures("rows")
@pytest.mark.parametrize("table", TABLES)
def test_a_change_moves_it_and_bookkeeping_does_not(connection: psycopg.Connection, make: Factory, table: str) -> None:
    columns = connection.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = to_regclass(%s) AND attnum > 0 AND NOT attisdropped",
        [table],
    ).fetchall()
    for (column,) in columns:
        if column in FIXED:
            continue
        with connection.transaction(force_rollback=True):
            connection.execute(f"UPDATE {table} SET {column} = {column}".encode())
            moved = make.scalar(f"SELECT updated_at > %s FROM {table}", LONG_AGO)
        assert moved == (column not in KEPT_BY_THE_SYSTEM.get(table, set())), column


@pytest.mark.usefixtures("rows")
def test_likes_views_and_replies_do_not_make_a_post_look_edited(connection: psycopg.Connection, make: Factory) -> None:
    ben, its, mine = make.user("ben"), make.scalar("SELECT id FROM posts"), make.scalar("SELECT id FROM comments")
    make.like(ben, its)
    make.insert("reposts", user_id=ben, post_id=its)
    make.comment(ben, its, parent_comment_id=mine)
    connection.execute("UPDATE posts SET views_count = views_count + 1")
    counted = connection.execute(
        "SELECT p.likes_count, p.reposts_count, p.comments_count, p.views_count, c.replies_count,"
        " p.updated_at = %(old)s, c.updated_at = %(old)s FROM posts AS p, comments AS c WHERE c.id = %(id)s",
        {"old": LONG_AGO, "id": mine},
    )
    assert counted.fetchone() == (1, 1, 2, 1, 1, True, True)
