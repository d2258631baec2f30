"""`make bench-search`: what a request for a page of search or discovery takes at a million posts and 200 000 people.

Each request goes through the whole API, in this process: document, statements, the posts or people that are found with
their authors. The server is a temporary one, in memory and without fsync. Last, what likes cost where the words of
posts are indexed beside them, as here, and where they are indexed on posts, by words or by trigrams.
"""

import asyncio
import os
import platform
import statistics
import time
from collections.abc import Iterator, Mapping, Sequence
from random import Random
from typing import Any, Final, LiteralString, cast

import httpx
import psycopg

from api.app import create_app
from api.gql.ids import encode
from api.settings import Settings
from bench import crowd
from db.embedded.server import temporary_server
from db.migrations.migrate import upgrade
from db.pool import PLANNER
from db.settings import DatabaseSettings

MILLION = 1_000_000
REQUESTS = 60
WARM_UP = 8
LIKES = 3_000
NOBODY = "bcdfghjklmnpqrstvwxz"

# As many people again as the scaled data have, whose names begin differently; and words that a hundred posts have.
_PEOPLE: LiteralString = """
INSERT INTO users (username, email, password_hash)
SELECT 'member_' || n, 'member_' || n || '@example.org', 'x'
FROM generate_series(1, (SELECT 2 * %(half)s - count(*) FROM users)) AS n
"""
_PROFILES: LiteralString = """
INSERT INTO user_profiles (user_id, display_name)
SELECT u.id, (ARRAY['Robin', 'Kim', 'Sasha', 'Noor'])[1 + u.id % 4] || ' ' || substr(md5(u.id::text), 1, 6)
FROM users AS u WHERE u.username LIKE 'member_%'
"""
_RARE: LiteralString = """
INSERT INTO posts (user_id, type, content, published_at, created_at)
SELECT 200 + n % 1000, 'text_short', 'Something rare' || n % 200 || ' and the rest', at, at
FROM (SELECT n, '2024-02-01'::timestamptz + n * interval '50 minutes' AS at FROM generate_series(1, 20000) AS n) AS m
"""
# One of the last people, who follow others.
_VIEWER: LiteralString = "SELECT max(id) FROM users WHERE username LIKE 'person_%' AND status = 'active'"
_COMMON: LiteralString = """
SELECT word FROM ts_stat('SELECT document FROM app.post_search TABLESAMPLE SYSTEM (1)')
WHERE word NOT LIKE '% %' AND length(word) > 1 ORDER BY ndoc DESC
"""
_TAGS: LiteralString = "SELECT t FROM posts, unnest(tags) AS t GROUP BY 1 ORDER BY count(*) DESC"

POSTS = """
query ($text: String!, $filter: PostSearchFilterInput, $sort: PostSearchSort!, $after: String) {
  searchPosts(query: $text, filter: $filter, sort: $sort, after: $after) {
    nodes { id title content author { id username } } pageInfo { hasNextPage endCursor }
  }
}
"""
USERS = """
query ($name: String!, $after: String) {
  searchUsers(query: $name, after: $after) {
    nodes { id username profile { displayName } } pageInfo { hasNextPage endCursor }
  }
}
"""
TAG = """
query ($name: String!, $order: TagPostSort!, $after: String) {
  tag(name: $name) { posts(sort: $order, after: $after) { nodes { id title } pageInfo { hasNextPage endCursor } } }
}
"""
COUNT = "query ($name: String!) { tag(name: $name) { postsCount } }"
DISCOVER = (
    "query ($after: String) { discover(after: $after) { nodes { id title } pageInfo { hasNextPage endCursor } } }"
)

Asked = tuple[str, Mapping[str, object]]
# Posts' words by words alone, and by trigrams, as indexes of posts.
INDEXES: Final[Mapping[str, LiteralString | None]] = {
    "beside posts, as here": None,
    "words, on posts": "CREATE INDEX probe ON posts USING gin"
    " (to_tsvector('simple', coalesce(title, '') || ' ' || coalesce(content, ''))) WITH (fastupdate = off)"
    " WHERE status = 'published'",
    "trigrams, on posts": "CREATE INDEX probe ON posts USING gin (title gin_trgm_ops, content gin_trgm_ops)"
    " WITH (fastupdate = off) WHERE status = 'published'",
}


def main() -> None:
    posts = round(float(os.environ.get("SCALE", "1")) * MILLION)
    with temporary_server() as server:
        with psycopg.connect(server.url("postgres"), autocommit=True) as outside:
            outside.execute("CREATE DATABASE search")
        url = server.url("search")
        upgrade(url)
        crowd.fill(url, posts)
        with psycopg.connect(url, autocommit=True, options=PLANNER) as connection:
            connection.execute(_PEOPLE, {"half": posts // 10})
            connection.execute(_PROFILES)
            connection.execute(_RARE)
            connection.execute("VACUUM ANALYZE")
            _describe(connection)
            asyncio.run(_measure(url, connection))
            _likes(connection)


def _describe(connection: psycopg.Connection) -> None:
    ((posts, people, table, words, names),) = connection.execute(
        "SELECT (SELECT count(*) FROM posts), (SELECT count(*) FROM users),"
        " pg_size_pretty(pg_table_size('app.post_search')),"
        " pg_size_pretty(pg_relation_size('app.idx_post_search_texts')),"
        " pg_size_pretty(pg_total_relation_size('app.user_search'))"
    )
    version = connection.info.server_version // 10_000
    print(f"\n## Search: {posts:,} posts, {people:,} people")
    print(f"PostgreSQL {version}, {os.cpu_count()} cores, {platform.machine()}.")
    print(f"app.post_search {table}, its words {words}; app.user_search {names} with its indexes.\n", flush=True)


def _cases(connection: psycopg.Connection) -> Iterator[tuple[str, int, list[Asked]]]:
    """What is asked, how many milliseconds it may take, and each request."""
    random = Random(0)  # noqa: S311  # the same requests each time
    words = [word for (word,) in connection.execute(_COMMON)]
    tags = [tag for (tag,) in connection.execute(_TAGS)]
    absent = ["".join(random.choices(NOBODY, k=9)) for _ in range(REQUESTS)]
    often, seldom = words[:30], words[len(words) // 2 :][:200]
    rare = [f"rare{n}" for n in range(200)]
    terms = {
        "that nobody has": absent,
        "that everybody has": often,
        "two that everybody has": [f"{one} {other}" for one in often[:8] for other in often[:8] if one != other],
        "a phrase of such": [f'"{one} {other}"' for one in often[:8] for other in often[:8] if one != other],
        "that few hundred have in a million": rare,
        "that one in a thousand has": seldom,
        "all but one that everybody has": [f"-{one}" for one in often],
        "twenty at once": [" ".join(random.sample(words, 20)) for _ in range(REQUESTS)],
    }
    for sort in ("RELEVANCE", "RECENT"):
        for name, found in terms.items():
            yield f"posts, {sort}: {name}", 100, [(POSTS, {"text": text, "sort": sort}) for text in found]
        filters = {
            "everybody's, of a type": {"types": ["SONG"]},
            "everybody's, by one person": {"authorId": None},
            "everybody's, in a language of nobody": {"languages": ["is"]},
            "everybody's, of two weeks a year ago": {
                "publishedSince": "2025-01-01T00:00:00Z",
                "publishedUntil": "2025-01-15T00:00:00Z",
            },
        }
        for name, given in filters.items():
            asked: list[Asked] = []
            for number, text in enumerate(often):
                narrow = {**given, "authorId": crowd_id(number)} if "authorId" in given else given
                asked.append((POSTS, {"text": text, "sort": sort, "filter": narrow}))
            yield f"posts, {sort}: {name}", 100, asked
    names = {
        "that nobody has": absent,
        "that everybody has": ["person", "person_", "p", "pe", "member", "member_", "m", "robin", "kim", "s"],
        "in the middle of everybody's": ["erson_", "ember_", "obin", "erso", "embe", "ason", "ashas"],
        "of one person": [f"person_{random.randrange(posts_people(connection))}" for _ in range(REQUESTS)],
        "with a slip": [f"perosn_{random.randrange(9_999)}" for _ in range(REQUESTS)],
        "display names": [f"{random.choice(('robin', 'noor'))} {random.randrange(16):x}" for _ in range(REQUESTS)],
    }
    for name, found in names.items():
        yield f"people: {name}", 50, [(USERS, {"name": text}) for text in found]
    for order in ("RECENT", "POPULAR"):
        for name, some in {"of everybody": tags[:5], "of few": tags[-60:], "of nobody": absent}.items():
            yield f"tag, {order}: {name}", 100, [(TAG, {"name": tag, "order": order}) for tag in some]
    yield "tag: count", 100, [(COUNT, {"name": tag}) for tag in [*tags[:20], *tags[-20:], *absent[:20]]]
    yield "discover", 100, [(DISCOVER, {})]


def posts_people(connection: psycopg.Connection) -> int:
    ((count,),) = connection.execute("SELECT count(*) FROM users WHERE username LIKE 'person_%'")
    return count


def crowd_id(number: int) -> str:
    return encode("User", 200 + number)


async def _measure(url: str, connection: psycopg.Connection) -> None:
    viewer = crowd.viewer(connection, _VIEWER)
    settings: dict[str, Any] = {
        "database": DatabaseSettings.model_validate({"DATABASE_URL": url}),
        "worker": False,
        "rate_limit": 0,
    }
    app = create_app(Settings.model_validate(settings))
    transport = httpx.ASGITransport(app)
    print("| search | p50 ms | p95 ms | most ms | may take |\n|---|---|---|---|---|")
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://bench.test") as client,
    ):
        for name, bound, asked in _cases(connection):
            taken = await _ask(client, asked, str(viewer))
            p95 = statistics.quantiles(taken, n=20)[-1]
            print(f"| {name} | {statistics.median(taken):.1f} | {p95:.1f} | {max(taken):.1f} | {bound} |", flush=True)


async def _ask(client: httpx.AsyncClient, asked: Sequence[Asked], token: str) -> list[float]:
    """Milliseconds of each request, signed in and out in turn: for the first page, and the next where there is one."""
    taken: list[float] = []
    for number in range(WARM_UP + REQUESTS):
        query, variables = asked[number % len(asked)]
        headers = {"authorization": f"Bearer {token}"} if number % 2 else {}
        body = {"query": query, "variables": dict(variables)}
        milliseconds, data = await _timed(client, body, headers)
        times = [milliseconds]
        page = _page_info(data)
        if page and page["hasNextPage"]:
            body["variables"] = {**variables, "after": page["endCursor"]}
            times.append((await _timed(client, body, headers))[0])
        if number >= WARM_UP:
            taken += times
    return taken


async def _timed(client: httpx.AsyncClient, body: dict[str, Any], headers: dict[str, str]) -> tuple[float, Any]:
    started = time.perf_counter()
    response = await client.post("/graphql", json=body, headers=headers)
    milliseconds = (time.perf_counter() - started) * 1000
    answer = response.json()
    if "errors" in answer:
        raise RuntimeError(answer["errors"])
    return milliseconds, answer["data"]


def _page_info(data: Any) -> dict[str, Any] | None:
    """The pageInfo of the one list in an answer."""
    if not isinstance(data, dict):
        return None
    fields = cast("dict[str, Any]", data)
    return fields.get("pageInfo") or next(filter(None, map(_page_info, fields.values())), None)


def _likes(connection: psycopg.Connection) -> None:
    """The same likes, of posts that have a few: each is the one that passes a power of two, or is not."""
    print("\n| words of posts are indexed | ms a like | WAL of a like |\n|---|---|---|")
    for name, index in INDEXES.items():
        if index is not None:
            connection.execute("SET maintenance_work_mem = '512MB'")
            connection.execute(index)
        connection.execute("CHECKPOINT")
        ((before,),) = connection.execute("SELECT pg_current_wal_lsn() - '0/0'").fetchall()
        people = connection.execute(
            "SELECT id FROM users WHERE username LIKE 'member_%' ORDER BY id LIMIT 3"
        ).fetchall()
        posts = connection.execute(
            "SELECT id FROM posts WHERE status = 'published' AND type = 'text_long' ORDER BY id DESC LIMIT %s",
            [LIKES // 3],
        ).fetchall()
        started = time.perf_counter()
        for (person,) in people:
            for (post,) in posts:
                connection.execute(
                    "INSERT INTO post_interactions (user_id, post_id, type) VALUES (%s, %s, 'like')",
                    [person, post],
                    prepare=True,
                )
        milliseconds = (time.perf_counter() - started) * 1000 / LIKES
        ((after,),) = connection.execute("SELECT pg_current_wal_lsn() - '0/0'").fetchall()
        print(f"| {name} | {milliseconds:.2f} | {(after - before) / LIKES / 1000:.1f} kB |", flush=True)
        connection.execute("DELETE FROM post_interactions WHERE user_id = ANY(%s)", [[person for (person,) in people]])
        connection.execute("DROP INDEX IF EXISTS probe")
        connection.execute("VACUUM posts")


if __name__ == "__main__":
    main()
