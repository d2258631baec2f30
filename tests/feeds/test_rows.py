"""Rules as rows of feed_filters: nothing is lost on the way there and back."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.documents.feed_rules import FeedRules
from db.feeds import FilterRow, filter_rows, rules_from_rows
from db.feeds.rows import InconsistentFeedError
from tests.documents import strategies

RULES = FeedRules.model_validate(
    {
        "join": "ANY",
        "sort": "POPULAR",
        "groups": [
            {
                "match": "ANY",
                "filters": [
                    {"kind": "engagement", "metric": "likes", "at_least": 5},
                    {"kind": "engagement", "metric": "total", "at_most": 9},
                ],
            },
            {"match": "NONE", "filters": [{"kind": "tag", "tag": "news"}]},
        ],
    }
)


def test_each_filter_is_one_row() -> None:
    assert filter_rows(RULES) == [
        FilterRow("engagement", "greater_than", {"metric": "likes", "at_least": 5}, 1, "OR", 0),
        FilterRow("engagement", "less_than", {"metric": "total", "at_most": 9}, 1, "OR", 1),
        FilterRow("tag", "contains", {"tag": "news"}, 2, "NOT", 2),
    ]


@given(strategies.rules, st.randoms(use_true_random=False))
@settings(max_examples=200, derandomize=True)
def test_rules_come_back_from_their_rows_in_any_order(rules: FeedRules, random: Random) -> None:
    rows = filter_rows(rules)
    random.shuffle(rows)
    assert rules_from_rows(rules.model_dump(mode="json"), rows) == rules


def test_the_groups_are_read_from_the_rows_and_the_rest_from_the_config() -> None:
    config = FeedRules.model_validate({"join": "ANY", "sort": "ENGAGEMENT", "scope": "FOLLOWING"})
    read = rules_from_rows(config.model_dump(mode="json"), filter_rows(RULES))
    assert read == config.model_copy(update={"groups": RULES.groups})


def test_a_group_has_one_operator() -> None:
    first, second, _ = filter_rows(RULES)
    with pytest.raises(InconsistentFeedError, match=r"Group 1 has several operators: \['AND', 'OR'\]"):
        rules_from_rows({}, [first, replace(second, logical_operator="AND")])


def test_a_filter_has_the_operator_of_its_type() -> None:
    first, *_ = filter_rows(RULES)
    with pytest.raises(InconsistentFeedError, match="The operator less_than does not go with engagement"):
        rules_from_rows({}, [replace(first, filter_operator="less_than")])
