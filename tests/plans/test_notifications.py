"""What is done again and undone finds its notifications by an index, however many a person or a post has."""

from collections.abc import Iterator, Mapping
from typing import LiteralString

import psycopg
import pytest

from bench.explain import Mode, explain
from db.statements import load
from tests.plans.large import ME, filled
from tests.plans.modes import MODES
from tests.servers import Server

pytestmark = pytest.mark.proof

NOTIFYING = {**load("notifying"), **load("notifying_likes"), **load("notifying_mentions")}
OTHER, POST, COMMENT = 11, 7, 5

# ME has many of everybody, many of OTHER, and as many about one comment of theirs; OTHER has many of ME.
FILL = b"""
INSERT INTO notifications (user_id, actor_id, type, title, created_at)
SELECT v.user_id, v.actor_id, v.type::notification_type, 'x', at
FROM many, LATERAL (VALUES
    (10, 100000 + n, 'follow'), (10, 100000 + n, 'friend_request'),
    (10, 11, 'message'), (11, 10, 'message'), (100000 + n, 11, 'follow')
) AS v (user_id, actor_id, type);
INSERT INTO notifications (user_id, actor_id, type, title, post_id, created_at)
SELECT v.user_id, v.actor_id, v.type::notification_type, 'x', v.post_id, at
FROM many, LATERAL (VALUES
    (10, 100000 + n, 'like', 7), (10, 100000 + n, 'repost', 7), (10, 11, 'like', 100000 + n)
) AS v (user_id, actor_id, type, post_id);
INSERT INTO notifications (user_id, actor_id, type, title, post_id, comment_id, created_at)
SELECT 10, 200000 + n, 'like', 'x', 7, 5, at FROM many;
-- Of messages: many of others in the conversation 5, and many of ME in another.
INSERT INTO notifications (user_id, actor_id, type, title, conversation_id, message_id, created_at)
SELECT v.user_id, 11, 'message', 'x', v.conversation_id, n, at
FROM many, LATERAL (VALUES (100000 + n, 5), (10, 6)) AS v (user_id, conversation_id);
INSERT INTO notifications (user_id, actor_id, type, title, conversation_id)
SELECT 10, 11, 'message', 'x', 5 FROM generate_series(1, 3);
UPDATE posts SET user_id = 10 WHERE id = 7;
DELETE FROM comments WHERE id = 5;
INSERT INTO comments (id, post_id, user_id, content) OVERRIDING SYSTEM VALUE VALUES (5, 7, 10, 'x');
INSERT INTO notifications (user_id, actor_id, type, title, post_id, comment_id)
VALUES (10, 11, 'like', 'x', 7, NULL), (10, 11, 'repost', 'x', 7, NULL), (10, 12, 'comment', 'x', 7, 5);
INSERT INTO notifications (user_id, actor_id, type, title)
VALUES (10, 11, 'follow', 'x'), (10, 11, 'friend_request', 'x');
"""

BY_OTHER = {"viewer": OTHER, "post_id": POST}
STATEMENTS: Mapping[str, Mapping[str, object]] = {
    "notify_like": BY_OTHER,
    "withdraw_like": BY_OTHER,
    "withdraw_repost": BY_OTHER,
    "notify_comment_like": {"viewer": OTHER, "comment_id": COMMENT},
    "withdraw_comment_like": {"viewer": 200_007, "comment_id": COMMENT},
    "withdraw_mentions": {"post_id": POST},
    "requote_mentions": {"post_id": POST},
    "withdraw_acquaintance": {"viewer": OTHER, "user_id": ME},
    "requote_comment": {"comment_id": COMMENT},
    "notify_comment_mentions": {"comment_id": COMMENT, "user_ids": "{12,13}"},
    "withdraw_comment_mentions": {"comment_id": COMMENT, "user_ids": "{12}"},
    "read_notifications_of_conversation": {"viewer": ME, "conversation_id": 5},
    "delete_notifications_of_comment": {"comment_id": COMMENT},
}
IDS: LiteralString = "SELECT array_agg(id) FROM (SELECT id FROM notifications ORDER BY id LIMIT 20) AS n"


@pytest.fixture(scope="module")
def connection(server: Server, crowd_template: str) -> Iterator[psycopg.Connection]:
    with filled(server, crowd_template, [FILL]) as opened:
        yield opened


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", STATEMENTS)
def test_an_act_finds_its_notifications_by_an_index(connection: psycopg.Connection, name: str, mode: Mode) -> None:
    with connection.transaction(force_rollback=True):
        plan = explain(connection, NOTIFYING[name].sql, STATEMENTS[name], mode)
        assert not plan.scanned_tables & {"notifications", "posts", "comments", "users"}
        # Whether each of two people may see it also reads their blocks, and whom they follow.
        assert plan.rows_touched <= (400 if name == "notify_comment_mentions" else 20)
        assert plan.buffers <= 150


def test_withdrawing_costs_as_much_as_there_is_to_withdraw(connection: psycopg.Connection) -> None:
    ((ids,),) = connection.execute(IDS).fetchall()
    with connection.transaction(force_rollback=True):
        plan = explain(connection, b"SELECT app.withdraw_notifications(%(ids)s::bigint[], NULL)", {"ids": ids})
        assert plan.buffers <= 100 * len(ids)
