"""Composes texts of posts, and those that feeds filter by, which older versions stored as they were typed.

Only so they are found by what people look for. Like db/maintenance/refolding.py it writes in batches, beside whoever
writes, and may be stopped and begun anew.
"""

from typing import LiteralString, NamedTuple

import psycopg

from db.documents.texts import composed
from db.maintenance.refolding import Row, in_batches

_POSTS: LiteralString = """
SELECT id, title, content FROM public.posts
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
    id_, title, content = row
    old = {"title": title, "content": content}
    new = {f"new_{name}": None if text is None else _no_longer(text) for name, text in old.items()}
    if (new["new_title"], new["new_content"]) == (title, content):
        return 0
    return connection.execute(_COMPOSE_POST, {"id": id_, **old, **new}).rowcount


def _compose_filter(connection: psycopg.Connection, row: Row) -> int:
    id_, old = row
    new = _no_longer(old)
    return 0 if new == old else connection.execute(_COMPOSE_FILTER, {"id": id_, "old": old, "new": new}).rowcount


def _no_longer(text: str) -> str:
    """Composed, unless it would be longer, as few characters are: a table could refuse that."""
    new = composed(text)
    return text if len(new) > len(text) else new
