"""Suggestions cost the same however many people the viewer follows, and however many these follow."""

from collections.abc import Iterator

import psycopg
import pytest

from bench.explain import Mode, explain
from bench.hot import EVERYWHERE, PAGE
from db.statements import load
from tests.plans.large import ME, filled
from tests.plans.modes import MODES
from tests.servers import Server

pytestmark = pytest.mark.proof

STATEMENT = load("acquaintances")["suggestions_by_user_ids"]
# ME follows the first 600 of 2 000 people, and each of these follows 500 others: all that they are followed by counts.
FILL = b"""
DELETE FROM user_follows WHERE follower_id <= 620;
INSERT INTO user_follows (follower_id, following_id, created_at)
SELECT p, 1 + (p + n * 3) % 2000, at
FROM generate_series(1, 620) AS p, many
WHERE p <> 10 AND n <= 500 AND p <> 1 + (p + n * 3) % 2000;
INSERT INTO user_follows (follower_id, following_id, created_at) SELECT 10, n, at FROM many WHERE n <= 600 AND n <> 10;
UPDATE user_profiles SET visibility = 'public';
UPDATE users SET status = 'active';
"""


@pytest.fixture(scope="module")
def connection(server: Server, crowd_template: str) -> Iterator[psycopg.Connection]:
    with filled(server, crowd_template, [FILL]) as opened:
        yield opened


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("backward", [False, True], ids=["forward", "backward"])
def test_two_hundred_of_two_hundred_are_counted_and_a_page_looked_at(
    connection: psycopg.Connection, mode: Mode, backward: bool
) -> None:
    given = {**EVERYWHERE, "ids": f"{{{ME}}}", "viewer": ME, "limit": PAGE, "reach": 10 * PAGE}
    plan = explain(connection, STATEMENT.towards(backward=backward).sql, given, mode)
    assert not plan.scanned_tables & {"user_follows", "users", "user_profiles", "friendships"}
    # The follows; of those who are followed by the viewer, what lets them be known; and whom the page leaves out.
    assert plan.rows_touched <= 200 * 200 + 5 * 200 + 3 * 2000
    assert plan.sorted_rows <= 200 * 200
    rows = connection.execute(STATEMENT.towards(backward=backward).sql, given).fetchall()
    assert len(rows) == PAGE
    assert [row[3] for row in rows] == [False] * PAGE
