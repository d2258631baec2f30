"""All loaders of one operation."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from api.gql.pagination import Window
from api.gql.visibility import Sight
from api.loaders.accounts import (
    AccountSettingsByUserIdLoader,
    PendingByUserIdLoader,
    SessionByIdLoader,
    ViewerByIdLoader,
)
from api.loaders.authoring import MentionsByPostIdLoader, RevisionByIdLoader, TextByPostIdLoader
from api.loaders.base import Loader, PageLoader
from api.loaders.comments import (
    AncestorsByCommentIdLoader,
    CommentByIdLoader,
    TextByCommentIdLoader,
    ViewerLikeByCommentIdLoader,
)
from api.loaders.conversations import (
    ConversationByIdLoader,
    MessageByIdLoader,
    ParticipantsByConversationIdLoader,
    ReplyByMessageIdLoader,
    UnreadCountByConversationIdLoader,
)
from api.loaders.feed_markers import FeedMarkerByFeedIdLoader
from api.loaders.feed_pins import PinsByFeedIdLoader
from api.loaders.feeds import (
    FeedByIdLoader,
    FeedsByUserIdLoader,
    FiltersByFeedIdLoader,
    ForkCountByFeedIdLoader,
    PublicFeedsByUserIdLoader,
    ReadableFeedByIdLoader,
    SectionFeedByIdLoader,
)
from api.loaders.follow_requests import (
    FollowRequestByIdLoader,
    FollowRequestCountByUserIdLoader,
    ViewerFollowRequestsByUserIdLoader,
)
from api.loaders.lists import ListByIdLoader, MemberCountByListIdLoader, ViewerListsByUserIdLoader
from api.loaders.media import MediaByIdLoader, MediaByPostIdLoader, StorageByUserIdLoader
from api.loaders.mute_words import MutePatternsByUserIdLoader, MuteWordByIdLoader, MuteWordsByUserIdLoader
from api.loaders.notifications import NotificationByIdLoader, UnreadNotificationCountByUserIdLoader
from api.loaders.posts import (
    PostByIdLoader,
    ViewerInteractionsByPostIdLoader,
)
from api.loaders.privacy import BlockedUserByIdLoader, PrivacyByUserIdLoader
from api.loaders.profile_versions import (
    ProfileDraftByUserIdLoader,
    ProfileVersionByIdLoader,
    ProfileVersionsByUserIdLoader,
    VersionDocumentsByIdLoader,
)
from api.loaders.profiles import (
    ContentByIdLoader,
    ContentBySectionIdLoader,
    ProfileDocumentsByUserIdLoader,
    SectionByIdLoader,
    SectionsByUserIdLoader,
)
from api.loaders.reposts import RepostByIdLoader, ViewerRepostByPostIdLoader
from api.loaders.seen_posts import SeenPostByIdLoader
from api.loaders.uploads import UploadByIdLoader, UploadsByUserIdLoader
from api.loaders.users import (
    CountsByUserIdLoader,
    ProfileByIdLoader,
    UserByIdLoader,
    ViewerRelationsByUserIdLoader,
)

LoaderT = TypeVar("LoaderT", bound=Loader[Any, Any])
PageLoaderT = TypeVar("PageLoaderT", bound=PageLoader[Any])


# By the type that an id names: the loader of its objects.
_NODES = {
    "AccountSettings": "account_settings_by_user_id",
    "BlockedUser": "blocked_user_by_id",
    "Comment": "comment_by_id",
    "Conversation": "conversation_by_id",
    "Feed": "feed_by_id",
    "FollowRequest": "follow_request_by_id",
    "Media": "media_by_id",
    "Message": "message_by_id",
    "MuteWord": "mute_word_by_id",
    "Notification": "notification_by_id",
    "Post": "post_by_id",
    "PostRevision": "revision_by_id",
    "Privacy": "privacy_by_user_id",
    "Profile": "profile_by_id",
    "ProfileSection": "section_by_id",
    "ProfileVersion": "profile_version_by_id",
    "Repost": "repost_by_id",
    "SectionContent": "content_by_id",
    "Session": "session_by_id",
    "Storage": "storage_by_user_id",
    "Upload": "upload_by_id",
    "User": "user_by_id",
    "UserList": "list_by_id",
    "Viewer": "viewer_by_id",
}


class _Index(Generic[LoaderT]):
    """A loader that is made when it is first asked for, and from then on an attribute like any other."""

    def __init__(self, kind: Callable[[Sight], LoaderT]) -> None:
        self._kind = kind

    def __set_name__(self, _: type, name: str) -> None:
        self._name = name

    def __get__(self, loaders: "Loaders", _: type) -> LoaderT:
        loader = loaders.__dict__[self._name] = self._kind(loaders.sight)
        return loader


class Loaders:
    """The index of all loaders: made when first asked for, kept for one operation or until a mutation has written."""

    def __init__(self, sight: Sight) -> None:
        self.sight = sight
        self._pages: dict[tuple[type, Window], PageLoader[Any]] = {}
        self._ancestors: dict[int, AncestorsByCommentIdLoader] = {}

    def page(self, kind: type[PageLoaderT], window: Window) -> PageLoaderT:
        """The loader of pages of one kind and window: equal windows share it, so that aliases cost nothing."""
        loader = self._pages.get((kind, window))
        if not isinstance(loader, kind):
            loader = self._pages[kind, window] = kind(self.sight, window)
        return loader

    def ancestors_by_comment_id(self, limit: int) -> AncestorsByCommentIdLoader:
        """The loader of so many of the comments above each."""
        loader = self._ancestors.get(limit)
        if loader is None:
            loader = self._ancestors[limit] = AncestorsByCommentIdLoader(self.sight, limit)
        return loader

    def node(self, type_name: str) -> Loader[Any, Any] | None:
        """The loader of the objects whose ids bear this name; None when no such object has an id."""
        name = _NODES.get(type_name)
        return None if name is None else getattr(self, name)

    user_by_id = _Index(UserByIdLoader)
    viewer_by_id = _Index(ViewerByIdLoader)
    session_by_id = _Index(SessionByIdLoader)
    profile_by_id = _Index(ProfileByIdLoader)
    counts_by_user_id = _Index(CountsByUserIdLoader)
    viewer_relations_by_user_id = _Index(ViewerRelationsByUserIdLoader)
    follow_request_by_id = _Index(FollowRequestByIdLoader)
    viewer_follow_requests_by_user_id = _Index(ViewerFollowRequestsByUserIdLoader)
    follow_request_count_by_user_id = _Index(FollowRequestCountByUserIdLoader)
    blocked_user_by_id = _Index(BlockedUserByIdLoader)
    privacy_by_user_id = _Index(PrivacyByUserIdLoader)
    mute_word_by_id = _Index(MuteWordByIdLoader)
    mute_words_by_user_id = _Index(MuteWordsByUserIdLoader)
    mute_patterns_by_user_id = _Index(MutePatternsByUserIdLoader)
    list_by_id = _Index(ListByIdLoader)
    viewer_lists_by_user_id = _Index(ViewerListsByUserIdLoader)
    member_count_by_list_id = _Index(MemberCountByListIdLoader)
    post_by_id = _Index(PostByIdLoader)
    revision_by_id = _Index(RevisionByIdLoader)
    mentions_by_post_id = _Index(MentionsByPostIdLoader)
    text_by_post_id = _Index(TextByPostIdLoader)
    viewer_interactions_by_post_id = _Index(ViewerInteractionsByPostIdLoader)
    seen_post_by_id = _Index(SeenPostByIdLoader)
    repost_by_id = _Index(RepostByIdLoader)
    viewer_repost_by_post_id = _Index(ViewerRepostByPostIdLoader)
    comment_by_id = _Index(CommentByIdLoader)
    text_by_comment_id = _Index(TextByCommentIdLoader)
    viewer_like_by_comment_id = _Index(ViewerLikeByCommentIdLoader)
    media_by_id = _Index(MediaByIdLoader)
    media_by_post_id = _Index(MediaByPostIdLoader)
    profile_documents_by_user_id = _Index(ProfileDocumentsByUserIdLoader)
    section_by_id = _Index(SectionByIdLoader)
    sections_by_user_id = _Index(SectionsByUserIdLoader)
    profile_version_by_id = _Index(ProfileVersionByIdLoader)
    profile_versions_by_user_id = _Index(ProfileVersionsByUserIdLoader)
    profile_draft_by_user_id = _Index(ProfileDraftByUserIdLoader)
    version_documents_by_id = _Index(VersionDocumentsByIdLoader)
    content_by_id = _Index(ContentByIdLoader)
    content_by_section_id = _Index(ContentBySectionIdLoader)
    conversation_by_id = _Index(ConversationByIdLoader)
    participants_by_conversation_id = _Index(ParticipantsByConversationIdLoader)
    unread_count_by_conversation_id = _Index(UnreadCountByConversationIdLoader)
    message_by_id = _Index(MessageByIdLoader)
    reply_by_message_id = _Index(ReplyByMessageIdLoader)
    notification_by_id = _Index(NotificationByIdLoader)
    feed_by_id = _Index(FeedByIdLoader)
    feed_marker_by_feed_id = _Index(FeedMarkerByFeedIdLoader)
    pins_by_feed_id = _Index(PinsByFeedIdLoader)
    feeds_by_user_id = _Index(FeedsByUserIdLoader)
    public_feeds_by_user_id = _Index(PublicFeedsByUserIdLoader)
    readable_feed_by_id = _Index(ReadableFeedByIdLoader)
    fork_count_by_feed_id = _Index(ForkCountByFeedIdLoader)
    section_feed_by_id = _Index(SectionFeedByIdLoader)
    filters_by_feed_id = _Index(FiltersByFeedIdLoader)
    storage_by_user_id = _Index(StorageByUserIdLoader)
    upload_by_id = _Index(UploadByIdLoader)
    uploads_by_user_id = _Index(UploadsByUserIdLoader)
    unread_notification_count_by_user_id = _Index(UnreadNotificationCountByUserIdLoader)
    account_settings_by_user_id = _Index(AccountSettingsByUserIdLoader)
    pending_by_user_id = _Index(PendingByUserIdLoader)
