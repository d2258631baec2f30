"""Composes texts of posts, and those that feeds filter by, which older versions stored as they were typed.

Only so they are found by what people look for. Like db/maintenance/refolding.py it writes in batches, beside whoever
writes, and may be stopped and begun anew.
"""

from typing import LiteralString, NamedTuple

import psycopg

from db.documents.feed_filters import TEXT_LENGTH
from db.documents.posts import LONG_TEXT, SHORT_TEXT
from db.documents.texts import composed
from db.enums import PostType
from db.maintenance.refolding import Row, in_batches

_LONGEST_TITLE = 200
_POSTS: LiteralString = """
SELECT id, title, content, type::text FROM public.posts
WHERE
    id > %(after)s
    AND (octet_length(title) <> char_length(title) OR octet_length(content) <> char_length(content))
    AND (title IS NOT NFC NORMALIZED OR content IS NOT NFC NORMALIZED)
ORDER BY id LIMIT %(limit)s
"""
_COMPOSE_POST: LiteralString = """
UPDATE public.posts SET title = %(new_title)s, content = %(new_content)s, content_html = NULL
WHERE
    id = %(id)s AND title IS NOT DISTINCT FROM %(title)s::text AND content IS NOT DISTINCT FROM %(content)s::text
"""
_FILTERS: LiteralString = """
SELECT id, value ->> 'contains' FROM public.feed_filters
WHERE id > %(after)s AND type = 'text' AND value ->> 'contains' IS NOT NFC NORMALIZED
ORDER BY id LIMIT %(limit)s
"""
_COMPOSE_FILTER: LiteralString = """
UPDATE public.feed_filters SET value = jsonb_set(value, '{contains}', to_jsonb(%(new)s::text))
WHERE id = %(id)s AND value ->> 'contains' = %(old)s
"""


class Composed(NamedTuple):
    """How many rows were changed."""

    posts: int
    filters: int

    def __str__(self) -> str:
        return f"Composed: {self.posts} posts, {self.filters} filters."


def compose(connection: psycopg.Connection) -> Composed:
    """Compose all texts; the connection is in autocommit, and each batch a transaction."""
    posts = in_batches(connection, _POSTS, lambda row: _compose_post(connection, row))
    return Composed(posts, in_batches(connection, _FILTERS, lambda row: _compose_filter(connection, row)))


def _compose_post(connection: psycopg.Connection, row: Row) -> int:
    id_, title, content, type_ = row
    most = SHORT_TEXT if type_ == PostType.TEXT_SHORT else LONG_TEXT
    new_title, new_content = title and composed(title, _LONGEST_TITLE), content and composed(content, most)
    if (new_title, new_content) == (title, content):
        return 0
    given = {"title": title, "content": content, "new_title": new_title, "new_content": new_content}
    return connection.execute(_COMPOSE_POST, {"id": id_, **given}).rowcount


def _compose_filter(connection: psycopg.Connection, row: Row) -> int:
    id_, old = row
    new = composed(old, TEXT_LENGTH)
    return 0 if new == old else connection.execute(_COMPOSE_FILTER, {"id": id_, "old": old, "new": new}).rowcount
