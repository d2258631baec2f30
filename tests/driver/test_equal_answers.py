"""Both drivers answer alike: every read statement, over the demo data, in values and in types."""

import hashlib
import inspect
import logging
import re
from collections import defaultdict
from collections.abc import AsyncGenerator, Iterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from importlib import import_module
from itertools import product
from typing import Any, NamedTuple, cast

import psycopg
import pytest

from db.documents.feed_rules import FeedSort
from db.feeds import FeedPage, FilterRow, rules_from_rows
from db.pool import Pool
from db.queries import feeds
from db.queries.authoring import DuePostRow
from db.queries.feeds import following_feed_id
from db.queries.objects import FIRST_OVERDUE
from db.queries.purges import BlockRow
from db.queries.search import PostSearch
from db.queries.verification import Purpose
from db.statements import QUERIES, Bound, load
from tests.driver.scene import pool_over
from tests.factories import Factory

# What live events are made of is of one moment: no two readings are the same.
NOUNS = sorted(file.stem for file in QUERIES.glob("*.sql") if file.stem != "live")
STATEMENTS = {name: found for noun in NOUNS for name, found in load(noun).items()}
EVERY_ID = [*range(1, 400), *map(following_feed_id, range(1, 10))]
CHANGES = """
UPDATE posts SET status = 'deleted', status_before_delete = 'published', deleted_at = now() WHERE id = 150;
UPDATE posts SET status = 'deleted' WHERE id = (SELECT min(id) FROM posts WHERE user_id = 1);
INSERT INTO app.post_mentions (post_id, user_id, position) SELECT max(id), 2, 1 FROM posts ON CONFLICT DO NOTHING;
INSERT INTO app.post_revisions (post_id, tags, media_ids) SELECT max(id), '{a}', '{1}' FROM posts WHERE user_id = 1;
UPDATE notifications SET type = 'mention' WHERE id = 1;
UPDATE posts SET likes_count = likes_count + 1 WHERE id = 3;
UPDATE comments SET replies_count = replies_count + 1 WHERE id = 3;
DELETE FROM friendships WHERE user_id_1 = (SELECT max(user_id_1) FROM friendships);
INSERT INTO app.user_blocks (blocker_id, blocked_id) VALUES (3, 1);
DELETE FROM storage_usage WHERE user_id = 2;
UPDATE storage_usage SET used_bytes = used_bytes + 1 WHERE user_id = 3;
INSERT INTO app.user_mutes (muter_id, muted_id) VALUES (1, 5), (1, 9);
INSERT INTO app.mute_words (user_id, word) VALUES (1, 'the'), (1, 'é'), (2, '100 %');
INSERT INTO app.user_blocks (blocker_id, blocked_id) VALUES (1, 7);
UPDATE users SET status = 'deleted' WHERE id = 25;
INSERT INTO app.comment_likes (user_id, comment_id) VALUES (1, 2), (1, 3), (2, 3), (3, 3);
INSERT INTO app.follow_requests (requester_id, target_id) VALUES (1, 5), (9, 1), (7, 1);
INSERT INTO app.pending_uploads (user_id, type, object_key, mime_type, file_size_bytes, expires_at) \
VALUES (1, 'image', 'in/1', 'image/png', 9, now() + interval '1 h');
INSERT INTO app.pending_uploads (user_id, type, object_key, mime_type, file_size_bytes, created_at, expires_at) \
VALUES (9, 'image', 'overdue', 'image/png', 1, '2020-01-01Z', '2020-01-02Z');
UPDATE post_media SET upload_id = 7 WHERE id = (SELECT min(id) FROM post_media WHERE user_id = 1);
INSERT INTO app.doomed_objects (object_key) VALUES ('in/2');
DELETE FROM app.user_counts WHERE user_id = 2;
UPDATE app.user_counts SET friends_count = friends_count + 1 WHERE user_id = 3;
INSERT INTO posts (user_id, type, content, status, scheduled_for) VALUES (1, 'text_short', 'x', 'scheduled', now());
INSERT INTO app.trending_posts (hours, post_id, score) SELECT 24, id, likes_count FROM posts;
INSERT INTO app.trending_tags (hours, position, tag, posts_count, people_count) VALUES (24, 1, 'bread', 3, 2);
INSERT INTO jobs.procrastinate_jobs (queue_name, task_name) VALUES ('email', 'one'), ('a', 'two');
"""
# An advisory lock may be taken everywhere, and one on tables as well; and no ids may be drawn, when none are asked for.
ADVISORY = {
    *("lock_pair", "lock_pairs", "set_job_timeout", "lock_what_user_counts_count"),
    *("draw_section_ids", "draw_content_ids"),
}
OWN_TOKEN = {"token_hash": hashlib.sha256(b"token-of-1-0").digest()}
LINK = hashlib.sha256(b"of a feed").digest()
LATER = datetime(2100, 1, 1, tzinfo=UTC)


class Part(NamedTuple):
    """Which part of a list; any sort."""

    backward: bool
    after: object
    before: object

    @property
    def rises(self) -> bool:
        return self.backward

    @property
    def parameters(self) -> dict[str, object]:
        names = ("created_at", "last_message_at", "last_used_at", "updated_at", "deleted_at", "replaced_at", "top_at")
        bounds: dict[str, object] = {"after_id": 2**63 - 1, "before_id": -(2**63)}
        for name in ("due_order", "engagement_bucket", "score", "shared", "top_id"):
            bounds |= {f"after_{name}": 2**63 - 1, f"before_{name}": -(2**63)}
        for side, value in (("after", self.after), ("before", self.before)):
            bounds |= {f"{side}_{name}": value for name in names}
        return {"limit": 7, "reach": 70, **bounds}


ARGUMENTS: dict[str, list[object]] = {
    "viewer": [None, 1, 2, 5],
    "ids": [EVERY_ID, []],
    "feed_ids": [EVERY_ID, []],
    "list_ids": [EVERY_ID, []],
    "page": [
        Part(backward=False, after="infinity", before="-infinity"),
        Part(backward=True, after=LATER, before=datetime(2000, 1, 1, tzinfo=UTC)),
    ],
    "search": [
        PostSearch("bread -salt", types=("text_short",), since=datetime(2000, 1, 1, tzinfo=UTC)),
        PostSearch('"the oven" or rye', author=2, until=LATER),
        PostSearch(tags=("bread",)),
    ],
    "sort": ["relevance", "popular"],
    "name": ["ada", "nobody %", "é"],
    "tags": [["bread", "é"], []],
    "beginning": ["br", "é%"],
    "most": [10],
    "hours": [24],
    "pattern": ["the", "é"],
    "names": [["ben", "ada"], []],
    "named": [[("ada", "Makers"), ("ada", "Friends Only"), ("nobody", "é")], []],  # a list and a feed
    "login": ["ada", "ADA", "nobody", "Zoë's \\ \"quote\" 'n' {brace}, 100 %"],
    "username": ["Ben", "no body"],
    "email": ["BEN@demo.vrss.example", "no@body"],
    "user_id": [1, 9],
    "purpose": list(Purpose),
    "grace": [timedelta(), timedelta(days=9999)],
    "limit": [10],
    "skipped": [[], [9]],
    "last": [None, DuePostRow(datetime(2000, 1, 1, tzinfo=UTC), 1, 2)],
    "skipped_authors": [[], [9]],
    "block": [BlockRow(0, 0), BlockRow(2**63 - 1, 0)],
    "token_hash": [OWN_TOKEN["token_hash"], LINK, b"\x00\xff'\\"],
    "token_hashes": [[OWN_TOKEN["token_hash"], b"\x00\xff'\\"], []],
    "after": [0, 150],
    "keys": [["m/ab/" + "0" * 30, "scaled/1"], []],
    "overdue": [FIRST_OVERDUE],
    "types": [["comment", "like", "system"]],
    "unread_only": [False, True],
    "notification_id": [1, 10**9],
    "only": [{"type": None, "unattached": False}, {"type": "image", "unattached": True}],
    "job_id": [0, 1],
    "feed_id": [1, 999],
    "lanes": [["email", "a"], []],
    "size": [10],
    "bound": [None],
    "recipient_id": [1, 2, 9],
    "conversation_id": [1, 2],
}


@pytest.fixture
def read_only_database(seeded_database: str) -> str:
    """Whatever the drivers run in there neither writes nor locks. Some counters have drifted; two people fell out."""
    with psycopg.connect(seeded_database, autocommit=True) as connection:
        factory = Factory(connection)
        factory.session(1)
        factory.insert(
            "app.verification_tokens",
            user_id=1,
            purpose="email_verification",
            email="a@b.c",
            expires_at=LATER,
            **OWN_TOKEN,
        )
        for statement in CHANGES.strip().splitlines():
            connection.execute(statement.encode())
        connection.execute("UPDATE custom_feeds SET sharing = 'public', forked_from_id = 2 WHERE id = 1")
        connection.execute("UPDATE custom_feeds SET sharing = 'link' WHERE id = 2")
        for number, begun_from in ((1, None), (0, 1)):
            empty: dict[str, object] = {"sections": "{}", "section_ids": [], "content_ids": []}
            factory.insert("app.profile_versions", user_id=1, number=number, begun_from=begun_from, **empty)
        factory.insert("app.message_replies", "message_id", message_id=2, reply_to_id=1)
        factory.insert("app.ended_conversations", "conversation_id", conversation_id=1)
        factory.insert("app.feed_tokens", "feed_id", feed_id=1, purpose="reader", **OWN_TOKEN)
        factory.insert("app.feed_tokens", "feed_id", feed_id=2, purpose="link", token_hash=LINK)
        connection.execute(f"ALTER DATABASE {connection.info.dbname} SET default_transaction_read_only = on".encode())
    return seeded_database


@pytest.fixture
async def drivers(read_only_database: str) -> AsyncGenerator[list[Pool]]:
    settings = [{"driver": "psycopg"}, {"driver": "pipeline"}, {"driver": "pipeline", "prepared_statements": False}]
    async with AsyncExitStack() as stack:
        yield [await stack.enter_async_context(pool_over(read_only_database, **one)) for one in settings]


def exactly(value: Any) -> Any:
    """A value with the types of all that is in it; times with their zone."""
    if isinstance(value, dict):
        return {name: exactly(one) for name, one in cast("dict[str, Any]", value).items()}
    if isinstance(value, list | tuple):
        return type(cast("Any", value)), [exactly(one) for one in cast("list[Any]", value)]
    if isinstance(value, datetime):
        assert value.tzinfo is UTC
    return type(value), value


def reads() -> Iterator[tuple[str, Any]]:
    """The functions of db/queries that read, each with the name of its statement."""
    for noun in NOUNS:
        for name, function in inspect.getmembers(import_module(f"db.queries.{noun}"), inspect.isfunction):
            found = re.search(r'_STATEMENTS\["(\w+)"\]', inspect.getsource(function))
            if found is not None and STATEMENTS[found[1]].reads:
                yield name, function


def calls(function: Any) -> Iterator[dict[str, Any]]:
    names = [name for name in inspect.signature(function).parameters if name != "database"]
    for values in product(*(ARGUMENTS[name] for name in names)):
        yield dict(zip(names, values, strict=True))


async def answer(pool: Pool, function: Any, call: dict[str, Any]) -> object:
    async with pool.operation() as database:
        return await function(database, **call)


async def test_every_read_has_the_same_rows(drivers: list[Pool], caplog: pytest.LogCaptureFixture) -> None:
    fruitful: defaultdict[str, int] = defaultdict(int)
    with caplog.at_level(logging.DEBUG, "vrss.statements"):
        for name, function in reads():
            for call in calls(function):
                first, *others = [exactly(await answer(pool, function, call)) for pool in drivers]
                for other in others:
                    assert other == first, (name, call)
                fruitful[name] += first not in ((list, []), (type(None), None))
    ran = [record.message.split()[0] for record in caplog.records]
    known = [one for found in STATEMENTS.values() if found.reads for one in (found, found.backward) if one is not None]
    assert {name: ran.count(name) for name in ran} == {one.name: ran.count(one.name) for one in known}
    assert all(ran.count(one.name) % len(drivers) == 0 for one in known)
    assert [name for name, count in fruitful.items() if count == 0] == []


async def test_every_feed_has_the_same_rows(drivers: list[Pool]) -> None:
    """The one statement that is composed at run time, with intervals, lists and patterns among its parameters."""
    async with drivers[0].operation() as database:
        stored = [feed for user in range(1, 13) for feed in await feeds.feeds_by_user_ids(database, user, [user])]
        filters = await feeds.filters_by_feed_ids(database, [feed.id for feed in stored])
    assert len(stored) == 10 + 12  # and the built-in one of each
    for feed, sort in product(stored, FeedSort):
        own = [FilterRow(*one[1:]) for one in filters if one.feed_id == feed.id]
        rules = rules_from_rows(feed.algorithm_config, own).model_copy(update={"sort": sort})
        after = (LATER, 9) if sort is FeedSort.RECENT else (10**15, LATER, 9)
        for page in (FeedPage(5), FeedPage(5, after=after), FeedPage(5, backward=True)):
            answers: list[object] = []
            for pool in drivers:
                async with pool.operation() as database:
                    rows = await feeds.custom_feed(
                        database,
                        rules,
                        page,
                        viewer=feed.user_id,
                        me=feed.user_id,
                        words=None,
                        pins_of=None,
                        bound=Bound(5_000),
                    )
                    answers.append([(row, type(row.score), row.created_at.tzinfo is UTC) for row in rows])
            assert answers[0], (feed.name, sort, page, rules)
            assert answers == [answers[0]] * len(drivers)


def test_what_is_not_a_read_is_refused_where_nothing_may_be_written(read_only_database: str) -> None:
    """Else it could be among reads that a neighbour's failure undoes."""
    with psycopg.connect(read_only_database, autocommit=True) as connection:
        for name, statement in STATEMENTS.items():
            if not statement.reads and name not in ADVISORY:
                with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
                    connection.execute(statement.sql, dict.fromkeys(statement.parameters))
