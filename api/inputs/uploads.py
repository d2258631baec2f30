"""Inputs of uploads."""

from typing import Annotated

import strawberry
from pydantic import Field

from api.gql.scalars import BigInt
from api.gql.validation import NotBlank
from api.inputs.idempotency import IdempotencyKey, idempotency_key
from api.inputs.ownership import Owned
from db.documents.document import Composed

_THE_UPLOAD = "The upload. Must be the viewer's own; anything else answers NOT_FOUND."


@strawberry.input(description="The input of `initiateUpload`.")
class InitiateUploadInput:
    file_name: Annotated[str, Field(max_length=255), NotBlank] = strawberry.field(
        description="The name of the file, up to 255 characters; only its ending is looked at, and must be one of the "
        "media type. The name is not kept."
    )
    mime_type: Annotated[str, Field(max_length=100)] = strawberry.field(
        description="The media type, one of `uploadLimits`."
    )
    size_bytes: BigInt = strawberry.field(description="The exact size in bytes.")
    alt_text: Annotated[str, Field(max_length=1000), Composed] | None = strawberry.field(
        default=None, description="What it shows, for people who do not see it; up to 1,000 characters."
    )
    idempotency_key: IdempotencyKey = idempotency_key()


@strawberry.input(description="The input of `completeUpload`.")
class CompleteUploadInput:
    upload_id: strawberry.ID = strawberry.field(description=_THE_UPLOAD, directives=[Owned()])


@strawberry.input(description="The input of `abortUpload`.")
class AbortUploadInput:
    upload_id: strawberry.ID = strawberry.field(description=_THE_UPLOAD, directives=[Owned()])
