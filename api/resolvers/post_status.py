"""Where posts stand: authors publish, schedule, delete and restore them."""

from datetime import datetime

import strawberry

from api.authoring.publishing import incomplete
from api.context import Info
from api.gql.ids import decode
from api.gql.mutation import mutation, user_errors
from api.gql.target_posts import visible_post
from api.gql.user_errors import UserError
from api.inputs.authoring import (
    DeletePostInput,
    PublishPostInput,
    RestorePostInput,
    SchedulePostInput,
    UnschedulePostInput,
    require_time_ahead,
)
from api.types.payloads import NewEdge, changed_author, changed_viewer, edge_of, new_edge
from api.types.posts import Post
from api.types.users import USER_POSTS
from api.types.viewer import DRAFTS
from db.enums import PostStatus, PostType
from db.errors import ConflictError, InvalidInputError, NotFoundError
from db.queries import authoring, media, notifying_mentions
from db.queries.authoring import DraftRow, OwnPostRow
from db.queries.posts import PostRow
from db.queries.sessions import SessionRow
from db.queries.users import UserRow


def _post(description: str) -> PostRow | None:
    return strawberry.field(default=None, graphql_type=Post | None, description=description)


@strawberry.type(description="The result of `publishPost`.")
class PublishPostPayload:
    post: PostRow | None = _post("The post; `createdAt` and `publishedAt` are now, unless it was published before.")
    post_edge: NewEdge | None = edge_of(Post, "The post as a new entry of the author's posts.")
    user: UserRow | None = changed_author()
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The result of `schedulePost`.")
class SchedulePostPayload:
    post: PostRow | None = _post("The post. Its place in `viewer.scheduled` follows from `scheduledFor`.")
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The result of `unschedulePost`.")
class UnschedulePostPayload:
    post: PostRow | None = _post("The post.")
    draft_edge: NewEdge | None = edge_of(Post, "The post as a new entry of `viewer.drafts`.")
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The result of `deletePost`.")
class DeletePostPayload:
    # Not a deletedId: the object lives on, in `viewer.deletedPosts`, and a client's cache must keep it.
    post: PostRow | None = _post("The post in status DELETED, for its author: leave it out of all other lists.")
    user: UserRow | None = changed_author()
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The result of `restorePost`.")
class RestorePostPayload:
    post: PostRow | None = _post("The post. A published one has the place in lists that it had.")
    user: UserRow | None = changed_author()
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


async def _locked(info: Info, post_id: int) -> OwnPostRow:
    found = await authoring.lock_own_post(info.context.database, info.context.signed_in, post_id)
    if found is None:
        raise NotFoundError(field=("post_id",))
    return found


async def _locked_before_publishing(info: Info, post_id: int) -> OwnPostRow:
    """The post, unless others have seen it."""
    found = await _locked(info, post_id)
    if found.status not in {PostStatus.DRAFT, PostStatus.SCHEDULED}:
        raise ConflictError(f"This post is {found.status}.", field=("post_id",))
    return found


async def _require_complete(info: Info, post: OwnPostRow) -> None:
    type_ = PostType(post.type)
    files = await media.media_by_post_ids(info.context.database, [post.id])
    if (missing := incomplete(type_, post.content, files)) is not None:
        raise InvalidInputError(missing, field=("post_id",))


async def _set_status(info: Info, post_id: int, status: PostStatus, at: datetime | None = None) -> DraftRow:
    changed = await authoring.set_post_status(info.context.database, info.context.signed_in, post_id, status, at)
    if changed is None:
        raise NotFoundError(field=("post_id",))
    return changed


@strawberry.type
class PostStatusMutation:
    @mutation(
        description="Publishes a draft or a scheduled post now. No error when it is published. User errors: NOT_FOUND, "
        "BAD_USER_INPUT (incomplete), CONFLICT (deleted)."
    )
    @staticmethod
    async def publish_post(info: Info, input: PublishPostInput) -> PublishPostPayload:
        post_id = decode(input.post_id, "Post")
        found = await _locked(info, post_id)
        if found.status == PostStatus.PUBLISHED:
            return PublishPostPayload(post=await visible_post(info, post_id))
        found = await _locked_before_publishing(info, post_id)
        await _require_complete(info, found)
        await _set_status(info, post_id, PostStatus.PUBLISHED)
        await notifying_mentions.notify_mentions(info.context.database, [post_id])
        post = await visible_post(info, post_id)
        return PublishPostPayload(post=post, post_edge=new_edge(USER_POSTS, post))

    @mutation(
        description="Schedules a draft, or moves a scheduled post to another time. It is published within about a "
        "minute of that time; if a file that it needs was deleted meanwhile, it becomes a draft then, and a "
        "notification says so. User errors: NOT_FOUND, BAD_USER_INPUT (the time, or incomplete), CONFLICT (published "
        "or deleted)."
    )
    @staticmethod
    async def schedule_post(info: Info, input: SchedulePostInput) -> SchedulePostPayload:
        require_time_ahead(input.scheduled_for)
        post_id = decode(input.post_id, "Post")
        await _require_complete(info, await _locked_before_publishing(info, post_id))
        await _set_status(info, post_id, PostStatus.SCHEDULED, input.scheduled_for)
        return SchedulePostPayload(post=await visible_post(info, post_id))

    @mutation(
        description="Turns a scheduled post back into a draft. No error for a draft. User errors: NOT_FOUND, CONFLICT "
        "(published or deleted)."
    )
    @staticmethod
    async def unschedule_post(info: Info, input: UnschedulePostInput) -> UnschedulePostPayload:
        post_id = decode(input.post_id, "Post")
        found = await _locked_before_publishing(info, post_id)
        if found.status == PostStatus.DRAFT:
            return UnschedulePostPayload(post=await visible_post(info, post_id))
        draft = await _set_status(info, post_id, PostStatus.DRAFT)
        post = await visible_post(info, post_id)
        return UnschedulePostPayload(post=post, draft_edge=new_edge(DRAFTS, draft, post))

    @mutation(
        description="Deletes a post: nobody else sees it any more, nor its comments, likes, reposts and bookmarks. "
        "`restorePost` brings it back within 30 days. Deleting twice is no error. User errors: NOT_FOUND."
    )
    @staticmethod
    async def delete_post(info: Info, input: DeletePostInput) -> DeletePostPayload:
        post_id = decode(input.post_id, "Post")
        if (await _locked(info, post_id)).status != PostStatus.DELETED:
            await _set_status(info, post_id, PostStatus.DELETED)
        return DeletePostPayload(post=await visible_post(info, post_id))

    @mutation(
        description="Restores a deleted post to the status it had, with its comments and counts; a scheduled one whose "
        "time has passed becomes a draft. No error for a post that is not deleted. User errors: NOT_FOUND (also "
        "after 30 days)."
    )
    @staticmethod
    async def restore_post(info: Info, input: RestorePostInput) -> RestorePostPayload:
        post_id = decode(input.post_id, "Post")
        if (await _locked(info, post_id)).status == PostStatus.DELETED:
            await authoring.restore_post(info.context.database, info.context.signed_in, post_id)
        return RestorePostPayload(post=await visible_post(info, post_id))
