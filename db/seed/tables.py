"""The rows that the seed writes: one class for each table, its fields are the columns that COPY names."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from psycopg import sql
from psycopg.types.json import Jsonb

from db.enums import MediaType, PostType, SectionType


class Row(Protocol):
    """What all of them have in common: a table, and values to iterate over."""

    @property
    def table(self) -> sql.Identifier: ...

    def __iter__(self) -> Iterator[Any]: ...


def columns(row: Row) -> tuple[str, ...]:
    """The columns of a row's table that the seed writes, in the order of its values."""
    return tuple(type(row).__annotations__)


class UserRow(NamedTuple):
    table = sql.Identifier("public", "users")
    id: int
    username: str
    email: str
    email_verified: bool
    password_hash: str
    status: str
    last_login_at: datetime
    created_at: datetime
    updated_at: datetime


class ProfileRow(NamedTuple):
    table = sql.Identifier("public", "user_profiles")
    user_id: int
    display_name: str
    bio: str
    age: int | None
    location: str | None
    website: str | None
    visibility: str
    avatar_media_id: int | None
    background_config: Jsonb | None
    music_config: Jsonb | None
    style_config: Jsonb | None
    layout_config: Jsonb | None
    created_at: datetime
    updated_at: datetime


class StorageRow(NamedTuple):
    """Empty: the bytes come from the trigger on post_media."""

    table = sql.Identifier("public", "storage_usage")
    user_id: int
    quota_bytes: int
    last_calculated_at: datetime


class SettingsRow(NamedTuple):
    table = sql.Identifier("app", "user_settings")
    user_id: int
    allow_messages_from: str
    show_followers: bool
    updated_at: datetime


class SubscriptionRow(NamedTuple):
    table = sql.Identifier("public", "user_subscriptions")
    id: int
    user_id: int
    tier_id: int
    status: str
    current_period_start: datetime
    current_period_end: datetime
    canceled_at: datetime | None
    created_at: datetime
    updated_at: datetime


class PostRow(NamedTuple):
    table = sql.Identifier("public", "posts")
    id: int
    user_id: int
    type: PostType
    status: str
    visibility: str
    title: str | None
    content: str
    content_html: str
    tags: list[str]
    language: str
    media_urls: Jsonb
    thumbnail_url: str | None
    views_count: int
    published_at: datetime | None
    scheduled_for: datetime | None
    drafted_at: datetime | None
    created_at: datetime
    updated_at: datetime


class MediaRow(NamedTuple):
    table = sql.Identifier("public", "post_media")
    id: int
    post_id: int | None
    user_id: int
    type: MediaType
    file_url: str
    object_key: str
    file_size_bytes: int
    mime_type: str
    width: int | None
    height: int | None
    duration_seconds: float | None
    thumbnail_url: str | None
    alt_text: str
    display_order: int
    created_at: datetime


class CommentRow(NamedTuple):
    table = sql.Identifier("public", "comments")
    id: int
    post_id: int
    user_id: int
    parent_comment_id: int | None
    content: str
    content_html: str
    created_at: datetime
    updated_at: datetime


class RepostRow(NamedTuple):
    table = sql.Identifier("public", "reposts")
    id: int
    user_id: int
    post_id: int
    comment: str | None
    created_at: datetime


class InteractionRow(NamedTuple):
    table = sql.Identifier("public", "post_interactions")
    id: int
    user_id: int
    post_id: int
    type: str
    created_at: datetime


class FollowRow(NamedTuple):
    table = sql.Identifier("public", "user_follows")
    follower_id: int
    following_id: int
    created_at: datetime


class BlockRow(NamedTuple):
    table = sql.Identifier("app", "user_blocks")
    blocker_id: int
    blocked_id: int
    created_at: datetime


class MuteRow(NamedTuple):
    table = sql.Identifier("app", "user_mutes")
    muter_id: int
    muted_id: int
    created_at: datetime


class FollowRequestRow(NamedTuple):
    table = sql.Identifier("app", "follow_requests")
    id: int
    requester_id: int
    target_id: int
    created_at: datetime


class SectionRow(NamedTuple):
    table = sql.Identifier("public", "profile_sections")
    id: int
    user_id: int
    type: SectionType
    title: str
    description: str | None
    config: Jsonb
    display_order: int
    is_visible: bool
    created_at: datetime
    updated_at: datetime


class SectionContentRow(NamedTuple):
    table = sql.Identifier("public", "section_content")
    id: int
    section_id: int
    content_type: str
    title: str | None
    content: str | None
    url: str | None
    display_order: int
    created_at: datetime
    updated_at: datetime


class FeedRow(NamedTuple):
    table = sql.Identifier("public", "custom_feeds")
    id: int
    user_id: int
    name: str
    description: str
    algorithm_config: Jsonb
    is_default: bool
    display_order: int
    created_at: datetime
    updated_at: datetime


class FeedFilterRow(NamedTuple):
    table = sql.Identifier("public", "feed_filters")
    id: int
    feed_id: int
    type: str
    operator: str
    value: Jsonb
    group_id: int
    logical_operator: str
    display_order: int


class ListRow(NamedTuple):
    table = sql.Identifier("public", "user_lists")
    id: int
    user_id: int
    name: str
    description: str
    is_public: bool
    created_at: datetime
    updated_at: datetime


class ListMemberRow(NamedTuple):
    table = sql.Identifier("public", "list_members")
    list_id: int
    user_id: int
    created_at: datetime


class ConversationRow(NamedTuple):
    table = sql.Identifier("public", "conversations")
    id: int
    kind: str
    participant_ids: list[int]
    title: str | None
    last_message_at: datetime
    created_at: datetime


class ConversationMemberRow(NamedTuple):
    table = sql.Identifier("app", "conversation_members")
    conversation_id: int
    user_id: int
    last_message_at: datetime
    last_read_message_id: int
    joined_at: datetime
    is_admin: bool


class MessageRow(NamedTuple):
    table = sql.Identifier("public", "messages")
    id: int
    conversation_id: int
    sender_id: int
    content: str
    created_at: datetime
