"""Custom feeds as people build them, for the crowd: of what is common, what is rare and what is sorted.

`make bench-feeds` walks ten pages of each, of a million posts. The server is a temporary one, in memory and without
fsync; each statement is planned anew, as the API does.
"""

import os
import platform
import statistics
import time
from collections.abc import Mapping

import psycopg
from psycopg.rows import class_row

from bench import crowd
from bench.crowd import FOLLOWS_100, viewer
from bench.hot import PAGE
from db.documents.feed_filters import (
    AuthorFilter,
    EngagementFilter,
    FeedFilter,
    LanguageFilter,
    Metric,
    PostTypeFilter,
    TagFilter,
    TextFilter,
)
from db.documents.feed_rules import FeedRules, FeedScope, FeedSort, FilterGroup, Match
from db.embedded.server import temporary_server
from db.enums import PostType
from db.feeds import FeedPage, FeedPost, compile_counts, compile_feed
from db.migrations.migrate import upgrade
from db.pool import PLANNER

MILLION = 1_000_000
PAGES = 10
RECENT, POPULAR, ENGAGEMENT, SCORE = FeedSort


def _feed(*filters: FeedFilter, sort: FeedSort = RECENT, match: Match = Match.ALL) -> FeedRules:
    return FeedRules(groups=(FilterGroup(match=match, filters=filters),) if filters else (), sort=sort)


# Nearly every fifth post has the first tag, one in six hundred the second, one in four thousand the third.
_COMMON, _RARE, _RARER, _NONE = (TagFilter(tag=tag) for tag in ("bread", "recipe2", "cargo5", "tag_x"))
_THREE = AuthorFilter(users=(116, 117, 118))  # who came first after the demo people, and write most
_VIDEOS = PostTypeFilter(types=(PostType.VIDEO_SHORT, PostType.VIDEO_LONG))

FEEDS: Mapping[str, FeedRules] = {
    "everything": _feed(),
    "everything, popular": _feed(sort=POPULAR),
    "everything, by engagement": _feed(sort=ENGAGEMENT),
    "everything, by score": _feed(sort=SCORE),
    "a common tag": _feed(_COMMON),
    "a common tag, popular": _feed(_COMMON, sort=POPULAR),
    "a common tag, by engagement": _feed(_COMMON, sort=ENGAGEMENT),
    "a common tag, by score": _feed(_COMMON, sort=SCORE),
    "a rare tag": _feed(_RARE),
    "a rare tag, popular": _feed(_RARE, sort=POPULAR),
    "a rare tag, by engagement": _feed(_RARE, sort=ENGAGEMENT),
    "a rare tag, by score": _feed(_RARE, sort=SCORE),
    "any of two rare tags": _feed(_RARE, _RARER, match=Match.ANY),
    "a tag that nobody uses": _feed(_NONE),
    "none of a common tag": _feed(_COMMON, match=Match.NONE),
    "three authors": _feed(_THREE),
    "three authors, popular": _feed(_THREE, sort=POPULAR),
    "100 followees, popular": FeedRules(scope=FeedScope.FOLLOWING, sort=POPULAR),
    "videos": _feed(_VIDEOS),
    "videos, popular": _feed(_VIDEOS, sort=POPULAR),
    "100 likes at least": _feed(EngagementFilter(metric=Metric.LIKES, at_least=100)),
    "a million likes at least": _feed(EngagementFilter(metric=Metric.LIKES, at_least=1_000_000)),
    "a text that most posts have": _feed(TextFilter(contains="the")),
    "a text that no post has": _feed(TextFilter(contains="no such words")),
    "a text that no post has, popular": _feed(TextFilter(contains="no such words"), sort=POPULAR),
    "a text that no post has, by score": _feed(TextFilter(contains="no such words"), sort=SCORE),
    "a text that a few posts have": _feed(TextFilter(contains="cargo5")),
    "two characters that no post has": _feed(TextFilter(contains="~~")),
    "two characters that no post has, popular": _feed(TextFilter(contains="~~"), sort=POPULAR),
    "a language that nobody writes": _feed(LanguageFilter(any_of=("tlh",))),
    "three authors, by score": _feed(_THREE, sort=SCORE),
}


def statement(connection: psycopg.Connection, rules: FeedRules) -> bytes:
    """The first page, with its values written into it as the API does."""
    me = viewer(connection, FOLLOWS_100)
    compiled = compile_feed(rules, FeedPage(PAGE), viewer=me, me=me)
    return psycopg.ClientCursor(connection).mogrify(compiled.query, compiled.parameters).encode()


def main() -> None:
    posts = round(float(os.environ.get("SCALE", "1")) * MILLION)
    with temporary_server() as server:
        with psycopg.connect(server.url("postgres"), autocommit=True) as outside:
            outside.execute("CREATE DATABASE feeds")
        url = server.url("feeds")
        upgrade(url)
        crowd.fill(url, posts)
        with psycopg.connect(url, autocommit=True, options=PLANNER) as connection:
            _describe(connection)
            print("| feed | p50 ms | p95 ms | most ms | stops |\n|---|---|---|---|---|")
            for name, rules in FEEDS.items():
                taken, stops = _walk(connection, rules)
                p95 = statistics.quantiles(taken, n=20)[-1]
                print(
                    f"| {name} | {statistics.median(taken):.1f} | {p95:.1f} | {max(taken):.1f} | {stops} |", flush=True
                )
            print("\n| preview's counts | p50 ms | p95 ms | most ms |\n|---|---|---|---|")
            counted = [_counted(connection, rules) for rules in FEEDS.values() for _ in range(3)]
            p95 = statistics.quantiles(counted, n=20)[-1]
            print(f"| of each of these | {statistics.median(counted):.1f} | {p95:.1f} | {max(counted):.1f} |")


def _describe(connection: psycopg.Connection) -> None:
    ((posts, people, table, index),) = connection.execute(
        "SELECT (SELECT count(*) FROM posts), (SELECT count(*) FROM users),"
        " pg_size_pretty(pg_table_size('app.post_search')),"
        " pg_size_pretty(pg_relation_size('app.idx_post_search_texts'))"
    )
    version = connection.info.server_version // 10_000
    print(f"\n## Custom feeds: {posts:,} posts, {people:,} people")
    print(f"PostgreSQL {version}, {os.cpu_count()} cores, {platform.machine()}.")
    print(f"app.post_search {table}, its index {index}.\n", flush=True)


def _walk(connection: psycopg.Connection, rules: FeedRules) -> tuple[list[float], int]:
    """Milliseconds of the first ten pages, signed in and out, and how many of them ended with a stop."""
    taken: list[float] = []
    stops = 0
    for who in (viewer(connection, FOLLOWS_100), None):
        after = None
        for _ in range(PAGES):
            compiled = compile_feed(rules, FeedPage(PAGE, after=after), viewer=who, me=who)
            query = psycopg.ClientCursor(connection).mogrify(compiled.query, compiled.parameters)
            started = time.perf_counter()
            with connection.cursor(row_factory=class_row(FeedPost)) as cursor:
                rows = cursor.execute(query.encode(), prepare=False).fetchall()
            taken.append((time.perf_counter() - started) * 1000)
            if not rows:
                break
            last = rows[-1]
            stops += last.is_stop
            place = (last.created_at, last.id + last.is_stop)
            after = place if last.score is None else (last.score, *place)
    return taken, stops


def _counted(connection: psycopg.Connection, rules: FeedRules) -> float:
    who = viewer(connection, FOLLOWS_100)
    compiled = compile_counts(rules, viewer=who, me=who)
    query = psycopg.ClientCursor(connection).mogrify(compiled.query, compiled.parameters)
    started = time.perf_counter()
    connection.execute(query.encode(), prepare=False).fetchall()
    return (time.perf_counter() - started) * 1000


if __name__ == "__main__":
    main()
