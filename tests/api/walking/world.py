"""The people of the lists that are walked."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from psycopg.types.json import Jsonb

from api.gql.ids import encode
from tests.api.conftest import Api
from tests.api.walking.walked import Walked

HIDDEN = 75  # people whom the viewer may not see: more than a page of two looks through, and those of the last walk
SEEN = 15


class World:
    """Ada looks. Ben, Cleo and Dora have what she looks at; of the others she may not see most.

    A list that rows of another would get into has people of its own.
    """

    def __init__(self, api: Api) -> None:
        self.api = api
        self.make = api.factory
        self.ada, self.ben, self.cleo, self.dora = (self.make.user(name) for name in ("ada", "ben", "cleo", "dora"))
        self.seen = [self.make.user(f"person{n}") for n in range(SEEN)]
        self.hidden = self.many("gone", HIDDEN, status="suspended")
        self.now: datetime = self.make.scalar("SELECT date_trunc('minute', now())")
        self.seen_posts = [self.make.post(who) for who in self.seen]
        self.hidden_posts = [self.make.post(who) for who in self.hidden]

    def many(self, name: str, count: int, *, status: str = "active") -> list[int]:
        """People, by one statement."""
        rows = self.make.connection.execute(
            b"""
            WITH person AS (
                INSERT INTO users (username, email, password_hash, status)
                SELECT %(name)s || n, %(name)s || n || '@example.org', 'x', %(status)s::user_status
                FROM generate_series(1, %(count)s) AS n RETURNING id
            )
            INSERT INTO user_profiles (user_id, display_name) SELECT id, 'A. Person' FROM person RETURNING user_id
            """,
            {"name": name, "status": status, "count": count},
        )
        return [who for (who,) in rows]

    def section(self, owner: int, type_: str, fields: str, **config: object) -> str:
        """The path of a list of a section: `fields` is its type and its field."""
        order = self.make.scalar("SELECT count(*) FROM profile_sections")
        row = {"user_id": owner, "type": type_, "title": type_, "config": Jsonb(config), "display_order": order}
        section = encode("ProfileSection", self.make.insert("profile_sections", **row))
        type_name, _, field = fields.partition(".")
        return f'node(id: "{section}") {{ ... on {type_name} {{ {field}(PAGE) BODY }} }}'

    def walked(self, path: str, table: str, column: str, node: Callable[[int, Any], str], **given: Any) -> Walked:
        """A list that Ada looks at, whose rows lead to people, or are theirs."""
        return self.of_kind(Walked, path, table=table, column=column, node=node, **given)

    def of_kind(self, kind: type[Walked], path: str, **given: Any) -> Walked:
        """The same of one of the other kinds of lists."""
        usual: dict[str, Any] = {
            "viewer": self.ada,
            "seen": self.seen,
            "hidden": self.hidden,
            "fixed": {},
            "start": self.now - timedelta(days=1),
            "table": "posts",
            "column": "user_id",
        }
        return kind(path=path, **{**usual, **given})

    def befriend(self, one: int, others: Sequence[int]) -> None:
        self.make.connection.execute(
            b"INSERT INTO friendships (user_id_1, user_id_2) SELECT least(%s, o), greatest(%s, o) FROM unnest(%s) AS o",
            [one, one, list(others)],
        )
