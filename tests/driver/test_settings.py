"""What a server, a database or a role prefers changes no answer: the connections set what they rely on."""

from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from db.pool import TEXTS
from tests.api.conftest import api_over
from tests.factories import Factory

HOSTILE = {
    "TimeZone": "Asia/Kathmandu",
    "DateStyle": "German, DMY",
    "IntervalStyle": "sql_standard",
    "bytea_output": "escape",
    "extra_float_digits": "-15",
    "lc_monetary": "C.UTF-8",
    "lc_numeric": "C.UTF-8",
    "lc_time": "C.UTF-8",
    "standard_conforming_strings": "off",
    "array_nulls": "off",
    "transform_null_equals": "on",
    "gin_fuzzy_search_limit": "1",
    "search_path": "pg_catalog",
}
OPERATIONS = Path(__file__).parent.parent / "api" / "operations"


@pytest.mark.parametrize("driver", ["pipeline", "psycopg"])
async def test_hostile_settings_change_no_answer(seeded_database: str, driver: str) -> None:
    assert HOSTILE.keys() == TEXTS.keys()
    with psycopg.connect(seeded_database, autocommit=True) as connection:
        make = Factory(connection)
        token = make.session(make.scalar("SELECT id FROM users WHERE username = 'ben'"))
        plain = await answers(seeded_database, driver, token)
        database = sql.Identifier(connection.info.dbname)
        for name, value in HOSTILE.items():
            setting = sql.SQL("SET {} = {}").format(sql.Identifier(name), sql.Literal(value))
            connection.execute(sql.SQL("ALTER DATABASE {} {}").format(database, setting))
    assert await answers(seeded_database, driver, token) == plain


async def answers(url: str, driver: str, token: str) -> list[bytes]:
    """What the pages answer, byte for byte."""
    found: list[bytes] = []
    async with api_over(url, driver=driver) as api:
        for name in ("feed_page", "profile_page"):
            query = (OPERATIONS / f"{name}.graphql").read_text(encoding="utf-8")
            response = await api.post({"query": query}, headers={"authorization": f"Bearer {token}"})
            assert "errors" not in response.json(), response.text
            found.append(response.content)
    return found
