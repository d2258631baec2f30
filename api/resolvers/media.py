"""Media files of the viewer."""

import strawberry

from api.authoring.files import copies, thumbnail
from api.context import Info
from api.gql.ids import decode
from api.gql.mutation import mutation, user_errors
from api.gql.user_errors import UserError
from api.inputs.media import DeleteMediaInput, UpdateMediaInput
from api.types.media import Media
from api.types.payloads import changed_viewer
from api.types.posts import Post
from api.types.profiles import Profile
from db.errors import ConflictingWritesError, NotFoundError
from db.queries import IdRow, media
from db.queries.media import MediaRow
from db.queries.posts import PostRow
from db.queries.sessions import SessionRow
from db.queries.users import ProfileRow


async def _lock(info: Info, viewer: int, media_id: int) -> IdRow | None:
    """Lock the post that shows a file, if there is one, and then the file."""
    shown_by = await media.lock_post_of_media(info.context.database, viewer, media_id)
    for file in await media.lock_own_media(info.context.database, viewer, [media_id]):
        if file.post_id != (shown_by and shown_by.id):  # put into a post meanwhile, which is locked next time
            raise ConflictingWritesError
    return shown_by


async def _copy(info: Info, viewer: int, post: IdRow | None) -> None:
    """Let a post, which is locked, keep its files as they are now."""
    if post is not None:
        left = await media.media_by_post_ids(info.context.database, [post.id])
        await media.copy_media(info.context.database, viewer, post.id, copies(left), thumbnail(left))


@strawberry.type(description="The result of `deleteMedia`.")
class DeleteMediaPayload:
    deleted_id: strawberry.ID | None = strawberry.field(default=None, description="The id of the deleted file.")
    post: PostRow | None = strawberry.field(
        default=None,
        graphql_type=Post | None,
        description="The post it was taken out of; null when there was none.",
    )
    profile: ProfileRow | None = strawberry.field(
        default=None,
        graphql_type=Profile | None,
        description="The viewer's profile, which shows the file no more.",
    )
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The result of `updateMedia`.")
class UpdateMediaPayload:
    media: MediaRow | None = strawberry.field(default=None, graphql_type=Media | None, description="The file.")
    post: PostRow | None = strawberry.field(
        default=None, graphql_type=Post | None, description="The post that shows it; null when there is none."
    )
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


@strawberry.type
class MediaMutation:
    @mutation(description="Says what a file shows, for people who do not see it. User errors: NOT_FOUND.")
    @staticmethod
    async def update_media(info: Info, input: UpdateMediaInput) -> UpdateMediaPayload:
        viewer, media_id = info.context.signed_in, decode(input.media_id, "Media")
        shown_by = await _lock(info, viewer, media_id)
        alt_text = (input.alt_text or "").strip() or None
        if not await media.describe_media(info.context.database, viewer, media_id, alt_text):
            raise NotFoundError(field=("media_id",))
        await _copy(info, viewer, shown_by)
        loaders = info.context.loaders
        post = None if shown_by is None else await loaders.post_by_id.load(shown_by.id)
        return UpdateMediaPayload(media=await loaders.media_by_id.load(media_id), post=post)

    @mutation(
        description="Deletes a file and takes it out of its post and profile; a scheduled post that lacks a file it "
        "needs is not published. Its bytes are free at once. User errors: NOT_FOUND."
    )
    @staticmethod
    async def delete_media(info: Info, input: DeleteMediaInput) -> DeleteMediaPayload:
        viewer, media_id = info.context.signed_in, decode(input.media_id, "Media")
        loaders = info.context.loaders
        shown_by = await _lock(info, viewer, media_id)
        if not await media.delete_media(info.context.database, viewer, media_id):
            raise NotFoundError(field=("media_id",))
        await _copy(info, viewer, shown_by)
        post = None if shown_by is None else await loaders.post_by_id.load(shown_by.id)
        profile = await loaders.profile_by_id.load(viewer)
        return DeleteMediaPayload(deleted_id=input.media_id, post=post, profile=profile)
