"""The SQL that is replaced whole: functions and triggers as they are today, applied when an upgrade reaches head.

Tables change by numbered steps, these do not: their files are the present, and the digest of the files shows whether
a database runs it. See db/sql/triggers/README.md.
"""

import hashlib
import re
from pathlib import Path
from typing import LiteralString

import psycopg
from psycopg import sql

from db.settings import OperatorError

SQL = Path(__file__).parents[1] / "sql"
DROP_STALE = (SQL / "lifecycle" / "drop_stale.sql").read_text(encoding="utf-8")
GUARD = (SQL / "lifecycle" / "guard.sql").read_text(encoding="utf-8")

FUNCTION = re.compile(r"^CREATE OR REPLACE FUNCTION app\.(\w+)", re.MULTILINE)
TRIGGER = re.compile(
    r"^CREATE OR REPLACE TRIGGER (?P<name>\w+)\s.+?\sON (?P<table>\w+\.\w+)\b.+?EXECUTE FUNCTION app\.(?P<calls>\w+)",
    re.MULTILINE | re.DOTALL,
)

# Every name in the files is qualified; the empty path proves it on each run.
SETTINGS = "SET LOCAL search_path = '';\n"

RECORD: LiteralString = "INSERT INTO app.replaceable_sql (digest) VALUES ({digest});"

FUNCTIONS_THERE: LiteralString = "SELECT proname FROM pg_proc WHERE pronamespace = to_regnamespace('app')"

# A disabled trigger is as bad as none.
TRIGGERS_THERE: LiteralString = """
SELECT t.tgname, n.nspname || '.' || c.relname
FROM pg_trigger AS t
JOIN pg_class AS c ON c.oid = t.tgrelid
JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A')
"""


def definitions() -> str:
    """The text of all files, functions before the triggers that call them."""
    files = [*sorted((SQL / "functions").glob("*.sql")), *sorted((SQL / "triggers").glob("*.sql"))]
    text = "\n".join(file.read_text(encoding="utf-8") for file in files)
    undefined = {match["calls"] for match in TRIGGER.finditer(text)} - set(FUNCTION.findall(text))
    if undefined:
        raise OperatorError(f"Missing trigger function in db/sql/triggers: {_listed(undefined)}.")
    return text


def digest() -> str:
    return hashlib.sha256(definitions().encode()).hexdigest()


def script() -> str:
    """The body of the transaction that brings a database at head to the present state."""
    record = sql.SQL(RECORD).format(digest=digest()).as_string()
    return f"{SETTINGS}\n{definitions()}\n{DROP_STALE}\n{record}"


def applied(connection: psycopg.Connection) -> str | None:
    """The digest of what the database runs; None below head."""
    if connection.execute("SELECT to_regclass('app.replaceable_sql')").fetchone() == (None,):
        return None
    row = connection.execute("SELECT digest FROM app.replaceable_sql").fetchone()
    return row[0] if row else None


def missing(connection: psycopg.Connection) -> list[str]:
    """What the files define and the database lacks, one sentence each."""
    text = definitions()
    functions = {name for (name,) in connection.execute(FUNCTIONS_THERE)}
    triggers = set(connection.execute(TRIGGERS_THERE))
    return [
        *(f"Missing function app.{name}." for name in FUNCTION.findall(text) if name not in functions),
        *(
            f"Missing or disabled trigger {match['name']} on {match['table']}."
            for match in TRIGGER.finditer(text)
            if (match["name"], match["table"]) not in triggers
        ),
    ]


def _listed(names: set[str]) -> str:
    return ", ".join(f"app.{name}" for name in sorted(names))
