"""Adds the posts and people to search that are not in it yet: all of them, when an upgrade has made the tables.

Each few are a transaction of their own, which locks them for some milliseconds: what changes them waits, or has its
trigger run after it. It may be killed at any point and run again.
"""

from typing import LiteralString

import psycopg

from db.migrations.revision import while_busy
from db.queries import array

_BATCH = 500

_POSTS: LiteralString = """
SELECT p.id FROM public.posts AS p
WHERE p.id > %(after)s AND p.status = 'published'
    AND NOT EXISTS (SELECT FROM app.post_search AS s WHERE s.post_id = p.id AND s.texts IS NOT NULL)
ORDER BY p.id LIMIT %(limit)s
"""
_ADD_POSTS: LiteralString = """
WITH locked AS MATERIALIZED (
    SELECT p.* FROM public.posts AS p
    WHERE p.id = ANY(%(ids)s::bigint[]) AND p.status = 'published'
    ORDER BY p.id FOR NO KEY UPDATE
)
INSERT INTO app.post_search AS s (post_id, user_id, visibility, created_at, document, texts)
SELECT p.id, p.user_id, p.visibility, p.created_at, app.search_document(p), app.search_texts(p)
FROM public.posts AS p INNER JOIN locked ON p.id = locked.id
ON CONFLICT (post_id) DO UPDATE SET texts = excluded.texts WHERE s.texts IS NULL
"""
_PEOPLE: LiteralString = """
SELECT u.id FROM public.users AS u
WHERE u.id > %(after)s AND u.status = 'active'
    AND NOT EXISTS (SELECT FROM app.user_search AS s WHERE s.user_id = u.id)
ORDER BY u.id LIMIT %(limit)s
"""
_ADD_PEOPLE: LiteralString = """
SELECT app.index_user(id) FROM (SELECT unnest(%(ids)s::bigint[]) AS id ORDER BY id) AS person
"""

# The same for a script, whose transactions are its own: the whole must not be run in one.
_BATCHES: LiteralString = """
    after := 0;
    LOOP
        SELECT array_agg(id ORDER BY id) INTO ids FROM (MISSING) AS missing;
        EXIT WHEN ids IS NULL;
        BEGIN
            ADD;
            after := ids[cardinality(ids)];
        EXCEPTION WHEN lock_not_available OR deadlock_detected THEN
            PERFORM pg_sleep(0.1);
        END;
        COMMIT;
    END LOOP;
"""


def _batches(missing: LiteralString, add: LiteralString) -> LiteralString:
    text = _BATCHES.replace("MISSING", missing.replace("%(limit)s", "500")).replace("ADD", add)
    return text.replace("%(after)s", "after").replace("%(ids)s", "ids")


SCRIPT: LiteralString = f"""
DO $$
DECLARE
    ids bigint[];
    after bigint;
BEGIN
{_batches(_POSTS, _ADD_POSTS)}
{_batches(_PEOPLE, _ADD_PEOPLE.replace("SELECT app.index_user", "PERFORM app.index_user", 1))}
END
$$;
"""


def index_missing(connection: psycopg.Connection) -> int:
    """Add what is missing; how many. The connection is in autocommit, and waits for locks only briefly."""
    return _add(connection, _POSTS, _ADD_POSTS) + _add(connection, _PEOPLE, _ADD_PEOPLE)


def _add(connection: psycopg.Connection, missing: LiteralString, add: LiteralString) -> int:
    added, after = 0, 0
    while ids := [row[0] for row in connection.execute(missing, {"after": after, "limit": _BATCH})]:

        def batch(ids: list[int] = ids) -> None:
            with connection.transaction():
                connection.execute(add, {"ids": array(ids)})

        while_busy(batch)
        added += len(ids)
        after = ids[-1]
    return added
