"""What is noted of seen posts costs the same however many those are; and a feed that leaves them out stays bounded."""

from collections.abc import Iterator
from itertools import islice

import psycopg
import pytest

from bench.explain import Mode, Plan, explain
from db.documents.feed_filters import FeedFilter, TagFilter, TextFilter
from db.documents.feed_rules import FeedRules, FeedSort, FilterGroup
from db.feeds import BOUNDS, FeedPage, FeedPost, compile_feed
from db.pool import PLANNER
from db.queries.seen_posts import MOST_REMEMBERED
from db.statements import composed, load
from tests.plans.modes import MODES
from tests.servers import Server, database

pytestmark = pytest.mark.proof

PAGE, BATCH = 21, 100
NEW, SEEN, OTHER = 1, 2, 3  # has seen nothing, the newest posts, the best posts

# Forty people more have seen as much as is remembered, of whichever posts.
FILL = """
INSERT INTO app.seen_posts (user_id, post_id, mark)
SELECT 2, id, row_number() OVER (ORDER BY created_at) FROM (
    SELECT * FROM posts WHERE status = 'published' ORDER BY created_at DESC, id DESC LIMIT 10000) AS newest;
INSERT INTO app.seen_posts (user_id, post_id, mark)
SELECT 3, id, row_number() OVER (ORDER BY id) FROM (
    SELECT * FROM posts ORDER BY engagement_bucket DESC, created_at DESC, id DESC LIMIT 10000) AS best;
INSERT INTO app.seen_posts (user_id, post_id, mark)
SELECT person, (person * 997 + n * 5) % 65000, n
FROM generate_series(401, 440) AS person, generate_series(1, 10000) AS n
ON CONFLICT DO NOTHING;
INSERT INTO app.seen_marks (user_id, latest) SELECT user_id, max(mark) FROM app.seen_posts GROUP BY user_id;
"""


@pytest.fixture(scope="module")
def crowd(server: Server, feed_crowd_template: str) -> Iterator[psycopg.Connection]:
    with (
        database(server, feed_crowd_template) as name,
        psycopg.connect(server.url(name), autocommit=True, options=PLANNER) as connection,
    ):
        connection.execute(FILL.encode())
        connection.execute("VACUUM ANALYZE")
        yield connection


def feed_plan(
    connection: psycopg.Connection, rules: FeedRules, viewer: int, page: FeedPage
) -> tuple[Plan, list[FeedPost]]:
    found = compile_feed(rules, page, viewer=viewer, me=viewer)
    query = composed(found.name, found.query.as_bytes(None), found.parameters).sql
    rows = [FeedPost(*row) for row in connection.execute(query).fetchall()]
    return explain(connection, query, {}), rows


def looked_up(plan: Plan) -> tuple[int, int]:
    """How often a seen post was looked for, and how many were found; each by itself."""
    nodes = [node for node in plan.nodes if node.get("Relation Name") == "seen_posts" and node["Actual Loops"]]
    assert {node.get("Index Name") for node in nodes} <= {"seen_posts_pkey"}
    assert all(node["Actual Rows"] <= 1 for node in nodes)
    return sum(node["Actual Loops"] for node in nodes), sum(
        round(node["Actual Rows"] * node["Actual Loops"]) for node in nodes
    )


def tagged(tag: str) -> FilterGroup:
    return FilterGroup(filters=(TagFilter(tag=tag),))


def test_who_has_seen_nothing_pays_a_look_up_for_each_post_of_the_page(crowd: psycopg.Connection) -> None:
    plain, expected = feed_plan(crowd, FeedRules(), NEW, FeedPage(PAGE))
    plan, rows = feed_plan(crowd, FeedRules(unseen_only=True), NEW, FeedPage(PAGE))
    assert rows == expected
    assert looked_up(plan)[0] <= 2 * PAGE
    assert plan.buffers <= plain.buffers + 4 * 2 * PAGE


def test_what_was_seen_since_statistics_were_gathered_is_looked_up_too(crowd: psycopg.Connection) -> None:
    """Nobody has vacuumed either: then no index is read without its table, and all on user_id cost the same."""
    with crowd.transaction(force_rollback=True):
        crowd.execute("UPDATE pg_class SET relallvisible = 0 WHERE oid = 'app.seen_posts'::regclass")
        since = b"INSERT INTO app.seen_posts SELECT %s, post_id, mark FROM app.seen_posts WHERE user_id = %s"
        crowd.execute(since, [NEW, SEEN])
        plan, rows = feed_plan(crowd, FeedRules(unseen_only=True), NEW, FeedPage(PAGE))
        assert rows == list(islice(unseen_of_all(crowd, FeedRules(), NEW), PAGE))
    asked, found = looked_up(plan)
    assert found <= 2 * MOST_REMEMBERED
    assert asked - found <= 2 * PAGE + BOUNDS.near


@pytest.mark.parametrize(
    "one", [None, TagFilter(tag="common"), TextFilter(contains="post 1"), TextFilter(contains="~~")]
)
@pytest.mark.parametrize("viewer", [SEEN, OTHER])
def test_a_page_by_time_looks_behind_all_that_was_seen(
    crowd: psycopg.Connection, viewer: int, one: FeedFilter | None
) -> None:
    rules = FeedRules(groups=() if one is None else (FilterGroup(filters=(one,)),))
    plain, _ = feed_plan(crowd, rules, viewer, FeedPage(PAGE))
    plan, rows = feed_plan(crowd, rules.model_copy(update={"unseen_only": True}), viewer, FeedPage(PAGE))
    expected = unseen_of_all(crowd, rules, viewer)
    if not rows[-1].is_stop:
        assert rows == list(islice(expected, PAGE))
    asked, found = looked_up(plan)
    assert found <= 2 * MOST_REMEMBERED  # in two tiers
    assert asked - found <= 2 * PAGE + BOUNDS.near
    # A look-up is a descent of three pages, and each post that is passed over is a row of its table.
    assert plan.buffers <= plain.buffers + 5 * (BOUNDS.near + MOST_REMEMBERED + 4 * PAGE)


@pytest.mark.parametrize("groups", [(), (tagged("common"),)])
@pytest.mark.parametrize("sort", [FeedSort.POPULAR, FeedSort.ENGAGEMENT, FeedSort.SCORE])
@pytest.mark.parametrize("viewer", [SEEN, OTHER])
def test_a_page_by_score_looks_behind_all_that_was_seen(
    crowd: psycopg.Connection, viewer: int, sort: FeedSort, groups: tuple[FilterGroup, ...]
) -> None:
    rules = FeedRules(sort=sort, groups=groups)
    plan, rows = feed_plan(crowd, rules.model_copy(update={"unseen_only": True}), viewer, FeedPage(PAGE))
    assert rows == list(islice(unseen_of_all(crowd, rules, viewer), PAGE))
    asked, found = looked_up(plan)
    # Each post of a tier is looked for once, and of those that were seen there are no more in it than there are.
    assert found <= 3 * MOST_REMEMBERED
    assert asked - found <= 34 * BOUNDS.per_bucket + BOUNDS.top
    # As if the page had begun behind what was seen, which is read as well; and for each look-up three pages and a row.
    last = rows[0]
    deep, _ = feed_plan(crowd, rules, viewer, FeedPage(PAGE, after=(last.score or 0, last.created_at, last.id)))
    assert plan.buffers <= deep.buffers + 6 * MOST_REMEMBERED + 5 * asked


def unseen_of_all(connection: psycopg.Connection, rules: FeedRules, viewer: int) -> Iterator[FeedPost]:
    """The whole feed without the rule, and then without what was seen."""
    seen = {post for (post,) in connection.execute("SELECT post_id FROM app.seen_posts WHERE user_id = %s", [viewer])}
    found = compile_feed(rules, FeedPage(100_000), viewer=viewer, me=viewer)
    rows = connection.execute(composed(found.name, found.query.as_bytes(None), found.parameters).sql).fetchall()
    return (post for row in rows if (post := FeedPost(*row)).id not in seen and not post.is_stop)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", ["mark_seen", "seen_posts_by_ids", "latest_mark"])
def test_what_is_noted_costs_as_much_as_the_batch(crowd: psycopg.Connection, name: str, mode: Mode) -> None:
    """Half of the batch is known; as many go as come."""
    known = crowd.execute("SELECT post_id FROM app.seen_posts WHERE user_id = 2 LIMIT 50").fetchall()
    fresh = crowd.execute("SELECT id FROM posts ORDER BY created_at LIMIT 50").fetchall()
    ids = ",".join(str(post) for (post,) in [*known, *fresh])
    statement = load("seen_posts")[name]
    given = {"viewer": SEEN, "ids": f"{{{ids}}}", "kept": MOST_REMEMBERED}
    with crowd.transaction(force_rollback=True):
        needed = {one: given[one] for one in statement.parameters}
        plan = explain(crowd, statement.sql, needed, mode)
        assert not plan.scanned_tables & {"posts", "seen_posts"}
        assert plan.rows_touched <= 6 * BATCH
        assert plan.buffers <= 10 * BATCH
        if name == "mark_seen":
            assert crowd.execute("SELECT count(*) FROM app.seen_posts WHERE user_id = 2").fetchone() == (10_000,)
