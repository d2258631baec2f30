"""Comments and replies."""

from collections.abc import Awaitable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from api.context import Info
from api.execution.columns import computed, presents, relation
from api.gql.connections import connection
from api.gql.node import Node, node_id
from api.gql.pagination import Keyset, Page, Window
from api.gql.visibility import authors
from api.loaders.comments import RepliesByCommentIdLoader
from api.types.users import NEWEST_FIRST, User
from db.queries.comments import CommentRow
from db.queries.posts import PostRow
from db.queries.users import UserRow

if TYPE_CHECKING:
    from api.types.posts import Post

REPLIES = Keyset("replies", NEWEST_FIRST)

LazyComment = Annotated["Comment", strawberry.lazy("api.types.comments")]
LazyPost = Annotated["Post", strawberry.lazy("api.types.posts")]


@strawberry.type(description="A comment on a post, or a reply to a comment.")
class Comment(Node):
    id: strawberry.ID = node_id("Comment")
    content: str | None = strawberry.field(description="The text, up to 2,000 characters; null when deleted.")
    likes_count: int = strawberry.field(
        description="How many people like it, counting also people the viewer cannot see."
    )
    replies_count: int = strawberry.field(
        description="How many replies it has directly: as many as `replies` lists, and those of people whom the viewer "
        "cannot see. A deleted one counts while it stays as a blank."
    )
    created_at: datetime = strawberry.field(description="When it was written.")

    @computed(graphql_type=bool, description="Whether it was deleted. It stays as a blank while it has replies.")
    @staticmethod
    def is_deleted(comments: Sequence[CommentRow], _info: Info) -> Sequence[bool]:
        return [comment.deleted_at is not None for comment in comments]

    @relation(graphql_type=User | None, description="Who wrote it; null when it was deleted or the account is gone.")
    @staticmethod
    def author(comments: Sequence[CommentRow], info: Info) -> Awaitable[Sequence[UserRow | None]]:
        return info.context.loaders.user_by_id.column(authors(comments))

    @relation(graphql_type=LazyPost | None, description="The post it is on.")
    @staticmethod
    def post(comments: Sequence[CommentRow], info: Info) -> Awaitable[Sequence[PostRow | None]]:
        return info.context.loaders.post_by_id.column([comment.post_id for comment in comments])

    @relation(graphql_type=LazyComment | None, description="The comment it replies to; null when it is not a reply.")
    @staticmethod
    def parent(comments: Sequence[CommentRow], info: Info) -> Awaitable[Sequence[CommentRow | None]]:
        parents = [comment.parent_comment_id for comment in comments]
        return info.context.loaders.comment_by_id.column(parents)

    @connection(LazyComment, keyset=REPLIES, description="The direct replies to it, newest first.")
    @staticmethod
    def replies(comments: Sequence[CommentRow], info: Info, window: Window) -> Awaitable[Sequence[Page[CommentRow]]]:
        keys = [comment.id for comment in comments]
        return info.context.loaders.page(RepliesByCommentIdLoader, window).column(keys)

    is_type_of = presents(CommentRow)
