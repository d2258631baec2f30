"""Media files."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

import strawberry

from api.context import Info
from api.execution.columns import computed, presents, relation
from api.gql.enums import MediaType, ThumbnailSize
from api.gql.node import Node, node_id
from api.gql.scalars import URL, BigInt
from api.media.thumbnails import path_of
from db.queries.media import MediaRow


@strawberry.type(description="A file that somebody uploaded. Whoever may see what uses it may see it.")
class Media(Node):
    id: strawberry.ID = node_id("Media")
    width: int | None = strawberry.field(description="The width in pixels; null for sound and documents.")
    height: int | None = strawberry.field(description="The height in pixels; null for sound and documents.")
    mime_type: str = strawberry.field(description="The media type, such as `image/png`.")
    alt_text: str | None = strawberry.field(
        description="What it shows, for people who do not see it; up to 1,000 characters."
    )
    placeholder: str | None = strawberry.field(
        description="A ThumbHash in Base64, of some 30 bytes, to show while the picture loads; null where there is "
        "none."
    )
    created_at: datetime = strawberry.field(description="When it was uploaded.")

    type: MediaType = strawberry.field(description="What kind of file it is.")

    @computed(
        graphql_type=URL,
        description="The address of the file. It works for at least 20 minutes: fetch this field again for a new one. "
        "Whoever has it may read the file, also without a token.",
    )
    @staticmethod
    def url(media: Sequence[MediaRow], info: Info) -> Sequence[str | None]:
        return info.context.file_urls(found.file_url for found in media)

    @relation(
        graphql_type=URL | None,
        description="The address of a small picture of it, of an animated one its first frame: of the size that is "
        "asked for, or the largest that there is. Null while there is none, as of films and sound. It works as long "
        "as `url`, and its bytes do not count as stored.",
        loads=False,
    )
    @staticmethod
    def thumbnail_url(
        media: Sequence[MediaRow],
        info: Info,
        size: Annotated[ThumbnailSize, strawberry.argument(description="The size to return.")] = ThumbnailSize.MEDIUM,
    ) -> Sequence[str | None]:
        wanted = int(size)
        return info.context.file_urls(
            path_of(found.file_url, found.thumbnails, wanted) if found.thumbnails else found.thumbnail_url
            for found in media
        )

    @computed(graphql_type=BigInt, description="The size in bytes.")
    @staticmethod
    def size_bytes(media: Sequence[MediaRow], _info: Info) -> Sequence[int]:
        return [found.file_size_bytes for found in media]

    @computed(graphql_type=float | None, description="How long it plays, in seconds; null for what does not play.")
    @staticmethod
    def duration_seconds(media: Sequence[MediaRow], _info: Info) -> Sequence[float | None]:
        return [None if found.duration_seconds is None else float(found.duration_seconds) for found in media]

    is_type_of = presents(MediaRow)
