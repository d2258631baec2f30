"""Brings e-mail addresses and tags that were stored under older rules to the rules of today.

SQL cannot fold by these rules, so this reads and writes in batches, beside whoever writes. It may be stopped at any
point and begun anew: what is in today's form stays as it is. Nobody's row is deleted or merged with another; what
cannot be brought to today's form stays, and is named in a sentence for the operator.
"""

from collections.abc import Callable
from typing import Any, LiteralString, NamedTuple

import psycopg
from psycopg import errors
from psycopg.types.json import Jsonb

from db.documents.folding import stored_address
from db.documents.older_tags import nearest_tag, tags_today
from db.migrations.revision import while_busy

_BATCH = 500

_ADDRESSES: LiteralString = """
SELECT id, username, email FROM public.users
WHERE id > %(after)s AND octet_length(email) <> char_length(email)
ORDER BY id LIMIT %(limit)s
"""
_FOLD_ADDRESS: LiteralString = """
UPDATE public.users SET email = %(new)s, email_verified = email_verified AND %(same)s
WHERE id = %(id)s AND email = %(old)s
"""
_FOLD_OWN_TOKENS: LiteralString = """
UPDATE app.verification_tokens SET email = %(new)s WHERE user_id = %(id)s AND email = %(old)s
"""
_OWNER: LiteralString = "SELECT username, id FROM public.users WHERE lower(email) = lower(%(new)s)"
# The tokens of addresses that people change to; those of the address that they have were brought along with it.
_TOKENS: LiteralString = """
SELECT t.id, t.email FROM app.verification_tokens AS t
WHERE
    t.id > %(after)s AND octet_length(t.email) <> char_length(t.email)
    AND NOT EXISTS (SELECT FROM public.users AS u WHERE u.id = t.user_id AND u.email = t.email)
ORDER BY t.id LIMIT %(limit)s
"""
_FOLD_NEW_ADDRESS: LiteralString = "UPDATE app.verification_tokens SET email = %(new)s WHERE id = %(id)s"
_POSTS: LiteralString = """
SELECT id, coalesce(content, ''), tags FROM public.posts
WHERE id > %(after)s AND (tags <> '{}' OR content LIKE '%%#%%')
ORDER BY id LIMIT %(limit)s
"""
_TAG_POST: LiteralString = "UPDATE public.posts SET tags = %(new)s::text[] WHERE id = %(id)s AND tags = %(old)s::text[]"
_FILTERS: LiteralString = """
SELECT id, value, value ->> 'tag' FROM public.feed_filters
WHERE id > %(after)s AND type = 'tag' AND value ->> 'tag' IS NOT NULL
ORDER BY id LIMIT %(limit)s
"""
_REPLACE_FILTER: LiteralString = """
UPDATE public.feed_filters SET type = %(type)s, value = %(new)s WHERE id = %(id)s AND value = %(old)s
"""

Row = tuple[Any, ...]


class Refolded(NamedTuple):
    """How many rows were changed, and what could not be."""

    addresses: int
    posts: int
    filters: int
    left: list[str]

    def __str__(self) -> str:
        done = (
            f"Brought to today's form: {self.addresses} e-mail addresses, {self.posts} posts, {self.filters} filters."
        )
        return "\n".join([done, *self.left])


def refold(connection: psycopg.Connection) -> Refolded:
    """Bring all rows to today's form; the connection is in autocommit, and each batch a transaction."""
    left: list[str] = []
    addresses = in_batches(connection, _ADDRESSES, lambda row: _fold_address(connection, row, left))
    in_batches(connection, _TOKENS, lambda row: _fold_token(connection, row))
    posts = in_batches(connection, _POSTS, lambda row: _tag_post(connection, row))
    filters = in_batches(connection, _FILTERS, lambda row: _replace_filter(connection, row))
    return Refolded(addresses, posts, filters, list(dict.fromkeys(left)))


def in_batches(connection: psycopg.Connection, query: LiteralString, change: Callable[[Row], int]) -> int:
    """Change the rows of a query in the order of their ids, which come first in them; how many were changed."""
    changed, after = 0, 0
    while rows := connection.execute(query, {"after": after, "limit": _BATCH}).fetchall():
        done: list[int] = []

        def batch(rows: list[Row] = rows, done: list[int] = done) -> None:
            done.clear()
            with connection.transaction():
                done.extend(map(change, rows))

        while_busy(batch)
        changed += sum(done)
        after = rows[-1][0]
    return changed


def _fold_address(connection: psycopg.Connection, row: Row, left: list[str]) -> int:
    id_, username, old = row
    new = stored_address(*old.rsplit("@", 1))
    if new == old:
        return 0
    # What differs by more than case may be another mailbox, which nobody has proven to be theirs.
    values = {"id": id_, "old": old, "new": new, "same": new == old.lower()}
    try:
        with connection.transaction():
            connection.execute(_FOLD_OWN_TOKENS, values)
            return connection.execute(_FOLD_ADDRESS, values).rowcount
    except errors.UniqueViolation:
        owner = connection.execute(_OWNER, values).fetchone()
        why = "is the same as that of {} (id {}) by now".format(*owner) if owner else "is taken by now"
    except errors.CheckViolation:
        why = "is none by now"
    left.append(
        f"{username} (id {id_}): the e-mail address of this account {why}. It stays as it is: its owner logs in by the "
        "user name, and not by the address, until they change it."
    )
    return 0


def _fold_token(connection: psycopg.Connection, row: Row) -> int:
    id_, old = row
    new = stored_address(*old.rsplit("@", 1))
    return 0 if new == old else connection.execute(_FOLD_NEW_ADDRESS, {"id": id_, "new": new}).rowcount


def _tag_post(connection: psycopg.Connection, row: Row) -> int:
    id_, content, old = row
    new = tags_today(content, old)
    return 0 if new == old else connection.execute(_TAG_POST, {"id": id_, "old": old, "new": new}).rowcount


def _replace_filter(connection: psycopg.Connection, row: Row) -> int:
    """By one for the tag that it means today; by one for the same text, where no tag is like it."""
    id_, value, old = row
    tag = nearest_tag(old)
    if tag == old:
        return 0
    type_, new = ("tag", {**value, "tag": tag}) if tag else ("text", {"contains": old})
    values = {"id": id_, "type": type_, "old": Jsonb(value), "new": Jsonb(new)}
    return connection.execute(_REPLACE_FILTER, values).rowcount
