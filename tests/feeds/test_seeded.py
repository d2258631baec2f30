"""The feeds of the demo people: both forms of their rules agree, and each of them shows something."""

from typing import Any

import psycopg
import pytest
from psycopg.rows import class_row

from db.documents.feed_rules import FeedRules
from db.feeds import FeedPage, FilterRow, compile_feed, filter_rows, rules_from_rows

_ROWS = """
SELECT type::text AS filter_type, operator::text AS filter_operator, value, group_id, logical_operator, display_order
FROM feed_filters WHERE feed_id = %s ORDER BY display_order
"""


@pytest.fixture
def feeds(seeded_database: str) -> list[tuple[int, str, Any, list[FilterRow]]]:
    """Owner, name, algorithm_config and filters of each."""
    with psycopg.connect(seeded_database) as connection:
        stored = connection.execute("SELECT id, user_id, name, algorithm_config FROM custom_feeds").fetchall()
        cursor = connection.cursor(row_factory=class_row(FilterRow))
        return [(owner, name, config, cursor.execute(_ROWS, [id_]).fetchall()) for id_, owner, name, config in stored]


def test_algorithm_config_and_feed_filters_agree(feeds: list[tuple[int, str, Any, list[FilterRow]]]) -> None:
    assert len(feeds) == 10
    for _, name, config, rows in feeds:
        rules = FeedRules.model_validate(config)
        assert rules_from_rows(config, rows) == rules, name
        assert filter_rows(rules) == rows, name


def test_every_feed_shows_something_but_not_everything(
    feeds: list[tuple[int, str, Any, list[FilterRow]]], seeded_database: str
) -> None:
    with psycopg.connect(seeded_database) as connection:
        for owner, name, config, rows in feeds:
            statement = compile_feed(rules_from_rows(config, rows), FeedPage(1000), viewer=owner, me=owner)
            shown = len(connection.execute(statement.query, statement.parameters).fetchall())
            assert 5 <= shown < 185, name
