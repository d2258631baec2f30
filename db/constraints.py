"""What a violated constraint means: the one table of constraint names, which db/translation.py translates by.

It has every check, unique index and foreign key that a client can violate in spite of the checks before the write:
limits that only the whole row shows, and rows that were there when they were looked up and are deleted, or taken, when
the write happens. tests/api/test_constraints.py compares it with the catalogue, and has a reason for each constraint of
a written table that is not in it.
"""

from typing import NamedTuple

from db.errors import (
    AccountGoneError,
    ConflictError,
    CredentialsError,
    DuplicateEmailError,
    DuplicateUsernameError,
    InvalidInputError,
    NotFoundError,
    RefusalError,
    SelfReferenceError,
)


class Violation(NamedTuple):
    """The error, the path of the input that caused it, and the message if the error's own does not fit."""

    kind: type[RefusalError]
    field: tuple[str, ...] = ()
    message: str | None = None


BY_CONSTRAINT: dict[str, Violation] = {
    "users_username_key": Violation(DuplicateUsernameError, ("username",)),
    "users_email_folded_key": Violation(DuplicateEmailError, ("email",)),
    "audit_log_user_id_fkey": Violation(AccountGoneError),
    "idempotency_keys_user_id_fkey": Violation(AccountGoneError),
    "user_settings_user_id_fkey": Violation(AccountGoneError),
    "feed_opt_outs_user_id_fkey": Violation(AccountGoneError),
    "verification_tokens_user_id_fkey": Violation(AccountGoneError),
    "posts_content_required": Violation(InvalidInputError, ("content",)),
    "posts_tags_shape": Violation(
        InvalidInputError, ("tags",), "A post has at most 50 tags, those in its text counted."
    ),
    "posts_user_id_fkey": Violation(AccountGoneError),
    "post_interactions_user_id_fkey": Violation(AccountGoneError),
    "post_interactions_post_id_fkey": Violation(NotFoundError, ("post_id",)),
    "reposts_user_id_fkey": Violation(AccountGoneError),
    "reposts_post_id_fkey": Violation(NotFoundError, ("post_id",)),
    "comments_user_id_fkey": Violation(AccountGoneError),
    "comments_post_id_fkey": Violation(NotFoundError, ("post_id",)),
    "comments_parent_on_same_post_fkey": Violation(NotFoundError, ("parent_id",)),
    "comment_likes_user_id_fkey": Violation(AccountGoneError),
    "comment_likes_comment_id_fkey": Violation(NotFoundError, ("comment_id",)),
    "user_follows_follower_id_fkey": Violation(AccountGoneError),
    "user_follows_following_id_fkey": Violation(NotFoundError, ("user_id",)),
    "user_follows_not_self": Violation(SelfReferenceError, ("user_id",)),
    "follow_requests_requester_id_fkey": Violation(AccountGoneError),
    "follow_requests_target_id_fkey": Violation(NotFoundError, ("user_id",)),
    "user_lists_user_name_key": Violation(ConflictError, ("name",), "You have a list of this name."),
    "user_lists_user_id_fkey": Violation(AccountGoneError),
    "list_members_list_id_fkey": Violation(NotFoundError, ("list_id",)),
    "list_members_user_id_fkey": Violation(NotFoundError, ("user_id",)),
    "user_blocks_blocker_id_fkey": Violation(AccountGoneError),
    "user_blocks_blocked_id_fkey": Violation(NotFoundError, ("user_id",)),
    "user_mutes_muter_id_fkey": Violation(AccountGoneError),
    "user_mutes_muted_id_fkey": Violation(NotFoundError, ("user_id",)),
    "mute_words_word_key": Violation(
        ConflictError,
        ("word",),
        "You mute this word already, or did until a moment that is over: `updateMuteWord` changes it.",
    ),
    "mute_words_user_id_fkey": Violation(AccountGoneError),
    "custom_feeds_user_name_key": Violation(ConflictError, ("name",), "You have a feed of this name already."),
    "custom_feeds_user_id_fkey": Violation(AccountGoneError),
    "feed_markers_user_id_fkey": Violation(AccountGoneError),
    "pending_uploads_user_id_fkey": Violation(AccountGoneError),
    "storage_usage_user_id_fkey": Violation(AccountGoneError),
    "conversation_members_user_id_fkey": Violation(NotFoundError, ("recipient_id",)),
    "messages_sender_id_fkey": Violation(AccountGoneError),
    "sessions_user_id_fkey": Violation(CredentialsError),
}
