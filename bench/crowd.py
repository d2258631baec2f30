"""A database full of people and posts, for plan tests and benchmarks: large, skewed, the same each time."""

import re
from pathlib import Path
from typing import Final, LiteralString

import psycopg

POSTS_FOR_EACH_PERSON = 20

# Whom the measurements look through; db/sql of the crowd says whom they follow.
FOLLOWS_100: Final = 1
FOLLOWS_1000: Final = 2
FOLLOWS_5000: Final = 3
FOLLOWS_SILENT: Final = 4

_FILL = (Path(__file__).parent / "crowd.sql").read_text(encoding="utf-8")

_SECONDARY_INDEXES: LiteralString = """
SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid)
FROM pg_index AS i
INNER JOIN pg_class AS c ON c.oid = i.indexrelid
WHERE c.relnamespace IN ('public'::regnamespace, 'app'::regnamespace)
    AND NOT EXISTS (SELECT FROM pg_constraint AS k WHERE k.conindid = i.indexrelid)
"""


def fill(connection: psycopg.Connection, posts: int, people: int | None = None) -> None:
    """Fill an empty database at head. Needs a superuser, and autocommit.

    Indexes are built afterwards, at a fraction of what keeping them up costs.
    """
    indexes = connection.execute(_SECONDARY_INDEXES).fetchall()
    connection.execute(f"DROP INDEX {', '.join(name for name, _ in indexes)}".encode())
    values = {":posts": posts, ":people": people or posts // POSTS_FOR_EACH_PERSON}
    connection.execute(re.sub(":(?:posts|people)", lambda name: str(values[name[0]]), _FILL).encode())
    for _, definition in indexes:
        connection.execute(definition.encode())
    connection.execute("VACUUM ANALYZE")
