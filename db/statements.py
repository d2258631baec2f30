"""Named statements: SQL lives in db/sql/queries, its name travels with it to logs and pg_stat_statements.

A file holds statements like this one; the line after the name says what comes back and in which order::

    -- name: posts_by_user
    -- The visible posts of each user, newest first.
    -- keyset
    SELECT …

`-- keyset` marks a page query: it has both bounds of the page in its WHERE clause and orders by DESC only, so that
its twin for `last`/`before`, the same statement with every DESC turned into ASC, reads the page from the other end.
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

QUERIES = Path(__file__).parent / "sql" / "queries"

_HEADER = re.compile(r"^-- name: (?P<name>[a-z_]+)$", re.MULTILINE)
_KEYSET = "-- keyset\n"


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of db/sql/queries. `sql` is bytes, which psycopg takes for written by us and not by a client."""

    name: str
    summary: str
    sql: bytes
    backward: "Statement | None" = None

    def towards(self, *, backward: bool) -> "Statement":
        """This statement, or its twin that reads from the other end (rows then come in ascending order)."""
        if not backward:
            return self
        if self.backward is None:
            raise LookupError(f"{self.name} is not marked as a keyset statement")
        return self.backward


def _statement(name: str, text: str) -> Statement:
    comments = [
        line.removeprefix("-- ") for line in text.splitlines() if line.startswith("-- ") and line != "-- keyset"
    ]
    body = "\n".join(line for line in text.splitlines() if not line.startswith("--")).strip().rstrip(";")
    backward = None
    if _KEYSET in text:
        twin = f"{name}_backward"
        backward = Statement(twin, f"{name}, read from the other end.", _named(twin, body.replace(" DESC", " ASC")))
    return Statement(name, " ".join(comments), _named(name, body), backward)


def _named(name: str, body: str) -> bytes:
    return f"/* {name} */ {body}".encode()


@cache
def load(noun: str) -> dict[str, Statement]:
    """The statements of db/sql/queries/{noun}.sql by name."""
    text = (QUERIES / f"{noun}.sql").read_text(encoding="utf-8")
    pieces = _HEADER.split(text)[1:]
    return {name: _statement(name, body.lstrip("\n")) for name, body in zip(pieces[::2], pieces[1::2], strict=True)}
