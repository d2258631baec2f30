"""How the statement is run when there is much: by the index of its sort, reading little more than the page."""

import re
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg import sql

from db.documents.feed_filters import AuthorFilter, EngagementFilter, FeedFilter, Metric, TagFilter, TextFilter
from db.documents.feed_rules import FeedRules, FeedScope, FeedSort, FilterGroup, Match
from db.feeds import BOUNDS, Bounds, FeedPage, compile_feed
from db.feeds.other_feeds import OpenedFilter
from tests.servers import Server, database

PAGE = 21


@pytest.fixture(scope="module")
def crowd(server: Server, feed_crowd_template: str) -> Iterator[psycopg.Connection]:
    with (
        database(server, feed_crowd_template) as name,
        psycopg.connect(server.url(name), autocommit=True) as connection,
    ):
        connection.prepare_threshold = None  # this test prepares by itself
        yield connection


def explain(
    connection: psycopg.Connection, rules: FeedRules, page: FeedPage, mode: str, bounds: Bounds = BOUNDS
) -> list[dict[str, Any]]:
    """The nodes of the plan that ran, as the server caches it (`force_generic_plan`) or for these parameters."""
    statement = compile_feed(rules, page, viewer=1, me=1, bounds=bounds)
    query = statement.query.as_string()
    names = list(dict.fromkeys(re.findall(r"%\((\w+)\)s", query)))
    text = re.sub(r"%\((\w+)\)s", lambda found: f"${names.index(found[1]) + 1}", query)
    values = sql.SQL(", ").join(sql.Literal(statement.parameters[name]) for name in names)
    connection.execute("DEALLOCATE ALL")
    connection.execute(sql.SQL("SET plan_cache_mode = {}").format(sql.Literal(mode)))
    connection.execute(b"PREPARE feed AS " + text.encode())
    explained = connection.execute(sql.SQL("EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE feed ({})").format(values))
    ((plans,),) = explained.fetchall()
    return list(nodes(plans[0]["Plan"]))


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", ()):
        yield from nodes(part)


def posts_read(plan: list[dict[str, Any]]) -> dict[str, float]:
    """How many rows of public.posts each index found; a scan of the whole table counts as "Seq Scan"."""
    read: dict[str, float] = {}
    for node in plan:
        if node["Actual Loops"] == 0:
            continue
        how = node.get("Index Name", node["Node Type"])
        if how.startswith(("idx_posts_", "posts_")) or (how == "Seq Scan" and node["Relation Name"] == "posts"):
            found = node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
            read[how] = read.get(how, 0) + round(found * node["Actual Loops"])
    return read


@pytest.mark.parametrize("mode", ["force_custom_plan", "force_generic_plan"])
@pytest.mark.parametrize("scope", FeedScope)
@pytest.mark.parametrize("is_deep", [False, True])
def test_a_recent_feed_walks_the_time_index(
    crowd: psycopg.Connection, mode: str, scope: FeedScope, *, is_deep: bool
) -> None:
    middle = crowd.execute("SELECT created_at, id FROM posts WHERE id = 30000").fetchall()[0]
    plan = explain(crowd, FeedRules(scope=scope), FeedPage(PAGE, after=middle if is_deep else None), mode)
    read = posts_read(plan)
    # Each post of the page is looked up once more, to ask whether it may be seen.
    assert set(read) == {"idx_posts_created", "posts_pkey"}
    assert read["idx_posts_created"] <= 20 * PAGE
    assert read["posts_pkey"] <= 3 * PAGE
    ran = [node for node in plan if node["Actual Loops"] and node["Actual Rows"]]
    assert not [node for node in ran if node["Node Type"] == "Sort" and node["Actual Rows"] > PAGE]


@pytest.mark.parametrize("mode", ["force_custom_plan", "force_generic_plan"])
@pytest.mark.parametrize(
    ("engagement", "lowest"),
    [(None, 31), (20, 7), (3, 1)],  # from the top, from the middle, from where most posts are
)
def test_an_engagement_feed_reads_the_buckets_of_its_page_only(
    crowd: psycopg.Connection, mode: str, engagement: int | None, lowest: int
) -> None:
    beginning = "SELECT likes_count + comments_count, created_at, id FROM posts WHERE likes_count + comments_count = %s"
    after = None if engagement is None else crowd.execute(beginning, [engagement]).fetchall()[0]
    plan = explain(crowd, FeedRules(sort=FeedSort.ENGAGEMENT), FeedPage(PAGE, after=after), mode)
    highest = 10_000 if engagement is None else 2 * engagement + 1
    there = "SELECT count(*) FROM posts WHERE likes_count + comments_count BETWEEN %s AND %s"
    ((most,),) = crowd.execute(there, [lowest, highest]).fetchall()
    read = posts_read(plan)
    assert list(read) == ["idx_posts_engagement_created"]
    one_for_the_highest_bucket = 1
    assert PAGE <= read["idx_posts_engagement_created"] <= most + one_for_the_highest_bucket < 60_000


@pytest.mark.parametrize("mode", ["force_custom_plan", "force_generic_plan"])
@pytest.mark.parametrize("likes", [None, 20])
def test_a_popular_feed_reads_the_posts_with_as_much_engagement(
    crowd: psycopg.Connection, mode: str, likes: int | None
) -> None:
    beginning = "SELECT likes_count, created_at, id FROM posts WHERE likes_count = %s"
    after = None if likes is None else crowd.execute(beginning, [likes]).fetchall()[0]
    read = posts_read(explain(crowd, FeedRules(sort=FeedSort.POPULAR), FeedPage(PAGE, after=after), mode))
    assert list(read) == ["idx_posts_engagement_created"]
    assert PAGE <= read["idx_posts_engagement_created"] <= 30 * PAGE


@pytest.mark.parametrize("metric", Metric)
def test_a_feed_of_what_hardly_any_post_reaches_reads_no_others(crowd: psycopg.Connection, metric: Metric) -> None:
    rules = FeedRules(groups=(FilterGroup(filters=(EngagementFilter(metric=metric, at_least=100_000),)),))
    read = posts_read(explain(crowd, rules, FeedPage(PAGE), "force_custom_plan"))
    assert read.pop("idx_posts_created") <= 2 * (BOUNDS.near + 1)
    assert read == {"idx_posts_engagement_created": 0}


@pytest.mark.parametrize("mode", ["force_custom_plan", "force_generic_plan"])
@pytest.mark.parametrize("sort", FeedSort)
@pytest.mark.parametrize(
    ("one", "found"),
    [
        (TextFilter(contains="nobody wrote"), 0),
        (TagFilter(tag="nobody"), 0),
        (TextFilter(contains="olden"), 30),
        (TagFilter(tag="old"), 30),
        (TextFilter(contains="hidden"), 5_000),
        (TagFilter(tag="hidden"), 5_000),
    ],
)
def test_a_feed_of_what_is_rare_reads_what_the_index_finds(
    crowd: psycopg.Connection, sort: FeedSort, mode: str, one: FeedFilter, found: int
) -> None:
    rules = FeedRules(sort=sort, groups=(FilterGroup(filters=(one,)),))
    plan = explain(crowd, rules, FeedPage(PAGE), mode)
    read = posts_read(plan)
    if sort is FeedSort.RECENT:
        passed_by = BOUNDS.hidden if found > BOUNDS.reach else 0  # hidden posts where the page stops
        assert read.pop("idx_posts_created") <= 2 * (BOUNDS.near + 1) + passed_by
        looked_at = min(found, BOUNDS.reach) + passed_by
    else:
        in_buckets = read.pop("idx_posts_engagement_created")
        assert in_buckets <= 34 * BOUNDS.per_bucket
        looked_at = found + min(found, in_buckets)
    # Each that the index finds is read, and once more to ask whether it may be seen.
    assert sum(read.values()) <= 2 * looked_at
    assert "Seq Scan" not in read


@pytest.mark.parametrize("mode", ["force_custom_plan", "force_generic_plan"])
def test_rules_that_no_index_narrows_down_end_with_a_stop(crowd: psycopg.Connection, mode: str) -> None:
    rules = FeedRules(groups=(FilterGroup(filters=(TextFilter(contains="~~"),)),))
    bounds = BOUNDS._replace(near=100, middle=1_000)
    read = posts_read(explain(crowd, rules, FeedPage(PAGE), mode, bounds))
    assert read == {"idx_posts_created": 100 + 101 + 1_000 + 1, "posts_pkey": 1}
    statement = compile_feed(rules, FeedPage(PAGE), viewer=1, me=1, bounds=bounds)
    rows = crowd.execute(statement.query, statement.parameters).fetchall()
    assert [row[-1] for row in rows] == [True]


@pytest.mark.parametrize("mode", ["force_custom_plan", "force_generic_plan"])
@pytest.mark.parametrize("sort", [FeedSort.POPULAR, FeedSort.ENGAGEMENT])
def test_what_a_common_tag_has_most_of_is_among_the_first(crowd: psycopg.Connection, sort: FeedSort, mode: str) -> None:
    rules = FeedRules(sort=sort, groups=(FilterGroup(filters=(TagFilter(tag="common"),)),))
    bounds = BOUNDS._replace(per_bucket=20, top=600)
    read = posts_read(explain(crowd, rules, FeedPage(PAGE), mode, bounds))
    assert set(read) == {"idx_posts_engagement_created", "posts_pkey"}
    assert read["idx_posts_engagement_created"] <= 34 * 20 + 600
    assert read["posts_pkey"] <= 5 * PAGE


@pytest.mark.parametrize("mode", ["force_custom_plan", "force_generic_plan"])
@pytest.mark.parametrize("sort", [FeedSort.POPULAR, FeedSort.ENGAGEMENT])
def test_the_best_posts_of_a_few_authors_are_found_among_theirs(
    crowd: psycopg.Connection, sort: FeedSort, mode: str
) -> None:
    authors = (AuthorFilter(users=(2, 300, 400)),)
    for rules in (
        FeedRules(sort=sort, groups=(FilterGroup(filters=authors),)),
        FeedRules(sort=sort, groups=(FilterGroup(match=Match.ANY, filters=authors),)),
    ):
        ((theirs,),) = crowd.execute("SELECT count(*) FROM posts WHERE user_id IN (2, 300, 400)").fetchall()
        read = posts_read(explain(crowd, rules, FeedPage(PAGE), mode))
        assert set(read) <= {"idx_posts_user_created", "Bitmap Heap Scan"}
        assert PAGE < read["idx_posts_user_created"] <= theirs


@pytest.mark.parametrize("sort", FeedSort)
@pytest.mark.parametrize(
    "one",
    [
        TagFilter(tag="old"),
        TextFilter(contains="nobody wrote"),
        AuthorFilter(users=(2, 300, 400)),
        EngagementFilter(metric=Metric.LIKES, at_least=100_000),
    ],
)
def test_another_feed_reads_what_its_own_rules_read(crowd: psycopg.Connection, sort: FeedSort, one: FeedFilter) -> None:
    own = FeedRules(groups=(FilterGroup(filters=(one,)),))
    other = FeedRules(sort=sort, groups=(FilterGroup(filters=(OpenedFilter(feed_id=1, rules=own),)),))
    plain = own.model_copy(update={"sort": sort})
    read = [posts_read(explain(crowd, rules, FeedPage(PAGE), "force_custom_plan")) for rules in (plain, other)]
    assert read[0] == read[1]


@pytest.mark.parametrize("sort", [FeedSort.RECENT, FeedSort.POPULAR])
def test_a_feed_of_one_that_is_gone_reads_the_first_tier_alone(crowd: psycopg.Connection, sort: FeedSort) -> None:
    rules = FeedRules(sort=sort, groups=(FilterGroup(filters=(OpenedFilter(feed_id=1),)),))
    read = posts_read(explain(crowd, rules, FeedPage(PAGE), "force_custom_plan"))
    assert sum(read.values()) <= max(2 * (BOUNDS.near + 1), 34 * BOUNDS.per_bucket)


# As many as that, of whom one has written: the planner must not read them for a page.
_OPT_OUTS = b"""
SET LOCAL session_replication_role = replica;
INSERT INTO app.feed_opt_outs (user_id) SELECT n FROM generate_series(1000, 60000) AS n;
INSERT INTO app.feed_opt_outs (user_id) VALUES (102);
ANALYZE app.feed_opt_outs;
"""


@pytest.mark.parametrize("mode", ["force_custom_plan", "force_generic_plan"])
@pytest.mark.parametrize("sort", FeedSort)
def test_who_opted_out_is_looked_up_post_by_post(crowd: psycopg.Connection, mode: str, sort: FeedSort) -> None:
    for filters in ((), (TagFilter(tag="common"),)):
        rules = FeedRules(sort=sort, groups=tuple(FilterGroup(filters=(one,)) for one in filters))
        before = posts_read(explain(crowd, rules, FeedPage(PAGE), mode))
        with crowd.transaction(force_rollback=True):
            crowd.execute(_OPT_OUTS)
            plan = explain(crowd, rules, FeedPage(PAGE), mode)
        asked = [one for one in plan if one.get("Relation Name") == "feed_opt_outs" and one["Actual Loops"]]
        assert {one["Index Name"] for one in asked} == {"feed_opt_outs_pkey"}
        assert sum(one["Actual Loops"] for one in asked) <= 2 * sum(before.values())
        assert all(one["Actual Rows"] <= 1 for one in asked)
        # A page without the posts of one person reads a few others.
        assert sum(posts_read(plan).values()) <= 1.5 * sum(before.values()) + PAGE


@pytest.mark.parametrize("mode", ["force_custom_plan", "force_generic_plan"])
def test_a_feed_of_somebody_who_opted_out_reads_none_of_their_posts(crowd: psycopg.Connection, mode: str) -> None:
    """Beyond the newest posts of all."""
    rules = FeedRules(groups=(FilterGroup(filters=(AuthorFilter(users=(102,)),)),))
    few = BOUNDS._replace(near=1)
    assert posts_read(explain(crowd, rules, FeedPage(PAGE), mode, few))["idx_posts_user_created"] >= PAGE
    with crowd.transaction(force_rollback=True):
        crowd.execute(_OPT_OUTS)
        assert "idx_posts_user_created" not in posts_read(explain(crowd, rules, FeedPage(PAGE), mode, few))
