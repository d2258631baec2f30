"""What EXPLAIN said of a statement."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

import psycopg

from db.statements import Bound

Node: TypeAlias = dict[str, Any]

_BOUND = "SELECT set_config('statement_timeout', %s, TRUE), set_config('lock_timeout', %s, TRUE)"


@dataclass(frozen=True, slots=True)
class Plan:
    """The nodes of a plan of a statement that ran, each before those below it."""

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
    def rows(self) -> int:
        """How many rows the statement returned."""
        return rows_of(self.nodes[0])

    @property
    def buffers(self) -> int:
        return buffers_of(self.nodes[0])

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

    def read(self, subplan: str, tables: frozenset[str]) -> bool:
        """Whether the part of this name looked into one of these tables."""
        return any(
            below.get("Relation Name") in tables and below["Actual Loops"] > 0
            for node in self.nodes
            if node.get("Subplan Name") == subplan
            for below in walk(node)
        )

    def _ran(self) -> Iterator[Node]:
        return (node for node in self.nodes if node["Actual Loops"] > 0)


def plan_of(explained: Node) -> Plan:
    """The plan that EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) gave."""
    return Plan(tuple(walk(explained["Plan"])), explained["Planning Time"], explained["Execution Time"])


def walk(node: Node) -> Iterator[Node]:
    """The node and all below it."""
    yield node
    for part in node.get("Plans", ()):
        yield from walk(part)


def rows_of(node: Node) -> int:
    """In all of its loops."""
    return round(node["Actual Rows"] * node["Actual Loops"])


def ms_of(node: Node) -> float:
    """In all of its loops, with the nodes below it."""
    return node["Actual Total Time"] * node["Actual Loops"]


def buffers_of(node: Node) -> int:
    """With the nodes below it."""
    return node["Shared Hit Blocks"] + node["Shared Read Blocks"]


def explain_reading(
    connection: psycopg.Connection, query: bytes, bound: Bound, *, runs: bool = True, as_text: bool = False
) -> Any:
    """What EXPLAIN says of a statement that only reads, in a transaction of its own: a JSON document, or lines.

    It is run, unless `runs` is false, and stopped as `bound` says: psycopg.errors.QueryCanceled.
    """
    how = [*(["ANALYZE", "BUFFERS"] if runs else []), f"FORMAT {'TEXT' if as_text else 'JSON'}"]
    statement = f"EXPLAIN ({', '.join(how)}) ".encode() + query
    with connection.transaction():
        connection.execute("SET TRANSACTION READ ONLY")
        connection.execute(_BOUND, bound.timeouts)
        rows = connection.execute(statement).fetchall()
    return [line for (line,) in rows] if as_text else rows[0][0][0]
