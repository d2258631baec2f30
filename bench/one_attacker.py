"""What one attacker sends beside the bystander of bench/bystander.py, and what the demo data needs for it."""

import hashlib
from collections.abc import Callable
from typing import Any, NamedTuple

import psycopg
from psycopg.types.json import Jsonb

from api.gql.ids import encode
from db.documents.feed_rules import FeedRules
from db.feeds import filter_rows

SHARED = '{ sharedFeed(token: "bench-feed") { page: posts(first: 5) { nodes { id } } } }'
# The dearest that a feed may be: no index knows two letters, and by likes every post is looked at.
SHARED_RULES = {
    "groups": [{"match": "ALL", "filters": [{"kind": "text", "contains": "zq"}]}],
    "sort": "POPULAR",
}

NOTIFIED = "{ viewer { unreadNotificationCount notifications(unreadOnly: true) { nodes { id } } } }"

Body = Callable[[int], dict[str, Any]]


class Attack(NamedTuple):
    """What is sent, over how many connections, and whether with a session."""

    name: str
    body: Body
    connections: int
    signed_in: bool = True
    reads: bool = True


HIDDEN = 100_000
SEARCHED = 60_000
# Long posts to be read, posts that nobody else may see, notifications of somebody who was blocked since, and posts in
# which a shared feed looks for what nobody wrote.
PREPARE = """
WITH mira AS (SELECT id FROM users WHERE username = 'mira')
INSERT INTO posts (user_id, type, content, visibility, published_at, created_at)
SELECT mira.id, 'text_long', repeat(chr(1) || 'x', 5000), 'public', now() - number * interval '1 day',
       now() - number * interval '1 day'
FROM mira, generate_series(400, 499) AS number;
WITH dan AS (SELECT id FROM users WHERE username = 'dan')
INSERT INTO posts (user_id, type, content, visibility, published_at, created_at)
SELECT dan.id, 'text_short', 'hidden', 'private', moment, moment
FROM dan, generate_series(1, %(hidden)s) AS number,
     LATERAL (SELECT now() - number * interval '1 second') AS at (moment);
INSERT INTO notifications (user_id, type, actor_id, title, created_at)
SELECT ben.id, 'system', cleo.id, 'x', now() - number * interval '1 second'
FROM users AS ben, users AS cleo, generate_series(1, 3 * %(hidden)s) AS number
WHERE ben.username = 'ben' AND cleo.username = 'cleo';
INSERT INTO app.user_blocks (blocker_id, blocked_id)
SELECT ben.id, cleo.id FROM users AS ben, users AS cleo WHERE ben.username = 'ben' AND cleo.username = 'cleo';
INSERT INTO posts (user_id, type, content, visibility, published_at, created_at)
SELECT u.id, 'text_short', 'the loaf of day ' || number, 'public', moment, moment
FROM users AS u, generate_series(1, %(searched)s) AS number,
     LATERAL (SELECT now() - number * interval '1 minute') AS at (moment)
WHERE u.username = 'audience_001'
"""


def attacks(url: str) -> list[Attack]:
    """Those that were once dear, over the demo data of a database."""
    with psycopg.connect(url) as connection:
        rows = connection.execute(
            "SELECT id FROM posts WHERE status = 'published' AND visibility = 'public'"
            " ORDER BY length(content) DESC NULLS LAST LIMIT 100"
        ).fetchall()
    ids = [encode("Post", row[0]) for row in rows]

    def texts(most: int) -> dict[str, Any]:
        contents = " ".join(f"a{number}: content" for number in range(most))
        query = f"query ($ids: [ID!]!) {{ nodes(ids: $ids) {{ ... on Post {{ {contents} }} }} }}"
        return {"query": query, "variables": {"ids": ids}}

    wrong = {"query": "{ viewer { nothingOfThisName } }"}
    windows = " ".join(f"w{number}: posts(first: {number + 1}) {{ nodes {{ id }} }}" for number in range(50))
    hidden = " ".join(f'u{n}: user(username: "dan") {{ posts {{ nodes {{ id }} }} }}' for n in range(9))
    feed = "{ homeFeed(first: 100) { nodes { id content author { username } comments(first: 3) { nodes { id } } } } }"
    return [
        Attack("answers that would cost too much", _always(texts(97)), 8),
        Attack("answers that turn out too large", _always(texts(9)), 8),
        Attack("answers as large as may be", _always(texts(4)), 8),
        Attack("answers that nobody reads", _always(texts(4)), 16, reads=False),
        Attack("bodies of 0.9 MB", _always({"query": "{ __typename }", "variables": {"unused": "x" * 900_000}}), 8),
        Attack("documents that are wrong", _always(wrong), 8),
        Attack("50 pages in one query", _always({"query": f'{{ user(username: "mira") {{ {windows} }} }}'}), 16),
        Attack("50 pages that find nothing", _nothing_found, 16),
        Attack("40 connections of one session", _always({"query": feed}), 40),
        Attack("pages past hidden posts", _always({"query": f"{{ {hidden} }}"}), 8),
        Attack("counts past hidden notifications", _always({"query": NOTIFIED}), 8),
        Attack("a feed that others share", _always({"query": SHARED}), 8),
        Attack("a feed that others share, signed out", _always({"query": SHARED}), 8, signed_in=False),
        Attack("documents never seen before", _new_document, 16, signed_in=False),
        Attack("large documents never seen before", _new_large_document, 16, signed_in=False),
        Attack("passwords that are hard to judge", _hard_password, 4, signed_in=False),
    ]


def _always(body: dict[str, Any]) -> Body:
    def same(_: int) -> dict[str, Any]:
        return body

    return same


def _nothing_found(_: int) -> dict[str, Any]:
    asked = " ".join(f'w{number}: user(username: "nobody{number}") {{ id }}' for number in range(50))
    return {"query": f"{{ {asked} }}"}


def _new_document(number: int) -> dict[str, Any]:
    """Some 200 bytes that unfold into hundreds of fields."""
    return {
        "query": f"query Q{number}{{...A ...A}}"
        "fragment A on Query{a:viewer{...U} b:viewer{...U} c:viewer{...U}}"
        "fragment U on Viewer{username user{...V}}fragment V on User{id username profile{bio displayName}}"
    }


def _new_large_document(number: int) -> dict[str, Any]:
    fields = " ".join(
        f'u{one}: user(username: "x") {{ id username profile {{ bio displayName }} posts {{ nodes {{ id }} }} }}'
        for one in range(9)
    )
    switches = " ".join(f"$b{one}: Boolean!" for one in range(4))
    used = " ".join(f"t{one}: __typename @include(if: $b{one})" for one in range(4))
    values = {f"b{one}": bool(number >> one & 1) for one in range(4)}
    return {"query": f"query Q{number // 16}({switches}) {{ {fields} {used} }}", "variables": values}


def _hard_password(number: int) -> dict[str, Any]:
    password = ("({[<" * 16 + "0123456789")[number % 10 : 64 + number % 10]
    return {
        "query": "mutation ($input: RegisterInput!) { register(input: $input) { userErrors { code } } }",
        "variables": {"input": {"username": f"eve{number}", "email": f"eve{number}@example.org", "password": password}},
    }


def prepare(url: str) -> None:
    """Add to the demo data what the attacks are made of."""
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in PREPARE.split(";"):
            numbered = statement.replace("%(hidden)s", str(HIDDEN)).replace("%(searched)s", str(SEARCHED))
            connection.execute(numbered.encode())
        _share(connection, FeedRules.model_validate(SHARED_RULES))
        connection.execute("VACUUM ANALYZE")


def _share(connection: psycopg.Connection, rules: FeedRules) -> None:
    """A feed of dan's, which SHARED opens."""
    (feed,) = connection.execute(
        "INSERT INTO custom_feeds (user_id, name, algorithm_config, sharing)"
        " SELECT id, 'Shared', %s, 'link' FROM users WHERE username = 'dan' RETURNING id",
        (Jsonb(rules.model_dump(mode="json")),),
    ).fetchone() or (0,)
    for row in filter_rows(rules):
        connection.execute(
            "INSERT INTO feed_filters (feed_id, type, operator, value, group_id, logical_operator, display_order)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s)",
            (feed, row.filter_type, row.filter_operator, Jsonb(row.value), row.group_id, row.logical_operator,
             row.display_order),
        )  # fmt: skip
    digest = hashlib.sha256(b"bench-feed").digest()
    connection.execute(
        "INSERT INTO app.feed_tokens (token_hash, feed_id, purpose) VALUES (%s, %s, 'link')", (digest, feed)
    )
