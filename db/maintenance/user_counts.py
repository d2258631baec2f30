"""Counts the users who have no row in app.user_counts yet: all of them, when an upgrade has made the table.

Each few users are a transaction of their own, which keeps writers out of what it counts for some milliseconds: it
begins when nobody is writing, and the triggers, which are there by then, keep a row from the moment it exists. It may
be killed at any point and run again.
"""

from typing import LiteralString

import psycopg

from db.migrations.revision import while_busy
from db.queries import array
from db.statements import load

_BATCH = 100

_MISSING: LiteralString = """
SELECT u.id FROM public.users AS u
WHERE u.id > %(after)s AND NOT EXISTS (SELECT FROM app.user_counts AS c WHERE c.user_id = u.id)
ORDER BY u.id LIMIT %(limit)s
"""

# A script cannot go in batches: it leaves this to the command that repairs.
REMINDER: LiteralString = """
DO $$
BEGIN
    IF EXISTS (
        SELECT FROM public.users AS u
        WHERE NOT EXISTS (SELECT FROM app.user_counts AS c WHERE c.user_id = u.id)
    ) THEN
        RAISE WARNING 'Run "vrss counters repair": it counts the followers, friends and posts of users.';
    END IF;
END
$$;
"""


def count_missing(connection: psycopg.Connection) -> int:
    """Count the users without a row; how many. The connection is in autocommit, and waits for locks only briefly."""
    statements = load("user_counts")
    counted, after = 0, 0
    while ids := [row[0] for row in connection.execute(_MISSING, {"after": after, "limit": _BATCH})]:

        def batch(ids: list[int] = ids) -> None:
            with connection.transaction():
                connection.execute(statements["lock_what_user_counts_count"].sql)
                connection.execute(statements["add_user_counts"].sql, {"ids": array(ids)})

        while_busy(batch)
        counted += len(ids)
        after = ids[-1]
    return counted
