"""What a search finds, the best first."""

from asyncio import Future
from datetime import datetime
from typing import NamedTuple

from db.pool import Database
from db.queries import PageBounds
from db.queries.search import PostSearch
from db.statements import load

MOST_RANKED = 300
"""Of so many posts at a time the best come first."""


class RankedPostRow(NamedTuple):
    """`top_at` and `top_id` are those of the newest post that it was ranked with."""

    top_at: datetime
    top_id: int
    score: int
    id: int
    is_stop: bool


_STATEMENTS = load("ranked_search")


def posts_by_rank(
    database: Database, viewer: int | None, search: PostSearch, sort: str, page: PageBounds
) -> Future[list[RankedPostRow]]:
    """`sort` is relevance, popular or engagement."""
    return database.fetch(
        _STATEMENTS["posts_by_rank"],
        RankedPostRow,
        viewer=viewer,
        sort=sort,
        most=MOST_RANKED,
        backward=page.backward,
        **search.parameters,
        **page.parameters,
    )
