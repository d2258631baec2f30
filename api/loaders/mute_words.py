"""The words that the viewer mutes."""

from asyncio import Future
from collections.abc import Sequence
from functools import partial

from api.gql.visibility import PayingSight, Sight
from api.loaders.base import ListLoader, RowLoader
from api.loaders.feed_budget import WordsBudget
from db.feeds import MutePatterns
from db.queries import mute_words as queries
from db.queries.mute_words import MuteWordRow
from db.queries.posts import PostRow


async def mute_patterns(sight: Sight) -> MutePatterns | None:
    """What keeps posts out of the feeds that the viewer reads; None where that is nothing."""
    return None if sight.viewer_id is None else await queries.mute_patterns(sight.database, sight.viewer_id)


async def unmuted(sight: PayingSight, rows: Sequence[PostRow], pattern: str) -> list[PostRow]:
    """Those of these posts in which the pattern finds no muted word, in their order; COST_LIMIT where it takes long."""
    ask = partial(queries.muted_posts_by_ids, sight.database, [row.id for row in rows], pattern)
    muted = {row.id for row in await WordsBudget(sight).run(ask)}
    return [row for row in rows if row.id not in muted]


class MuteWordByIdLoader(RowLoader[MuteWordRow]):
    def rows(self, keys: list[int]) -> Future[list[MuteWordRow]]:
        if self.sight.viewer_id is None:
            return self.nothing()
        return queries.mute_words_by_ids(self.sight.database, self.sight.viewer_id, keys)


class MuteWordsByUserIdLoader(ListLoader[MuteWordRow]):
    """All words of the viewer, the newest first."""

    key = "user_id"

    def rows(self, keys: list[int]) -> Future[list[MuteWordRow]]:
        if self.sight.viewer_id is None:
            return self.nothing()
        return queries.mute_words_by_user_ids(self.sight.database, self.sight.viewer_id, keys)
