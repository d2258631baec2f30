"""Objects that have a global id.

A type presents a row of db/queries: its plain fields read the row's attributes, and `is_type_of` decides by the
row's class which of the types behind an interface it is.
"""

from collections.abc import Sequence
from operator import attrgetter
from typing import Any

import strawberry

from api.execution.columns import computed
from api.gql import ids

GLOBAL_ID = "The global id. Opaque: store it and send it back unchanged."


@strawberry.interface(
    description="An object with a global id. `node(id:)` fetches it again, and no two objects share an id."
)
class Node:
    id: strawberry.ID = strawberry.field(description=GLOBAL_ID)


def node_id(type_name: str, *, key: str = "id", description: str = GLOBAL_ID, directives: Sequence[object] = ()) -> Any:
    """The `id` field of a type whose rows have their key in this attribute."""
    read = attrgetter(key)

    @computed(graphql_type=strawberry.ID, description=description, directives=directives)
    def encoded(rows: Sequence[Any], _info: object) -> Sequence[strawberry.ID]:
        return ids.encode_all(type_name, map(read, rows))

    return encoded
