"""Nothing in the demo data contradicts anything else in it."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from argon2 import PasswordHasher
from psycopg import sql

from api.accounts.passwords import Passwords
from db.documents.background import BackgroundConfig
from db.documents.feed_rules import FeedRules
from db.documents.layout import LayoutConfig
from db.documents.media_urls import MediaUrls
from db.documents.music import MusicConfig
from db.documents.section_config import section_config
from db.documents.style import StyleConfig
from db.enums import SectionType
from db.seed import seed
from tests.seed.rows import one

# Each query gives the rows that are wrong.
CONTRADICTIONS: dict[str, bytes] = {
    "likes": b"""
        SELECT id FROM posts AS p
        WHERE likes_count <> (SELECT count(*) FROM post_interactions WHERE post_id = p.id AND type = 'like')""",
    "comments": b"""
        SELECT id FROM posts AS p
        WHERE comments_count <> (SELECT count(*) FROM comments WHERE post_id = p.id AND deleted_at IS NULL)""",
    "reposts": b"SELECT id FROM posts AS p WHERE reposts_count <> (SELECT count(*) FROM reposts WHERE post_id = p.id)",
    "replies": b"""
        SELECT id FROM comments AS c
        WHERE replies_count <> (SELECT count(*) FROM comments WHERE parent_comment_id = c.id)""",
    "storage": b"""
        SELECT s.user_id FROM storage_usage AS s
        LEFT JOIN LATERAL (
            SELECT
                coalesce(sum(file_size_bytes), 0) AS used,
                coalesce(sum(file_size_bytes) FILTER (WHERE type IN ('image', 'gif')), 0) AS images,
                coalesce(sum(file_size_bytes) FILTER (WHERE type = 'video'), 0) AS videos,
                coalesce(sum(file_size_bytes) FILTER (WHERE type = 'audio'), 0) AS audio
            FROM post_media WHERE user_id = s.user_id
        ) AS m ON TRUE
        WHERE (used_bytes, images_bytes, videos_bytes, audio_bytes, other_bytes) <> (used, images, videos, audio, 0)""",
    "accounts are whole": b"""
        SELECT u.id FROM users AS u
        LEFT JOIN user_profiles AS p ON p.user_id = u.id
        LEFT JOIN storage_usage AS s ON s.user_id = u.id
        LEFT JOIN app.user_settings AS t ON t.user_id = u.id
        WHERE p.user_id IS NULL OR s.user_id IS NULL OR t.user_id IS NULL""",
    "quota is the plan's": b"""
        SELECT s.user_id FROM storage_usage AS s
        LEFT JOIN user_subscriptions AS u ON u.user_id = s.user_id AND u.status = 'active'
        JOIN subscription_tiers AS t ON t.id = coalesce(u.tier_id, 1)
        WHERE s.quota_bytes <> t.storage_bytes""",
    "media copies": b"""
        SELECT p.id FROM posts AS p
        WHERE (SELECT coalesce(jsonb_agg(e -> 'id'), '[]') FROM jsonb_array_elements(media_urls) AS e)
            <> (SELECT coalesce(jsonb_agg(m.id ORDER BY m.display_order), '[]') FROM post_media AS m
                WHERE m.post_id = p.id)""",
    "media are the author's": b"""
        SELECT m.id FROM post_media AS m JOIN posts AS p ON p.id = m.post_id WHERE p.user_id <> m.user_id""",
    "only what can be seen is liked, shared or bookmarked": b"""
        SELECT i.id FROM post_interactions AS i JOIN posts AS p ON p.id = i.post_id
        WHERE p.status <> 'published' OR p.visibility = 'private'
            OR NOT EXISTS (SELECT FROM user_follows WHERE follower_id = i.user_id AND following_id = p.user_id)""",
    "only what can be seen is commented": b"""
        SELECT c.id FROM comments AS c JOIN posts AS p ON p.id = c.post_id
        WHERE p.status <> 'published' OR p.visibility = 'private'
            OR c.user_id <> p.user_id AND p.visibility = 'followers'
            AND NOT EXISTS (SELECT FROM user_follows WHERE follower_id = c.user_id AND following_id = p.user_id)""",
    "nobody reaches across a block": b"""
        SELECT f.follower_id FROM user_follows AS f JOIN app.user_blocks AS b
        ON (f.follower_id, f.following_id) IN ((b.blocker_id, b.blocked_id), (b.blocked_id, b.blocker_id))""",
    "nobody acts before joining": b"""
        SELECT u.id FROM users AS u JOIN (
            SELECT user_id, created_at FROM posts UNION ALL SELECT user_id, created_at FROM comments
            UNION ALL SELECT user_id, created_at FROM post_interactions
            UNION ALL SELECT user_id, created_at FROM reposts
            UNION ALL SELECT follower_id, created_at FROM user_follows
            UNION ALL SELECT following_id, created_at FROM user_follows
            UNION ALL SELECT sender_id, created_at FROM messages UNION ALL SELECT user_id, created_at FROM custom_feeds
        ) AS acts ON acts.user_id = u.id WHERE acts.created_at < u.created_at""",
    "nothing comes before its cause": b"""
        SELECT p.id FROM posts AS p JOIN (
            SELECT post_id, created_at FROM comments UNION ALL SELECT post_id, created_at FROM post_interactions
            UNION ALL SELECT post_id, created_at FROM reposts
        ) AS acts ON acts.post_id = p.id WHERE acts.created_at < p.created_at
        UNION ALL
        SELECT c.id FROM comments AS c JOIN comments AS parent ON parent.id = c.parent_comment_id
        WHERE c.created_at < parent.created_at""",
    "conversations know their members": b"""
        SELECT c.id FROM conversations AS c WHERE participant_ids <> (
            SELECT array_agg(user_id ORDER BY user_id) FROM app.conversation_members WHERE conversation_id = c.id)""",
    "conversations know their last message": b"""
        SELECT m.conversation_id FROM app.conversation_members AS m
        JOIN conversations AS c ON c.id = m.conversation_id
        CROSS JOIN LATERAL (SELECT max(created_at) AS at FROM messages WHERE conversation_id = c.id) AS latest
        WHERE (m.last_message_at, c.last_message_at) IS DISTINCT FROM (latest.at, latest.at)""",
    "senders have read what lies before their own": b"""
        SELECT g.id FROM messages AS g JOIN app.conversation_members AS m
        ON m.conversation_id = g.conversation_id AND m.user_id = g.sender_id WHERE g.id > m.last_read_message_id""",
    "watermarks are messages of their conversation": b"""
        SELECT m.user_id FROM app.conversation_members AS m LEFT JOIN messages AS g
        ON g.id = m.last_read_message_id AND g.conversation_id = m.conversation_id WHERE g.id IS NULL""",
    "only members write": b"""
        SELECT g.id FROM messages AS g JOIN conversations AS c ON c.id = g.conversation_id
        WHERE NOT g.sender_id = ANY(c.participant_ids)""",
    "likes are told once, and only those": b"""
        (SELECT p.user_id, i.user_id, i.post_id, i.created_at FROM post_interactions AS i
            JOIN posts AS p ON p.id = i.post_id WHERE i.type = 'like'
        EXCEPT ALL SELECT user_id, actor_id, post_id, created_at FROM notifications WHERE type = 'like')
        UNION ALL
        (SELECT user_id, actor_id, post_id, created_at FROM notifications WHERE type = 'like'
        EXCEPT ALL SELECT p.user_id, i.user_id, i.post_id, i.created_at FROM post_interactions AS i
            JOIN posts AS p ON p.id = i.post_id WHERE i.type = 'like')""",
    "follows are told": b"""
        (SELECT following_id, follower_id, created_at FROM user_follows
        EXCEPT SELECT user_id, actor_id, created_at FROM notifications WHERE type = 'follow')
        UNION ALL
        (SELECT target_id, requester_id, created_at FROM app.follow_requests
        EXCEPT SELECT user_id, actor_id, created_at FROM notifications WHERE title = 'New follow request')
        UNION ALL
        (SELECT user_id, actor_id, created_at FROM notifications WHERE type = 'follow'
        EXCEPT SELECT following_id, follower_id, created_at FROM user_follows
        EXCEPT SELECT target_id, requester_id, created_at FROM app.follow_requests)""",
    "nobody asks to follow whom they follow, or who is public": b"""
        SELECT r.id FROM app.follow_requests AS r JOIN user_profiles AS p ON p.user_id = r.target_id
        WHERE p.visibility = 'public' OR EXISTS (
            SELECT FROM user_follows AS f WHERE f.follower_id = r.requester_id AND f.following_id = r.target_id)""",
    "friendships are told to both": b"""
        SELECT 1 WHERE (SELECT count(*) FROM notifications WHERE type = 'friend_request')
            <> 2 * (SELECT count(*) FROM friendships)""",
    "comments and messages are told of by whoever spoke": b"""
        SELECT n.id FROM notifications AS n
        LEFT JOIN comments AS c ON c.id = n.comment_id
        LEFT JOIN messages AS g ON g.conversation_id = n.conversation_id AND g.created_at = n.created_at
        WHERE n.type IN ('comment', 'message')
            AND (n.actor_id, n.content)
                IS DISTINCT FROM (coalesce(c.user_id, g.sender_id), coalesce(c.content, g.content))""",
    "comments reach the author": b"""
        SELECT c.id FROM comments AS c JOIN posts AS p ON p.id = c.post_id
        WHERE c.user_id <> p.user_id AND NOT EXISTS (
            SELECT FROM notifications AS n WHERE n.comment_id = c.id AND n.user_id = p.user_id)""",
}


@pytest.mark.parametrize("what", CONTRADICTIONS)
def test_no_contradictions(seeded_template_rows: Callable[[bytes], list[Any]], what: str) -> None:
    assert seeded_template_rows(CONTRADICTIONS[what]) == []


@pytest.fixture(scope="module")
def seeded_template_rows(server: Any, seeded_template: str) -> Callable[[bytes], list[Any]]:
    """Runs a query that changes nothing, so that all of them share one database."""

    def rows(query: bytes) -> list[Any]:
        with psycopg.connect(server.url(seeded_template)) as connection:
            connection.execute("SET default_transaction_read_only = on")
            return connection.execute(query).fetchall()

    return rows


def test_nothing_lies_after_the_anchor(empty_database: str) -> None:
    anchor = datetime(2024, 2, 29, tzinfo=UTC)
    seed(empty_database, anchor=anchor)
    columns = b"""
        SELECT table_schema, table_name, column_name FROM information_schema.columns
        JOIN information_schema.tables USING (table_schema, table_name)
        WHERE table_schema IN ('public', 'app') AND table_type = 'BASE TABLE'
            AND data_type = 'timestamp with time zone'
            AND table_name <> 'replaceable_sql'
            AND column_name NOT IN ('scheduled_for', 'current_period_end')"""
    late: list[str] = []
    with psycopg.connect(empty_database) as connection:
        for schema, table, column in connection.execute(columns).fetchall():
            query = sql.SQL("SELECT count(*) FROM {} WHERE {} > %s").format(
                sql.Identifier(schema, table), sql.Identifier(column)
            )
            row = connection.execute(query, [anchor]).fetchone()
            if row != (0,):
                late.append(f"{schema}.{table}.{column}")
    assert late == []


def test_every_document_reads_as_what_it_is(seeded_database: str) -> None:
    with psycopg.connect(seeded_database) as connection:
        for post_id, urls in connection.execute("SELECT id, media_urls FROM posts"):
            assert MediaUrls.model_validate(urls).model_dump(mode="json") == urls, post_id
        documents = connection.execute(
            "SELECT background_config, music_config, style_config, layout_config FROM user_profiles WHERE user_id <= 20"
        ).fetchall()
        sections = connection.execute("SELECT type::text, config FROM profile_sections").fetchall()
        feeds = connection.execute("SELECT algorithm_config FROM custom_feeds").fetchall()
    models = (BackgroundConfig, MusicConfig, StyleConfig, LayoutConfig)
    for model, column in zip(models, zip(*documents, strict=True), strict=True):
        kept = [value for value in column if value is not None]
        assert kept
        assert [model.model_validate(value).model_dump(mode="json") for value in kept] == kept
    for type_, config in sections:
        assert section_config(SectionType(type_), config).model_dump(mode="json") == config
    for (config,) in feeds:
        assert FeedRules.model_validate(config).model_dump(mode="json") == config


def test_the_documented_password_opens_every_account(seeded_database: str) -> None:
    hashes = one(seeded_database, b"SELECT string_agg(DISTINCT password_hash, ' ') FROM users")
    assert PasswordHasher().verify(hashes, "Vrss-demo-2026")
    assert not Passwords().is_outdated(hashes)
