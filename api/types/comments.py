"""Comments and replies."""

from collections.abc import Awaitable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from api.authoring.texts import stored_htmls
from api.context import Info
from api.execution.columns import computed, presents, relation
from api.gql.connections import by_time, connection
from api.gql.errors import BadUserInputError
from api.gql.node import Node, node_id
from api.gql.pagination import Keyset, Page, Window
from api.gql.scalars import HTML
from api.gql.visibility import authors, deletable, editable, seen
from api.loaders.base import hydrated
from api.loaders.comments import LikersByCommentIdLoader, RepliesByCommentIdLoader, visible_names
from api.types.users import NEWEST_FIRST, User
from db.documents.markup import people_linked, with_links_to
from db.queries.comments import CommentRow
from db.queries.posts import PostRow
from db.queries.users import UserRow

if TYPE_CHECKING:
    from api.types.posts import Post

REPLIES = by_time("replies")
MAX_ANCESTORS = 50

LazyComment = Annotated["Comment", strawberry.lazy("api.types.comments")]
LazyPost = Annotated["Post", strawberry.lazy("api.types.posts")]
Nearest = Annotated[int, strawberry.argument(description=f"Returns only the nearest ones: 1 to {MAX_ANCESTORS}.")]


@strawberry.type(description="A comment on a post, or a reply to a comment.")
class Comment(Node):
    id: strawberry.ID = node_id("Comment")
    content: str | None = strawberry.field(
        description="The text as it was written, in Markdown, up to 2,000 characters; null when deleted."
    )
    likes_count: int = strawberry.field(
        description="How many people like it, counting also people the viewer cannot see."
    )
    replies_count: int = strawberry.field(
        description="How many replies it has directly: as many as `replies` lists, and those of people whom the viewer "
        "cannot see. A deleted one counts while it stays as a blank."
    )
    depth: int = strawberry.field(description="How many comments lie above it: 0 for one that is not a reply.")
    created_at: datetime = strawberry.field(description="When it was written.")
    edited_at: datetime | None = strawberry.field(description="When its author last changed it; null if never.")

    @relation(
        graphql_type=HTML | None,
        description="The text rendered, with links for addresses, tags and mentions, as `Post.contentHtml` has them; "
        "null when deleted. A name is a link while it is the name of somebody whom the viewer may see.",
    )
    @staticmethod
    async def content_html(comments: Sequence[CommentRow], info: Info) -> Sequence[str | None]:
        texts = await info.context.loaders.text_by_comment_id.column([comment.id for comment in comments])
        htmls = await stored_htmls(texts)
        named = set[str]().union(*(people_linked(html) for html in htmls if html is not None))
        names = await visible_names(info.context, named)
        return [html and with_links_to(html, names) for html in htmls]

    @computed(graphql_type=bool, description="Whether it was deleted. It stays as a blank while it has replies.")
    @staticmethod
    def is_deleted(comments: Sequence[CommentRow], _info: Info) -> Sequence[bool]:
        return [comment.deleted_at is not None for comment in comments]

    @computed(graphql_type=bool, description="Whether the viewer may change it: its author, until it is deleted.")
    @staticmethod
    def viewer_can_edit(comments: Sequence[CommentRow], info: Info) -> Sequence[bool]:
        return editable(comments, info.context)

    @relation(
        graphql_type=bool,
        description="Whether the viewer may delete it: its author and the author of the post, until it is deleted.",
    )
    @staticmethod
    async def viewer_can_delete(comments: Sequence[CommentRow], info: Info) -> Sequence[bool]:
        posts = await info.context.loaders.post_by_id.column([comment.post_id for comment in comments])
        return deletable(comments, posts, info.context)

    @relation(graphql_type=User | None, description="Who wrote it; null when it was deleted or the account is gone.")
    @staticmethod
    def author(comments: Sequence[CommentRow], info: Info) -> Awaitable[Sequence[UserRow | None]]:
        return info.context.loaders.user_by_id.column(authors(comments))

    @relation(graphql_type=LazyPost | None, description="The post it is on.")
    @staticmethod
    def post(comments: Sequence[CommentRow], info: Info) -> Awaitable[Sequence[PostRow | None]]:
        return info.context.loaders.post_by_id.column([comment.post_id for comment in comments])

    @relation(
        graphql_type=LazyComment | None,
        description="The comment it replies to; null when it is not a reply, or to one that the viewer cannot see.",
    )
    @staticmethod
    def parent(comments: Sequence[CommentRow], info: Info) -> Awaitable[Sequence[CommentRow | None]]:
        parents = [comment.parent_comment_id for comment in comments]
        return info.context.loaders.comment_by_id.column(parents)

    @relation(
        graphql_type=list[LazyComment],
        description="The comments above it, from the top down to its parent, without those that the viewer cannot see. "
        "For pages that open one comment.",
    )
    @staticmethod
    async def ancestors(
        comments: Sequence[CommentRow], info: Info, *, limit: Nearest = 10
    ) -> Sequence[list[CommentRow]]:
        if not 1 <= limit <= MAX_ANCESTORS:
            raise BadUserInputError(f"`limit` must be between 1 and {MAX_ANCESTORS}; it is {limit}.")
        loaders = info.context.loaders
        links = await loaders.ancestors_by_comment_id(limit).column([comment.id for comment in comments])
        found = iter(await loaders.comment_by_id.column([link.id for above in links for link in above]))
        return [seen([next(found) for _ in above]) for above in links]

    @connection(LazyComment, keyset=REPLIES, description="The direct replies to it.")
    @staticmethod
    def replies(comments: Sequence[CommentRow], info: Info, window: Window) -> Awaitable[Sequence[Page[CommentRow]]]:
        keys = [comment.id for comment in comments]
        return info.context.loaders.page(RepliesByCommentIdLoader, window).column(keys)

    @connection(
        User,
        keyset=Keyset("commentLikers", NEWEST_FIRST),
        description="The people who like it and whom the viewer may see, the latest like first.",
    )
    @staticmethod
    async def likers(comments: Sequence[CommentRow], info: Info, window: Window) -> Sequence[Page[UserRow]]:
        loaders = info.context.loaders
        likes = await loaders.page(LikersByCommentIdLoader, window).column([comment.id for comment in comments])
        return await hydrated(likes, "user_id", loaders.user_by_id)

    @relation(graphql_type=bool, description="Whether the viewer likes it; false when signed out.")
    @staticmethod
    def viewer_has_liked(comments: Sequence[CommentRow], info: Info) -> Awaitable[Sequence[bool]]:
        loader = info.context.loaders.viewer_like_by_comment_id
        return loader.column([comment.id for comment in comments], lambda found: found is not None)

    is_type_of = presents(CommentRow)
