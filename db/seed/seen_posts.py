"""Which posts people have seen."""

from collections import Counter
from datetime import datetime
from typing import NamedTuple

from psycopg import sql

from db.seed.tables import InteractionRow


class SeenPostRow(NamedTuple):
    table = sql.Identifier("app", "seen_posts")
    user_id: int
    post_id: int
    mark: int
    seen_at: datetime


class SeenMarkRow(NamedTuple):
    table = sql.Identifier("app", "seen_marks")
    user_id: int
    latest: int


def seen_posts(interactions: list[InteractionRow]) -> list[SeenPostRow]:
    """Whoever likes, bookmarks or shares a post has seen it then."""
    rows: dict[tuple[int, int], SeenPostRow] = {}
    latest: Counter[int] = Counter()
    for one in interactions:
        if (one.user_id, one.post_id) not in rows:
            latest[one.user_id] += 1
            rows[one.user_id, one.post_id] = SeenPostRow(one.user_id, one.post_id, latest[one.user_id], one.created_at)
    return list(rows.values())


def seen_marks(rows: list[SeenPostRow]) -> list[SeenMarkRow]:
    return [SeenMarkRow(user, latest) for user, latest in {row.user_id: row.mark for row in rows}.items()]
