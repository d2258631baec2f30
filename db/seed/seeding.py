"""Writing the demo data: all of it in one transaction, or nothing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import psycopg
from psycopg import sql

from db.seed import profiles
from db.seed.communication import communication
from db.seed.features import features
from db.seed.feed_markers import feed_markers
from db.seed.feed_opt_outs import feed_opt_outs
from db.seed.feed_pins import feed_pins
from db.seed.media import Shelf
from db.seed.notifications import notifications, post_mentions
from db.seed.people import CAST, usernames
from db.seed.posts import post_rows, posts
from db.seed.social import social
from db.seed.tables import Row, columns
from db.seed.timeline import Timeline
from db.statements import load

# Two seedings at once, scaled ones too, take turns: the second finds the people of the first.
LOCK = 0x5EED

_FOREIGN_PEOPLE = """
SELECT count(*) FROM public.users
WHERE NOT (username = ANY(%s) AND email LIKE '%%@demo.vrss.example') AND email NOT LIKE '%%.scaled.vrss.example'
"""

_COUNTS = """
SELECT
  (SELECT count(*) FROM public.users),
  (SELECT count(*) FROM public.posts),
  (SELECT count(*) FROM public.comments),
  (SELECT count(*) FROM public.friendships),
  (SELECT count(*) FROM public.messages)
"""

# Those of the cast whom the documentation speaks of, as long as their accounts are the demo data's and can sign in.
_MAIN_CHARACTERS = """
SELECT username FROM public.users
WHERE username = ANY(%s) AND email = username || '@demo.vrss.example' AND status = 'active'
ORDER BY id
"""


class SeedRefusedError(Exception):
    """The database is not one that demo data may be written to; the message says why in one sentence."""


@dataclass(frozen=True, slots=True)
class SeedSummary:
    """What the database holds now; `is_new` is False when an earlier seeding had written it."""

    anchor: datetime
    is_new: bool
    users: int
    posts: int
    comments: int
    friendships: int
    messages: int


def seed(url: str, *, anchor: datetime | None = None) -> SeedSummary:
    """Write the demo data unless it is there. Times are offsets from `anchor`, by default the start of the UTC day.

    The anchor is remembered: seeding again changes nothing, and another anchor is refused. Raises SeedRefusedError,
    also when the database holds other people.
    """
    if anchor is not None and anchor.tzinfo is None:
        raise ValueError("The anchor needs a time zone")
    with psycopg.connect(url) as connection:
        connection.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        remembered = _remembered_anchor(connection)
        if remembered is not None and anchor not in {None, remembered}:
            known = remembered.isoformat()
            raise SeedRefusedError(f"This database was seeded with the anchor {known}; another needs an empty one.")
        timeline = Timeline(remembered or anchor or _start_of_day())
        if remembered is None:
            for rows in _tables(timeline):
                _copy(connection, rows)
            connection.execute("ANALYZE")
            connection.execute(load("trending")["refresh_used_tags"].sql)  # as a job will, some minutes later
        counts = connection.execute(_COUNTS).fetchone()
        assert counts is not None  # noqa: S101  (a SELECT without FROM gives one row)
        return SeedSummary(timeline.anchor, remembered is None, *counts)


def demo_people(url: str) -> list[str]:
    """The user names of Ada, Ben, Cleo and Dan, without those who are not in the database as demo people."""
    with psycopg.connect(url) as connection:
        return [name for (name,) in connection.execute(_MAIN_CHARACTERS, [["ada", "ben", "cleo", "dan"]])]


def _start_of_day() -> datetime:
    return datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def _remembered_anchor(connection: psycopg.Connection) -> datetime | None:
    """The anchor of an earlier seeding, or None when nobody is there; Ada's joining keeps it."""
    foreign = connection.execute(_FOREIGN_PEOPLE, [sorted(usernames())]).fetchone()
    if foreign is not None and foreign[0]:
        people = "another person" if foreign[0] == 1 else f"{foreign[0]} other people"
        raise SeedRefusedError(f"This database holds {people}; demo data goes only into an empty database.")
    ada = connection.execute("SELECT created_at FROM public.users WHERE username = 'ada'").fetchone()
    return None if ada is None else ada[0].astimezone(UTC) + timedelta(days=CAST["ada"].joined)


def _tables(timeline: Timeline) -> Iterator[Sequence[Row]]:
    """All rows, parents first. Counters, friendships and storage are missing: the triggers make them."""
    written = posts(timeline)
    shelf = Shelf(timeline)
    shelf.add_avatars()
    post_table = post_rows(written, shelf)
    reactions = social(timeline, written)
    talks = communication(timeline)
    yield profiles.users(timeline)
    yield profiles.storage(timeline)
    yield profiles.settings(timeline)
    yield feed_opt_outs(timeline)
    yield post_table
    yield shelf.weighed()
    yield profiles.profiles(timeline, shelf.avatars)
    yield profiles.subscriptions(timeline)
    yield post_mentions(written)
    yield from reactions
    built = features(timeline)
    yield from built
    yield feed_pins(written, built.feeds)
    yield feed_markers(written, reactions.follows, timeline.anchor)
    yield from talks
    yield notifications(timeline, written, reactions, talks)


def _copy(connection: psycopg.Connection, rows: Sequence[Row]) -> None:
    """COPY the rows into their table, and let its ids go on behind them."""
    table = rows[0].table
    names = columns(rows[0])
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(table, sql.SQL(", ").join(map(sql.Identifier, names)))
    with connection.cursor() as cursor:
        with cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(tuple(row))
        if names[0] == "id":
            name = table.as_string(connection)
            cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [name, len(rows)])
