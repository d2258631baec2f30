"""The depth of replies that were written before it was stored."""

import psycopg

from db.maintenance.comment_depths import SCRIPT, fill_depths
from db.migrations.migrate import downgrade, upgrade
from tests.factories import Factory

DEPTHS = "SELECT id, depth FROM comments ORDER BY id"


def threads(make: Factory) -> list[tuple[int, int]]:
    """Two threads, one of them deeper than a batch is long, and a comment without replies; id and depth of each."""
    ada = make.user("ada")
    post = make.post(ada)
    found: list[tuple[int, int]] = [(make.comment(ada, post), 0)]
    for length in (3, 40):
        above = None
        for depth in range(length):
            above = make.comment(ada, post, parent_comment_id=above)
            found.append((above, depth))
    return found


def test_an_upgrade_fills_in_the_depth_of_replies(
    empty_database: str, connection: psycopg.Connection, make: Factory
) -> None:
    expected = threads(make)
    downgrade(empty_database, "0016")
    upgrade(empty_database)
    assert connection.execute(DEPTHS).fetchall() == expected
    assert fill_depths(connection) == 0


def test_filling_goes_on_where_it_was_killed(connection: psycopg.Connection, make: Factory) -> None:
    expected = threads(make)
    last = expected[len(expected) // 2][0]
    connection.execute("UPDATE comments SET depth = 0 WHERE id > %s", [last])
    assert fill_depths(connection) == sum(1 for key, depth in expected if key > last and depth > 0)
    assert connection.execute(DEPTHS).fetchall() == expected


def test_a_script_fills_in_all_at_once(connection: psycopg.Connection, make: Factory) -> None:
    expected = threads(make)
    connection.execute("UPDATE comments SET depth = 0")
    connection.execute(SCRIPT)
    assert connection.execute(DEPTHS).fetchall() == expected
