"""What the servers under measurement stand on: one database with the demo data, a session, and their documents."""

import hashlib
import re
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import psycopg

from api.gql.ids import encode
from bench.servers import PEERS, Contender, named_statements
from db.embedded.server import temporary_server
from db.migrations.migrate import upgrade
from db.seed import seed

TOKEN = "bench-token"  # noqa: S105  # of a database that lives for this run
OTHER_TOKEN = "bench-token-of-ben"  # noqa: S105
HEADERS = {"authorization": f"Bearer {TOKEN}"}
DOCUMENTS = Path(__file__).parent / "documents"


class Stage(NamedTuple):
    url: str
    post: int

    def document(self, contender: Contender, name: str) -> str | None:
        """The document of this name in the words of this server, if it answers it."""
        if contender.only not in {None, name}:
            return None
        folder = DOCUMENTS if contender.dialect == "vrss" else DOCUMENTS / contender.dialect
        text = (folder / f"{name}.graphql").read_text(encoding="utf-8").replace("USERNAME", "mira")
        return text.replace("POST_KEY", str(self.post)).replace("POST", encode("Post", self.post))


@contextmanager
def stage() -> Generator[Stage]:
    """A database in memory in which ada is logged in."""
    with temporary_server() as server:
        with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
            connection.execute("CREATE DATABASE bench")
        url = server.url("bench")
        upgrade(url)
        seed(url)
        with psycopg.connect(url, autocommit=True) as connection:
            for username, token in (("ada", TOKEN), ("ben", OTHER_TOKEN)):
                connection.execute(
                    "INSERT INTO app.sessions (user_id, token_hash, expires_at)"
                    " SELECT id, %s, now() + interval '7 days' FROM users WHERE username = %s",
                    (hashlib.sha256(token.encode()).digest(), username),
                )
            connection.execute(_functions())
            connection.execute("VACUUM ANALYZE")
            (post,) = connection.execute("SELECT max(id) FROM posts WHERE status = 'published'").fetchone() or (0,)
        yield Stage(url, post)


def _functions() -> bytes:
    """PostGraphile's functions, with our statements in them: about whom the setting names, and a page of the feed."""
    values = {
        "viewer": "app.viewer()",
        "limit": "21",
        "after_created_at": "'infinity'",
        "after_id": "'9223372036854775807'",
        "before_created_at": "'-infinity'",
        "before_id": "'-9223372036854775808'",
        "post_id": "$1",
    }
    statements = named_statements()

    def written(found: re.Match[str]) -> str:
        statement = statements[found[1]]
        return re.sub(
            r"\$(\d+)", lambda number: values[statement.parameters[int(number[1]) - 1]], statement.numbered.decode()
        )

    text = (PEERS / "postgraphile.sql").read_text(encoding="utf-8")
    return re.sub(r"STATEMENT_(\w+)", written, text).encode()
