"""Writing the scaled data: all of it in one transaction, or nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString

import psycopg
from psycopg import errors

from db.seed.scaled.derived import DERIVED, derive
from db.seed.scaled.loading import Index, Progress, copy, indexes, renew
from db.seed.scaled.making import making
from db.seed.scaled.shape import LEAST_POSTS, MOST_POSTS, Offsets, Shape
from db.seed.seeding import LOCK, SeedRefusedError, seed

_COPIED = (
    "public.users",
    "public.user_profiles",
    "app.user_settings",
    "public.conversations",
    "app.conversation_members",
    "public.messages",
    "public.post_media",
    "public.storage_usage",
    "public.user_subscriptions",
    "public.user_follows",
    "app.user_blocks",
    "app.user_mutes",
    "public.post_interactions",
    "public.reposts",
    "public.comments",
    "public.posts",
)
_TABLES = (*_COPIED, *(one.table for one in DERIVED))
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
    reported = progress or _Silence()
    shape = Shape(posts, variant)
    anchor = seed(url, anchor=anchor).anchor
    with psycopg.connect(url) as connection:
        connection.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        known = connection.execute(_KNOWN).fetchall()
        if known and known != [(shape.domain, shape.people)]:
            raise SeedRefusedError(f"This database holds scaled people of {known[0][0]}; others need an empty one.")
        rows = 0 if known else _write(connection, shape, anchor, reported)
    _vacuum(url, reported)
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
    renew(connection, _COPIED)
    aside = indexes(connection, _TABLES)
    for index in aside:
        connection.execute(index.drop)
    rows = _fill(connection, shape, anchor, offsets, aside, progress)
    progress.begin("statistics", 1)
    connection.execute("ANALYZE")
    return rows


def _fill(
    connection: psycopg.Connection,
    shape: Shape,
    anchor: datetime,
    offsets: Offsets,
    aside: Iterable[Index],
    progress: Progress,
) -> int:
    """Each table gets its indexes as soon as it is full; the rows of the next are made meanwhile."""
    written: dict[str, int] = {}
    with making(shape, anchor, offsets) as made:
        for table in made:
            if isinstance(table, str):
                progress.begin(table, 1)
                continue
            copy(connection, table, progress)
            written[table.table] = table.length
            _build(connection, table.table, aside, progress)
            for derived in DERIVED:
                if derived.after == table.table:
                    progress.begin(derived.table.partition(".")[2], 1)
                    written[derived.table] = derive(connection, derived.statement, anchor, offsets)
                    _build(connection, derived.table, aside, progress)
    for name, offset in zip(_NUMBERED, offsets, strict=True):
        connection.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [name, offset + written[name]])
    return sum(written.values())


def _build(connection: psycopg.Connection, table: str, aside: Iterable[Index], progress: Progress) -> None:
    own = [index for index in aside if index.table == table]
    progress.begin(f"indexes of {table.partition('.')[2]}", len(own))
    for index in own:
        connection.execute(index.make)
        progress.advance(1)


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
