"""Reposting posts, and sharing them elsewhere."""

import strawberry

from api.context import Info
from api.gql.ids import decode, encode
from api.gql.mutation import mutation, user_errors
from api.gql.scalars import URL
from api.gql.target_posts import published_post, visible_post
from api.gql.user_errors import UserError
from api.inputs.reposts import RepostInput, SharePostInput, UndoRepostInput
from api.types.payloads import NewEdge, changed_viewer, edge_of, new_edge
from api.types.posts import Post
from api.types.reposts import Repost
from api.types.users import USER_REPOSTS, User
from db.errors import NotFoundError
from db.queries import interactions, notifying_likes, reposts
from db.queries.posts import PostRow
from db.queries.reposts import RepostRow
from db.queries.sessions import SessionRow
from db.queries.users import UserRow


@strawberry.type(description="The result of `repost`.")
class RepostPayload:
    repost: RepostRow | None = strawberry.field(default=None, graphql_type=Repost | None, description="The repost.")
    post: PostRow | None = strawberry.field(
        default=None, graphql_type=Post | None, description="The post, with its new count."
    )
    repost_edge: NewEdge | None = edge_of(Post, "The post as a new entry of the viewer's reposts.")
    user: UserRow | None = strawberry.field(
        default=None, graphql_type=User | None, description="The viewer as others see them."
    )
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The result of `undoRepost`.")
class UndoRepostPayload:
    deleted_id: strawberry.ID | None = strawberry.field(
        default=None, description="The id of the removed repost; null when there was none."
    )
    post: PostRow | None = strawberry.field(
        default=None, graphql_type=Post | None, description="The post, with its new count."
    )
    user: UserRow | None = strawberry.field(
        default=None, graphql_type=User | None, description="The viewer as others see them."
    )
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The result of `sharePost`.")
class SharePostPayload:
    post: PostRow | None = strawberry.field(default=None, graphql_type=Post | None, description="The post.")
    url: URL | None = strawberry.field(
        default=None,
        description="The address to share, which is `Post.url`; null where the server knows no web site, and on an "
        "error.",
    )
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


@strawberry.type
class RepostMutation:
    @mutation(
        description="Reposts a post, which shows it on the viewer's profile to those who may see it anyway. Reposting "
        "again is the same repost, of the same time: other words replace those that are there, and none leave them. "
        "User errors: NOT_FOUND, BAD_USER_INPUT."
    )
    @staticmethod
    async def repost(info: Info, input: RepostInput) -> RepostPayload:
        viewer, database, post_id = info.context.signed_in, info.context.database, decode(input.post_id, "Post")
        made = await reposts.repost(database, viewer, post_id, input.comment)
        if made is None:
            raise NotFoundError(field=("post_id",))
        await notifying_likes.notify_repost(database, viewer, post_id)
        post = await published_post(info, post_id)
        user = await info.context.loaders.user_by_id.load(viewer)
        return RepostPayload(repost=made, post=post, repost_edge=new_edge(USER_REPOSTS, made, post), user=user)

    @mutation(description="Undoes a repost. No error without one. User errors: NOT_FOUND.")
    @staticmethod
    async def undo_repost(info: Info, input: UndoRepostInput) -> UndoRepostPayload:
        viewer, database, post_id = info.context.signed_in, info.context.database, decode(input.post_id, "Post")
        undone = await reposts.undo_repost(database, viewer, post_id)
        if undone is not None:
            await notifying_likes.withdraw_repost(database, viewer, post_id)
        post = await visible_post(info, post_id)
        user = await info.context.loaders.user_by_id.load(viewer)
        return UndoRepostPayload(deleted_id=None if undone is None else encode("Repost", undone), post=post, user=user)

    @mutation(
        description="Notes that the viewer has shared a post elsewhere; nobody else sees it. Sharing twice is no "
        "error. User errors: NOT_FOUND."
    )
    @staticmethod
    async def share_post(info: Info, input: SharePostInput) -> SharePostPayload:
        viewer, database, post_id = info.context.signed_in, info.context.database, decode(input.post_id, "Post")
        if not await interactions.share_post(database, viewer, post_id):
            raise NotFoundError(field=("post_id",))
        page = info.context.post_page(post_id)
        return SharePostPayload(post=await published_post(info, post_id), url=None if page is None else URL(page))
