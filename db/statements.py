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
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import NamedTuple

from psycopg import sql

QUERIES = Path(__file__).parent / "sql" / "queries"

_HEADER = re.compile(r"^-- name: (?P<name>[a-z_]+)$", re.MULTILINE)
_KEYSET = "-- keyset\n"
_PLACEHOLDER = re.compile(rb"%(?:\((\w+)\)s|%)")
# What writes, or locks: keywords are upper case in our SQL, and nothing else is. To take a read for one of these costs
# time; the other way round a test finds out.
_WRITES = re.compile(
    rb"\b(?:INSERT|UPDATE|DELETE|MERGE|SHARE|pg_(?:try_)?advisory_\w+|app\.(?:lock|withdraw)_\w+|nextval|set_config)\b"
)


class Bound(NamedTuple):
    """When a statement is stopped; `on_ran` is given the milliseconds that the server took, if it was not.

    It waits for locks for a shorter time, so that a wait for others is not taken for a slow statement.
    """

    timeout_ms: int
    on_ran: Callable[[float], None] | None = None

    @property
    def timeouts(self) -> tuple[str, str]:
        """Of the statement, and for each lock; in milliseconds."""
        return str(self.timeout_ms), str(max(self.timeout_ms * 2 // 3, 1))


@dataclass(frozen=True, slots=True, eq=False)
class Statement:
    """One statement of db/sql/queries. `sql` is bytes, which psycopg takes for written by us and not by a client.

    `numbered` is the same with $1, $2 … for its parameters, whose names are `parameters` in that order; `reads`: it
    neither writes, locks nor sets; `lasting`: it comes again and again, so that it is worth preparing; `bound`: it is
    stopped sooner than others.
    """

    name: str
    summary: str
    sql: bytes
    backward: "Statement | None" = None
    lasting: bool = True
    bound: Bound | None = None
    numbered: bytes = field(init=False)
    parameters: tuple[str, ...] = field(init=False)
    reads: bool = field(init=False)

    def __post_init__(self) -> None:
        numbered, parameters = _numbered(self.sql)
        object.__setattr__(self, "numbered", numbered)
        object.__setattr__(self, "parameters", parameters)
        object.__setattr__(self, "reads", _WRITES.search(self.sql) is None)

    def towards(self, *, backward: bool) -> "Statement":
        """This statement, or its twin that reads from the other end (rows then come in ascending order)."""
        if not backward:
            return self
        if self.backward is None:
            raise LookupError(f"{self.name} is not marked as a keyset statement")
        return self.backward


def _numbered(query: bytes) -> tuple[bytes, tuple[str, ...]]:
    names: dict[str, int] = {}

    def number(found: re.Match[bytes]) -> bytes:
        name: bytes | None = found[1]
        return b"%" if name is None else b"$%d" % names.setdefault(name.decode(), len(names) + 1)

    return _PLACEHOLDER.sub(number, query), tuple(names)


def composed(name: str, query: bytes, parameters: Mapping[str, object], bound: Bound | None = None) -> Statement:
    """A statement that was put together at run time, with its values written into it.

    They decide the plan (a rare tag is looked up, a common one waited for), and what stands in the statement itself is
    planned for, even where the server is set to keep plans. There are too many of these to prepare them.
    """

    def written(found: re.Match[bytes]) -> bytes:
        value: bytes | None = found[1]
        if value is None:
            return b"%%"
        return sql.Literal(parameters[value.decode()]).as_bytes().replace(b"%", b"%%")

    text = _PLACEHOLDER.sub(written, query)
    return Statement(name, "Composed at run time.", text, lasting=False, bound=bound)


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
