"""Verify and repair what the triggers keep, and notifications, online: batch by batch, beside the writers.

Verifying takes no lock. A trigger changes a counter in the transaction that changes what is counted, so one statement,
which sees one snapshot, finds them equal however busy the database is.

Repairing locks a few rows that have drifted, in the order of db/sql/triggers/README.md, and counts them anew in the
next statement, whose snapshot is taken when the locks are held: a writer that has changed a counter has committed, and
one that has not will add to what is written here. Each few rows are a transaction of their own.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import NamedTuple, Protocol

from psycopg import errors

from db.errors import OverloadedError
from db.pool import Database
from db.queries import IdRow, counters, storage, user_counts
from db.queries.counters import CounterRow, ExtentsRow

BATCH = 1_000  # rows that one statement counts
HELD = 50  # rows that one transaction locks
# Deadlocks and lock timeouts; and a foreign key, when a user whose follow was read is deleted meanwhile.
_CONTENTION = (OverloadedError, errors.ForeignKeyViolation)
_ATTEMPTS = 5


class Progress(Protocol):
    """Receives what begins and its last id, and then how far the ids have come."""

    def begin(self, what: str, steps: int) -> None: ...

    def advance(self, steps: int) -> None: ...


class Drift(NamedTuple):
    """One stored value that a recount contradicts. `id` is that of the row, or of both people, as in "3-17"."""

    table: str
    id: str
    column: str
    stored: int
    counted: int


Rows = Sequence[CounterRow]


@dataclass(frozen=True, slots=True)
class Counted:
    """One kind of counter: where its rows are, which have drifted, and how they are locked and healed.

    `is_chained`: what is counted depends on counters of the same kind, so that healing one may show another drift.
    """

    table: str
    columns: tuple[str, ...]
    extent: Callable[[ExtentsRow], int]
    batch: Callable[[Database, int, int], Awaitable[list[IdRow]]]
    drifted: Callable[[Database, Iterable[int]], Awaitable[list[CounterRow]]]
    lock: Callable[[Database, Rows], Awaitable[None]]
    heal: Callable[[Database, Rows], Awaitable[None]]
    is_chained: bool = False

    def drifts(self, rows: Rows) -> list[Drift]:
        return [
            Drift(self.table, "-".join(map(str, row.key)), column, stored, counted)
            for row in rows
            for column, stored, counted in zip(self.columns, row.stored, row.counted, strict=True)
            if stored != counted
        ]


# A missing row of storage is added before the bytes are counted, which then finds it empty. A missing row of counts is
# added with its counts, since whoever writes meanwhile adds nothing to it.
COUNTED = (
    Counted(
        table="posts",
        columns=("likes_count", "comments_count", "reposts_count"),
        extent=attrgetter("posts"),
        batch=counters.post_ids_after,
        drifted=counters.drifted_posts,
        lock=counters.lock_posts,
        heal=counters.heal_posts,
    ),
    Counted(
        table="comments",
        columns=("likes_count", "replies_count"),
        extent=attrgetter("comments"),
        batch=counters.comment_ids_after,
        drifted=counters.drifted_comments,
        lock=counters.lock_comments,
        heal=counters.heal_comments,
        is_chained=True,  # a deleted reply counts while it has replies itself
    ),
    Counted(
        table="friendships",
        columns=("rows",),
        extent=attrgetter("users"),
        batch=counters.user_ids_after,
        drifted=counters.drifted_friendships,
        lock=counters.lock_pairs,
        heal=counters.heal_friendships,
    ),
    Counted(
        table="storage_usage",
        columns=("rows",),
        extent=attrgetter("users"),
        batch=counters.user_ids_after,
        drifted=storage.users_without_storage,
        lock=storage.lock_users,
        heal=storage.add_storage,
    ),
    Counted(
        table="storage_usage",
        columns=("used_bytes", "images_bytes", "videos_bytes", "audio_bytes", "other_bytes"),
        extent=attrgetter("users"),
        batch=counters.user_ids_after,
        drifted=storage.drifted_storage,
        lock=storage.lock_storage,
        heal=storage.heal_storage,
    ),
    Counted(
        table="user_counts",
        columns=("rows",),
        extent=attrgetter("users"),
        batch=counters.user_ids_after,
        drifted=user_counts.users_without_counts,
        lock=user_counts.lock_what_user_counts_count,
        heal=user_counts.add_user_counts,
    ),
    Counted(
        table="user_counts",
        columns=("followers_count", "following_count", "friends_count", "posts_count"),
        extent=attrgetter("users"),
        batch=counters.user_ids_after,
        drifted=user_counts.drifted_user_counts,
        lock=user_counts.lock_user_counts,
        heal=user_counts.heal_user_counts,
    ),
    Counted(
        table="notifications",  # of what was undone
        columns=("rows",),
        extent=attrgetter("notifications"),
        batch=counters.notification_ids_after,
        drifted=counters.drifted_notifications,
        lock=counters.lock_notifications,
        heal=counters.withdraw_notifications,
    ),
)


STORAGE = tuple(kind for kind in COUNTED if kind.table == "storage_usage")


async def verify(
    database: Database, progress: Progress, *, batch: int = BATCH, kinds: Sequence[Counted] = COUNTED
) -> AsyncGenerator[Drift]:
    """Every stored value that a recount contradicts, in the order of the tables and their ids."""
    async for kind, rows in _drifted(database, progress, batch, kinds):
        for drift in kind.drifts(rows):
            yield drift


async def repair(
    database: Database, progress: Progress, *, batch: int = BATCH, kinds: Sequence[Counted] = COUNTED
) -> AsyncGenerator[Drift]:
    """Heal what has drifted; each value that was healed, as it was and as it is. Raises OverloadedError.

    What was healed before an error stays healed.
    """
    async for kind, rows in _drifted(database, progress, batch, kinds, heals=True):
        for start in range(0, len(rows), HELD):
            for drift in kind.drifts(await _healed(database, kind, rows[start : start + HELD])):
                yield drift


async def _drifted(
    database: Database, progress: Progress, batch: int, kinds: Sequence[Counted], *, heals: bool = False
) -> AsyncGenerator[tuple[Counted, Rows]]:
    """Whatever has drifted, kind by kind. A chained kind that the caller `heals` is walked until nothing is found."""
    extents = await counters.counter_extents(database)
    for kind in kinds:
        is_whole = False
        while not is_whole:
            is_whole = True
            progress.begin(f"{kind.table} ({len(kind.columns)} counted)", kind.extent(extents))
            after = 0
            while ids := [row.id for row in await kind.batch(database, after, batch)]:
                if rows := await kind.drifted(database, ids):
                    is_whole = not (heals and kind.is_chained)
                    yield kind, rows
                progress.advance(ids[-1] - after)
                after = ids[-1]


async def _healed(database: Database, kind: Counted, rows: Rows) -> list[CounterRow]:
    """Heal those of these rows that have drifted still, now that they are locked."""
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            async with database.transaction():
                await kind.lock(database, rows)
                keys = [row.key for row in rows]
                found = await kind.drifted(database, sorted({key[0] for key in keys}))
                still = [row for row in found if row.key in keys]
                if still:
                    await kind.heal(database, still)
                return still
        except _CONTENTION:
            if attempt == _ATTEMPTS:
                raise
    raise AssertionError("the loop returns or raises")
