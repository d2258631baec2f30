"""Notifications."""

from collections.abc import Awaitable, Sequence
from datetime import datetime

import strawberry

from api.context import Info
from api.execution.columns import presents, relation
from api.gql.enums import NotificationType
from api.gql.node import Node, node_id
from api.types.comments import Comment
from api.types.conversations import Conversation
from api.types.posts import Post
from api.types.users import User
from db.queries.comments import CommentRow
from db.queries.conversations import ConversationRow
from db.queries.notifications import NotificationRow
from db.queries.posts import PostRow
from db.queries.users import UserRow


@strawberry.type(
    description="One event that concerns the viewer: never an act of their own, and once for each act. It is deleted "
    "when the act is undone; one that the viewer had read is there again, and read, when the act is repeated."
)
class Notification(Node):
    id: strawberry.ID = node_id("Notification")
    title: str = strawberry.field(description="What happened, in English.")
    content: str | None = strawberry.field(
        description="More of it, such as the beginning of a comment or of the words of a repost, as they are now; null "
        "when there is none."
    )
    action_url: str | None = strawberry.field(description="Where it leads, as a path of the web site.")
    is_read: bool = strawberry.field(description="Whether the viewer has read it.")
    read_at: datetime | None = strawberry.field(description="When the viewer read it; null before.")
    created_at: datetime = strawberry.field(description="When it happened.")

    type: NotificationType = strawberry.field(description="What happened.")

    @relation(graphql_type=User | None, description="Who did it; null for SYSTEM.")
    @staticmethod
    def actor(notifications: Sequence[NotificationRow], info: Info) -> Awaitable[Sequence[UserRow | None]]:
        return info.context.loaders.user_by_id.column([found.actor_id for found in notifications])

    @relation(graphql_type=Post | None, description="The post it is about; null when it is about none.")
    @staticmethod
    def post(notifications: Sequence[NotificationRow], info: Info) -> Awaitable[Sequence[PostRow | None]]:
        return info.context.loaders.post_by_id.column([found.post_id for found in notifications])

    @relation(graphql_type=Comment | None, description="The comment it is about; null when it is about none.")
    @staticmethod
    def comment(notifications: Sequence[NotificationRow], info: Info) -> Awaitable[Sequence[CommentRow | None]]:
        return info.context.loaders.comment_by_id.column([found.comment_id for found in notifications])

    @relation(graphql_type=Conversation | None, description="The conversation it is about; null when it is about none.")
    @staticmethod
    def conversation(
        notifications: Sequence[NotificationRow], info: Info
    ) -> Awaitable[Sequence[ConversationRow | None]]:
        keys = [found.conversation_id for found in notifications]
        return info.context.loaders.conversation_by_id.column(keys)

    is_type_of = presents(NotificationRow)
