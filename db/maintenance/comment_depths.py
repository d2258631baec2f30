"""Fills in how deep replies lie that were written before `comments.depth` was there: an upgrade has left 0 at them.

Each few are a transaction of their own, by their ids, so that a parent comes before its replies; new replies get their
depth from a trigger, and those that got it from a parent not yet filled in are reached later. It may be killed at any
point and run again.
"""

from typing import LiteralString

import psycopg

from db.migrations.revision import while_busy
from db.queries import array

_BATCH = 500

_IS_NEEDED: LiteralString = """
SELECT EXISTS (SELECT FROM public.comments WHERE parent_comment_id IS NOT NULL AND depth = 0)
"""
_REPLIES: LiteralString = """
SELECT id FROM public.comments WHERE parent_comment_id IS NOT NULL AND id > %(after)s ORDER BY id LIMIT %(limit)s
"""
_FILL: LiteralString = """
UPDATE public.comments AS reply
SET depth = parent.depth + 1
FROM public.comments AS parent
WHERE
    reply.id = ANY(%(ids)s::bigint[]) AND parent.id = reply.parent_comment_id
    AND reply.depth <> parent.depth + 1 AND (parent.depth > 0 OR parent.parent_comment_id IS NULL)
"""

# A script cannot go in batches: it does all at once.
SCRIPT: LiteralString = """
WITH RECURSIVE thread AS (
    SELECT id, 0 AS depth FROM public.comments WHERE parent_comment_id IS NULL
    UNION ALL
    SELECT reply.id, above.depth + 1
    FROM thread AS above INNER JOIN public.comments AS reply ON above.id = reply.parent_comment_id
)

UPDATE public.comments SET depth = thread.depth FROM thread
WHERE comments.id = thread.id AND comments.depth <> thread.depth;
"""


def fill_depths(connection: psycopg.Connection) -> int:
    """Fill in what is missing; how many. The connection is in autocommit, and waits for locks only briefly."""
    if connection.execute(_IS_NEEDED).fetchone() != (True,):
        return 0
    filled, after = 0, 0
    while ids := [row[0] for row in connection.execute(_REPLIES, {"after": after, "limit": _BATCH})]:

        def batch(ids: list[int] = ids) -> int:
            with connection.transaction():
                total = 0
                while changed := connection.execute(_FILL, {"ids": array(ids)}).rowcount:  # level by level
                    total += changed
                return total

        filled += while_busy(batch)
        after = ids[-1]
    return filled
