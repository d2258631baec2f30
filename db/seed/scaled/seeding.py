"""Writing the scaled data: all of it in one transaction, or nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString

import psycopg
from psycopg import errors

from db.seed.scaled import comments, conversations, follows, people, posts, reactions
from db.seed.scaled.clock import Clock
from db.seed.scaled.derived import STATEMENTS, derive
from db.seed.scaled.loading import Lines, Progress, copy, indexes
from db.seed.scaled.shape import LEAST_POSTS, MOST_POSTS, Offsets, Shape
from db.seed.seeding import LOCK, SeedRefusedError, seed

_TABLES = (
    "public.users",
    "public.user_profiles",
    "app.user_settings",
    "public.user_follows",
    "public.friendships",
    "app.user_blocks",
    "app.user_mutes",
    "public.posts",
    "public.post_media",
    "public.storage_usage",
    "public.user_subscriptions",
    "public.post_interactions",
    "public.reposts",
    "public.comments",
    "public.conversations",
    "app.conversation_members",
    "public.messages",
    "public.notifications",
)
# In the order of Offsets.
_NUMBERED: tuple[str, ...] = (
    "public.users", "public.posts", "public.post_media", "public.comments", "public.conversations", "public.messages"
)  # fmt: skip

_OFFSETS: LiteralString = """
SELECT
    (SELECT coalesce(max(id), 0) FROM public.users),
    (SELECT coalesce(max(id), 0) FROM public.posts),
    (SELECT coalesce(max(id), 0) FROM public.post_media),
    (SELECT coalesce(max(id), 0) FROM public.comments),
    (SELECT coalesce(max(id), 0) FROM public.conversations),
    (SELECT coalesce(max(id), 0) FROM public.messages)
"""

_KNOWN: LiteralString = """
SELECT split_part(email, '@', 2), count(*)
FROM public.users
WHERE email LIKE '%@posts-%.scaled.vrss.example'
GROUP BY split_part(email, '@', 2)
"""

# Foreign keys and triggers are off: what is copied has its counters already, and its parents come with it.
# The settings make the indexes quickly; they end with the transaction.
_SETTINGS: LiteralString = """
SET LOCAL session_replication_role = replica;
SET LOCAL maintenance_work_mem = '1GB';
SET LOCAL work_mem = '256MB';
SET LOCAL max_parallel_maintenance_workers = 2;
SET LOCAL statement_timeout = 0;
"""


@dataclass(frozen=True, slots=True)
class ScaledSummary:
    """What the scaled part of the database holds; `is_new` is False when an earlier call had written it."""

    anchor: datetime
    is_new: bool
    posts: int
    people: int
    rows: int


class _Silence:
    def begin(self, what: str, steps: int) -> None:
        pass

    def advance(self, steps: int) -> None:
        pass


def seed_scaled(
    url: str, posts: int, *, variant: int = 0, anchor: datetime | None = None, progress: Progress | None = None
) -> ScaledSummary:
    """Write this many posts, and people, reactions, threads and conversations in proportion, beside the demo people.

    The demo people are written first where they are missing. The same number of posts, variant and anchor give the same
    rows. All is one transaction, during which others wait: who kills it finds the database as it was. Called again it
    changes nothing. Raises SeedRefusedError where other people are, or scaled people of another size or variant.
    """
    if not LEAST_POSTS <= posts <= MOST_POSTS:
        raise SeedRefusedError(f"The number of posts lies between {LEAST_POSTS:,} and {MOST_POSTS:,}.")
    told = progress or _Silence()
    shape = Shape(posts, variant)
    anchor = seed(url, anchor=anchor).anchor
    with psycopg.connect(url) as connection:
        connection.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        known = connection.execute(_KNOWN).fetchall()
        if known and known != [(shape.domain, shape.people)]:
            raise SeedRefusedError(f"This database holds scaled people of {known[0][0]}; others need an empty one.")
        rows = 0 if known else _write(connection, shape, anchor, told)
    _vacuum(url, told)
    return ScaledSummary(anchor, not known, shape.posts, shape.people, rows)


def _write(connection: psycopg.Connection, shape: Shape, anchor: datetime, progress: Progress) -> int:
    try:
        connection.execute(_SETTINGS)
    except errors.InsufficientPrivilege:
        raise SeedRefusedError(
            "Scaled data are written without triggers, which this role may not switch off: use a superuser, or "
            "GRANT SET ON PARAMETER session_replication_role."
        ) from None
    offsets = Offsets(*_row(connection, _OFFSETS))
    aside = indexes(connection, _TABLES)
    for index in aside:
        connection.execute(index.drop)
    rows = 0
    written = dict.fromkeys(_NUMBERED, 0)
    for lines in _tables(shape, Clock(anchor), offsets, progress):
        copy(connection, lines, progress)
        rows += lines.length
        written[lines.table] = lines.length
    for table, offset in zip(_NUMBERED, offsets, strict=True):
        last = offset + written[table]
        connection.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [table, last])
    progress.begin("friendships and notifications", len(STATEMENTS))
    for statement in STATEMENTS:
        rows += derive(connection, statement, anchor, offsets)
        progress.advance(1)
    progress.begin("indexes", len(aside))
    for index in aside:
        connection.execute(index.make)
        progress.advance(1)
    progress.begin("statistics", 1)
    connection.execute("ANALYZE")
    progress.advance(1)
    return rows


def _tables(shape: Shape, clock: Clock, offsets: Offsets, progress: Progress) -> Iterator[Lines]:
    """All rows that are copied. Posts come after those who react to them, since they carry the counters."""
    progress.begin("people", 1)
    crowd = people.People(shape, clock)
    yield from people.tables(shape, clock, crowd, offsets)
    progress.begin("who follows whom", 1)
    graph = follows.Follows(shape, clock, crowd)
    yield from follows.tables(shape, clock, graph, offsets)
    progress.begin("who reacts to what", 1)
    told = posts.Posts(shape, clock, crowd)
    yield from reactions.tables(clock, reactions.Reactions(shape, clock, crowd, graph, told), offsets)
    yield comments.table(clock, comments.Comments(shape, clock, crowd, graph, told), offsets)
    yield from posts.tables(shape, clock, crowd, told, offsets)
    yield from conversations.tables(shape, clock, conversations.Conversations(shape, clock, crowd), offsets)


def _vacuum(url: str, progress: Progress) -> None:
    """Let index-only scans find their pages visible: outside the transaction, and harmless to repeat."""
    progress.begin("vacuum", 1)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM")
    progress.advance(1)


def _row(connection: psycopg.Connection, query: LiteralString) -> tuple[int, ...]:
    row = connection.execute(query).fetchone()
    assert row is not None  # noqa: S101  (a SELECT without FROM gives one row)
    return row
