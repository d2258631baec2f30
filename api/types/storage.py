"""What the viewer has stored."""

from typing import Any

import strawberry
from strawberry import Parent

from api.execution.columns import presents
from api.gql.node import Node, node_id
from api.gql.scalars import BigInt
from db.queries.media import StorageRow

_WARNING_LEVELS = (100, 95, 80)


def _bytes(name: str, description: str) -> Any:
    def resolve_bytes(root: Parent[StorageRow]) -> int:
        return getattr(root, f"{name}_bytes")

    return strawberry.field(resolver=resolve_bytes, graphql_type=BigInt, description=description)


@strawberry.type(description="What the viewer has stored and may store, in bytes.")
class Storage(Node):
    id: strawberry.ID = node_id("Storage", key="user_id")
    used: BigInt = _bytes("used", "What is stored.")
    quota: BigInt = _bytes("quota", "What the viewer's plan allows.")
    reserved: BigInt = _bytes("reserved", "What belongs to uploads in progress.")
    images: BigInt = _bytes("images", "What pictures take, animated ones included.")
    videos: BigInt = _bytes("videos", "What videos take.")
    audio: BigInt = _bytes("audio", "What sound takes.")
    other: BigInt = _bytes("other", "What all other files take.")

    @strawberry.field(graphql_type=BigInt, description="What is left: quota less used and reserved, never below 0.")
    @staticmethod
    def available(root: Parent[StorageRow]) -> int:
        return max(0, root.quota_bytes - root.used_bytes - root.reserved_bytes)

    @strawberry.field(
        description="How much of the quota is used, in percent; over 100 after a change to a smaller plan."
    )
    @staticmethod
    def percentage(root: Parent[StorageRow]) -> float:
        return round(100 * root.used_bytes / root.quota_bytes, 2)

    @strawberry.field(description="The highest of 80, 95 and 100 percent that the use has reached; null below 80.")
    @staticmethod
    def warning_level(root: Parent[StorageRow]) -> int | None:
        used = 100 * root.used_bytes
        return next((level for level in _WARNING_LEVELS if used >= level * root.quota_bytes), None)

    is_type_of = presents(StorageRow)
