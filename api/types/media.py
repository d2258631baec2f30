"""Media files."""

from datetime import datetime

import strawberry
from strawberry import Parent

from api.context import Info
from api.enums import MediaType
from api.scalars import URL, BigInt
from api.types.node import Node, node_id
from db.rows import MediaRow


@strawberry.type(description="A file that somebody uploaded.")
class Media(Node):
    id: strawberry.ID = node_id("Media")
    width: int | None = strawberry.field(description="The width in pixels, where there is one.")
    height: int | None = strawberry.field(description="The height in pixels, where there is one.")
    mime_type: str = strawberry.field(description="The media type of the file, such as `image/png`.")
    alt_text: str | None = strawberry.field(description="What it shows, for those who do not see it.")
    created_at: datetime = strawberry.field(description="When it was uploaded.")

    @strawberry.field(description="What kind of file it is.")
    @staticmethod
    def type(root: Parent[MediaRow]) -> MediaType:
        return MediaType(root.type)

    @strawberry.field(graphql_type=URL, description="The address of the file.")
    @staticmethod
    def url(root: Parent[MediaRow], info: Info) -> str:
        return info.context.absolute(root.file_url)

    @strawberry.field(graphql_type=URL | None, description="The address of a small picture of it, where there is one.")
    @staticmethod
    def thumbnail_url(root: Parent[MediaRow], info: Info) -> str | None:
        return None if root.thumbnail_url is None else info.context.absolute(root.thumbnail_url)

    @strawberry.field(graphql_type=BigInt, description="The size of the file in bytes.")
    @staticmethod
    def size_bytes(root: Parent[MediaRow]) -> int:
        return root.file_size_bytes

    @strawberry.field(description="How long it plays, in seconds.")
    @staticmethod
    def duration_seconds(root: Parent[MediaRow]) -> float | None:
        return None if root.duration_seconds is None else float(root.duration_seconds)

    @classmethod
    def is_type_of(cls, source: object, _info: object) -> bool:
        return isinstance(source, MediaRow)
