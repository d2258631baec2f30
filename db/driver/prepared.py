"""From results to rows, by psycopg's loaders."""

from typing import Any

import psycopg
from psycopg import abc, pq
from psycopg.adapt import Transformer
from psycopg.pq.abc import PGresult

from db.driver.query import Query
from db.driver.rows import Make, row_maker
from db.statements import Statement


class Prepared:
    """A statement that one connection has prepared, with the loaders of its columns once its first rows have come.

    psycopg's transformer trusts that a result has as many columns as it has loaders, and reads past the end of its
    memory where not: it is never given another one. The server keeps the columns of what it has prepared.
    """

    __slots__ = ("_columns", "_make", "_row", "_transformer", "_width", "name", "statement")

    def __init__(self, name: bytes, statement: Statement) -> None:
        self.name = name
        self.statement = statement
        self._transformer: abc.Transformer | None = None
        self._columns: tuple[str, ...] = ()
        self._width = -1
        self._row: type[Any] | None = None
        self._make: Make = list

    def load(self, connection: psycopg.AsyncConnection[Any], query: Query, result: PGresult) -> list[Any]:
        transformer = self._transformer or self._learn(connection, result)
        if result.nfields != self._width:
            raise psycopg.InternalError(f"{query.statement.name} came back with other columns")
        if query.row is not self._row:
            self._make = row_maker(query.row, self._columns)
            self._row = query.row
        transformer.set_pgresult(result, set_loaders=False)
        return self._make(transformer.load_rows(0, result.ntuples, tuple))

    def _learn(self, connection: psycopg.AsyncConnection[Any], result: PGresult) -> abc.Transformer:
        transformer = Transformer(connection)
        transformer.set_loader_types([result.ftype(at) for at in range(result.nfields)], pq.Format.TEXT)
        self._columns = _columns(result)
        self._width = result.nfields
        self._transformer = transformer
        return transformer


def load_once(connection: psycopg.AsyncConnection[Any], query: Query, result: PGresult) -> list[Any]:
    """The rows of a statement that is not prepared, and may have other columns the next time."""
    transformer = Transformer(connection)
    transformer.set_pgresult(result)
    return row_maker(query.row, _columns(result))(transformer.load_rows(0, result.ntuples, tuple))


def _columns(result: PGresult) -> tuple[str, ...]:
    return tuple((result.fname(at) or b"").decode() for at in range(result.nfields))
