"""Rules as rows of feed_filters and back.

The rows hold the groups; how the groups are joined, sort and scope stand in custom_feeds.algorithm_config.
Both are written in one transaction, and running a feed reads both.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import Any

from pydantic import TypeAdapter

from db.documents.feed_filters import EngagementFilter, FeedFilter, TextFilter
from db.documents.feed_rules import FeedRules, FilterGroup, Match

_FILTER: TypeAdapter[FeedFilter] = TypeAdapter(FeedFilter)

_OPERATOR_OF_MATCH = {Match.ALL: "AND", Match.ANY: "OR", Match.NONE: "NOT"}
_MATCH_OF_OPERATOR = {operator: match for match, operator in _OPERATOR_OF_MATCH.items()}

_OPERATOR_OF_KIND = {
    "post_type": "equals",
    "author": "equals",
    "tag": "contains",
    "date_range": "in_range",
    "text": "contains",
    "has_media": "equals",
    "language": "equals",
    "has_link": "equals",
    "alt_text": "equals",
    "feed": "equals",
}


class InconsistentFeedError(Exception):
    """The stored filters of a feed do not fit together; only a fault of ours writes such rows."""


@dataclass(frozen=True, slots=True)
class FilterRow:
    """The columns of feed_filters that say what a feed is."""

    filter_type: str
    filter_operator: str
    value: dict[str, Any]
    group_id: int
    logical_operator: str
    display_order: int


def filter_rows(rules: FeedRules) -> list[FilterRow]:
    """The rows of these rules, in display order; groups are numbered from 1."""
    numbered = ((number, group, one) for number, group in enumerate(rules.groups, 1) for one in group.filters)
    return [
        FilterRow(
            filter_type=one.kind,
            filter_operator=_operator(one),
            value=_value(one),
            group_id=number,
            logical_operator=_OPERATOR_OF_MATCH[group.match],
            display_order=order,
        )
        for order, (number, group, one) in enumerate(numbered)
    ]


def _value(one: FeedFilter) -> dict[str, Any]:
    """What a text filter has by default is left out: releases without whole words and places read it, too."""
    return one.model_dump(
        mode="json", exclude={"kind"}, exclude_none=True, exclude_defaults=isinstance(one, TextFilter)
    )


_BESIDE_GROUPS = FeedRules.model_fields.keys() - {"groups"}


def rules_from_rows(algorithm_config: object, rows: Sequence[FilterRow]) -> FeedRules:
    """The rules of a stored feed; `rows` in any order.

    Raises InconsistentFeedError when rows contradict each other, ValidationError when a value is invalid.
    """
    config = FeedRules.model_validate(algorithm_config)
    ordered = sorted(rows, key=attrgetter("group_id", "display_order"))
    groups = tuple(_group(list(group)) for _, group in groupby(ordered, key=attrgetter("group_id")))
    return FeedRules(groups=groups, **{name: getattr(config, name) for name in _BESIDE_GROUPS})


def _group(rows: list[FilterRow]) -> FilterGroup:
    operators = {row.logical_operator for row in rows}
    if len(operators) != 1:
        raise InconsistentFeedError(f"Group {rows[0].group_id} has several operators: {sorted(operators)}")
    return FilterGroup(match=_MATCH_OF_OPERATOR[operators.pop()], filters=tuple(map(_filter, rows)))


def _filter(row: FilterRow) -> FeedFilter:
    read = _FILTER.validate_python({**row.value, "kind": row.filter_type})
    if row.filter_operator != _operator(read):
        raise InconsistentFeedError(f"The operator {row.filter_operator} does not go with {row.filter_type}")
    return read


def _operator(one: FeedFilter) -> str:
    if isinstance(one, EngagementFilter):
        if one.at_least is not None and one.at_most is not None:
            return "in_range"
        return "greater_than" if one.at_least is not None else "less_than"
    return _OPERATOR_OF_KIND[one.kind]
