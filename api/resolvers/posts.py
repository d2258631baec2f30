"""Posts: look-up, home feed, publishing, likes and bookmarks."""

from collections.abc import Sequence
from typing import Annotated

import strawberry

from api.context import Info
from api.gql.connections import connection
from api.gql.ids import decode
from api.gql.mutation import mutation, user_errors
from api.gql.pagination import Page, Window
from api.gql.permissions import active, authenticated
from api.gql.target_posts import published_post, visible_post
from api.gql.user_errors import UserError
from api.inputs.posts import (
    BookmarkPostInput,
    LikePostInput,
    RemoveBookmarkInput,
    UnlikePostInput,
)
from api.loaders.home_feed import HOME_FEED, home_page
from api.types.payloads import NewEdge, changed_viewer, edge_of, new_edge
from api.types.posts import Post
from api.types.viewer import BOOKMARKS
from db.enums import PostStatus
from db.errors import NotFoundError
from db.queries import interactions, notifying_likes
from db.queries.posts import PostRow
from db.queries.sessions import SessionRow

PostId = Annotated[strawberry.ID, strawberry.argument(description="The id of the post.")]


@strawberry.type
class PostQuery:
    @strawberry.field(
        graphql_type=Post | None,
        description="A post; null when it does not exist or the viewer may not see it. To ask for it counts as a view, "
        "as `Post.viewsCount` says.",
        extensions=active(),
    )
    async def post(self, info: Info, id: PostId) -> PostRow | None:
        post = await info.context.loaders.post_by_id.load(decode(id, "Post"))
        if post is not None and post.status == PostStatus.PUBLISHED:
            info.context.count_view(post.id, post.user_id)
        return post

    @connection(
        Post,
        keyset=HOME_FEED,
        nullable=True,
        description="Published posts of the people the viewer follows, newest first, without those of muted "
        "people and those with muted words, which may make a page short. Reposts and replies are never in it. The "
        "built-in feed of `viewer.feeds` shows the same. "
        "Requires sign-in (UNAUTHENTICATED otherwise).",
        extensions=authenticated(),
    )
    @staticmethod
    async def home_feed(roots: Sequence[None], info: Info, window: Window) -> Sequence[Page[PostRow]]:
        found = await home_page(info.context, info.context.loaders, info.context.signed_in, window)
        return [found for _ in roots]


@strawberry.type(description="The result of `likePost`.")
class LikePostPayload:
    post: PostRow | None = strawberry.field(
        default=None, graphql_type=Post | None, description="The post, with its new count."
    )
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The result of `unlikePost`.")
class UnlikePostPayload:
    post: PostRow | None = strawberry.field(
        default=None, graphql_type=Post | None, description="The post, with its new count."
    )
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The result of `bookmarkPost`.")
class BookmarkPostPayload:
    post: PostRow | None = strawberry.field(default=None, graphql_type=Post | None, description="The post.")
    bookmark_edge: NewEdge | None = edge_of(Post, "The post as a new entry of `viewer.bookmarks`.")
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The result of `removeBookmark`.")
class RemoveBookmarkPayload:
    post: PostRow | None = strawberry.field(default=None, graphql_type=Post | None, description="The post.")
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


@strawberry.type
class PostMutation:
    @mutation(description="Likes a post. Liking twice is no error and counts once. User errors: NOT_FOUND.")
    @staticmethod
    async def like_post(info: Info, input: LikePostInput) -> LikePostPayload:
        viewer, database, post_id = info.context.signed_in, info.context.database, decode(input.post_id, "Post")
        if await interactions.like_post(database, viewer, post_id):
            await notifying_likes.notify_like(database, viewer, post_id)
        return LikePostPayload(post=await published_post(info, post_id))

    @mutation(description="Takes a like back. No error without one. User errors: NOT_FOUND.")
    @staticmethod
    async def unlike_post(info: Info, input: UnlikePostInput) -> UnlikePostPayload:
        viewer, database, post_id = info.context.signed_in, info.context.database, decode(input.post_id, "Post")
        if await interactions.unlike_post(database, viewer, post_id):
            await notifying_likes.withdraw_like(database, viewer, post_id)
        return UnlikePostPayload(post=await visible_post(info, post_id))

    @mutation(
        description="Bookmarks a post; nobody else sees it. Bookmarking twice is no error. User errors: NOT_FOUND."
    )
    @staticmethod
    async def bookmark_post(info: Info, input: BookmarkPostInput) -> BookmarkPostPayload:
        post_id = decode(input.post_id, "Post")
        bookmark = await interactions.bookmark_post(info.context.database, info.context.signed_in, post_id)
        if bookmark is None:
            raise NotFoundError(field=("post_id",))
        post = await published_post(info, post_id)
        return BookmarkPostPayload(post=post, bookmark_edge=new_edge(BOOKMARKS, bookmark, post))

    @mutation(description="Removes a bookmark. No error without one. User errors: NOT_FOUND.")
    @staticmethod
    async def remove_bookmark(info: Info, input: RemoveBookmarkInput) -> RemoveBookmarkPayload:
        post_id = decode(input.post_id, "Post")
        await interactions.remove_bookmark(info.context.database, info.context.signed_in, post_id)
        return RemoveBookmarkPayload(post=await visible_post(info, post_id))
