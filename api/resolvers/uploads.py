"""Uploads: announcing a file, completing it once its bytes are there, and aborting it."""

import strawberry

from api.context import Info
from api.gql.idempotency import Creation
from api.gql.ids import decode
from api.gql.mutation import mutation, user_errors
from api.gql.permissions import active
from api.gql.scalars import BigInt
from api.gql.user_errors import UserError
from api.inputs.uploads import AbortUploadInput, CompleteUploadInput, InitiateUploadInput
from api.media import completing, uploading
from api.media.formats.kinds import KINDS, Kind
from api.types.media import Media
from api.types.payloads import changed_viewer
from api.types.uploads import Upload, UploadLimit
from db.enums import MediaType
from db.errors import NotFoundError
from db.queries.media import MediaRow
from db.queries.sessions import SessionRow
from db.queries.uploads import MOST_UPLOADS, UploadRow


@strawberry.type(description="The result of `initiateUpload`.")
class InitiateUploadPayload:
    upload: UploadRow | None = strawberry.field(
        default=None, graphql_type=Upload | None, description="The upload: where and how to send the bytes."
    )
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The result of `completeUpload`.")
class CompleteUploadPayload:
    upload: UploadRow | None = strawberry.field(
        default=None,
        graphql_type=Upload | None,
        description="The upload: READY, or PROCESSING where that takes longer.",
    )
    media: MediaRow | None = strawberry.field(
        default=None, graphql_type=Media | None, description="The file; null while the upload is PROCESSING."
    )
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The result of `abortUpload`.")
class AbortUploadPayload:
    deleted_id: strawberry.ID | None = strawberry.field(default=None, description="The id of the aborted upload.")
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


async def _announced(info: Info, upload_id: int) -> InitiateUploadPayload:
    found = await info.context.loaders.upload_by_id.load(upload_id)
    if found is None:
        raise NotFoundError(field=("upload_id",))
    return InitiateUploadPayload(upload=found)


def _limits() -> list[UploadLimit]:
    by_kind = dict[tuple[str, int], list[Kind]]()
    for kind in KINDS.values():
        by_kind.setdefault((kind.type, kind.max_bytes), []).append(kind)
    return [
        UploadLimit(type=MediaType(type_), mime_types=[kind.mime_type for kind in kinds], max_bytes=BigInt(most))
        for (type_, most), kinds in by_kind.items()
    ]


@strawberry.type
class UploadQuery:
    @strawberry.field(
        graphql_type=list[UploadLimit] | None,
        description="What may be uploaded: media types and sizes, in a fixed order.",
        extensions=active(),
    )
    def upload_limits(self) -> list[UploadLimit]:
        return _limits()


@strawberry.type
class UploadMutation:
    @mutation(
        description="Announces a file and reserves its bytes. Filling the storage exactly is allowed. The bytes stay "
        "reserved until the upload is completed, aborted, has failed or has expired. Of an account, at most "
        f"{MOST_UPLOADS} uploads are under way. User errors: STORAGE_LIMIT_EXCEEDED, INVALID_FILE_TYPE, "
        "FILE_TOO_LARGE, BAD_USER_INPUT, RATE_LIMITED (too many uploads under way).",
        creation=Creation("upload", _announced),
    )
    @staticmethod
    async def initiate_upload(info: Info, input: InitiateUploadInput) -> InitiateUploadPayload:
        context = info.context
        uploading.require_taken(input.file_name, input.mime_type, input.size_bytes)
        await uploading.require_store(context.services.addresses)
        reserved = await uploading.reserve(
            context.database, context.signed_in, input.mime_type, input.size_bytes, input.alt_text or None
        )
        return InitiateUploadPayload(upload=reserved)

    @mutation(
        description="Makes a file of an upload whose bytes were sent: what they are is checked, a copy without places, "
        "names and programs is kept, and its size is charged. Completing twice returns the same file. What takes "
        "longer than ten seconds is PROCESSING: complete it again in a while. A file that is refused leaves the upload "
        "FAILED and gives its bytes back; announce another one. User errors: NOT_FOUND (also when it has expired), "
        "UPLOAD_INCOMPLETE, INVALID_FILE_TYPE, INVALID_FILE, TOO_MANY_PIXELS, PROCESSING_FAILED.",
        transactional=False,
    )
    @staticmethod
    async def complete_upload(info: Info, input: CompleteUploadInput) -> CompleteUploadPayload:
        upload = await completing.complete(info.context, decode(input.upload_id, "Upload"))
        media = None if upload.media_id is None else await info.context.loaders.media_by_id.load(upload.media_id)
        return CompleteUploadPayload(upload=upload, media=media)

    @mutation(
        description="Aborts an upload and releases its reserved bytes; one that has failed or expired as well. User "
        "errors: NOT_FOUND, CONFLICT (it is being completed, or a file already).",
        transactional=False,
    )
    @staticmethod
    async def abort_upload(info: Info, input: AbortUploadInput) -> AbortUploadPayload:
        await completing.abort(info.context, decode(input.upload_id, "Upload"))
        return AbortUploadPayload(deleted_id=input.upload_id)
