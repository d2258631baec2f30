"""What the server did for one statement: facts out of EXPLAIN, never its text."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Literal, TypeAlias

import psycopg
from psycopg import sql

from db.plans import Plan, plan_of

Mode: TypeAlias = Literal["force_custom_plan", "force_generic_plan", "auto"]

_DECIDED = 6  # after five runs the server decides whether it keeps the plan
_PARAMETER = re.compile(r"%\((\w+)\)s")


def explain(
    connection: psycopg.Connection, query: bytes, parameters: Mapping[str, object], mode: Mode = "auto"
) -> Plan:
    """Run the statement as the server runs it once it is prepared, under this plan_cache_mode."""
    text = query.decode()
    names = list(dict.fromkeys(_PARAMETER.findall(text)))
    types = ", ".join(_sent_as(parameters[name]) for name in names)
    numbered = _PARAMETER.sub(lambda found: f"${names.index(found[1]) + 1}", text).replace("%%", "%")
    values = sql.SQL(", ").join(sql.Literal(parameters[name]) for name in names)
    connection.execute(sql.SQL("SET plan_cache_mode = {}").format(sql.Literal(mode)))
    connection.execute(f"PREPARE statement{f' ({types})' if names else ''} AS {numbered}".encode())
    execute = sql.SQL("EXECUTE statement ({})").format(values) if names else sql.SQL("EXECUTE statement")
    if mode == "auto":
        for _ in range(_DECIDED):
            connection.execute(execute)
    rows = connection.execute(sql.SQL("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {}").format(execute)).fetchall()
    connection.execute("DEALLOCATE statement")
    connection.execute("RESET plan_cache_mode")
    return plan_of(rows[0][0][0])


def _sent_as(value: object) -> str:
    """The type that psycopg tells the server: it decides which operators, and so which indexes, are tried."""
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        widths = (("smallint", 15), ("integer", 31), ("bigint", 63))
        return next(name for name, bits in widths if -(2**bits) <= value < 2**bits)
    return "timestamptz" if isinstance(value, datetime) else "unknown"
