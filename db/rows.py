"""The rows that statements return: tuples with names, and the objects that GraphQL types present.

`is_stop`, in rows of pages: this row is none of the page, and the statement looked no further than here for what may be
seen.
"""

from datetime import datetime
from typing import Any, NamedTuple


class IdRow(NamedTuple):
    id: int


class UserRow(NamedTuple):
    """A user as the viewer sees it; without a visible profile, all that belongs to the profile is None."""

    id: int
    username: str
    created_at: datetime
    has_profile: bool
    display_name: str | None
    bio: str | None
    age: int | None
    location: str | None
    website: str | None
    visibility: str | None
    avatar_url: str | None


class ProfileDocumentsRow(NamedTuple):
    user_id: int
    background_config: dict[str, Any] | None
    music_config: dict[str, Any] | None
    style_config: dict[str, Any] | None
    layout_config: dict[str, Any] | None


class RelationRow(NamedTuple):
    """`relation` is follows, followed_by or friend, seen from the viewer."""

    user_id: int
    relation: str


class BlockedUserRow(NamedTuple):
    """Somebody whom the viewer blocks, since `created_at`."""

    id: int
    username: str
    created_at: datetime
    owner_id: int | None = None
    is_stop: bool = False


class PrivacyRow(NamedTuple):
    user_id: int
    profile_visibility: str
    allow_messages_from: str
    show_followers: bool


class LinkRow(NamedTuple):
    """A follow, a friendship, a membership or a mute of `owner_id`, leading to the user `id`."""

    owner_id: int
    created_at: datetime
    id: int
    is_stop: bool = False


class PostRow(NamedTuple):
    id: int
    user_id: int
    type: str
    status: str
    visibility: str
    title: str | None
    content: str | None
    tags: list[str]
    thumbnail_url: str | None
    likes_count: int
    comments_count: int
    reposts_count: int
    views_count: int
    published_at: datetime | None
    edited_at: datetime | None
    created_at: datetime
    owner_id: int | None = None
    is_stop: bool = False


class RepostRow(NamedTuple):
    owner_id: int
    created_at: datetime
    id: int
    post_id: int
    is_stop: bool = False


class LikerRow(NamedTuple):
    owner_id: int
    created_at: datetime
    id: int
    user_id: int
    is_stop: bool = False


class InteractionRow(NamedTuple):
    """`interaction` is like, bookmark, share or repost, by the viewer."""

    post_id: int
    interaction: str


class MediaRow(NamedTuple):
    id: int
    post_id: int | None
    user_id: int
    type: str
    file_url: str
    file_size_bytes: int
    mime_type: str
    width: int | None
    height: int | None
    duration_seconds: float | None
    thumbnail_url: str | None
    alt_text: str | None
    created_at: datetime
    owner_id: int | None = None
    is_stop: bool = False


class StorageRow(NamedTuple):
    user_id: int
    used_bytes: int
    quota_bytes: int
    images_bytes: int
    videos_bytes: int
    audio_bytes: int
    other_bytes: int
    reserved_bytes: int


class CommentRow(NamedTuple):
    """The content of a deleted comment, which stays while it has replies, is None."""

    id: int
    post_id: int
    user_id: int
    parent_comment_id: int | None
    content: str | None
    likes_count: int
    replies_count: int
    created_at: datetime
    deleted_at: datetime | None
    owner_id: int | None = None
    is_stop: bool = False


class SectionRow(NamedTuple):
    id: int
    user_id: int
    type: str
    title: str
    description: str | None
    config: dict[str, Any]
    display_order: int
    is_visible: bool


class SectionContentRow(NamedTuple):
    id: int
    section_id: int
    content_type: str
    title: str | None
    content: str | None
    url: str | None
    display_order: int


class FeedRow(NamedTuple):
    id: int
    user_id: int
    name: str
    description: str | None
    algorithm_config: dict[str, Any]
    is_default: bool
    display_order: int
    created_at: datetime
    updated_at: datetime


class ConversationRow(NamedTuple):
    """A conversation as one of its members has it."""

    id: int
    kind: str
    title: str | None
    created_at: datetime
    last_message_at: datetime
    is_muted: bool
    owner_id: int | None = None
    is_stop: bool = False


class ParticipantRow(NamedTuple):
    conversation_id: int
    user_id: int


class UnreadRow(NamedTuple):
    conversation_id: int
    unread_count: int


class MessageRow(NamedTuple):
    """The content of a deleted message is None, and so is the sender whose account is gone."""

    id: int
    conversation_id: int
    sender_id: int | None
    content: str | None
    created_at: datetime
    edited_at: datetime | None
    deleted_at: datetime | None
    owner_id: int | None = None
    is_stop: bool = False


class RecipientRow(NamedTuple):
    id: int
    allowed: bool


class StampRow(NamedTuple):
    id: int
    created_at: datetime


class NotificationRow(NamedTuple):
    id: int
    type: str
    actor_id: int | None
    post_id: int | None
    comment_id: int | None
    conversation_id: int | None
    title: str
    content: str | None
    action_url: str | None
    is_read: bool
    read_at: datetime | None
    created_at: datetime
    owner_id: int | None = None
    is_stop: bool = False


class CountRow(NamedTuple):
    user_id: int
    total: int


class SessionRow(NamedTuple):
    """A living session and the account it belongs to; `id` is the account's. `is_read_only` is the database."""

    session_id: int
    expires_at: datetime
    id: int
    username: str
    email: str
    email_verified: bool
    status: str
    is_read_only: bool


class SectionFeedRow(NamedTuple):
    """The feed that a section runs, for `section_id`."""

    section_id: int
    id: int
    user_id: int
    name: str
    description: str | None
    algorithm_config: dict[str, Any]
    is_default: bool
    display_order: int
    created_at: datetime
    updated_at: datetime


class FeedFilterRow(NamedTuple):
    feed_id: int
    filter_type: str
    filter_operator: str
    value: dict[str, Any]
    group_id: int
    logical_operator: str
    display_order: int
