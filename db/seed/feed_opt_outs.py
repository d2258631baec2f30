"""Who wants to be in feeds of their followers alone."""

from datetime import datetime
from typing import NamedTuple

from psycopg import sql

from db.seed.people import EVERYBODY
from db.seed.timeline import Timeline

_NAMES = {"freya"}


class FeedOptOutRow(NamedTuple):
    table = sql.Identifier("app", "feed_opt_outs")
    user_id: int
    created_at: datetime


def feed_opt_outs(timeline: Timeline) -> list[FeedOptOutRow]:
    return [FeedOptOutRow(person.id, timeline.joined(person)) for person in EVERYBODY if person.username in _NAMES]
