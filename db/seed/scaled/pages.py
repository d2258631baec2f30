"""What the scaled people have made of their pages: a list, three feeds and five sections each, the same for all."""

from dataclasses import asdict
from typing import Any, LiteralString

from psycopg.types.json import Jsonb

from db.documents.feed_filters import HasMediaFilter, PostTypeFilter
from db.documents.feed_rules import FeedRules, FeedSort, FilterGroup
from db.documents.section_config import section_config
from db.enums import PostType, SectionType
from db.feeds import filter_rows

_FEEDS = {
    "Everything": FeedRules(sort=FeedSort.POPULAR),
    "Pictures": FeedRules(groups=(FilterGroup(filters=(PostTypeFilter(types=(PostType.IMAGE,)),)),)),
    "With files": FeedRules(groups=(FilterGroup(filters=(HasMediaFilter(has_media=True),)),)),
}
_SECTIONS = {
    SectionType.STATIC_TEXT: "About me",
    SectionType.LINKS: "Elsewhere",
    SectionType.FOLLOWERS: "Followers",
    SectionType.GALLERY: "Pictures",
    SectionType.LIST: "People I read",
}

LISTS: LiteralString = """
INSERT INTO public.user_lists (user_id, name, is_public, created_at, updated_at)
SELECT id, 'People I read', TRUE, created_at, created_at FROM public.users WHERE id > %(people)s ORDER BY id
"""

# Every fifth of those whom somebody follows, since then.
LIST_MEMBERS: LiteralString = """
INSERT INTO public.list_members (list_id, user_id, created_at)
SELECT user_lists.id, user_follows.following_id, user_follows.created_at
FROM public.user_follows
INNER JOIN public.user_lists ON user_lists.user_id = user_follows.follower_id
WHERE user_lists.user_id > %(people)s AND (user_follows.follower_id + user_follows.following_id) %% 5 = 0
ORDER BY user_lists.id, user_follows.following_id
"""

FEEDS: LiteralString = """
INSERT INTO public.custom_feeds (
    user_id, name, algorithm_config, is_default, display_order, created_at, updated_at
)
SELECT
    users.id, feed.value ->> 'name', feed.value -> 'rules', feed.place = 1, feed.place - 1, users.created_at,
    users.created_at
FROM public.users
CROSS JOIN LATERAL jsonb_array_elements(%(feeds)s) WITH ORDINALITY AS feed (value, place)
WHERE users.id > %(people)s
ORDER BY users.id, feed.place
"""

FEED_FILTERS: LiteralString = """
INSERT INTO public.feed_filters (feed_id, type, operator, value, group_id, logical_operator, display_order)
SELECT
    custom_feeds.id, filter.filter_type, filter.filter_operator, filter.value, filter.group_id,
    filter.logical_operator, filter.display_order
FROM public.custom_feeds
INNER JOIN jsonb_array_elements(%(feeds)s) AS feed (value) ON custom_feeds.name = feed.value ->> 'name'
CROSS JOIN LATERAL jsonb_to_recordset(feed.value -> 'filters') AS filter (
    filter_type public.filter_type, filter_operator public.filter_operator, value jsonb, group_id integer,
    logical_operator text, display_order integer
)
WHERE custom_feeds.user_id > %(people)s
ORDER BY custom_feeds.id, filter.group_id, filter.display_order
"""

SECTIONS: LiteralString = """
INSERT INTO public.profile_sections (user_id, type, title, config, display_order, created_at, updated_at)
SELECT
    user_lists.user_id, (section.value ->> 'type')::public.section_type, section.value ->> 'title',
    CASE section.value ->> 'type'
        WHEN 'list' THEN jsonb_set(section.value -> 'config', '{list_id}', to_jsonb(user_lists.id))
        ELSE section.value -> 'config'
    END,
    section.place - 1, user_lists.created_at, user_lists.created_at
FROM public.user_lists
CROSS JOIN LATERAL jsonb_array_elements(%(sections)s) WITH ORDINALITY AS section (value, place)
WHERE user_lists.user_id > %(people)s
ORDER BY user_lists.user_id, section.place
"""

SECTION_CONTENT: LiteralString = """
INSERT INTO public.section_content (section_id, content_type, title, content, url, created_at, updated_at)
SELECT
    id, CASE type WHEN 'links' THEN 'link' ELSE 'text' END, CASE type WHEN 'links' THEN 'My other page' END,
    CASE type WHEN 'static_text' THEN 'I am one of the scaled people.' END,
    CASE type WHEN 'links' THEN 'https://example.org/' || user_id END, created_at, created_at
FROM public.profile_sections
WHERE user_id > %(people)s AND type IN ('static_text', 'links')
ORDER BY id
"""


def parameters() -> dict[str, object]:
    """The feeds and sections that everybody has, as the statements take them."""
    return {"feeds": Jsonb(list(map(_feed, _FEEDS))), "sections": Jsonb(list(map(_section, _SECTIONS)))}


def _feed(name: str) -> dict[str, Any]:
    rules = _FEEDS[name]
    filters = [asdict(row) for row in filter_rows(rules)]
    return {"name": name, "rules": rules.model_dump(mode="json"), "filters": filters}


def _section(type_: SectionType) -> dict[str, Any]:
    config = section_config(type_, {"list_id": 1} if type_ is SectionType.LIST else {})
    return {"type": type_.value, "title": _SECTIONS[type_], "config": config.model_dump(mode="json")}
