"""The words that the viewer mutes."""

from asyncio import Future
from collections.abc import Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from api.gql.visibility import PayingSight
from api.loaders.base import ListLoader, Loader, RowLoader
from api.loaders.feed_budget import WordsBudget
from db.feeds import MutePatterns
from db.queries import mute_words as queries
from db.queries.mute_words import MuteWordRow
from db.queries.posts import PostRow

if TYPE_CHECKING:
    from api.loaders import Loaders


class MutePatternsByUserIdLoader(Loader[MutePatterns, MutePatterns | None]):
    """What keeps posts out of the feeds that the viewer reads, who is the only one that it is known of."""

    def rows(self, keys: list[int]) -> Future[list[MutePatterns]]:
        viewer = self.sight.viewer_id
        return self.nothing() if viewer not in keys else queries.mute_patterns(self.sight.database, viewer)

    def values(self, keys: list[int], rows: list[MutePatterns]) -> Iterable[MutePatterns | None]:
        return [rows[0] if rows and key == self.sight.viewer_id else None for key in keys]


async def mute_patterns(loaders: "Loaders") -> MutePatterns | None:
    """What keeps posts out of the feeds that the viewer reads; None where that is nothing. Asked for once."""
    loader = loaders.mute_patterns_by_user_id
    (found,) = await loader.column([loader.sight.viewer_id])
    return found


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
