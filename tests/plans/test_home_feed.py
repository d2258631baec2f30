"""The home feed is what one gets by reading all that is visible and sorting it, in whatever way it was found."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import product
from random import Random
from typing import Any

import psycopg
import pytest

from db.statements import load
from tests.feeds.worlds import PEOPLE, invent, write

NOW = datetime(2026, 1, 1, tzinfo=UTC)
FIRST = (datetime.min.replace(tzinfo=UTC), -(2**63))
LAST = (datetime.max.replace(tzinfo=UTC), 2**63 - 1)
RECENT = b"LIMIT (SELECT 10 * count(*) FROM followed)"

# The definition, as one would write it if it need not be fast.
EVERYTHING = """
SELECT p.created_at, p.id
FROM app.visible_posts(%(viewer)s) AS p
WHERE
    p.user_id IN (SELECT f.following_id FROM public.user_follows AS f WHERE f.follower_id = %(viewer)s)
    AND p.user_id NOT IN (SELECT m.muted_id FROM app.user_mutes AS m WHERE m.muter_id = %(viewer)s)
ORDER BY p.created_at DESC, p.id DESC
"""


@pytest.fixture
def connection(empty_database: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(empty_database) as opened:
        yield opened
        opened.rollback()


def read(connection: psycopg.Connection, query: bytes, **parameters: object) -> list[tuple[Any, ...]]:
    cursor = connection.execute(query, parameters)
    assert cursor.description is not None
    names = [column.name for column in cursor.description]
    return [(row[names.index("created_at")], row[names.index("id")]) for row in cursor]


# Of the newest posts of all, none is looked at, then too few to fill a page, then all, then as many as usual.
@pytest.mark.parametrize("window", [b"LIMIT 0", b"LIMIT 12", b"LIMIT 1000", RECENT])
@pytest.mark.parametrize("seed", range(3, 6))
def test_it_is_the_visible_posts_of_the_followed_in_order(
    connection: psycopg.Connection, seed: int, window: bytes
) -> None:
    random = Random(seed)
    write(connection, invent(NOW, random))
    forward = load("home_feed")["home_feed"]
    pages = 0
    for viewer in range(1, PEOPLE + 1):
        expected = read(connection, EVERYTHING.encode(), viewer=viewer)
        after, before = random.choice([LAST, *expected]), random.choice([FIRST, *expected])
        for limit, is_backward in product((1, 3, 21), (False, True)):
            statement = forward.towards(backward=is_backward).sql
            assert statement.count(RECENT) == 1
            for upper, lower in ((LAST, FIRST), (after, FIRST), (LAST, before), (after, before)):
                inside = [key for key in expected if lower < key < upper]
                found = read(
                    connection,
                    statement.replace(RECENT, window),
                    viewer=viewer,
                    limit=limit,
                    after_created_at=upper[0],
                    after_id=upper[1],
                    before_created_at=lower[0],
                    before_id=lower[1],
                )
                assert found == (inside[::-1] if is_backward else inside)[:limit]
                pages += len(found) == limit
    assert pages > 20
