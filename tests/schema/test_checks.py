"""Every CHECK of the schema lets its edges in and keeps out what lies beyond them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from psycopg import errors
from psycopg.types.json import Jsonb

from tests.factories import Factory
from tests.rows import insert

NOW = datetime(2026, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
LATER = datetime(2100, 1, 1, tzinfo=UTC)
HASH = b"0" * 32
Values = Mapping[str, object]


@dataclass(frozen=True)
class Check:
    """The name of a constraint, the table it is on, and values for it; None stands for the world's own row."""

    name: str
    table: str
    accepts: tuple[Values, ...]
    refuses: tuple[Values, ...]


def lengths(name: str, table: str, column: str, least: int, most: int) -> Check:
    shortest = ({column: "x" * least},) if least else ({column: ""},)
    too_short = ({column: "x" * (least - 1)},) if least else ()
    # Four bytes each: characters are counted, not bytes.
    return Check(
        name,
        table,
        accepts=(*shortest, {column: "😀" * most}),
        refuses=(*too_short, {column: "x" * (most + 1)}),
    )


def objects(name: str, table: str, column: str) -> Check:
    return Check(
        name,
        table,
        accepts=({column: Jsonb({})}, {column: Jsonb({"a": [1]})}),
        refuses=({column: Jsonb([])}, {column: Jsonb("{}")}, {column: Jsonb(None)}),
    )


def not_negative(name: str, table: str, *columns: str) -> Check:
    return Check(name, table, tuple({c: 0} for c in columns), tuple({c: -1} for c in columns))


def positive(name: str, table: str, *columns: str) -> Check:
    return Check(name, table, tuple({c: 1} for c in columns), tuple({c: 0} for c in columns))


def different_people(name: str, table: str, one: str, other: str) -> Check:
    return Check(name, table, ({one: "ada", other: "ben"},), ({one: "ada", other: "ada"},))


def expiry(name: str, table: str) -> Check:
    return Check(
        name,
        table,
        accepts=({"created_at": NOW, "expires_at": NOW + HOUR},),
        refuses=({"created_at": NOW, "expires_at": NOW}, {"created_at": NOW, "expires_at": NOW - HOUR}),
    )


def token_hash(name: str, table: str) -> Check:
    return Check(name, table, ({"token_hash": HASH},), ({"token_hash": b"0" * 31}, {"token_hash": b"0" * 33}))


SHORT, LONG = {"type": "text_short"}, {"type": "text_long"}

CHECKS = [
    # 0001
    Check(
        "users_username_format",
        "public.users",
        accepts=({"username": "abc"}, {"username": "A_9" * 10}),
        refuses=tuple({"username": name} for name in ("ab", "a" * 31, "a b", "a-b", "josé", "abc\n", "")),
    ),
    Check(
        "users_email_format",
        "public.users",
        accepts=({"email": "a@b"}, {"email": "é@ü.example"}, {"email": "a@" + "b" * 252}),
        refuses=tuple({"email": email} for email in ("", "a", "@b", "a@", "a@b@c", "a b@c", "a@" + "b" * 253)),
    ),
    Check(
        "users_deleted_at_matches_status",
        "public.users",
        accepts=({"status": "deleted", "deleted_at": NOW}, {"status": "suspended"}),
        refuses=({"status": "deleted"}, {"status": "active", "deleted_at": NOW}),
    ),
    Check(
        "users_status_before_delete",
        "public.users",
        accepts=({"status": "deleted", "deleted_at": NOW, "status_before_delete": "suspended"},),
        refuses=(
            {"status_before_delete": "active"},
            {"status": "deleted", "deleted_at": NOW, "status_before_delete": "deleted"},
        ),
    ),
    lengths("user_profiles_display_name_length", "public.user_profiles", "display_name", 1, 100),
    lengths("user_profiles_bio_length", "public.user_profiles", "bio", 0, 500),
    Check(
        "user_profiles_age_range",
        "public.user_profiles",
        accepts=({"age": 13}, {"age": 120}, {"age": None}),
        refuses=({"age": 12}, {"age": 121}),
    ),
    lengths("user_profiles_location_length", "public.user_profiles", "location", 0, 100),
    Check(
        "user_profiles_website_format",
        "public.user_profiles",
        accepts=({"website": "http://a"}, {"website": "HTTPS://a"}, {"website": "https://" + "a" * 2040}),
        refuses=({"website": "javascript:alert(1)"}, {"website": "a"}, {"website": "https://" + "a" * 2041}),
    ),
    objects("user_profiles_background_config_object", "public.user_profiles", "background_config"),
    objects("user_profiles_music_config_object", "public.user_profiles", "music_config"),
    objects("user_profiles_style_config_object", "public.user_profiles", "style_config"),
    objects("user_profiles_layout_config_object", "public.user_profiles", "layout_config"),
    positive("subscription_tiers_storage_positive", "public.subscription_tiers", "storage_bytes"),
    not_negative("subscription_tiers_price_not_negative", "public.subscription_tiers", "price_monthly_cents"),
    not_negative("storage_usage_used_not_negative", "public.storage_usage", "used_bytes"),
    positive("storage_usage_quota_positive", "public.storage_usage", "quota_bytes"),
    not_negative(
        "storage_usage_buckets_not_negative",
        "public.storage_usage",
        *("images_bytes", "videos_bytes", "audio_bytes", "other_bytes"),
    ),
    not_negative(
        "user_counts_not_negative",
        "app.user_counts",
        *("followers_count", "following_count", "friends_count", "posts_count"),
    ),
    lengths("idempotency_keys_key_length", "app.idempotency_keys", "key", 1, 64),
    token_hash("sessions_token_hash_length", "app.sessions"),
    expiry("sessions_expire_after_creation", "app.sessions"),
    token_hash("verification_tokens_token_hash_length", "app.verification_tokens"),
    expiry("verification_tokens_expire_after_creation", "app.verification_tokens"),
    Check(
        "verification_tokens_purpose",
        "app.verification_tokens",
        accepts=({"purpose": "email_verification"}, {"purpose": "password_reset"}),
        refuses=({"purpose": "login"},),
    ),
    lengths("audit_log_action_length", "app.audit_log", "action", 1, 100),
    objects("audit_log_details_object", "app.audit_log", "details"),
    Check("replaceable_sql_only_row", "app.replaceable_sql", (), ({"only_row": False, "digest": "x"},)),
    # 0002
    lengths("posts_title_length", "public.posts", "title", 0, 200),
    Check(
        "posts_content_required",
        "public.posts",
        accepts=(
            SHORT | {"content": "x" * 500},
            LONG | {"content": "😀" * 10_000},
            {"type": "image", "content": None},
            {"type": "song", "content": " "},
            *({**kind, "content": content, "status": "draft"} for kind in (SHORT, LONG) for content in (None, "", " ")),
        ),
        refuses=tuple(
            kind | {"content": content}
            for kind, longest in ((SHORT, 500), (LONG, 10_000))
            for content in (None, "", " ", "\n\t ", "x" * (longest + 1))
        )
        + tuple(
            {**kind, "content": "x" * (longest + 1), "status": "draft"}
            for kind, longest in ((SHORT, 500), (LONG, 10_000))
        ),
    ),
    Check(
        "posts_language_shape",
        "public.posts",
        accepts=({"language": "en"}, {"language": "sr-Latn-RS", "is_language_detected": True}, {"language": None}),
        refuses=(
            *({"language": language} for language in ("", "e", "en-", "e n", "en-" + "a" * 9, "a1", "aa-" * 20 + "a")),
            {"language": None, "is_language_detected": True},
        ),
    ),
    Check(
        "posts_caption_length",
        "public.posts",
        accepts=({"type": "image", "content": "x" * 10_000},),
        refuses=({"type": "image", "content": "x" * 10_001},),
    ),
    Check(
        "posts_tags_shape",
        "public.posts",
        accepts=({"tags": []}, {"tags": ["a"] * 50}),
        refuses=({"tags": ["a"] * 51}, {"tags": ["a", None]}),
    ),
    Check(
        "posts_media_urls_shape",
        "public.posts",
        accepts=({"media_urls": Jsonb([])}, {"media_urls": Jsonb(["x"] * 10)}),
        refuses=tuple({"media_urls": Jsonb(value)} for value in ("x", None, {"x": 1}, ["x"] * 11)),
    ),
    not_negative(
        "posts_counters_not_negative",
        "public.posts",
        *("likes_count", "comments_count", "reposts_count", "views_count"),
    ),
    Check(
        "posts_scheduled_for_required",
        "public.posts",
        accepts=({"status": "scheduled", "scheduled_for": NOW}, {"status": "draft"}),
        refuses=({"status": "scheduled"},),
    ),
    Check(
        "posts_deleted_at_matches_status",
        "public.posts",
        accepts=({"status": "deleted", "deleted_at": NOW},),
        refuses=({"status": "deleted"}, {"status": "published", "deleted_at": NOW}),
    ),
    Check(
        "posts_status_before_delete",
        "public.posts",
        accepts=({"status": "deleted", "deleted_at": NOW, "status_before_delete": "draft"},),
        refuses=(
            {"status_before_delete": "draft"},
            {"status": "deleted", "deleted_at": NOW, "status_before_delete": "deleted"},
        ),
    ),
    positive("post_media_size_positive", "public.post_media", "file_size_bytes"),
    positive("post_media_dimensions_positive", "public.post_media", "width", "height"),
    not_negative("post_media_duration_not_negative", "public.post_media", "duration_seconds"),
    lengths("post_media_alt_text_length", "public.post_media", "alt_text", 0, 1000),
    not_negative("post_media_display_order_not_negative", "public.post_media", "display_order"),
    lengths("comments_content_length", "public.comments", "content", 1, 2000),
    not_negative("comments_counters_not_negative", "public.comments", "likes_count", "replies_count"),
    lengths("reposts_comment_length", "public.reposts", "comment", 1, 500),
    different_people("user_follows_not_self", "public.user_follows", "follower_id", "following_id"),
    Check(
        "friendships_ordered_pair",
        "public.friendships",
        accepts=({"user_id_1": "ada", "user_id_2": "ben"},),
        refuses=({"user_id_1": "ben", "user_id_2": "ada"}, {"user_id_1": "ada", "user_id_2": "ada"}),
    ),
    different_people("user_blocks_not_self", "app.user_blocks", "blocker_id", "blocked_id"),
    different_people("user_mutes_not_self", "app.user_mutes", "muter_id", "muted_id"),
    lengths("mute_words_word_length", "app.mute_words", "word", 1, 100),
    different_people("follow_requests_not_self", "app.follow_requests", "requester_id", "target_id"),
    positive("pending_uploads_size_positive", "app.pending_uploads", "file_size_bytes"),
    expiry("pending_uploads_expire_after_creation", "app.pending_uploads"),
    Check(
        "pending_uploads_state",
        "app.pending_uploads",
        accepts=({"state": "reserved"},),
        refuses=({"state": "done"},),
    ),
    Check(
        "pending_uploads_lease_matches_state",
        "app.pending_uploads",
        accepts=({"state": "completing", "lease_until": LATER, "final_key": "1"},),
        refuses=({"state": "completing", "final_key": "1"}, {"lease_until": LATER}),
    ),
    Check(
        "pending_uploads_final_key_required",
        "app.pending_uploads",
        accepts=({"state": "reserved", "final_key": "1"},),
        refuses=({"state": "completing", "lease_until": LATER},),
    ),
    Check(
        "pending_uploads_failure_matches_state",
        "app.pending_uploads",
        accepts=({"state": "failed", "failure": "INVALID_FILE"},),
        refuses=({"state": "failed"}, {"failure": "INVALID_FILE"}),
    ),
    lengths("pending_uploads_alt_text_length", "app.pending_uploads", "alt_text", 0, 1000),
    # 0003
    lengths("profile_sections_title_length", "public.profile_sections", "title", 1, 100),
    lengths("profile_sections_description_length", "public.profile_sections", "description", 0, 500),
    objects("profile_sections_config_object", "public.profile_sections", "config"),
    not_negative("profile_sections_display_order_not_negative", "public.profile_sections", "display_order"),
    Check(
        "section_content_type",
        "public.section_content",
        accepts=(
            {"content_type": "text"},
            *({"content_type": kind, "url": "https://a"} for kind in ("link", "image", "embed")),
        ),
        refuses=({"content_type": "html", "url": "https://a"}, {"content_type": "", "url": "https://a"}),
    ),
    Check(
        "section_content_body_required",
        "public.section_content",
        accepts=({"content_type": "text", "content": ""},),
        refuses=(
            {"content_type": "text", "content": None},
            *({"content_type": kind, "url": None} for kind in ("link", "image", "embed")),
            {"content_type": "image", "url": "https://a", "media_id": 1},
        ),
    ),
    Check(
        "section_content_media_type",
        "public.section_content",
        accepts=({"content_type": "text", "content": "", "media_id": None},),
        refuses=({"content_type": "text", "content": "", "url": None, "media_id": 1},),
    ),
    lengths("section_content_title_length", "public.section_content", "title", 0, 200),
    lengths("section_content_content_length", "public.section_content", "content", 0, 10_000),
    Check(
        "section_content_url_format",
        "public.section_content",
        accepts=({"url": "http://a"}, {"url": "https://" + "a" * 2040}),
        refuses=({"url": "ftp://a"}, {"url": "//a"}, {"url": "https://" + "a" * 2041}),
    ),
    not_negative("section_content_display_order_not_negative", "public.section_content", "display_order"),
    lengths("custom_feeds_name_length", "public.custom_feeds", "name", 1, 100),
    lengths("custom_feeds_description_length", "public.custom_feeds", "description", 0, 500),
    objects("custom_feeds_algorithm_config_object", "public.custom_feeds", "algorithm_config"),
    not_negative("custom_feeds_display_order_not_negative", "public.custom_feeds", "display_order"),
    not_negative("user_settings_following_feed_order_not_negative", "app.user_settings", "following_feed_order"),
    Check(
        "custom_feeds_rules_version_positive",
        "public.custom_feeds",
        accepts=({"rules_version": 1}, {"rules_version": 2}),
        refuses=({"rules_version": 0}, {"rules_version": -1}),
    ),
    Check(
        "profile_versions_draft_begun",
        "app.profile_versions",
        accepts=({"number": 0, "begun_from": 1}, {"number": 1}),
        refuses=({"number": 0}, {"number": 1, "begun_from": 1}, {"number": -1}),
    ),
    objects("profile_versions_sections_object", "app.profile_versions", "sections"),
    token_hash("feed_tokens_token_hash_length", "app.feed_tokens"),
    Check(
        "feed_pins_place_first_three",
        "app.feed_pins",
        accepts=({"place": 1}, {"place": 3}),
        refuses=({"place": 0}, {"place": 4}),
    ),
    Check(
        "feed_tokens_purpose",
        "app.feed_tokens",
        accepts=({"purpose": "link"}, {"purpose": "reader"}),
        refuses=({"purpose": ""}, {"purpose": "Link"}),
    ),
    Check(
        "feed_filters_logical_operator",
        "public.feed_filters",
        accepts=tuple({"logical_operator": word} for word in ("AND", "OR", "NOT")),
        refuses=({"logical_operator": "XOR"}, {"logical_operator": "and"}),
    ),
    not_negative("feed_filters_group_id_not_negative", "public.feed_filters", "group_id"),
    not_negative("feed_filters_display_order_not_negative", "public.feed_filters", "display_order"),
    lengths("user_lists_name_length", "public.user_lists", "name", 1, 100),
    lengths("user_lists_description_length", "public.user_lists", "description", 0, 500),
    # 0004
    Check(
        "conversations_kind",
        "public.conversations",
        accepts=({"kind": "direct"}, {"kind": "group"}),
        refuses=({"kind": "channel"},),
    ),
    Check(
        "conversations_participants_shape",
        "public.conversations",
        accepts=({"kind": "group", "participant_ids": [1, 2]},),
        refuses=tuple({"kind": "group", "participant_ids": ids} for ids in ([], [1], [1, 1], [1, 2, None])),
    ),
    Check(
        "conversations_direct_pair_ordered",
        "public.conversations",
        accepts=({"kind": "direct", "participant_ids": [1, 2]},),
        refuses=({"kind": "direct", "participant_ids": [1, 2, 3]},),
    ),
    Check(
        "conversations_title_for_groups",
        "public.conversations",
        accepts=({"kind": "group", "title": "x"}, {"kind": "group", "title": "x" * 100}),
        refuses=(
            {"kind": "direct", "title": "x"},
            {"kind": "group", "title": ""},
            {"kind": "group", "title": "x" * 101},
        ),
    ),
    lengths("messages_content_length", "public.messages", "content", 1, 5000),
    different_people("notifications_not_about_oneself", "public.notifications", "user_id", "actor_id"),
    lengths("notifications_title_length", "public.notifications", "title", 1, 200),
    lengths("notifications_content_length", "public.notifications", "content", 0, 1000),
    Check(
        "notifications_read_at_matches_is_read",
        "public.notifications",
        accepts=({"is_read": True, "read_at": NOW},),
        refuses=({"is_read": True}, {"is_read": False, "read_at": NOW}),
    ),
    Check(
        "user_subscriptions_period_order",
        "public.user_subscriptions",
        accepts=({"current_period_start": NOW, "current_period_end": NOW + HOUR},),
        refuses=({"current_period_start": NOW, "current_period_end": NOW},),
    ),
    Check(
        "user_subscriptions_canceled_at_required",
        "public.user_subscriptions",
        accepts=({"status": "canceled", "canceled_at": NOW}, {"status": "expired"}),
        refuses=({"status": "canceled"},),
    ),
    Check(
        "conversation_members_left_after_joining",
        "app.conversation_members",
        accepts=({"joined_at": NOW, "left_at": NOW}, {"left_at": None}),
        refuses=({"joined_at": NOW, "left_at": NOW - HOUR},),
    ),
]

# Shown by a statement of their own below: the database fills or needs more than one row for them.
ELSEWHERE = {"posts_published_at_required", "comments_parent_is_another"}


@pytest.fixture
def world(connection: psycopg.Connection, make: Factory) -> dict[str, dict[str, object]]:
    """For each table the values of a row that it takes, beside what is there already."""
    ada, ben = make.user("ada"), make.user("ben")
    cleo = make.insert("users", username="cleo", email="cleo@example.org", password_hash="x")
    uncounted = make.insert("users", username="emil", email="emil@example.org", password_hash="x")
    connection.execute("DELETE FROM app.user_counts WHERE user_id = %s", [uncounted])
    its_post = make.post(ada)
    section = insert(connection, "public.profile_sections", user_id=ada, type="links", title="Links")
    feed = insert(connection, "public.custom_feeds", user_id=ada, name="Videos")
    talk = insert(connection, "public.conversations", kind="group", participant_ids=[ada, ben])
    return {
        "people": {"ada": ada, "ben": ben},
        "public.users": {"username": "dan", "email": "dan@example.org", "password_hash": "x"},
        "public.user_profiles": {"user_id": cleo},
        "public.subscription_tiers": {"name": "Huge", "storage_bytes": 1, "price_monthly_cents": 0},
        "public.storage_usage": {"user_id": ada},
        "app.user_counts": {"user_id": uncounted},
        "app.sessions": {"user_id": ada, "token_hash": HASH, "expires_at": LATER},
        "app.verification_tokens": {
            "user_id": ada,
            "purpose": "password_reset",
            "token_hash": HASH,
            "email": "ada@example.org",
            "expires_at": LATER,
        },
        "app.idempotency_keys": {"user_id": ada, "key": "x", "fingerprint": HASH},
        "app.audit_log": {"action": "login"},
        "app.replaceable_sql": {},
        "public.posts": {"user_id": ada, "type": "text_short", "content": "A post"},
        "public.post_media": {
            "user_id": ada,
            "type": "image",
            "file_url": "https://media.example.org/1",
            "object_key": "1",
            "file_size_bytes": 1,
            "mime_type": "image/png",
        },
        "public.comments": {"post_id": its_post, "user_id": ada, "content": "A comment"},
        "public.reposts": {"post_id": its_post, "user_id": ben},
        "public.user_follows": {},
        "public.friendships": {},
        "app.user_blocks": {},
        "app.user_mutes": {},
        "app.mute_words": {"user_id": ada},
        "app.follow_requests": {},
        "app.pending_uploads": {
            "user_id": ada,
            "type": "image",
            "object_key": "1",
            "mime_type": "image/png",
            "file_size_bytes": 1,
            "expires_at": LATER,
        },
        "public.profile_sections": {"user_id": ada, "type": "links", "title": "Links"},
        "public.section_content": {"section_id": section["id"], "content_type": "text", "content": "Text"},
        "app.user_settings": {"user_id": ada},
        "app.profile_versions": {
            "user_id": ada,
            "number": 1,
            "sections": Jsonb({"sections": []}),
            "section_ids": [],
            "content_ids": [],
        },
        "public.custom_feeds": {"user_id": ada, "name": "Songs"},
        "public.feed_filters": {
            "feed_id": feed["id"],
            "type": "tag",
            "operator": "equals",
            "value": Jsonb("music"),
        },
        "app.feed_markers": {
            "user_id": ada,
            "feed_id": feed["id"],
            "rules_version": 1,
            "post_created_at": LATER,
            "post_id": its_post,
        },
        "app.feed_tokens": {"token_hash": HASH, "feed_id": feed["id"], "purpose": "link"},
        "app.feed_pins": {"feed_id": feed["id"], "place": 1, "post_id": its_post},
        "public.user_lists": {"user_id": ada, "name": "Friends"},
        "public.conversations": {"kind": "direct", "participant_ids": [ada, ben]},
        "public.messages": {"conversation_id": talk["id"], "sender_id": ada, "content": "Hello"},
        "public.notifications": {"user_id": ada, "type": "system", "title": "Welcome"},
        "public.user_subscriptions": {"user_id": ada, "tier_id": 1, "current_period_end": LATER},
        "app.conversation_members": {"conversation_id": talk["id"], "user_id": ada},
    }


def row(world: dict[str, dict[str, object]], table: str, values: Values) -> dict[str, object]:
    people = world["people"]
    return {
        name: people[value] if isinstance(value, str) and value in people else value
        for name, value in {**world[table], **values}.items()
    }


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_a_check_lets_its_edges_in_and_nothing_beyond(
    connection: psycopg.Connection, world: dict[str, dict[str, object]], check: Check
) -> None:
    for values in check.accepts:
        with connection.transaction(force_rollback=True):
            insert(connection, check.table, **row(world, check.table, values))
    for values in check.refuses:
        with pytest.raises(errors.CheckViolation) as refusal, connection.transaction():
            insert(connection, check.table, **row(world, check.table, values))
        assert refusal.value.diag.constraint_name == check.name, values


def test_published_needs_its_time_even_where_no_trigger_fills_it(connection: psycopg.Connection, make: Factory) -> None:
    connection.execute("ALTER TABLE public.posts DISABLE TRIGGER stamp_publication")
    with pytest.raises(errors.CheckViolation) as refusal:
        make.post(make.user("ada"))
    assert refusal.value.diag.constraint_name == "posts_published_at_required"


def test_a_comment_is_no_reply_to_itself(connection: psycopg.Connection, make: Factory) -> None:
    ada = make.user("ada")
    its = make.comment(ada, make.post(ada))
    with pytest.raises(errors.CheckViolation) as refusal:
        connection.execute("UPDATE comments SET parent_comment_id = id WHERE id = %s", [its])
    assert refusal.value.diag.constraint_name == "comments_parent_is_another"


def test_every_check_of_the_schema_is_tried(connection: psycopg.Connection) -> None:
    rows = connection.execute(
        "SELECT conname FROM pg_constraint"
        " WHERE contype = 'c' AND connamespace IN ('public'::regnamespace, 'app'::regnamespace)"
    )
    assert {name for (name,) in rows} == {check.name for check in CHECKS} | ELSEWHERE
