"""All loaders of one operation."""

from functools import cached_property
from typing import Any, TypeVar

from api.loaders.base import PageLoader, Sight
from api.loaders.comments import CommentByIdLoader
from api.loaders.conversations import (
    ConversationByIdLoader,
    MessageByIdLoader,
    ParticipantsByConversationIdLoader,
    UnreadCountByConversationIdLoader,
)
from api.loaders.feeds import FeedByIdLoader, FeedBySectionIdLoader, FeedsByUserIdLoader, FiltersByFeedIdLoader
from api.loaders.media import MediaByIdLoader, MediaByPostIdLoader, StorageByUserIdLoader
from api.loaders.notifications import NotificationByIdLoader, UnreadNotificationCountByUserIdLoader
from api.loaders.posts import (
    PostByIdLoader,
    ViewerInteractionsByPostIdLoader,
)
from api.loaders.profiles import (
    ContentBySectionIdLoader,
    ProfileDocumentsByUserIdLoader,
    SectionByIdLoader,
    SectionsByUserIdLoader,
)
from api.loaders.users import (
    UserByIdLoader,
    ViewerRelationsByUserIdLoader,
)
from api.pagination import Window

PageLoaderT = TypeVar("PageLoaderT", bound=PageLoader[Any])


class Loaders:
    """The index of all loaders: made when first asked for, kept for one operation or until a mutation has written."""

    def __init__(self, sight: Sight) -> None:
        self._sight = sight
        self._pages: dict[tuple[type, Window], PageLoader[Any]] = {}

    def page(self, kind: type[PageLoaderT], window: Window) -> PageLoaderT:
        """The loader of pages of one kind and window: equal windows share it, so that aliases cost nothing."""
        loader = self._pages.get((kind, window))
        if not isinstance(loader, kind):
            loader = self._pages[kind, window] = kind(self._sight, window)
        return loader

    @cached_property
    def user_by_id(self) -> UserByIdLoader:
        return UserByIdLoader(self._sight)

    @cached_property
    def viewer_relations_by_user_id(self) -> ViewerRelationsByUserIdLoader:
        return ViewerRelationsByUserIdLoader(self._sight)

    @cached_property
    def post_by_id(self) -> PostByIdLoader:
        return PostByIdLoader(self._sight)

    @cached_property
    def viewer_interactions_by_post_id(self) -> ViewerInteractionsByPostIdLoader:
        return ViewerInteractionsByPostIdLoader(self._sight)

    @cached_property
    def comment_by_id(self) -> CommentByIdLoader:
        return CommentByIdLoader(self._sight)

    @cached_property
    def media_by_id(self) -> MediaByIdLoader:
        return MediaByIdLoader(self._sight)

    @cached_property
    def media_by_post_id(self) -> MediaByPostIdLoader:
        return MediaByPostIdLoader(self._sight)

    @cached_property
    def profile_documents_by_user_id(self) -> ProfileDocumentsByUserIdLoader:
        return ProfileDocumentsByUserIdLoader(self._sight)

    @cached_property
    def section_by_id(self) -> SectionByIdLoader:
        return SectionByIdLoader(self._sight)

    @cached_property
    def sections_by_user_id(self) -> SectionsByUserIdLoader:
        return SectionsByUserIdLoader(self._sight)

    @cached_property
    def content_by_section_id(self) -> ContentBySectionIdLoader:
        return ContentBySectionIdLoader(self._sight)

    @cached_property
    def conversation_by_id(self) -> ConversationByIdLoader:
        return ConversationByIdLoader(self._sight)

    @cached_property
    def participants_by_conversation_id(self) -> ParticipantsByConversationIdLoader:
        return ParticipantsByConversationIdLoader(self._sight)

    @cached_property
    def unread_count_by_conversation_id(self) -> UnreadCountByConversationIdLoader:
        return UnreadCountByConversationIdLoader(self._sight)

    @cached_property
    def message_by_id(self) -> MessageByIdLoader:
        return MessageByIdLoader(self._sight)

    @cached_property
    def notification_by_id(self) -> NotificationByIdLoader:
        return NotificationByIdLoader(self._sight)

    @cached_property
    def feed_by_id(self) -> FeedByIdLoader:
        return FeedByIdLoader(self._sight)

    @cached_property
    def feeds_by_user_id(self) -> FeedsByUserIdLoader:
        return FeedsByUserIdLoader(self._sight)

    @cached_property
    def feed_by_section_id(self) -> FeedBySectionIdLoader:
        return FeedBySectionIdLoader(self._sight)

    @cached_property
    def filters_by_feed_id(self) -> FiltersByFeedIdLoader:
        return FiltersByFeedIdLoader(self._sight)

    @cached_property
    def storage_by_user_id(self) -> StorageByUserIdLoader:
        return StorageByUserIdLoader(self._sight)

    @cached_property
    def unread_notification_count_by_user_id(self) -> UnreadNotificationCountByUserIdLoader:
        return UnreadNotificationCountByUserIdLoader(self._sight)
