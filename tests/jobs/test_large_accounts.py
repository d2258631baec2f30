"""An account with much of everything is purged in small statements, whatever kind of row there is much of."""

from typing import LiteralString

import psycopg
import pytest

from db.maintenance import purges
from db.pool import Database
from tests.jobs.scene import count, delete, scalar
from tests.triggers.recount import differences

BATCH = 7
MANY = 3 * BATCH
CROWD = "SELECT id, row_number() OVER (ORDER BY id) AS n FROM users WHERE username LIKE 'crowd\\_%'"

# What an account has few of, however long it has been there.
FEW = {
    "user_profiles.user_id": "one",
    "storage_usage.user_id": "one",
    "app.user_settings.user_id": "one",
    "app.feed_opt_outs.user_id": "one",
    "app.user_counts.user_id": "one",
    "app.user_search.user_id": "one",
    "app.seen_marks.user_id": "one",
    "friendships.user_id_1": "the friendships of FILL name them as the second",
    "user_subscriptions.user_id": "one for each period that was paid",
    "custom_feeds.user_id": "at most 50",
    "app.mute_words.user_id": "at most 100",
    "profile_sections.user_id": "as many as a page shows",
    "app.profile_versions.user_id": "at most 51",
    "user_lists.user_id": "at most 100",
    "app.feed_markers.user_id": "at most 1,000",
    "app.pending_uploads.user_id": "those of an hour, and of the storage that is left",
}

# The crowd are as many as two batches and more.
FILL: LiteralString = """
INSERT INTO users (username, email, password_hash)
SELECT 'crowd_' || n, 'crowd_' || n || '@example.org', 'x' FROM generate_series(1, 21) AS n;
CREATE TEMPORARY TABLE crowd AS
SELECT id, row_number() OVER (ORDER BY id) AS n FROM users WHERE username LIKE 'crowd\\_%';
INSERT INTO users (username, email, password_hash) VALUES ('leaver', 'leaver@example.org', 'x');
CREATE TEMPORARY TABLE me AS SELECT id FROM users WHERE username = 'leaver';
INSERT INTO posts (user_id, type, content) SELECT crowd.id, 'text_short', 'Theirs' FROM crowd;
INSERT INTO posts (user_id, type, content) SELECT me.id, 'text_short', 'Mine' FROM me, crowd;
CREATE TEMPORARY TABLE theirs AS SELECT id, row_number() OVER (ORDER BY id) AS n FROM posts WHERE content = 'Theirs';
CREATE TEMPORARY TABLE mine AS SELECT id, row_number() OVER (ORDER BY id) AS n FROM posts WHERE content = 'Mine';
INSERT INTO user_follows (follower_id, following_id) SELECT me.id, crowd.id FROM me, crowd;
INSERT INTO user_follows (follower_id, following_id) SELECT crowd.id, me.id FROM me, crowd;
INSERT INTO app.follow_requests (requester_id, target_id) SELECT me.id, crowd.id FROM me, crowd;
INSERT INTO app.follow_requests (requester_id, target_id) SELECT crowd.id, me.id FROM me, crowd;
INSERT INTO app.user_blocks (blocker_id, blocked_id) SELECT me.id, crowd.id FROM me, crowd;
INSERT INTO app.user_blocks (blocker_id, blocked_id) SELECT crowd.id, me.id FROM me, crowd;
INSERT INTO app.user_mutes (muter_id, muted_id) SELECT me.id, crowd.id FROM me, crowd;
INSERT INTO app.user_mutes (muter_id, muted_id) SELECT crowd.id, me.id FROM me, crowd;
INSERT INTO post_interactions (user_id, post_id, type) SELECT me.id, theirs.id, 'like' FROM me, theirs;
INSERT INTO post_interactions (user_id, post_id, type)
SELECT crowd.id, mine.id, 'like' FROM crowd, mine WHERE mine.n <= 2;
INSERT INTO reposts (user_id, post_id) SELECT me.id, theirs.id FROM me, theirs;
INSERT INTO app.seen_posts (user_id, post_id, mark) SELECT me.id, theirs.id, theirs.n FROM me, theirs;
INSERT INTO app.seen_marks (user_id, latest) SELECT me.id, 21 FROM me;
INSERT INTO reposts (user_id, post_id) SELECT crowd.id, mine.id FROM crowd, mine WHERE mine.n = 1;
INSERT INTO app.post_mentions (post_id, user_id, position) SELECT theirs.id, me.id, 0 FROM me, theirs;
INSERT INTO app.post_mentions (post_id, user_id, position)
SELECT mine.id, crowd.id, 0 FROM mine, crowd WHERE mine.n = 1;
INSERT INTO app.post_revisions (post_id, tags, media_ids)
SELECT mine.id, '{}', '{}' FROM mine, generate_series(1, 10) WHERE mine.n <= 3;
INSERT INTO comments (post_id, user_id, content) SELECT theirs.id, me.id, 'By me' FROM me, theirs;
INSERT INTO comments (post_id, user_id, content) SELECT mine.id, crowd.id, 'On mine' FROM mine, crowd WHERE mine.n = 1;
CREATE TEMPORARY TABLE said AS SELECT id, post_id FROM comments WHERE content = 'By me' ORDER BY id LIMIT 1;
INSERT INTO comments (post_id, user_id, parent_comment_id, content)
SELECT said.post_id, crowd.id, said.id, 'To me' FROM said, crowd;
INSERT INTO app.comment_likes (user_id, comment_id)
SELECT me.id, comments.id FROM me, comments WHERE content IN ('To me', 'On mine');
INSERT INTO app.comment_likes (user_id, comment_id) SELECT crowd.id, said.id FROM crowd, said;
INSERT INTO notifications (user_id, actor_id, type, title, post_id, comment_id)
SELECT side.user_id, side.actor_id, side.type::notification_type, 'Hi', side.post_id, side.comment_id
FROM me, crowd, said,
    LATERAL (VALUES
        (me.id, crowd.id, 'message', said.post_id, said.id), (crowd.id, me.id, 'comment', said.post_id, said.id),
        (crowd.id, NULL, 'system', (SELECT id FROM mine WHERE n = 1), NULL)
    ) AS side (user_id, actor_id, type, post_id, comment_id);
INSERT INTO post_media (user_id, type, file_url, object_key, file_size_bytes, mime_type)
SELECT me.id, 'image', 'x', 'unattached ' || n, 1, 'image/png' FROM me, crowd;
INSERT INTO post_media (user_id, post_id, type, file_url, object_key, file_size_bytes, mime_type)
SELECT me.id, mine.id, 'image', 'x', 'attached ' || n, 1, 'image/png' FROM me, mine;
INSERT INTO user_lists (user_id, name, is_public) SELECT me.id, 'Mine', TRUE FROM me;
INSERT INTO list_members (list_id, user_id) SELECT l.id, crowd.id FROM user_lists AS l, crowd WHERE l.name = 'Mine';
INSERT INTO user_lists (user_id, name) SELECT crowd.id, 'Theirs' FROM crowd;
INSERT INTO list_members (list_id, user_id) SELECT l.id, me.id FROM user_lists AS l, me WHERE l.name = 'Theirs';
INSERT INTO app.sessions (user_id, token_hash, expires_at)
SELECT me.id, sha256(n::text::bytea), now() + interval '1 day' FROM me, crowd;
INSERT INTO app.verification_tokens (user_id, purpose, token_hash, email, expires_at)
SELECT me.id, 'password_reset', sha256(n::text::bytea), 'x@example.org', now() + interval '1 day' FROM me, crowd;
INSERT INTO app.idempotency_keys (user_id, key, fingerprint) SELECT me.id, n::text, '' FROM me, crowd;
INSERT INTO app.audit_log (user_id, action) SELECT me.id, 'login' FROM me, crowd;
-- Direct ones with everybody, and some that all others have left.
INSERT INTO conversations (kind, participant_ids)
SELECT 'direct', ARRAY[crowd.id, me.id] FROM me, crowd;
INSERT INTO conversations (kind, participant_ids, title)
SELECT 'group', ARRAY[crowd.id, me.id], 'Left' FROM me, crowd WHERE crowd.n <= 9;
INSERT INTO app.conversation_members (conversation_id, user_id)
SELECT c.id, me.id FROM me, conversations AS c, crowd WHERE c.participant_ids = ARRAY[crowd.id, me.id];
INSERT INTO app.conversation_members (conversation_id, user_id)
SELECT c.id, crowd.id FROM me, conversations AS c, crowd
WHERE c.participant_ids = ARRAY[crowd.id, me.id] AND c.kind = 'direct';
INSERT INTO messages (conversation_id, sender_id, content)
SELECT c.id, me.id, 'Hi' FROM me, conversations AS c, crowd WHERE c.participant_ids = ARRAY[crowd.id, me.id];
INSERT INTO messages (conversation_id, content)
SELECT (SELECT min(c.id) FROM conversations AS c WHERE c.title = 'Left'), 'Hi' FROM crowd;
INSERT INTO notifications (user_id, type, title, conversation_id)
SELECT me.id, 'message', 'Hi', c.id FROM me, conversations AS c WHERE c.participant_ids @> ARRAY[me.id];
"""

KEYS: LiteralString = """
SELECT key.conrelid::regclass::text, a.attname
FROM pg_constraint AS key
INNER JOIN pg_attribute AS a ON a.attrelid = key.conrelid AND a.attnum = key.conkey[1]
WHERE key.contype = 'f' AND key.confrelid = 'public.users'::regclass
"""
TABLES: LiteralString = """
SELECT oid::regclass::text FROM pg_class
WHERE relkind = 'r' AND relnamespace IN ('public'::regnamespace, 'app'::regnamespace)
"""


@pytest.fixture
def measured(seeded: psycopg.Connection) -> psycopg.Connection:
    """With much of everything of one person, and a note of how many rows each statement changes in each table."""
    for statement in FILL.split(";\n"):
        if statement.strip():
            seeded.execute(statement.encode())
    tables = [table for (table,) in seeded.execute(TABLES).fetchall()]
    seeded.execute("CREATE TABLE public.sizes (name text, operation text, size bigint)")
    seeded.execute(
        "CREATE FUNCTION public.measure() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " INSERT INTO public.sizes SELECT TG_RELID::regclass::text, TG_OP, count(*) FROM changed; RETURN NULL; END $$"
    )
    for table in tables:
        for event, side in (("DELETE", "OLD"), ("UPDATE", "NEW")):
            seeded.execute(
                f"CREATE TRIGGER zz_measure_{event} AFTER {event} ON {table} REFERENCING {side} TABLE AS changed"
                " FOR EACH STATEMENT EXECUTE FUNCTION public.measure()".encode()
            )
    return seeded


def named(connection: psycopg.Connection, user: int) -> dict[str, int]:
    """In how many rows each column that may name a person names this one."""
    counts = "SELECT count(*) FROM {} WHERE {} = %s"
    return {
        f"{table}.{column}": scalar(connection, counts.format(table, column), user)  # pyright: ignore[reportArgumentType]
        for table, column in connection.execute(KEYS).fetchall()
    }


async def test_no_statement_of_a_purge_changes_more_than_a_batch_of_any_kind(
    measured: psycopg.Connection, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(purges, "_BATCH", BATCH)
    me = delete(measured, "leaver", days=31)
    assert {name for name, rows in named(measured, me).items() if rows < MANY} == set(FEW)
    kept = count(measured, "messages", "t.content <> 'Hi'")
    measured.execute("TRUNCATE public.sizes")
    assert await purges.purge_accounts(database) == 1
    largest = measured.execute("SELECT name, max(size) FROM public.sizes GROUP BY name").fetchall()
    few = {"feed_filters", "section_content", *(name.rpartition(".")[0] for name in FEW)} - {"friendships"}
    assert {name: size for name, size in largest if size > BATCH and name not in few} == {}
    assert count(measured, "users", "t.username = 'leaver'") == 0
    assert count(measured, "conversations", "t.title = 'Left'") == 0
    assert (
        count(
            measured, "conversations", "NOT EXISTS (SELECT FROM app.conversation_members WHERE conversation_id = t.id)"
        )
        == 0
    )
    assert count(measured, "messages", "t.content <> 'Hi'") == kept
    assert differences(measured) == []
