"""Comments: look-up, writing, changing, deleting and liking them."""

from typing import Annotated

import strawberry

from api.authoring.texts import read_comment
from api.context import Info
from api.gql.enums import TimeOrder
from api.gql.idempotency import Creation
from api.gql.ids import decode
from api.gql.mutation import mutation, user_errors
from api.gql.permissions import active
from api.gql.target_posts import published_post
from api.gql.user_errors import UserError
from api.inputs.comments import (
    AddCommentInput,
    DeleteCommentInput,
    EditCommentInput,
    LikeCommentInput,
    UnlikeCommentInput,
)
from api.types.comments import REPLIES, Comment
from api.types.payloads import NewEdge, changed_viewer, edge_of, new_edge
from api.types.posts import COMMENTS, Post
from db.errors import ForbiddenError, NotFoundError
from db.queries import comments, notifying, notifying_likes, notifying_mentions
from db.queries.comments import CommentRow
from db.queries.posts import PostRow
from db.queries.sessions import SessionRow

CommentId = Annotated[strawberry.ID, strawberry.argument(description="The id of the comment.")]

NEWEST_COMMENTS, NEWEST_REPLIES = COMMENTS[TimeOrder.NEWEST], REPLIES[TimeOrder.NEWEST]


@strawberry.type
class CommentQuery:
    @strawberry.field(
        graphql_type=Comment | None,
        description="A comment; null when it does not exist or the viewer may not see it.",
        extensions=active(),
    )
    async def comment(self, info: Info, id: CommentId) -> CommentRow | None:
        return await info.context.loaders.comment_by_id.load(decode(id, "Comment"))


@strawberry.type(description="The result of `addComment`.")
class AddCommentPayload:
    comment: CommentRow | None = strawberry.field(
        default=None, graphql_type=Comment | None, description="The new comment."
    )
    comment_edge: NewEdge | None = edge_of(
        Comment, "The comment as a new entry of the post's comments or of its parent's replies."
    )
    post: PostRow | None = strawberry.field(
        default=None, graphql_type=Post | None, description="The post, with its new count."
    )
    parent: CommentRow | None = strawberry.field(
        default=None,
        graphql_type=Comment | None,
        description="The comment replied to, with its new count; null when it is not a reply.",
    )
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The result of `editComment`.")
class EditCommentPayload:
    comment: CommentRow | None = strawberry.field(default=None, graphql_type=Comment | None, description="The comment.")
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The result of `deleteComment`.")
class DeleteCommentPayload:
    deleted_id: strawberry.ID | None = strawberry.field(
        default=None, description="The id of the comment when it is gone; null when it stays as a blank."
    )
    comment: CommentRow | None = strawberry.field(
        default=None,
        graphql_type=Comment | None,
        description="The blank that stays; null when the comment is gone.",
    )
    post: PostRow | None = strawberry.field(
        default=None, graphql_type=Post | None, description="The post, with its new count."
    )
    parent: CommentRow | None = strawberry.field(
        default=None,
        graphql_type=Comment | None,
        description="The comment it replied to, with its new count; null when it was not a reply, and when that was a "
        "blank which is gone with its last reply, as may be the blanks above it.",
    )
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The result of `likeComment`.")
class LikeCommentPayload:
    comment: CommentRow | None = strawberry.field(
        default=None, graphql_type=Comment | None, description="The comment, with its new count."
    )
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The result of `unlikeComment`.")
class UnlikeCommentPayload:
    comment: CommentRow | None = strawberry.field(
        default=None, graphql_type=Comment | None, description="The comment, with its new count."
    )
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


async def _added(info: Info, comment_id: int) -> AddCommentPayload:
    loaders = info.context.loaders
    comment = await loaders.comment_by_id.load(comment_id)
    if comment is None:  # a block has come in between: what nobody may see is not written
        raise NotFoundError(field=("post_id",))
    post = await published_post(info, comment.post_id)
    if comment.parent_comment_id is None:
        return AddCommentPayload(comment=comment, comment_edge=new_edge(NEWEST_COMMENTS, comment), post=post)
    parent = await loaders.comment_by_id.load(comment.parent_comment_id)
    return AddCommentPayload(comment=comment, comment_edge=new_edge(NEWEST_REPLIES, comment), post=post, parent=parent)


async def _visible_comment(info: Info, comment_id: int) -> CommentRow:
    comment = await info.context.loaders.comment_by_id.load(comment_id)
    if comment is None:
        raise NotFoundError(field=("comment_id",))
    return comment


@strawberry.type
class CommentMutation:
    @mutation(
        description="Comments on a post, or replies to a comment on it. It notifies the authors of both, and "
        "the people whom it mentions by `@name` and who may see it, each once. User errors: NOT_FOUND, "
        "BAD_USER_INPUT, CONFLICT.",
        creation=Creation("comment", _added),
    )
    @staticmethod
    async def add_comment(info: Info, input: AddCommentInput) -> AddCommentPayload:
        viewer, database, post_id = info.context.signed_in, info.context.database, decode(input.post_id, "Post")
        parent_id = None if input.parent_id is None else decode(input.parent_id, "Comment")
        text = await read_comment(database, viewer, input.content)
        added = await comments.insert_comment(database, viewer, post_id, parent_id, input.content, text.html)
        if added is None:
            await published_post(info, post_id)
            raise NotFoundError("There is no such comment on this post to reply to.", field=("parent_id",))
        await notifying.notify_comment(database, added.id)
        if text.mentioned:
            await notifying_mentions.notify_comment_mentions(database, added.id, text.mentioned)
        if parent_id is not None:  # both in one statement
            await info.context.loaders.comment_by_id.load_many([added.id, parent_id])
        return await _added(info, added.id)

    @mutation(
        description="Changes the text of a comment. Those whom it mentions now are notified, and the notifications of "
        "those whom it no longer mentions are deleted. The same text again changes nothing. User errors: NOT_FOUND, "
        "BAD_USER_INPUT."
    )
    @staticmethod
    async def edit_comment(info: Info, input: EditCommentInput) -> EditCommentPayload:
        viewer, database = info.context.signed_in, info.context.database
        comment_id = decode(input.comment_id, "Comment")
        text = await read_comment(database, viewer, input.content)
        edited = await comments.edit_comment(database, viewer, comment_id, input.content, text.html)
        if edited is None:
            raise NotFoundError(field=("comment_id",))
        if edited.is_changed:
            await notifying.renew_comment(database, comment_id, text.mentioned)
        return EditCommentPayload(comment=await _visible_comment(info, comment_id))

    @mutation(
        description="Deletes a comment: its author may, and the author of the post. While it has replies it stays as "
        "a blank, without text and author, and goes with the last of them. To delete a blank again is no error. "
        "User errors: NOT_FOUND, FORBIDDEN."
    )
    @staticmethod
    async def delete_comment(info: Info, input: DeleteCommentInput) -> DeleteCommentPayload:
        loaders, comment_id = info.context.loaders, decode(input.comment_id, "Comment")
        deleted = await comments.delete_comment(info.context.database, info.context.signed_in, comment_id)
        if deleted is None:
            await _visible_comment(info, comment_id)
            raise ForbiddenError("Only its author and the author of the post delete a comment.", field=("comment_id",))
        await notifying.delete_notifications_of_comment(info.context.database, comment_id)
        post = await loaders.post_by_id.load(deleted.post_id)
        blank, *parents = await loaders.comment_by_id.load_many(
            [key for key in (comment_id, deleted.parent_comment_id) if key is not None]
        )
        return DeleteCommentPayload(
            deleted_id=input.comment_id if blank is None else None,
            comment=blank,
            post=post,
            parent=next(iter(parents), None),
        )

    @mutation(
        description="Likes a comment. Liking twice is no error and counts once. A comment that was deleted has no "
        "more likes to give. User errors: NOT_FOUND."
    )
    @staticmethod
    async def like_comment(info: Info, input: LikeCommentInput) -> LikeCommentPayload:
        viewer, database = info.context.signed_in, info.context.database
        comment_id = decode(input.comment_id, "Comment")
        if await comments.like_comment(database, viewer, comment_id):
            await notifying_likes.notify_comment_like(database, viewer, comment_id)
        comment = await _visible_comment(info, comment_id)
        if comment.deleted_at is not None:  # before, or while the like waited for it
            raise NotFoundError(field=("comment_id",))
        return LikeCommentPayload(comment=comment)

    @mutation(description="Takes a like of a comment back. No error without one. User errors: NOT_FOUND.")
    @staticmethod
    async def unlike_comment(info: Info, input: UnlikeCommentInput) -> UnlikeCommentPayload:
        viewer, database = info.context.signed_in, info.context.database
        comment_id = decode(input.comment_id, "Comment")
        if await comments.unlike_comment(database, viewer, comment_id):
            await notifying_likes.withdraw_comment_like(database, viewer, comment_id)
        return UnlikeCommentPayload(comment=await _visible_comment(info, comment_id))
