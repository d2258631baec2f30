"""What muted words cost depends on the posts that are looked at, and on nothing that others mute."""

from collections.abc import Iterator

import psycopg
import pytest

from bench.explain import Mode, Plan, explain
from db.documents.feed_filters import TagFilter
from db.documents.feed_rules import FeedRules, FeedSort, FilterGroup
from db.feeds import BOUNDS, FeedPage, MutePatterns, compile_feed, compile_outcomes
from db.feeds.statement import FeedStatement
from db.pool import PLANNER
from db.statements import composed, load
from tests.plans.modes import CUSTOM, MODES
from tests.servers import Server, database

pytestmark = pytest.mark.proof

PAGE, BATCH, WORDS, PICTURES = 21, 100, 100, 10
# Both follow a hundred people and have written nothing. One mutes rare words, the other one also what most posts have.
SOMEBODY, NEARLY_ALL = 1001, 1002
SMALL = BOUNDS._replace(near=200, middle=2_000, hidden=200, reach=200)

# Five hundred people more mute as many words as one may. One post in forty has ten pictures.
FILL = """
INSERT INTO users (id, username, email, password_hash, status) OVERRIDING SYSTEM VALUE
SELECT n, 'user_' || n, 'user_' || n || '@example.org', 'x', 'active' FROM generate_series(1001, 11000) AS n;
INSERT INTO user_profiles (user_id) SELECT generate_series(1001, 11000);
INSERT INTO user_follows (follower_id, following_id)
SELECT who, n FROM generate_series(1001, 1002) AS who, generate_series(2, 101) AS n;
INSERT INTO app.mute_words (user_id, word, whole_word, except_followed)
SELECT who, 'rare ' || n, n % 2 = 0, n % 3 = 0
FROM (SELECT generate_series(1, 500) UNION SELECT 1001 UNION SELECT 1002) AS people (who), generate_series(1, 99) AS n;
INSERT INTO app.mute_words (user_id, word) VALUES (1001, 'rarest'), (1002, 'post');
INSERT INTO post_media
    (post_id, user_id, type, file_url, object_key, file_size_bytes, mime_type, display_order, alt_text)
SELECT id, user_id, 'image', '/media/a', id || '-' || n, 1000, 'image/png', n, 'A picture'
FROM posts, generate_series(1, 10) AS n WHERE id % 40 = 0;
"""


@pytest.fixture(scope="module")
def crowd(server: Server, feed_crowd_template: str) -> Iterator[psycopg.Connection]:
    with (
        database(server, feed_crowd_template) as name,
        psycopg.connect(server.url(name), autocommit=True, options=PLANNER) as connection,
    ):
        connection.execute(FILL.encode())
        connection.execute(b"VACUUM ANALYZE")
        yield connection


def words_of(crowd: psycopg.Connection, viewer: int) -> MutePatterns:
    (row,) = crowd.execute(load("mute_words")["mute_patterns"].sql, {"viewer": viewer}).fetchall()
    return MutePatterns(*row)


def feed(viewer: int, rules: FeedRules, words: MutePatterns | None) -> FeedStatement:
    return compile_feed(rules, FeedPage(PAGE), viewer=viewer, me=viewer, words=words, bounds=SMALL)


def plan_of(crowd: psycopg.Connection, found: FeedStatement) -> Plan:
    return explain(crowd, composed(found.name, found.query.as_bytes(None), found.parameters).sql, {}, CUSTOM)


def rows_read(plan: Plan, table: str) -> int:
    """Of all scans, kept or not."""
    return sum(
        round((node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"])
        for node in plan.nodes
        if node.get("Relation Name") == table and node["Actual Loops"]
    )


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", ["mute_patterns", "mute_words_by_user_ids", "mute_words_by_ids"])
def test_only_the_words_of_the_viewer_are_read(crowd: psycopg.Connection, name: str, mode: Mode) -> None:
    statement = load("mute_words")[name]
    words = crowd.execute("SELECT array_agg(id)::text FROM app.mute_words WHERE user_id = 1001").fetchall()
    given = {"viewer": SOMEBODY, "ids": words[0][0] if name == "mute_words_by_ids" else f"{{{SOMEBODY}}}"}
    plan = explain(crowd, statement.sql, {one: given[one] for one in statement.parameters}, mode)
    assert plan.indexes <= {"mute_words_word_key", "mute_words_pkey"}
    assert not plan.scanned_tables
    assert plan.rows_touched == WORDS
    assert plan.buffers <= 4 * WORDS


@pytest.mark.parametrize("mode", MODES)
def test_the_texts_of_a_page_are_read_by_index(crowd: psycopg.Connection, mode: Mode) -> None:
    """The longest page, and as many pictures as a post may have."""
    ids = ",".join(str(40 * n) for n in range(1, BATCH + 1))
    given = {"ids": f"{{{ids}}}", "pattern": words_of(crowd, SOMEBODY).of_others}
    plan = explain(crowd, load("mute_words")["muted_posts_by_ids"].sql, given, mode)
    assert plan.indexes == {"posts_pkey", "idx_post_media_post_order"}
    assert not plan.scanned_tables
    assert plan.rows_touched == BATCH + BATCH * PICTURES
    assert plan.buffers <= 4 * BATCH + BATCH * (3 + PICTURES)


@pytest.mark.parametrize("sort", FeedSort)
def test_rare_words_cost_a_look_at_each_post_that_a_feed_reads(crowd: psycopg.Connection, sort: FeedSort) -> None:
    rules = FeedRules(sort=sort)
    plain = plan_of(crowd, feed(SOMEBODY, rules, None))
    plan = plan_of(crowd, feed(SOMEBODY, rules, words_of(crowd, SOMEBODY)))
    posts = rows_read(plan, "posts")
    assert not plan.scanned_tables & {"posts", "post_media", "users"}
    assert posts <= rows_read(plain, "posts") + PAGE
    assert rows_read(plan, "mute_words") == 0  # they are in the statement
    assert rows_read(plan, "post_media") <= posts * PICTURES
    assert plan.buffers <= plain.buffers + 6 * posts


@pytest.mark.parametrize("tag", [None, "common", "hidden"])
def test_a_page_by_time_ends_although_nearly_all_is_muted(crowd: psycopg.Connection, tag: str | None) -> None:
    groups = () if tag is None else (FilterGroup(filters=(TagFilter(tag=tag),)),)
    found = feed(NEARLY_ALL, FeedRules(groups=groups), words_of(crowd, NEARLY_ALL))
    rows = crowd.execute(found.query, found.parameters).fetchall()
    plan = plan_of(crowd, found)
    assert [row[-1] for row in rows] == [True]  # a stop
    assert not plan.scanned_tables & {"posts", "post_media"}
    # Each tier once, and most of its posts once more to ask whether they may be seen.
    posts = 2 * (SMALL.near + 1) + SMALL.hidden + (SMALL.reach if tag else SMALL.middle + 1)
    assert rows_read(plan, "posts") <= 2 * posts
    assert plan.buffers <= 10 * posts


@pytest.mark.parametrize("viewer", [SOMEBODY, NEARLY_ALL])
def test_which_word_mutes_a_post_is_asked_of_muted_posts_alone(crowd: psycopg.Connection, viewer: int) -> None:
    newest = "SELECT id FROM posts WHERE content LIKE 'Post%' ORDER BY created_at DESC LIMIT 100"
    ids = [post for (post,) in crowd.execute(newest).fetchall()]
    found = compile_outcomes(FeedRules(), ids, viewer=viewer, me=viewer, words=words_of(crowd, viewer))
    plan = plan_of(crowd, found)
    assert plan.rows <= BATCH
    assert not plan.scanned_tables & {"posts", "post_media", "mute_words"}
    assert rows_read(plan, "mute_words") == (plan.rows * WORDS if viewer == NEARLY_ALL else 0)
    assert rows_read(plan, "posts") <= 3 * BATCH
