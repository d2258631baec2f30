"""Lists, custom feeds and the sections of profiles."""

from typing import Any, NamedTuple

from psycopg.types.json import Jsonb

from db.documents.feed_rules import FeedRules
from db.documents.section_config import section_config
from db.enums import SectionContentType, SectionType
from db.feeds import filter_rows
from db.seed.people import CAST, id_of
from db.seed.tables import (
    FeedFilterRow,
    FeedRow,
    ListMemberRow,
    ListRow,
    SectionContentRow,
    SectionRow,
)
from db.seed.texts.features import FEEDS, LISTS, SECTIONS
from db.seed.timeline import Timeline


class Features(NamedTuple):
    lists: list[ListRow]
    list_members: list[ListMemberRow]
    feeds: list[FeedRow]
    filters: list[FeedFilterRow]
    sections: list[SectionRow]
    contents: list[SectionContentRow]


def features(timeline: Timeline) -> Features:
    lists = _lists(timeline)
    list_ids = {(row.user_id, row.name): row.id for row in lists}
    feeds, filters = _feeds(timeline, list_ids)
    feed_ids = {(row.user_id, row.name): row.id for row in feeds}
    sections, contents = _sections(timeline, list_ids, feed_ids)
    return Features(lists, _list_members(lists), feeds, filters, sections, contents)


def _lists(timeline: Timeline) -> list[ListRow]:
    rows: list[ListRow] = []
    for id_, one in enumerate(LISTS, 1):
        at = timeline.ago(min(40.0, CAST[one.owner].joined) - id_)
        rows.append(ListRow(id_, id_of(one.owner), one.name, one.description, one.is_public, at, at))
    return rows


def _list_members(lists: list[ListRow]) -> list[ListMemberRow]:
    return [
        ListMemberRow(row.id, id_of(member), row.created_at)
        for row, one in zip(lists, LISTS, strict=True)
        for member in one.members
    ]


def _feeds(timeline: Timeline, list_ids: dict[tuple[int, str], int]) -> tuple[list[FeedRow], list[FeedFilterRow]]:
    rows: list[FeedRow] = []
    filters: list[FeedFilterRow] = []
    shown: dict[str, int] = {}
    for id_, one in enumerate(FEEDS, 1):
        owner = id_of(one.owner)
        order = shown[one.owner] = shown.get(one.owner, -1) + 1
        rules = FeedRules.model_validate(_with_ids(one.rules, owner, list_ids))
        config = Jsonb(rules.model_dump(mode="json"))
        at = timeline.ago(30 - id_)
        rows.append(FeedRow(id_, owner, one.name, one.description, config, order == 0, order, at, at))
        filters += [
            FeedFilterRow(
                id=len(filters) + number,
                feed_id=id_,
                type=row.filter_type,
                operator=row.filter_operator,
                value=Jsonb(row.value),
                group_id=row.group_id,
                logical_operator=row.logical_operator,
                display_order=row.display_order,
            )
            for number, row in enumerate(filter_rows(rules), 1)
        ]
    return rows, filters


def _sections(
    timeline: Timeline, list_ids: dict[tuple[int, str], int], feed_ids: dict[tuple[int, str], int]
) -> tuple[list[SectionRow], list[SectionContentRow]]:
    rows: list[SectionRow] = []
    contents: list[SectionContentRow] = []
    shown: dict[str, int] = {}
    for id_, one in enumerate(SECTIONS, 1):
        owner = id_of(one.owner)
        order = shown[one.owner] = shown.get(one.owner, -1) + 1
        at = timeline.ago(min(28.0, CAST[one.owner].joined - 0.5))
        config: dict[str, Any] = dict(one.config)
        if one.type is SectionType.FEED:
            config["feed_id"] = feed_ids[owner, config.pop("feed")]
        if one.type is SectionType.LIST:
            config["list_id"] = list_ids[owner, config.pop("list")]
        stored = Jsonb(section_config(one.type, config).model_dump(mode="json"))
        rows.append(
            SectionRow(id_, owner, one.type, one.title, one.description, stored, order, not one.is_hidden, at, at)
        )
        for place, (title, body) in enumerate(one.content):
            type_ = one.content_type
            is_text = type_ is SectionContentType.TEXT
            text, url = (body, None) if is_text else (None, body)
            contents.append(SectionContentRow(len(contents) + 1, id_, type_, title, text, url, place, at, at))
    return rows, contents


def _with_ids(rules: dict[str, Any], owner: int, list_ids: dict[tuple[int, str], int]) -> dict[str, Any]:
    """The rules with people and lists by their ids: the texts know only names."""
    return {**rules, "groups": [_group_with_ids(group, owner, list_ids) for group in rules.get("groups", ())]}


def _group_with_ids(group: dict[str, Any], owner: int, list_ids: dict[tuple[int, str], int]) -> dict[str, Any]:
    filters: list[dict[str, Any]] = []
    for one in group["filters"]:
        filter_ = dict(one)
        if "users" in filter_:
            filter_["users"] = [id_of(name) for name in filter_["users"]]
        if "list" in filter_:
            filter_["list_id"] = list_ids[owner, filter_.pop("list")]
        filters.append(filter_)
    return {**group, "filters": filters}
