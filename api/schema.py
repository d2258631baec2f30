"""The schema: queries and mutations of all nouns, and the types that only an interface leads to."""

import strawberry

from api.resolvers.accounts import AccountMutation, AccountQuery
from api.resolvers.conversations import ConversationMutation
from api.resolvers.feeds import FeedQuery
from api.resolvers.media import MediaMutation
from api.resolvers.nodes import NodeQuery
from api.resolvers.notifications import NotificationMutation
from api.resolvers.posts import PostMutation, PostQuery
from api.resolvers.profiles import ProfileMutation
from api.resolvers.users import UserMutation, UserQuery
from api.scalars import CONFIG
from api.types.sections import SECTION_TYPES
from api.types.user_errors import USER_ERROR_TYPES


@strawberry.type(description="What can be asked for.")
class Query(AccountQuery, NodeQuery, UserQuery, PostQuery, FeedQuery):
    pass


@strawberry.type(description="What can be changed. Each mutation is one transaction.")
class Mutation(
    AccountMutation,
    PostMutation,
    UserMutation,
    ProfileMutation,
    MediaMutation,
    ConversationMutation,
    NotificationMutation,
):
    pass


schema = strawberry.Schema(query=Query, mutation=Mutation, types=[*SECTION_TYPES, *USER_ERROR_TYPES], config=CONFIG)
