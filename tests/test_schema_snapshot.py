"""db/schema.sql says what the migrations make, so that a review sees every effect of a change."""

import difflib
from pathlib import Path

import psycopg
import pytest

from db.migrate import dump_schema

SNAPSHOT = Path(__file__).parents[1] / "db" / "schema.sql"


def test_schema_sql_is_what_the_migrations_make(empty_database: str) -> None:
    with psycopg.connect(empty_database) as connection:
        if connection.info.server_version // 10_000 != 18:
            pytest.skip("dumps differ between major versions; the snapshot is of 18")
    kept = SNAPSHOT.read_text(encoding="utf-8").splitlines()
    now = dump_schema(empty_database).splitlines()
    difference = "\n".join(difflib.unified_diff(kept, now, "db/schema.sql", "the migrations", lineterm="", n=1))
    assert not difference, f"Run `make schema` and commit db/schema.sql:\n{difference}"
