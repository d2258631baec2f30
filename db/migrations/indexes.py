"""Indexes that are built beside the writers, outside of a transaction, and what a run leaves that was killed meanwhile.

A run that is killed, or fails, may leave an index that the revision does not have, and which may not be valid. So each
is dropped by its name before it is built, and those of a way down also when an upgrade has reached its end.
"""

import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import LiteralString, NamedTuple

import psycopg

log = logging.getLogger("db.migrations.migrate")

MIGRATIONS = Path(__file__).parents[1] / "sql" / "migrations"

CREATE = r"CREATE (?:UNIQUE )?INDEX CONCURRENTLY (?P<name>\w+)\s+ON (?:(?P<schema>\w+)\.)?\w"

_LEADING = re.compile(rf"(?:\s|--[^\n]*\n)*{CREATE}[^;]*;\n?")
_VALID = """\
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_index WHERE indexrelid = '{index}'::regclass AND indisvalid) THEN
        RAISE EXCEPTION 'index {index} is not valid';
    END IF;
END
$$;
"""

_THERE: LiteralString = """
SELECT name FROM unnest(%s::text[]) WITH ORDINALITY AS given (name, place)
WHERE to_regclass(name) IS NOT NULL
ORDER BY place
"""


class Index(NamedTuple):
    name: str
    statement: str

    def build(self) -> Iterator[str]:
        """The statements that build it, or build it again, whatever of this name is there."""
        yield drop(self.name)
        yield self.statement
        yield _VALID.format(index=self.name)


def qualified(made: re.Match[str]) -> str:
    return f"{made['schema'] or 'public'}.{made['name']}"


def drop(name: str) -> str:
    return f"DROP INDEX CONCURRENTLY IF EXISTS {name};"


def drop_leftovers(connection: psycopg.Connection, revision: str) -> None:
    """At the end of an upgrade, outside of a transaction: it waits for those of others, and nobody waits for it."""
    found = connection.execute(_THERE, [of_ways_down(revision)]).fetchall()
    if not found:
        return
    (timeout,) = connection.execute("SELECT current_setting('lock_timeout')").fetchone() or ("0",)
    connection.execute("SET lock_timeout = 0")
    for (name,) in found:
        log.info("Dropping %s, which a downgrade that did not end has left.", name)
        connection.execute(drop(name).encode())
    connection.execute("SELECT set_config('lock_timeout', %s, FALSE)", [timeout])


def leading(text: str) -> tuple[list[Index], str]:
    """The indexes that a text begins with, and the rest of it, which is for a transaction."""
    found: list[Index] = []
    at = 0
    while made := _LEADING.match(text, at):
        found.append(Index(qualified(made), made[0].strip()))
        at = made.end()
    return found, text[at:]


def of_ways_down(revision: str) -> list[str]:
    """Names of indexes that a database at this revision has only if somebody has begun to go down, and did not."""
    files = sorted(MIGRATIONS.glob("*.down.sql"))
    texts = [file.read_text(encoding="utf-8") for file in files if file.name.partition("_")[0] <= revision]
    return [index.name for text in texts for index in leading(text)[0]]
