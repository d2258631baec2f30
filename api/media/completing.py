"""The flows of an upload whose steps are transactions of their own: completing it, and aborting it."""

from functools import partial

from anyio import to_thread

from api.context import Context
from api.gql.mutation import in_transaction
from api.media import uploading
from db.errors import NotFoundError, UploadIncompleteError
from db.queries.uploads import UploadRow

_WAIT_SECONDS = 10.0


async def complete(context: Context, upload_id: int) -> UploadRow:
    """The upload, which has become a file, or is being made into one. What it is refused for is a RefusalError."""
    processing, viewer = context.services.processing, context.signed_in
    begun, is_begun = await _upload(context, upload_id), True
    if begun.media_id is None and begun.failure is None:
        claim = partial(uploading.claim, context.database, viewer, upload_id)
        await context.database.release()  # nobody waits for a place with a connection in hand
        if not processing.works_on(upload_id):
            is_begun = await processing.start(viewer, partial(in_transaction, context, claim))
        await context.database.release()
        await processing.wait(upload_id, _WAIT_SECONDS)
    context.forget()
    upload = await _upload(context, upload_id)
    uploading.require_not_failed(upload)
    if upload.state == "reserved":
        if uploading.is_over(upload):
            raise NotFoundError("The time of this upload is over.", field=("upload_id",))
        if is_begun or await to_thread.run_sync(context.services.store.size, upload.object_key) is None:
            raise UploadIncompleteError(field=("upload_id",))
        return upload._replace(state="completing")  # for its client, who completes it again
    return upload


async def abort(context: Context, upload_id: int) -> None:
    """Release its bytes, and then let its address take none any more."""
    key = await in_transaction(context, partial(uploading.abort, context.database, context.signed_in, upload_id))
    await uploading.void(context.services.store, key)


async def _upload(context: Context, upload_id: int) -> UploadRow:
    found = await context.loaders.upload_by_id.load(upload_id)
    if found is None:
        raise NotFoundError(field=("upload_id",))
    return found
