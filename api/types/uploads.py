"""Files on their way."""

from collections.abc import Awaitable, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

import strawberry

from api.context import Info
from api.execution.columns import computed, presents, relation
from api.gql.enums import MediaType, UploadStatus
from api.gql.node import Node, node_id
from api.gql.scalars import URL, BigInt
from api.gql.user_errors import UserErrorCode
from api.types.media import Media
from db.queries.media import MediaRow
from db.queries.uploads import UploadRow


class Header(NamedTuple):
    name: str
    value: str


@strawberry.type(description="A header of an HTTP request.")
class UploadHeader:
    name: str = strawberry.field(description="Its name.")
    value: str = strawberry.field(description="Its value.")


@strawberry.type(description="What may be uploaded of one kind.")
class UploadLimit:
    type: MediaType = strawberry.field(description="The kind of file.")
    mime_types: list[str] = strawberry.field(description="The media types that are accepted.")
    max_bytes: BigInt = strawberry.field(description="The largest size in bytes.")


def _awaits_bytes(upload: UploadRow, now: datetime) -> bool:
    return upload.state == "reserved" and upload.url_expires_at is not None and upload.url_expires_at > now


@strawberry.type(
    description="A file on its way: send its bytes with `method`, `url` and `headers`, then call `completeUpload`. "
    "Only the viewer sees it. Once it has become a file it is still there under its id, with `media`."
)
class Upload(Node):
    id: strawberry.ID = node_id("Upload")
    mime_type: str = strawberry.field(description="The media type, such as `image/png`.")
    created_at: datetime = strawberry.field(description="When it was announced, or became a file.")

    @computed(graphql_type=UploadStatus, description="How far it is.")
    @staticmethod
    def status(uploads: Sequence[UploadRow], _info: Info) -> Sequence[str]:
        now = datetime.now(UTC)
        return [
            "expired"
            if upload.state == "reserved" and upload.expires_at is not None and upload.expires_at <= now
            else upload.state
            for upload in uploads
        ]

    @computed(graphql_type=str, description="The HTTP method to send the bytes with: `PUT`.")
    @staticmethod
    def method(uploads: Sequence[UploadRow], _info: Info) -> Sequence[str]:
        return ["PUT"] * len(uploads)

    @computed(
        graphql_type=URL | None,
        description="Where to send the bytes: an address for exactly this many bytes of this type. It takes them once; "
        "what did not come whole may be sent again. Null when no bytes are awaited any more.",
    )
    @staticmethod
    def url(uploads: Sequence[UploadRow], info: Info) -> Sequence[str | None]:
        now = datetime.now(UTC)
        return [info.context.upload_url(one) if _awaits_bytes(one, now) else None for one in uploads]

    @computed(
        graphql_type=list[UploadHeader],
        description="Headers to send along, exactly as given, and Content-Length. Send no token and no cookie.",
    )
    @staticmethod
    def headers(uploads: Sequence[UploadRow], _info: Info) -> Sequence[list[Header]]:
        return [[Header("Content-Type", upload.mime_type)] for upload in uploads]

    @computed(
        graphql_type=datetime | None,
        description="When `url` stops to work: 15 minutes after the start. Another 15 minutes later the reserved bytes "
        "are released. Null once it has become a file.",
    )
    @staticmethod
    def expires_at(uploads: Sequence[UploadRow], _info: Info) -> Sequence[datetime | None]:
        return [upload.url_expires_at for upload in uploads]

    @computed(
        graphql_type=BigInt,
        description="The declared size in bytes, reserved from the storage; once it has become a file, the true one.",
    )
    @staticmethod
    def size_bytes(uploads: Sequence[UploadRow], _info: Info) -> Sequence[int]:
        return [upload.file_size_bytes for upload in uploads]

    @computed(graphql_type=UserErrorCode | None, description="Why it has FAILED; null otherwise.")
    @staticmethod
    def failure_code(uploads: Sequence[UploadRow], _info: Info) -> Sequence[UserErrorCode | None]:
        return [None if upload.failure is None else UserErrorCode(upload.failure) for upload in uploads]

    @relation(graphql_type=Media | None, description="The file, once it is READY; null before.")
    @staticmethod
    def media(uploads: Sequence[UploadRow], info: Info) -> Awaitable[Sequence[MediaRow | None]]:
        return info.context.loaders.media_by_id.column([upload.media_id for upload in uploads])

    is_type_of = presents(UploadRow)
