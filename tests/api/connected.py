"""A list with six rows, and the people in it."""

from typing import NamedTuple

from psycopg.types.json import Jsonb

from api.gql.ids import encode
from tests.api.conftest import Api

ROWS = 6
SHOWN = range(1, ROWS - 1)


class Connection(NamedTuple):
    """`path` leads to the connection, which stands for LIST in it; `delete` deletes the row that one of `keys` names.

    `keys` are those of the rows that the viewer may see, in the order of the list.
    """

    path: str
    delete: str
    keys: list[int]


class Scene:
    """Ada looks, Ben has a profile. Of the others, the first and the last are suspended."""

    def __init__(self, api: Api) -> None:
        self.api = api
        self.make = api.factory
        self.ada, self.ben = self.make.user("ada"), self.make.user("ben")
        self.people = self._people("friend")

    def _people(self, name: str) -> list[int]:
        statuses = ["active" if n in SHOWN else "suspended" for n in range(ROWS)]
        return [self.make.user(f"{name}{n}", status=status) for n, status in enumerate(statuses)]

    def _section(self, type_: str, type_name: str, field: str, **config: object) -> str:
        order = self.make.scalar("SELECT count(*) FROM profile_sections")
        row = {"user_id": self.ben, "type": type_, "title": type_, "config": Jsonb(config), "display_order": order}
        section = encode("ProfileSection", self.make.insert("profile_sections", **row))
        return f'node(id: "{section}") {{ ... on {type_name} {{ LIST{field} }} }}'


def shown(oldest_first: list[int]) -> list[int]:
    return [oldest_first[n] for n in reversed(SHOWN)]
