"""What the catalogue of PostgreSQL says about the schema at head.

The tables in the schema `jobs` are the engine's, as it makes them (tests/jobs/test_engine.py); our rules are not its.
"""

from typing import LiteralString

import psycopg
import pytest

TABLES = """
users user_profiles subscription_tiers storage_usage
posts post_media comments reposts post_interactions user_follows friendships
profile_sections section_content custom_feeds feed_filters user_lists list_members
conversations messages notifications user_subscriptions
"""

SUPPORT_TABLES = """
alembic_version replaceable_sql user_settings sessions verification_tokens audit_log
user_blocks user_mutes mute_words pending_uploads conversation_members ended_conversations message_replies user_counts
comment_likes idempotency_keys
post_revisions post_mentions follow_requests post_search user_search trending_posts trending_tags used_tags
feed_tokens feed_markers feed_pins feed_opt_outs seen_posts seen_marks
doomed_objects profile_versions
"""

ENGINE_TABLES = """
procrastinate_jobs procrastinate_events procrastinate_periodic_defers procrastinate_workers
"""

ENUMS = {
    "app.feed_sharing": "private link public",
    "post_type": "text_short text_long image image_gallery video_short video_long song album gif",
    "post_status": "draft scheduled published deleted",
    "visibility": "public followers private",
    "user_status": "active suspended deleted",
    "media_type": "image gif video audio document",
    "interaction_type": "like bookmark share",
    "section_type": ("feed gallery links static_text static_image video reposts friends followers following list"),
    "filter_type": "post_type author tag date_range engagement text has_media language has_link alt_text feed",
    "filter_operator": "equals not_equals contains greater_than less_than in_range",
    "notification_type": "follow like comment repost mention message friend_request system",
    "subscription_status": "active canceled expired suspended",
}

LIVE = "WHERE status = 'published'::post_status"

BINDING_INDEXES = {
    "idx_posts_user_created": f"posts USING btree (user_id, created_at DESC, id DESC) {LIVE}",
    "idx_user_follows_follower": ("user_follows USING btree (follower_id, created_at DESC) INCLUDE (following_id)"),
    "idx_user_follows_following": ("user_follows USING btree (following_id, created_at DESC) INCLUDE (follower_id)"),
    "idx_friendships_user1": "friendships USING btree (user_id_1, created_at DESC)",
    "idx_friendships_user2": "friendships USING btree (user_id_2, created_at DESC)",
    "idx_comments_post_created": ("comments USING btree (post_id, created_at DESC) WHERE deleted_at IS NULL"),
    "idx_notifications_user_unread": ("notifications USING btree (user_id, created_at DESC) WHERE NOT is_read"),
    "idx_posts_engagement_created": (f"posts USING btree (engagement_bucket DESC, created_at DESC, id DESC) {LIVE}"),
    "idx_post_interactions_user_post": "post_interactions USING btree (user_id, post_id, type)",
    "idx_post_media_user_size": "post_media USING btree (user_id, file_size_bytes) INCLUDE (type)",
    "idx_custom_feeds_user": "custom_feeds USING btree (user_id, display_order, id)",
    "idx_profile_sections_user_order": "profile_sections USING btree (user_id, display_order, id)",
    "idx_posts_media_urls_gin": "posts USING gin (media_urls jsonb_path_ops)",
    "idx_user_profiles_style_config_gin": "user_profiles USING gin (style_config jsonb_path_ops)",
    "idx_feed_filters_type": "feed_filters USING btree (type)",
}

OTHER_GIN_INDEXES = {
    "idx_conversations_participants_gin": "conversations USING gin (participant_ids)",
    "idx_posts_tags_gin": "posts USING gin (tags)",
}

# An index serves a key when it begins with a column of it and holds every row that refers to something.
UNINDEXED_FOREIGN_KEYS: LiteralString = """
SELECT k.conrelid::regclass || '.' || k.conname
FROM pg_constraint AS k
WHERE k.contype = 'f' AND k.connamespace <> 'jobs'::regnamespace AND NOT EXISTS (
    SELECT FROM pg_index AS i
    WHERE i.indrelid = k.conrelid
        AND i.indkey[0] = ANY (k.conkey)
        AND (
            i.indpred IS NULL
            OR pg_get_expr(i.indpred, i.indrelid) = format('(%I IS NOT NULL)', (
                SELECT a.attname FROM pg_attribute AS a
                WHERE a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
            ))
        )
)
"""

# Triggers may call replaceable functions and those may call each other; tables may not lean on them.
LEANING_ON_FUNCTIONS: LiteralString = """
SELECT pg_describe_object(d.classid, d.objid, d.objsubid)
FROM pg_depend AS d
INNER JOIN pg_proc AS p ON d.refclassid = 'pg_proc'::regclass AND d.refobjid = p.oid
WHERE p.pronamespace = 'app'::regnamespace
    AND d.classid NOT IN ('pg_trigger'::regclass, 'pg_proc'::regclass)
"""


def column(connection: psycopg.Connection, query: LiteralString) -> list[str]:
    return [str(value) for (value,) in connection.execute(query)]


def test_public_holds_exactly_the_21_tables(connection: psycopg.Connection) -> None:
    found = column(
        connection,
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        " AND relkind IN ('r', 'p', 'v', 'm', 'f')",
    )
    assert sorted(found) == sorted(TABLES.split())
    assert len(found) == 21


def test_app_holds_the_support_tables(connection: psycopg.Connection) -> None:
    found = column(connection, "SELECT tablename FROM pg_tables WHERE schemaname = 'app'")
    assert sorted(found) == sorted(SUPPORT_TABLES.split())


def test_jobs_holds_the_tables_of_the_engine(connection: psycopg.Connection) -> None:
    found = column(connection, "SELECT tablename FROM pg_tables WHERE schemaname = 'jobs'")
    assert sorted(found) == sorted(ENGINE_TABLES.split())


def test_there_is_no_other_schema(connection: psycopg.Connection) -> None:
    found = column(connection, "SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_|^information_schema$'")
    assert sorted(found) == ["app", "jobs", "public"]


@pytest.mark.parametrize("enum", ENUMS)
def test_an_enum_has_its_values_in_order(connection: psycopg.Connection, enum: str) -> None:
    values = connection.execute(
        "SELECT enumlabel FROM pg_enum WHERE enumtypid = to_regtype(%s) ORDER BY enumsortorder", [enum]
    )
    assert [value for (value,) in values] == ENUMS[enum].split()


def test_ids_are_bigint_generated_always(connection: psycopg.Connection) -> None:
    assert not column(
        connection,
        """
        SELECT attrelid::regclass || '.' || attname FROM pg_attribute
        INNER JOIN pg_class ON attrelid = pg_class.oid
        WHERE relkind = 'r' AND relnamespace IN ('public'::regnamespace, 'app'::regnamespace)
            AND ((attname = 'id' AND attidentity <> 'a')
                OR (attname ~ '(^|_)id(_[12])?$' AND atttypid <> 'bigint'::regtype
                    AND attname !~ '^(provider_|group_id)'))
        """,
    )


def test_every_table_has_a_primary_key(connection: psycopg.Connection) -> None:
    assert not column(
        connection,
        """
        SELECT oid::regclass FROM pg_class
        WHERE relkind = 'r' AND relnamespace IN ('public'::regnamespace, 'app'::regnamespace)
            AND NOT EXISTS (SELECT FROM pg_index WHERE indrelid = pg_class.oid AND indisprimary)
        """,
    )


def test_times_know_their_zone(connection: psycopg.Connection) -> None:
    assert not column(
        connection,
        """
        SELECT table_name || '.' || column_name FROM information_schema.columns
        WHERE table_schema IN ('public', 'app')
            AND (data_type IN ('timestamp without time zone', 'date')
                OR (column_name LIKE '%\\_at' AND data_type <> 'timestamp with time zone'))
        """,
    )


def test_every_foreign_key_says_what_a_deletion_does(connection: psycopg.Connection) -> None:
    assert not column(
        connection,
        "SELECT conname FROM pg_constraint WHERE contype = 'f' AND confdeltype NOT IN ('c', 'n', 'r')"
        " AND connamespace <> 'jobs'::regnamespace",
    )


def test_every_foreign_key_has_an_index(connection: psycopg.Connection) -> None:
    assert not column(connection, UNINDEXED_FOREIGN_KEYS)


def test_no_two_indexes_are_the_same(connection: psycopg.Connection) -> None:
    assert not column(
        connection,
        """
        SELECT array_agg(indexrelid::regclass) FROM pg_index
        WHERE indrelid::regclass::text !~ '^pg_'
        GROUP BY indrelid, indkey::text, indoption::text, pg_get_expr(indpred, indrelid),
            pg_get_expr(indexprs, indrelid)
        HAVING count(*) > 1
        """,
    )


@pytest.mark.parametrize(("name", "definition"), [*BINDING_INDEXES.items(), *OTHER_GIN_INDEXES.items()])
def test_a_binding_index_is_there_as_defined(connection: psycopg.Connection, name: str, definition: str) -> None:
    row = connection.execute("SELECT pg_get_indexdef(to_regclass(%s), 0, true)", [name]).fetchone()
    assert row is not None
    assert str(row[0]).partition(" ON ")[2].replace("public.", "") == definition


def test_gin_indexes_are_the_four(connection: psycopg.Connection) -> None:
    found = column(
        connection, "SELECT indexname FROM pg_indexes WHERE schemaname = 'public' AND indexdef LIKE '%USING gin%'"
    )
    assert sorted(found) == [
        "idx_conversations_participants_gin",
        "idx_posts_media_urls_gin",
        "idx_posts_tags_gin",
        "idx_user_profiles_style_config_gin",
    ]


def test_posts_leave_room_for_their_counters(connection: psycopg.Connection) -> None:
    row = connection.execute("SELECT reloptions FROM pg_class WHERE oid = 'posts'::regclass").fetchone()
    assert row is not None
    assert "fillfactor=85" in row[0]
    assert "autovacuum_vacuum_scale_factor=0.02" in row[0]


def test_no_index_holds_a_counter(connection: psycopg.Connection) -> None:
    """It would make every like rewrite the index entries of the post."""
    assert not column(
        connection,
        """
        SELECT indexrelid::regclass FROM pg_index
        INNER JOIN pg_attribute ON attrelid = indrelid AND attnum = ANY (indkey)
        WHERE attname ~ '_count$'
        """,
    )


def test_no_table_leans_on_replaceable_functions(connection: psycopg.Connection) -> None:
    assert not column(connection, LEANING_ON_FUNCTIONS)


def test_trigger_functions_trust_no_search_path(connection: psycopg.Connection) -> None:
    assert not column(
        connection,
        """
        SELECT proname FROM pg_proc
        WHERE pronamespace = 'app'::regnamespace AND prorettype = 'trigger'::regtype
            AND proconfig IS DISTINCT FROM ARRAY['search_path=""']
        """,
    )


def test_the_shipped_tiers(connection: psycopg.Connection) -> None:
    rows = connection.execute(
        "SELECT name, storage_bytes, price_monthly_cents, is_active FROM subscription_tiers ORDER BY storage_bytes"
    )
    mib = 1024 * 1024
    assert rows.fetchall() == [
        ("Free", 50 * mib, 0, True),
        ("Basic", 1024 * mib, 499, True),
        ("Pro", 5 * 1024 * mib, 999, True),
        ("Premium", 10 * 1024 * mib, 1499, True),
    ]
