"""One row of any table, whole."""

from collections.abc import Mapping
from typing import LiteralString

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

INSERT: LiteralString = "INSERT INTO {table} ({columns}) VALUES ({values}) RETURNING *"


def insert(connection: psycopg.Connection, table: str, **values: object) -> dict[str, object]:
    """Insert into `schema.table` and return what was stored; dicts become jsonb."""
    adapted = {name: Jsonb(value) if isinstance(value, Mapping) else value for name, value in values.items()}
    statement = sql.SQL(INSERT).format(
        table=sql.Identifier(*table.split(".")),
        columns=sql.SQL(", ").join(map(sql.Identifier, adapted)),
        values=sql.SQL(", ").join(map(sql.Placeholder, adapted)),
    )
    cursor = connection.execute(statement, adapted)
    row = cursor.fetchone()
    assert row is not None
    assert cursor.description is not None
    return {column.name: value for column, value in zip(cursor.description, row, strict=True)}
