"""What is unique, under which name it is refused, and what counts as the same."""

from collections.abc import Mapping
from datetime import UTC, datetime

import psycopg
import pytest
from psycopg import errors
from psycopg.types.json import Jsonb

from tests.factories import Factory
from tests.rows import insert

NOW = datetime(2026, 1, 1, tzinfo=UTC)
LATER = datetime(2100, 1, 1, tzinfo=UTC)
Values = Mapping[str, object]


def refused_as(connection: psycopg.Connection, table: str, values: Values) -> str | None:
    """The constraint that a second row with these values trips; None if it is let in."""
    try:
        with connection.transaction():
            insert(connection, table, **values)
    except errors.UniqueViolation as refusal:
        return refusal.diag.constraint_name
    return None


@pytest.mark.parametrize(
    ("first", "second", "refusal"),
    [
        ("ada", "ADA", "users_username_key"),
        ("Ada_1", "aDA_1", "users_username_key"),
        ("ada", "ada_", None),
    ],
)
def test_usernames_ignore_case(
    connection: psycopg.Connection, make: Factory, first: str, second: str, refusal: str | None
) -> None:
    make.user(first)
    values = {"username": second, "email": "other@example.org", "password_hash": "x"}
    assert refused_as(connection, "public.users", values) == refusal


@pytest.mark.parametrize(
    ("first", "second", "refusal"),
    [
        ("ada@example.org", "Ada@Example.ORG", "users_email_folded_key"),
        ("irene@example.org", "IRENE@example.org", "users_email_folded_key"),
        ("straße@example.org", "STRAßE@example.org", "users_email_folded_key"),
        ("émile@example.org", "Émile@example.org", None),  # other letters are stored folded
        ("straße@example.org", "strasse@example.org", None),
        ("emile@example.org", "émile@example.org", None),
    ],
)
def test_addresses_ignore_case(connection: psycopg.Connection, first: str, second: str, refusal: str | None) -> None:
    insert(connection, "public.users", username="ada", email=first, password_hash="x")
    values = {"username": "ben", "email": second, "password_hash": "x"}
    assert refused_as(connection, "public.users", values) == refusal


def test_names_and_addresses_fold_alike_under_every_locale(connection: psycopg.Connection) -> None:
    """In Turkish the small letter of I is another one, and Irene would not be irene."""
    collations = connection.execute(
        "SELECT i.indexrelid::regclass::text, c.collname FROM pg_index AS i, unnest(i.indcollation) AS key (oid)"
        " INNER JOIN pg_collation AS c ON c.oid = key.oid"
        " WHERE i.indrelid = 'users'::regclass AND i.indisunique ORDER BY 1"
    )
    assert collations.fetchall() == [("users_email_folded_key", "C"), ("users_username_key", "C")]


def test_a_like_and_a_bookmark_of_one_post_go_together(connection: psycopg.Connection, make: Factory) -> None:
    ada = make.user("ada")
    values = {"user_id": ada, "post_id": make.post(ada)}
    insert(connection, "public.post_interactions", **values, type="like")
    assert refused_as(connection, "public.post_interactions", {**values, "type": "bookmark"}) is None
    assert (
        refused_as(connection, "public.post_interactions", {**values, "type": "like"})
        == "idx_post_interactions_user_post"
    )


def test_names_of_feeds_and_lists_are_unique_for_each_person(connection: psycopg.Connection, make: Factory) -> None:
    ada, ben = make.user("ada"), make.user("ben")
    for table, name in (("custom_feeds", "custom_feeds_user_name_key"), ("user_lists", "user_lists_user_name_key")):
        insert(connection, f"public.{table}", user_id=ada, name="Émile")
        assert refused_as(connection, f"public.{table}", {"user_id": ada, "name": "éMILE"}) == name
        assert refused_as(connection, f"public.{table}", {"user_id": ben, "name": "Émile"}) is None


def test_at_most_one_feed_is_the_default(connection: psycopg.Connection, make: Factory) -> None:
    ada = make.user("ada")
    insert(connection, "public.custom_feeds", user_id=ada, name="One", is_default=True)
    second = {"user_id": ada, "name": "Two", "is_default": True}
    assert refused_as(connection, "public.custom_feeds", second) == "custom_feeds_user_default_key"
    assert refused_as(connection, "public.custom_feeds", {**second, "is_default": False}) is None


def test_a_pair_has_one_direct_conversation_and_any_number_of_groups(
    connection: psycopg.Connection, make: Factory
) -> None:
    ada, ben = make.user("ada"), make.user("ben")
    insert(connection, "public.conversations", kind="direct", participant_ids=[ada, ben])
    again = {"kind": "direct", "participant_ids": [ben, ada]}
    assert refused_as(connection, "public.conversations", again) == "conversations_direct_pair_key"
    for _ in range(2):
        assert refused_as(connection, "public.conversations", {**again, "kind": "group"}) is None


def test_liking_again_does_not_notify_again(connection: psycopg.Connection, make: Factory) -> None:
    ada, ben = make.user("ada"), make.user("ben")
    its = make.post(ada)
    base = {"user_id": ada, "actor_id": ben, "title": "News"}
    for kind, values, refusal in (
        ("like", {"post_id": its}, "notifications_post_once_key"),
        ("repost", {"post_id": its}, "notifications_post_once_key"),
        ("mention", {"post_id": its}, "notifications_mention_once_key"),
        ("comment", {"post_id": its}, None),
        ("follow", {}, "notifications_person_once_key"),
        ("friend_request", {}, "notifications_person_once_key"),
        ("message", {}, None),
    ):
        insert(connection, "public.notifications", **base, **values, type=kind)
        assert refused_as(connection, "public.notifications", {**base, **values, "type": kind}) == refusal


def test_one_subscription_is_active(connection: psycopg.Connection, make: Factory) -> None:
    ada = make.user("ada")
    values = {"user_id": ada, "tier_id": 1, "current_period_end": LATER}
    insert(connection, "public.user_subscriptions", **values)
    assert refused_as(connection, "public.user_subscriptions", values) == "user_subscriptions_one_active_key"
    assert refused_as(connection, "public.user_subscriptions", {**values, "status": "expired"}) is None


def test_plain_pairs_keys_and_tokens_are_unique(connection: psycopg.Connection, make: Factory) -> None:
    ada, ben = make.user("ada"), make.user("ben")
    its = make.post(ada)
    feed = make.insert("custom_feeds", user_id=ada, name="Videos")
    people = make.insert("user_lists", user_id=ada, name="Friends")
    upload = {
        "user_id": ada,
        "type": "image",
        "object_key": "1",
        "mime_type": "image/png",
        "file_size_bytes": 1,
    }
    token = {"user_id": ada, "token_hash": b"0" * 32, "expires_at": LATER}
    version: Values = {"user_id": ada, "number": 1, "sections": Jsonb({}), "section_ids": [], "content_ids": []}
    rows: list[tuple[str, str, Values]] = [
        ("reposts_user_post_key", "public.reposts", {"user_id": ben, "post_id": its}),
        ("user_follows_pkey", "public.user_follows", {"follower_id": ada, "following_id": ben}),
        ("friendships_pkey", "public.friendships", {"user_id_1": ada, "user_id_2": ben}),
        ("user_blocks_pkey", "app.user_blocks", {"blocker_id": ada, "blocked_id": ben}),
        ("user_mutes_pkey", "app.user_mutes", {"muter_id": ada, "muted_id": ben}),
        ("follow_requests_pair_key", "app.follow_requests", {"requester_id": ada, "target_id": ben}),
        ("list_members_pkey", "public.list_members", {"list_id": people, "user_id": ben}),
        ("storage_usage_pkey", "public.storage_usage", {"user_id": ada}),
        ("user_settings_pkey", "app.user_settings", {"user_id": ada}),
        ("feed_opt_outs_pkey", "app.feed_opt_outs", {"user_id": ada}),
        ("profile_versions_number_key", "app.profile_versions", version),
        ("post_media_object_key_key", "public.post_media", {**upload, "file_url": "https://a"}),
        ("pending_uploads_object_key_key", "app.pending_uploads", {**upload, "expires_at": LATER}),
        ("doomed_objects_pkey", "app.doomed_objects", {"object_key": "1"}),
        ("sessions_token_hash_key", "app.sessions", token),
        (
            "verification_tokens_token_hash_key",
            "app.verification_tokens",
            {**token, "purpose": "password_reset", "email": "ada@example.org"},
        ),
        ("feed_tokens_pkey", "app.feed_tokens", {"token_hash": b"0" * 32, "feed_id": feed, "purpose": "link"}),
        ("feed_pins_pkey", "app.feed_pins", {"feed_id": feed, "place": 1, "post_id": its}),
        (
            "feed_markers_pkey",
            "app.feed_markers",
            {"user_id": ada, "feed_id": feed, "rules_version": 1, "post_created_at": LATER, "post_id": its},
        ),
        (
            "feed_filters_position_key",
            "public.feed_filters",
            {"feed_id": feed, "type": "tag", "operator": "equals", "value": Jsonb("music")},
        ),
        (
            "subscription_tiers_name_key",
            "public.subscription_tiers",
            {"name": "Huge", "storage_bytes": 1, "price_monthly_cents": 0},
        ),
        (
            "user_subscriptions_provider_subscription_id_key",
            "public.user_subscriptions",
            {
                "user_id": ben,
                "tier_id": 1,
                "status": "expired",
                "provider_subscription_id": "sub_1",
                "current_period_end": LATER,
            },
        ),
    ]
    for name, table, values in rows:
        with connection.transaction(force_rollback=True):
            insert(connection, table, **values)
            assert refused_as(connection, table, values) == name


def test_a_reply_is_on_the_post_of_its_parent(connection: psycopg.Connection, make: Factory) -> None:
    ada = make.user("ada")
    here, there = make.post(ada), make.post(ada)
    values = {"user_id": ada, "content": "A comment"}
    parent = make.comment(ada, here)
    insert(connection, "public.comments", **values, post_id=here, parent_comment_id=parent)
    with pytest.raises(errors.ForeignKeyViolation) as refusal:
        insert(connection, "public.comments", **values, post_id=there, parent_comment_id=parent)
    assert refusal.value.diag.constraint_name == "comments_parent_on_same_post_fkey"


def test_a_profile_needs_its_user(connection: psycopg.Connection) -> None:
    with pytest.raises(errors.ForeignKeyViolation) as refusal:
        insert(connection, "public.user_profiles", user_id=-1)
    assert refusal.value.diag.constraint_name == "user_profiles_user_id_fkey"


def test_a_tier_in_use_stays(connection: psycopg.Connection, make: Factory) -> None:
    ada = make.user("ada")
    insert(connection, "public.user_subscriptions", user_id=ada, tier_id=2, current_period_end=LATER)
    # 18 tells RESTRICT apart, older servers call it a foreign key violation.
    with pytest.raises((errors.RestrictViolation, errors.ForeignKeyViolation)):
        connection.execute("DELETE FROM subscription_tiers WHERE id = 2")


def test_a_purged_account_loses_its_content_and_others_keep_its_messages(
    connection: psycopg.Connection,
    make: Factory,
) -> None:
    """Messages, replies and the audit trail stay, without a name."""
    ada, ben = make.user("ada"), make.user("ben")
    its = make.post(ben)
    avatar = make.media(ada)
    connection.execute("UPDATE user_profiles SET avatar_media_id = %s WHERE user_id = %s", [avatar, ada])
    asked = make.comment(ada, its)
    answer = make.comment(ben, its, parent_comment_id=asked)
    talk = make.insert("conversations", kind="direct", participant_ids=[ada, ben])
    insert(connection, "public.messages", conversation_id=talk, sender_id=ada, content="Hello")
    insert(connection, "public.notifications", user_id=ben, actor_id=ada, type="follow", title="News")
    insert(connection, "app.audit_log", user_id=ada, action="login")

    connection.execute("DELETE FROM users WHERE id = %s", [ada])

    assert connection.execute("SELECT id, parent_comment_id FROM comments").fetchall() == [(answer, None)]
    assert connection.execute("SELECT sender_id, content FROM messages").fetchall() == [(None, "Hello")]
    assert connection.execute("SELECT actor_id FROM notifications").fetchall() == [(None,)]
    assert connection.execute("SELECT user_id, action FROM app.audit_log").fetchall() == [(None, "login")]
    assert connection.execute("SELECT count(*) FROM post_media").fetchall() == [(0,)]


def test_an_upload_has_one_file_and_a_key_of_its_own(connection: psycopg.Connection, make: Factory) -> None:
    upload: Values = {"user_id": make.user("ada"), "type": "image", "mime_type": "image/png", "file_size_bytes": 1}
    rows: list[tuple[str, str, Values]] = [
        ("pending_uploads_final_key_key", "app.pending_uploads", {**upload, "expires_at": LATER, "final_key": "1"}),
        ("post_media_upload_id_key", "public.post_media", {**upload, "file_url": "https://a", "upload_id": 1}),
    ]
    for name, table, values in rows:
        insert(connection, table, **values, object_key="1")
        assert refused_as(connection, table, {**values, "object_key": "2"}) == name
