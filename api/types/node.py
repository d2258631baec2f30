"""Objects that have a global id.

A type presents a row of db/rows.py: its plain fields read the row's attributes, and `is_type_of` tells by the row's
class which of the types behind an interface it is.
"""

from typing import Any

import strawberry
from strawberry import Parent

from api import ids


@strawberry.interface(description="An object with an id of its own, which `node(id:)` finds again.")
class Node:
    id: strawberry.ID = strawberry.field(description="The global id. Opaque: pass it on as it is.")


def node_id(type_name: str) -> Any:
    """The `id` field of a type whose rows have a key `id`."""

    def resolve_id(root: Parent[Any]) -> strawberry.ID:
        return ids.encode(type_name, root.id)

    return strawberry.field(resolver=resolve_id, description="The global id. Opaque: pass it on as it is.")
