"""`make bench-people`: what suggestions cost somebody with a hundred friends of a hundred each, and with more.

The promise is half a second for the whole request. The friends are people of the crowd, some of them in many circles.
"""

import os
import statistics
import time
from pathlib import Path
from typing import LiteralString

import psycopg
from psycopg import sql

from bench import crowd
from bench.explain import explain
from bench.hot import EVERYWHERE, PAGE
from bench.servers import VRSS, Running, ask, contenders, running
from db.embedded.server import temporary_server
from db.migrations.migrate import upgrade
from db.pool import PLANNER
from db.statements import load

POSTS = round(float(os.environ.get("SCALE", "0.1")) * 1_000_000)
CIRCLES = ((100, 100), (200, 200), (1000, 100))  # friends of the viewer, and of each of them
RUNS = 51
WARM_UP = 7
DOCUMENTS = {
    "suggestions": "{ viewer { suggestions(first: 20) { nodes { username } } } }",
    "suggestions, with three who know each and three friends in common": """{ viewer { suggestions(first: 20) { nodes {
      username viewerFollowRequest { id } knownFollowers(first: 3) { nodes { username } pageInfo { hasNextPage } }
      mutualFriends(first: 3) { nodes { username } pageInfo { hasNextPage } } } } } }""",
}
# Friends of one person, drawn so that some people are in many circles: half of all draws fall on a tenth of them.
_BEFRIEND: LiteralString = """
INSERT INTO user_follows (follower_id, following_id, created_at)
SELECT side.follower_id, side.following_id, now()
FROM (
    SELECT DISTINCT 116 + floor((SELECT max(id) - 1000 FROM users) * power(random(), 3.3))::bigint AS id
    FROM generate_series(1, 4 * %(friends)s)
    LIMIT %(friends)s
) AS friend
CROSS JOIN LATERAL (VALUES (%(who)s, friend.id), (friend.id, %(who)s)) AS side (follower_id, following_id)
WHERE friend.id <> %(who)s
ON CONFLICT DO NOTHING
"""
_FRIENDS: LiteralString = (
    "SELECT following_id FROM user_follows WHERE follower_id = %s ORDER BY created_at DESC LIMIT %s"
)


def main() -> None:
    with temporary_server() as server:
        with psycopg.connect(server.url("postgres"), autocommit=True) as outside:
            outside.execute(sql.SQL("CREATE DATABASE circles"))
        url = server.url("circles")
        upgrade(url)
        crowd.fill(url, POSTS)
        with psycopg.connect(url, autocommit=True, options=PLANNER) as connection:
            viewers = [_circle(connection, number, *circle) for number, circle in enumerate(CIRCLES)]
            connection.execute("VACUUM ANALYZE")
            people = POSTS // crowd.POSTS_FOR_EACH_PERSON
            print(f"{os.cpu_count()} cores, {people:,} people, load average {os.getloadavg()[0]:.0f}")
            print(
                "\n| friends, of each | document | ms, median | ms, slowest | statement: ms | buffers | rows touched |"
            )
            print("|---|---|---|---|---|---|---|")
            ours = next(one for one in contenders(Path()) if one.name == VRSS)
            with running(ours, url) as api:
                for circle, viewer in zip(CIRCLES, viewers, strict=True):
                    for title, text in DOCUMENTS.items():
                        _line(connection, api, viewer, f"{circle[0]:,}, {circle[1]:,}", title, text)


def _circle(connection: psycopg.Connection, number: int, friends: int, of_each: int) -> int:
    """Somebody with so many friends, each of whom has so many."""
    viewer = crowd.viewer(connection, crowd.FOLLOWS_100) - 10 - number
    connection.execute("SELECT setseed(0.5)")
    connection.execute("DELETE FROM user_follows WHERE follower_id = %s", [viewer])
    connection.execute(_BEFRIEND, {"who": viewer, "friends": friends})
    for (friend,) in connection.execute(_FRIENDS, [viewer, friends]).fetchall():
        connection.execute(_BEFRIEND, {"who": friend, "friends": of_each})
    return viewer


def _line(connection: psycopg.Connection, api: Running, viewer: int, who: str, title: str, text: str) -> None:
    """The requests as a client sees them, one after the other; and the statement by itself."""
    headers = {"authorization": f"Bearer {viewer}"}
    milliseconds: list[float] = []
    for _ in range(WARM_UP + RUNS):
        started = time.perf_counter()
        ask(api.url, text, headers)
        milliseconds.append((time.perf_counter() - started) * 1000)
    given = {**EVERYWHERE, "ids": f"{{{viewer}}}", "viewer": viewer, "limit": PAGE, "reach": 10 * PAGE}
    plan = explain(connection, load("acquaintances")["suggestions_by_user_ids"].sql, given)
    measured = milliseconds[WARM_UP:]
    print(
        f"| {who} | {title} | {statistics.median(measured):.1f} | {max(measured):.1f}"
        f" | {plan.execution_ms:.1f} | {plan.buffers:,} | {plan.rows_touched:,} |",
        flush=True,
    )


if __name__ == "__main__":
    main()
