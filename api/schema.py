"""The schema: queries and mutations of all nouns, and the types that only an interface leads to."""

from collections.abc import Callable
from typing import Any

import strawberry
from graphql import GraphQLEnumType, GraphQLError, GraphQLInputObjectType
from strawberry.types import ExecutionContext

from api.execution.prices import CostModel
from api.gql.scalars import CONFIG
from api.gql.user_errors import USER_ERROR_TYPES
from api.resolvers.accounts import AccountMutation, AccountQuery
from api.resolvers.authoring import AuthoringMutation
from api.resolvers.comments import CommentMutation, CommentQuery
from api.resolvers.conversations import ConversationMutation, ConversationQuery
from api.resolvers.discovery import DiscoveryQuery
from api.resolvers.exports import ExportMutation
from api.resolvers.feed_documents import FeedDocumentMutation
from api.resolvers.feed_markers import FeedMarkerMutation
from api.resolvers.feed_previews import FeedPreviewQuery
from api.resolvers.feed_sharing import FeedSharingMutation, FeedSharingQuery
from api.resolvers.feed_templates import FeedTemplateQuery
from api.resolvers.feed_urls import FeedUrlMutation
from api.resolvers.feeds import FeedMutation, FeedQuery
from api.resolvers.follow_requests import FollowRequestMutation
from api.resolvers.friend_requests import FriendRequestMutation
from api.resolvers.groups import GroupMutation
from api.resolvers.lists import ListMutation, ListQuery
from api.resolvers.live import LiveSubscription
from api.resolvers.media import MediaMutation
from api.resolvers.messages import MessageMutation
from api.resolvers.mute_words import MuteWordMutation
from api.resolvers.nodes import NodeQuery
from api.resolvers.notifications import NotificationMutation
from api.resolvers.passwords import PasswordMutation
from api.resolvers.post_status import PostStatusMutation
from api.resolvers.posts import PostMutation, PostQuery
from api.resolvers.privacy import PrivacyMutation
from api.resolvers.profile_templates import ProfileTemplateMutation, ProfileTemplateQuery
from api.resolvers.profile_versions import ProfileVersionMutation
from api.resolvers.profiles import ProfileMutation
from api.resolvers.rate_limit import RateLimitQuery
from api.resolvers.registration import RegistrationMutation
from api.resolvers.reposts import RepostMutation
from api.resolvers.search import SearchQuery
from api.resolvers.sections import SectionMutation
from api.resolvers.seen_posts import SeenPostMutation
from api.resolvers.sessions import SessionMutation
from api.resolvers.uploads import UploadMutation, UploadQuery
from api.resolvers.users import UserMutation, UserQuery
from api.types.sections import SECTION_TYPES


@strawberry.type(
    description="All reads. Every field except `nodes` is nullable, so that one that fails leaves its "
    "neighbours intact."
)
class Query(
    AccountQuery,
    NodeQuery,
    UserQuery,
    PostQuery,
    CommentQuery,
    ListQuery,
    ConversationQuery,
    FeedQuery,
    FeedSharingQuery,
    FeedTemplateQuery,
    ProfileTemplateQuery,
    FeedPreviewQuery,
    SearchQuery,
    DiscoveryQuery,
    UploadQuery,
    RateLimitQuery,
):
    pass


@strawberry.type(
    description="All changes. Each mutation is one transaction. A refused mutation returns its object as "
    "null, changes nothing and explains in `userErrors`; what only a programmer or an operator "
    "can fix is in the response's `errors`."
)
class Mutation(
    RegistrationMutation,
    SessionMutation,
    PasswordMutation,
    AccountMutation,
    ExportMutation,
    AuthoringMutation,
    PostMutation,
    CommentMutation,
    RepostMutation,
    SeenPostMutation,
    PostStatusMutation,
    UserMutation,
    FollowRequestMutation,
    FriendRequestMutation,
    ListMutation,
    PrivacyMutation,
    MuteWordMutation,
    ProfileMutation,
    UploadMutation,
    ProfileVersionMutation,
    ProfileTemplateMutation,
    SectionMutation,
    MediaMutation,
    FeedMutation,
    FeedMarkerMutation,
    FeedSharingMutation,
    FeedUrlMutation,
    FeedDocumentMutation,
    ConversationMutation,
    GroupMutation,
    MessageMutation,
    NotificationMutation,
):
    pass


@strawberry.type(
    description="Live events, over WebSocket (graphql-transport-ws) and server-sent events. What the viewer may see is "
    "asked anew for each event; when the session ends, the connection does."
)
class Subscription(LiveSubscription):
    pass


def _name_allowed_values(enum: GraphQLEnumType) -> None:
    """Let the error for a value that an enum does not have name those that it has."""
    allowed = f" Allowed: {', '.join(enum.values)}."

    def naming(coerce: Callable[..., Any]) -> Callable[..., Any]:
        def coerce_naming(*arguments: Any) -> Any:
            try:
                return coerce(*arguments)
            except GraphQLError as error:
                raise GraphQLError(error.message + allowed, error.nodes) from error

        return coerce_naming

    enum.coerce_input_value = naming(enum.coerce_input_value)
    enum.coerce_input_literal = naming(enum.coerce_input_literal)


def _let_one_of_name_its_place(input_type: GraphQLInputObjectType) -> None:
    """Let graphql-core see that exactly one field is given: Strawberry's own check does not say of which object."""
    definition = input_type.extensions.get("strawberry-definition")
    if definition is not None and definition.is_one_of:
        input_type.is_one_of = True
        input_type.out_type = GraphQLInputObjectType.out_type


# Long texts cost one for each thousand characters that they may have.
COSTS = CostModel(
    sizes={
        "Query.nodes": "ids",
        "MarkNotificationsReadPayload.notifications": 20,
        "MarkSeenPayload.posts": 20,
        "Post.mentions": 20,
        "Trending.tags": 20,
        "Query.feedTemplates": 10,
        "Query.profileTemplates": 4,
        "Feed.pinnedPosts": 3,
        # Most feeds have few. What has more is counted as it is answered.
        "FeedRules.groups": 2,
        "FeedGroup.filters": 3,
        # The largest that their owners may choose.
        "GallerySection.media": 50,
        **{f"{name}Section.posts": 50 for name in ("Posts", "Feed", "Reposts")},
        **{f"{name}Section.users": 50 for name in ("People", "Friends", "Followers", "Following", "List")},
    },
    weights={
        "Post.content": 10,
        "Post.contentHtml": 10,
        "PostRevision.content": 10,
        # They are no connections: as many as a post may have.
        "Post.mentions": 5,
        "Comment.content": 2,
        "Comment.contentHtml": 2,
        "Message.content": 5,
        "SectionContent.content": 10,
        # Counts the follows of two hundred people.
        "Viewer.suggestions": 500,
        # A statement for each feed, where the pages of all other parents are one.
        "Feed.posts": 50,
        "Feed.newPostsCount": 50,
        # Looks for muted words in them.
        "Feed.pinnedPosts": 10,
        # Up to 2,000 people and 20 tags of its filters are looked up.
        "Feed.notices": 20,
        "Feed.exportDocument": 20,
        "FeedPreview.notices": 40,  # and counts the latest posts
        "FeedSection.posts": 50,
        "Tag.posts": 50,
        "Tag.postsCount": 50,
        # They look through many candidates for a page.
        "Query.searchPosts": 50,
        "Query.searchUsers": 20,
        "Query.discover": 50,
    },
    # Statements that somebody's rules or words decide on.
    heavy=frozenset(
        {
            *("Feed.posts", "Feed.newPostsCount", "FeedSection.posts", "FeedPostEdge.matchedBy", "Query.explainPost"),
            *(
                "FeedPreview.posts",
                "FeedPreview.counts",
                "FeedPreview.notices",
                "Query.searchPosts",
                "Query.searchUsers",
            ),
            "Query.discover",
        }
    ),
)


class VrssSchema(strawberry.Schema):
    def __init__(self, **arguments: Any) -> None:
        super().__init__(**arguments)  # pyright: ignore[reportUnknownMemberType]  # partly untyped in Strawberry
        for type_ in self._schema.type_map.values():
            if isinstance(type_, GraphQLEnumType) and not type_.name.startswith("__"):
                _name_allowed_values(type_)
            if isinstance(type_, GraphQLInputObjectType):
                _let_one_of_name_its_place(type_)

    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        """Nothing: errors are logged where they are presented, once and with the request id."""


schema = VrssSchema(
    query=Query,
    mutation=Mutation,
    subscription=Subscription,
    types=[*SECTION_TYPES, *USER_ERROR_TYPES],
    config=CONFIG,
)
