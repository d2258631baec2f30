"""Objects that have a global id.

A type presents a row of db/queries: its plain fields read the row's attributes, and `is_type_of` tells by the row's
class which of the types behind an interface it is.
"""

from collections.abc import Sequence
from typing import Any

import strawberry

from api.execution.columns import computed
from api.gql import ids


@strawberry.interface(description="An object with an id of its own, which `node(id:)` finds again.")
class Node:
    id: strawberry.ID = strawberry.field(description="The global id. Opaque: pass it on as it is.")


def node_id(type_name: str, *, directives: Sequence[object] = ()) -> Any:
    """The `id` field of a type whose rows have a key `id`."""

    @computed(
        graphql_type=strawberry.ID,
        description="The global id. Opaque: pass it on as it is.",
        directives=directives,
    )
    def encoded(rows: Sequence[Any], _info: object) -> Sequence[strawberry.ID]:
        return ids.encode_all(type_name, [row.id for row in rows])

    return encoded
