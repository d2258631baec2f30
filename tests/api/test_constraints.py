"""Every constraint that a mutation could violate has its error, or a reason why no client violates it."""

import re
from collections.abc import Iterator

import psycopg
import pytest

from db.constraints import BY_CONSTRAINT
from db.statements import QUERIES

# Tables that named statements write, and the constraints that stop a write and are no error of this API.
UNREACHABLE = {
    "audit_log_action_length": "The actions are ours.",
    "audit_log_details_object": "The details are ours.",
    "audit_log_pkey": "Ids are drawn.",
    "comment_likes_pkey": "ON CONFLICT takes it.",
    "comments_content_length": "The input has the same limits.",
    "comments_counters_not_negative": "Only triggers write them, and they never go below zero.",
    "comments_parent_is_another": "A new comment has no id yet that a client could name.",
    "comments_pkey": "Ids are drawn.",
    "comments_post_id_id_key": "Ids are drawn.",
    "conversation_members_conversation_id_fkey": "The conversation is locked.",
    "conversation_members_left_after_joining": "The statement takes the later of the two times.",
    "conversation_members_pkey": "ON CONFLICT takes it.",
    "conversations_direct_pair_key": "ON CONFLICT takes it.",
    "conversations_direct_pair_ordered": "The statement orders the pair, and nobody writes to oneself.",
    "conversations_kind": "The statement names it.",
    "conversations_participants_shape": "Always two people or more: a group has another than the viewer.",
    "conversations_pkey": "Ids are drawn.",
    "conversations_title_for_groups": "The input has the same limits, and what is renamed is a group.",
    "custom_feeds_algorithm_config_object": "The document is ours.",
    "custom_feeds_description_length": "The input has the same limits.",
    "custom_feeds_display_order_not_negative": "Places are counted from 0.",
    "custom_feeds_name_length": "The input has the same limits.",
    "custom_feeds_pkey": "Ids are drawn.",
    "custom_feeds_rules_version_positive": "Versions are counted from 1.",
    "custom_feeds_user_default_key": "The feeds of the user are locked, and the default is released before.",
    "doomed_objects_pkey": "ON CONFLICT takes it.",
    "ended_conversations_conversation_id_fkey": "The conversation is locked.",
    "ended_conversations_pkey": "ON CONFLICT takes it.",
    "feed_filters_display_order_not_negative": "Places are counted from 0.",
    "feed_filters_feed_id_fkey": "The feed is locked or was written in the same transaction.",
    "feed_filters_group_id_not_negative": "Groups are counted from 1.",
    "feed_filters_logical_operator": "The operators are ours.",
    "feed_filters_pkey": "Ids are drawn.",
    "feed_filters_position_key": "Places are counted.",
    "feed_markers_pkey": "ON CONFLICT takes it.",
    "feed_opt_outs_pkey": "ON CONFLICT takes it.",
    "feed_pins_feed_id_fkey": "The feed is locked or was written in the same transaction.",
    "feed_pins_pkey": "The feed is locked, and its pins are deleted before.",
    "feed_pins_place_first_three": "The input has the same limit.",
    "feed_pins_post_feed_key": "The mutation refuses a post that is named twice.",
    "feed_pins_post_id_fkey": "The post is seen, and nobody sees one for 30 days before it is purged.",
    "feed_tokens_feed_id_fkey": "The feed is locked, as one of the viewer's.",
    "feed_tokens_pkey": "256 random bits do not repeat.",
    "feed_tokens_purpose": "The purposes are ours.",
    "feed_tokens_token_hash_length": "The digest is ours.",
    "follow_requests_not_self": "The mutation refuses it.",
    "follow_requests_pair_key": "ON CONFLICT takes it.",
    "follow_requests_pkey": "Ids are drawn.",
    "idempotency_keys_key_length": "The input has the same limits.",
    "idempotency_keys_pkey": "ON CONFLICT takes it.",
    "idx_post_interactions_user_post": "ON CONFLICT takes it.",
    "list_members_pkey": "ON CONFLICT takes it, and a new list has no members.",
    "message_replies_message_id_fkey": "The message was written in this transaction.",
    "message_replies_pkey": "A new message is noted once.",
    "messages_content_length": "The input has the same limits.",
    "messages_conversation_id_fkey": "The conversation is locked.",
    "messages_pkey": "Ids are drawn.",
    "mute_words_pkey": "Ids are drawn.",
    "mute_words_word_length": "The input has the same limits.",
    "notifications_actor_id_fkey": "The viewer's row is locked by the key of what the notification tells.",
    "notifications_comment_id_fkey": "The comment was written in this transaction, or is locked by the like.",
    "notifications_comment_once_key": "ON CONFLICT takes it, and a new comment names each author once.",
    "notifications_content_length": "The statements cut it to 200 characters.",
    "notifications_conversation_id_fkey": "The conversation is locked.",
    "notifications_mention_once_key": "ON CONFLICT takes it.",
    "notifications_not_about_oneself": "The statements leave the actor out.",
    "notifications_person_once_key": "ON CONFLICT takes it.",
    "notifications_pkey": "Ids are drawn.",
    "notifications_post_id_fkey": "The post is locked by the key of the like, repost or comment.",
    "notifications_post_once_key": "ON CONFLICT takes it.",
    "notifications_read_at_matches_is_read": "The statement writes both.",
    "notifications_title_length": "The statements name it.",
    "notifications_user_id_fkey": "Deleting this person waits for its post, follow, membership or key, which is held.",
    "pending_uploads_alt_text_length": "The input has the same limit.",
    "pending_uploads_expire_after_creation": "The times are ours.",
    "pending_uploads_failure_matches_state": "One statement sets both.",
    "pending_uploads_final_key_key": "Keys are drawn.",
    "pending_uploads_final_key_required": "One statement sets both.",
    "pending_uploads_lease_matches_state": "One statement sets both.",
    "pending_uploads_object_key_key": "Keys are drawn.",
    "pending_uploads_pkey": "Ids are drawn.",
    "pending_uploads_size_positive": "The flow has the same limit.",
    "pending_uploads_state": "The states are ours.",
    "post_interactions_pkey": "Ids are drawn.",
    "post_media_alt_text_length": "The input of the upload has the same limit.",
    "post_media_dimensions_positive": "A file of no size is refused.",
    "post_media_display_order_not_negative": "The statement counts the files.",
    "post_media_duration_not_negative": "Lengths are counted.",
    "post_media_object_key_key": "Keys are drawn.",
    "post_media_pkey": "Ids are drawn.",
    "post_media_post_id_fkey": "The post is locked, or new.",
    "post_media_size_positive": "A file without bytes is refused.",
    "post_media_upload_id_key": "The upload is held, and deleted with it.",
    "post_media_user_id_fkey": "The upload is held, and is deleted with its user.",
    "post_mentions_pkey": "Each name stands for one person, and is there once.",
    "post_mentions_post_id_fkey": "The post is locked, or new.",
    "post_mentions_user_id_fkey": "The statement leaves out who is gone; a key locks the others.",
    "post_revisions_pkey": "Ids are drawn.",
    "post_revisions_post_id_fkey": "The post is locked.",
    "posts_caption_length": "The input has the same limit.",
    "posts_counters_not_negative": "Only triggers write them, and they never go below zero.",
    "posts_deleted_at_matches_status": "A trigger fills it.",
    "posts_language_shape": "The input takes fewer tags.",
    "posts_media_urls_shape": "The input has the same limit.",
    "posts_pkey": "Ids are drawn.",
    "posts_published_at_required": "A trigger fills it.",
    "posts_scheduled_for_required": "The statement has the time when it schedules.",
    "posts_status_before_delete": "A trigger fills it.",
    "posts_title_length": "The input has the same limit.",
    "profile_sections_config_object": "The document is an object.",
    "profile_sections_description_length": "The input has the same limits.",
    "profile_sections_display_order_not_negative": "Places are counted from 0.",
    "profile_sections_pkey": "Ids are drawn.",
    "profile_sections_title_length": "The input has the same limits.",
    "profile_sections_user_id_fkey": "The user is inserted by the same statement, or has a profile that is locked.",
    "profile_versions_draft_begun": "The statements write one of the two.",
    "profile_versions_number_key": "The profile is locked, and its versions are looked at before.",
    "profile_versions_pkey": "Ids are drawn.",
    "profile_versions_sections_object": "The document is an object.",
    "profile_versions_user_id_fkey": "The profile is locked.",
    "reposts_comment_length": "The input has the same limits.",
    "reposts_pkey": "Ids are drawn.",
    "reposts_user_post_key": "ON CONFLICT takes it.",
    "seen_marks_pkey": "ON CONFLICT takes it.",
    "seen_marks_user_id_fkey": "The session is the viewer's, whose purge begins when there is none.",
    "seen_posts_mark_key": "The row of marks is locked, and numbers rise.",
    "seen_posts_pkey": "ON CONFLICT takes it.",
    "seen_posts_user_id_fkey": "The session is the viewer's, whose purge begins when there is none.",
    "section_content_body_required": "The input asks for it.",
    "section_content_content_length": "The input has the same limits.",
    "section_content_display_order_not_negative": "Places are counted from 0.",
    "section_content_pkey": "Ids are drawn.",
    "section_content_media_id_fkey": "The file is locked before the piece is written.",
    "section_content_media_type": "The input asks for it.",
    "section_content_section_id_fkey": "The section is read by the same statement, and its profile is locked.",
    "section_content_title_length": "The input has the same limits.",
    "section_content_type": "The types are those of the enum.",
    "section_content_url_format": "The input takes fewer addresses.",
    "sessions_expire_after_creation": "The lifetime is ours.",
    "sessions_pkey": "Ids are drawn.",
    "sessions_token_hash_key": "256 random bits do not repeat.",
    "sessions_token_hash_length": "The digest is ours.",
    "storage_usage_buckets_not_negative": "All begin with nothing.",
    "storage_usage_pkey": "The user is new.",
    "storage_usage_quota_positive": "The default is positive.",
    "storage_usage_used_not_negative": "All begin with nothing.",
    "trending_posts_pkey": "A job replaces them all.",
    "trending_posts_post_id_fkey": "A job writes them, of posts that it reads.",
    "trending_tags_pkey": "A job replaces them all.",
    "used_tags_pkey": "A job replaces them all.",
    "user_blocks_not_self": "The mutation refuses it.",
    "user_blocks_pkey": "ON CONFLICT takes it.",
    "user_follows_pkey": "ON CONFLICT takes it.",
    "user_lists_description_length": "The input has the same limit.",
    "user_lists_name_length": "The input has the same limits.",
    "user_lists_pkey": "Ids are drawn.",
    "user_mutes_not_self": "The mutation refuses it.",
    "user_mutes_pkey": "ON CONFLICT takes it.",
    "user_profiles_age_range": "No statement writes it.",
    "user_profiles_avatar_media_id_fkey": "The file is locked before the profile is written.",
    "user_profiles_background_config_object": "The document is an object.",
    "user_profiles_bio_length": "No statement writes it.",
    "user_profiles_display_name_length": "The input has the same limits.",
    "user_profiles_layout_config_object": "No statement writes it.",
    "user_profiles_location_length": "No statement writes it.",
    "user_profiles_music_config_object": "No statement writes it.",
    "user_profiles_pkey": "The user is new.",
    "user_profiles_style_config_object": "No statement writes it.",
    "user_profiles_user_id_fkey": "The user is inserted by the same statement.",
    "user_profiles_website_format": "No statement writes it.",
    "user_settings_following_feed_order_not_negative": "Places are counted from 0.",
    "user_settings_pkey": "ON CONFLICT takes it, and a new user has none.",
    "users_deleted_at_matches_status": "A trigger fills it.",
    "users_email_format": "The input is stricter.",
    "users_pkey": "Ids are drawn.",
    "users_status_before_delete": "A trigger fills it.",
    "users_username_format": "The input has the same limits.",
    "verification_tokens_expire_after_creation": "The lifetimes are ours.",
    "verification_tokens_pkey": "Ids are drawn.",
    "verification_tokens_purpose": "The purposes are ours.",
    "verification_tokens_token_hash_key": "256 random bits do not repeat.",
    "verification_tokens_token_hash_length": "The digest is ours.",
}

# What refuses a row: checks, keys and unique indexes, which report their name as that of a constraint. NOT NULL has
# names since 18, and is about our statements, never about a value that a client gave.
REFUSING = """
SELECT k.conname FROM pg_constraint AS k
WHERE k.conrelid = ANY (%(tables)s::text[]::regclass[]) AND k.contype IN ('c', 'f', 'p', 'u', 'x')
UNION
SELECT c.relname FROM pg_index AS i
INNER JOIN pg_class AS c ON i.indexrelid = c.oid
WHERE i.indisunique AND i.indrelid = ANY (%(tables)s::text[]::regclass[])
"""
EVERY = """
SELECT conname FROM pg_constraint
UNION
SELECT c.relname FROM pg_index AS i INNER JOIN pg_class AS c ON i.indexrelid = c.oid
"""


@pytest.fixture
def connection(empty_database: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(empty_database) as opened:
        yield opened


def written() -> list[str]:
    """The tables that the named statements of clients insert into or update; counters are an operator's."""
    found: set[str] = set()
    for file in QUERIES.glob("*.sql"):
        if file.stem in {"counters", "objects", "storage", "user_counts"}:
            continue
        found |= set(re.findall(r"\b(?:INSERT INTO|UPDATE)\s+((?:public|app)\.\w+)", file.read_text(encoding="utf-8")))
    return sorted(found)


def test_every_constraint_that_is_translated_exists(connection: psycopg.Connection) -> None:
    assert set(BY_CONSTRAINT) <= {name for (name,) in connection.execute(EVERY)}


def test_every_constraint_of_a_written_table_is_translated_or_out_of_reach(connection: psycopg.Connection) -> None:
    names = {name for (name,) in connection.execute(REFUSING, {"tables": written()})}
    assert not BY_CONSTRAINT.keys() & UNREACHABLE.keys()
    assert not names - BY_CONSTRAINT.keys() - UNREACHABLE.keys(), (
        "these need an error in db/constraints.py, or a reason"
    )
    assert not UNREACHABLE.keys() - names, "there are no such constraints"
