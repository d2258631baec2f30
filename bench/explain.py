"""What the server did for one statement: facts out of EXPLAIN, never its text."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypeAlias

import psycopg
from psycopg import sql

Mode: TypeAlias = Literal["force_custom_plan", "force_generic_plan", "auto"]
Node: TypeAlias = dict[str, Any]

_DECIDED = 6  # after five runs the server decides whether it keeps the plan
_PARAMETER = re.compile(r"%\((\w+)\)s")


@dataclass(frozen=True, slots=True)
class Plan:
    nodes: tuple[Node, ...]
    planning_ms: float
    execution_ms: float

    @property
    def indexes(self) -> set[str]:
        """The indexes that were read, not those of branches that never ran."""
        return {node["Index Name"] for node in self._ran() if "Index Name" in node}

    @property
    def scanned_tables(self) -> set[str]:
        """The tables that were read from end to end."""
        return {node["Relation Name"] for node in self._ran() if node["Node Type"] == "Seq Scan"}

    @property
    def sorted_rows(self) -> int:
        """The most rows that one sort was given; 0 where all order comes from indexes."""
        sorts = [node for node in self._ran() if node["Node Type"] in {"Sort", "Incremental Sort"}]
        return max((round(node["Plans"][0]["Actual Rows"]) for node in sorts), default=0)

    @property
    def buffers(self) -> int:
        return self.nodes[0]["Shared Hit Blocks"] + self.nodes[0]["Shared Read Blocks"]

    @property
    def rows_touched(self) -> int:
        """Rows and index entries of tables that were looked at, kept or not."""
        return sum(
            round(
                (
                    node["Actual Rows"]
                    + node.get("Rows Removed by Filter", 0)
                    + node.get("Rows Removed by Index Recheck", 0)
                )
                * node["Actual Loops"]
            )
            for node in self._ran()
            if "Relation Name" in node and node["Node Type"] != "ModifyTable"
        )

    def _ran(self) -> Iterator[Node]:
        return (node for node in self.nodes if node["Actual Loops"] > 0)


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
    explained = rows[0][0][0]
    return Plan(tuple(_walk(explained["Plan"])), explained["Planning Time"], explained["Execution Time"])


def _walk(node: Node) -> Iterator[Node]:
    yield node
    for part in node.get("Plans", ()):
        yield from _walk(part)


def _sent_as(value: object) -> str:
    """The type that psycopg tells the server: it decides which operators, and so which indexes, are tried."""
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        widths = (("smallint", 15), ("integer", 31), ("bigint", 63))
        return next(name for name, bits in widths if -(2**bits) <= value < 2**bits)
    return "timestamptz" if isinstance(value, datetime) else "unknown"
