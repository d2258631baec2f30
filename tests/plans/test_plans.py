"""How the hot statements are run on much and skewed data: which index, how many rows, what is sorted.

All in one file, so that one worker fills the crowd once.
"""

from collections.abc import Iterator
from datetime import timedelta
from itertools import product
from typing import LiteralString

import psycopg
import pytest

from bench import crowd
from bench.explain import Mode, explain
from bench.hot import EVERYWHERE, HOT, PAGE, statement
from db.pool import PLANNER
from db.statements import QUERIES, load
from tests.plans.modes import MODES
from tests.schema.test_catalogue import BINDING_INDEXES
from tests.servers import Server, database

pytestmark = pytest.mark.proof

POSTS = 100_000
DEMO_POSTS = 205

HOME_FEED = load("home_feed")["home_feed"]
# Lists that their owner alone sees, and the index that each is read from.
OWN_POSTS = {
    "drafts_by_user_ids": "idx_posts_user_drafts",
    "scheduled_posts_by_user_ids": "idx_posts_user_scheduled",
    "deleted_posts_by_user_ids": "idx_posts_user_deleted",
}
LIMITS = (PAGE, 1)  # a page, and whether there is anything beyond it (docs/adr/0023)
WINDOW = 10  # how many of the newest posts of all the home feed looks at for each person that is followed

# Binding indexes that no hot statement reads, and who asks for them instead.
ASKED_ELSEWHERE: dict[str, LiteralString] = {
    # A recount of comments_count; threads read idx_comments_post_shown, which keeps the blanks.
    "idx_comments_post_created": "SELECT count(*) FROM comments WHERE post_id = 1 AND deleted_at IS NULL",
    # Custom feeds by engagement, one bucket after another (tests/feeds/test_plans.py has the whole statement).
    "idx_posts_engagement_created": (
        "SELECT id FROM posts WHERE status = 'published' AND engagement_bucket BETWEEN 8 AND 8"
        " ORDER BY created_at DESC, id DESC LIMIT 21"
    ),
    # A recount of storage.
    "idx_post_media_user_size": "SELECT type, sum(file_size_bytes) FROM post_media WHERE user_id = 77 GROUP BY type",
    # Operators: which post shows this file, who uses this font, which feeds filter by text.
    "idx_posts_media_urls_gin": """SELECT id FROM posts WHERE media_urls @> '["/media/a"]'""",
    "idx_user_profiles_style_config_gin": """SELECT user_id FROM user_profiles WHERE style_config @> '{"font": "x"}'""",
    "idx_feed_filters_type": "SELECT feed_id FROM feed_filters WHERE type = 'text'",
}


@pytest.fixture(scope="module")
def connection(server: Server, empty_template: str) -> Iterator[psycopg.Connection]:
    """The crowd, seen as the API's own connections see it."""
    with database(server, empty_template) as name:
        crowd.fill(server.url(name), POSTS)
        with psycopg.connect(server.url(name), autocommit=True, options=PLANNER) as opened:
            yield opened


@pytest.fixture(scope="module")
def big_tables(connection: psycopg.Connection) -> set[str]:
    return {name for (name,) in connection.execute("SELECT relname FROM pg_class WHERE reltuples >= 1000")}


def test_the_crowd_is_large_and_skewed(connection: psycopg.Connection, big_tables: set[str]) -> None:
    rows = connection.execute("SELECT reltuples FROM pg_class WHERE oid = 'posts'::regclass").fetchall()
    assert rows == [(DEMO_POSTS + POSTS,)]
    assert {"users", "user_follows", "comments", "messages", "notifications", "list_members"} <= big_tables
    ((most, average),) = connection.execute(
        "SELECT max(n), avg(n) FROM (SELECT count(*) AS n FROM user_follows GROUP BY following_id) AS followers"
    )
    assert most > 20 * average


@pytest.mark.parametrize("limit", LIMITS)
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("direction", ["forward", "backward"])
@pytest.mark.parametrize(
    ("viewer", "followees"), [(crowd.FOLLOWS_100, 100), (crowd.FOLLOWS_1000, 1000), (crowd.FOLLOWS_SILENT, 100)]
)
def test_the_home_feed_costs_what_the_page_costs(
    connection: psycopg.Connection,
    big_tables: set[str],
    viewer: LiteralString,
    followees: int,
    direction: str,
    mode: Mode,
    limit: int,
) -> None:
    query = HOME_FEED.towards(backward=direction == "backward").sql
    given = {**EVERYWHERE, "viewer": crowd.viewer(connection, viewer), "limit": limit}
    plan = explain(connection, query, given, mode)
    assert not plan.scanned_tables & big_tables
    assert "idx_posts_created" in plan.indexes
    assert plan.buffers <= 1200
    # The window, the follows (asked for mutes and for posts that only followers see), and for each candidate of
    # the page its post, author and profile. Nothing that grows with the posts.
    assert plan.rows_touched <= (WINDOW + 6) * followees + 20 * PAGE
    assert plan.sorted_rows <= followees


@pytest.mark.parametrize("limit", LIMITS)
@pytest.mark.parametrize("mode", MODES)
def test_a_deep_page_of_the_home_feed_costs_no_more(
    connection: psycopg.Connection, big_tables: set[str], mode: Mode, limit: int
) -> None:
    middle = connection.execute("SELECT created_at, id FROM posts WHERE id = %s", [POSTS // 2]).fetchall()[0]
    given = {**EVERYWHERE, "viewer": crowd.viewer(connection, crowd.FOLLOWS_100), "limit": limit}
    for backward, side in ((False, "after"), (True, "before")):
        place = {f"{side}_created_at": middle[0], f"{side}_id": middle[1]}
        plan = explain(connection, HOME_FEED.towards(backward=backward).sql, {**given, **place}, mode)
        assert not plan.scanned_tables & big_tables
        assert plan.buffers <= 1200


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", HOT)
def test_a_hot_statement_reads_its_page_from_its_index(
    connection: psycopg.Connection, big_tables: set[str], name: str, mode: Mode
) -> None:
    hot = HOT[name]
    variants = [one for one in (statement(name), statement(name).backward) if one is not None]
    for variant, limit in product(variants, {hot.limit, 1} if "limit" in statement(name).parameters else {hot.limit}):
        plan = explain(connection, variant.sql, {**hot.parameters(connection), "limit": limit}, mode)
        assert hot.indexes <= plan.indexes, variant.name
        assert not plan.scanned_tables & big_tables, variant.name
        assert plan.rows_touched <= hot.rows, variant.name
        # What is sorted is at most a page: rows of one time, or two pages into one.
        assert plan.sorted_rows <= hot.sorted_rows, variant.name


def test_every_page_is_among_the_hot_statements_except_these() -> None:
    """The home feed and authors' own posts have tests of their own above; blocks and mutes are read seldom."""
    statements = [one for file in QUERIES.glob("*.sql") for one in load(file.stem).values()]
    pages = {one.name for one in statements if one.backward is not None}
    assert pages - set(HOT) == {
        *("home_feed", "blocked_users_by_user_ids", "muted_by_user_ids"),
        *("revisions_by_post_ids", *OWN_POSTS),
        # tests/plans/test_search.py
        *("posts_by_search", "users_by_name", "popular_posts", "trending_posts"),
    }


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", OWN_POSTS)
def test_an_author_reads_their_own_posts_from_an_index(
    connection: psycopg.Connection, big_tables: set[str], name: str, mode: Mode
) -> None:
    who = crowd.viewer(connection, "SELECT user_id FROM posts GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1")
    bounds = {"after_due_order": 2**63 - 1, "before_due_order": -(2**63), "grace": timedelta(days=9999)}
    for column in ("updated_at", "deleted_at"):
        bounds |= {f"after_{column}": "infinity", f"before_{column}": "-infinity"}
    given = {**EVERYWHERE, **bounds, "viewer": who, "ids": f"{{{who}}}", "limit": 3}
    for variant in filter(None, (load("authoring")[name], load("authoring")[name].backward)):
        plan = explain(connection, variant.sql, given, mode)
        assert plan.indexes == {OWN_POSTS[name]}
        assert not plan.scanned_tables & big_tables
        assert plan.rows_touched <= 10
        assert plan.sorted_rows == 0


@pytest.mark.parametrize("index", ASKED_ELSEWHERE)
def test_a_rarer_question_has_its_index(connection: psycopg.Connection, index: str) -> None:
    assert index in explain(connection, ASKED_ELSEWHERE[index].encode(), {}).indexes


def test_every_binding_index_is_used_by_a_statement() -> None:
    asked = {index for hot in HOT.values() for index in hot.indexes} | {"idx_posts_user_created"}
    assert set(BINDING_INDEXES) == (asked & set(BINDING_INDEXES)) | set(ASKED_ELSEWHERE)
    assert not asked & set(ASKED_ELSEWHERE)
