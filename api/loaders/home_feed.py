"""The posts of the people whom the viewer follows: of `homeFeed`, and of the built-in feed.

Muted words are looked up beside the page, so that whoever mutes none waits for nothing. For everybody else the page is
filled from the next pages of the same statement, which knows nothing of words: of ten at most (docs/adr/0022).
"""

from asyncio import gather
from datetime import datetime
from typing import TYPE_CHECKING

from api.gql.pagination import REACH, Keyset, Page, Window, page
from api.gql.visibility import PayingSight
from api.loaders.mute_words import mute_patterns, unmuted
from db.feeds import MutePatterns
from db.queries import home_feed as queries
from db.queries.posts import PostRow

if TYPE_CHECKING:
    from api.loaders import Loaders

HOME_FEED = Keyset("homeFeed", ("created_at", "id"))
_PAGE_POINTS = 50


async def home_page(sight: PayingSight, loaders: "Loaders", viewer: int, window: Window) -> Page[PostRow]:
    """One page for this viewer."""
    rows, words = await gather(queries.home_feed(sight.database, viewer, window), mute_patterns(loaders))
    return await _shown(sight, viewer, window, rows, words)


async def home_page_without(
    sight: PayingSight, viewer: int, window: Window, words: MutePatterns | None
) -> Page[PostRow]:
    """The same, where the viewer's words are known already."""
    return await _shown(sight, viewer, window, await queries.home_feed(sight.database, viewer, window), words)


async def _shown(
    sight: PayingSight, viewer: int, window: Window, rows: list[PostRow], words: MutePatterns | None
) -> Page[PostRow]:
    if words is not None and words.of_followed is not None:
        return await _without_muted(sight, viewer, window, rows, words.of_followed)

    async def has_row(outside: Window) -> bool:
        return bool(await queries.home_feed(sight.database, viewer, outside))

    return page(window, rows, has_row)


async def _without_muted(
    sight: PayingSight, viewer: int, window: Window, rows: list[PostRow], pattern: str
) -> Page[PostRow]:
    """The page that begins with these rows, without those that have a muted word.

    It ends where ten pages were looked through, and the next one goes on from there.
    """

    async def has_row(outside: Window) -> bool:
        beyond = await queries.home_feed(sight.database, viewer, outside._replace(limit=window.limit))
        return len(beyond) > window.limit or bool(await unmuted(sight, beyond, pattern))

    kept = await unmuted(sight, rows, pattern)
    for _ in range(REACH - 1):
        if len(rows) <= window.limit or len(kept) > window.limit:
            break
        sight.add_cost(_PAGE_POINTS)
        rows = await queries.home_feed(sight.database, viewer, _beyond(window, rows[-1]))
        kept += await unmuted(sight, rows, pattern)
    if len(rows) <= window.limit or len(kept) > window.limit:
        return page(window, kept[: window.limit + 1], has_row)
    nodes = kept[::-1] if window.backward else kept
    return Page(nodes, window, True, has_row, stop=_key(rows[-1]))


def _beyond(window: Window, last: PostRow) -> Window:
    """The window that goes on after this row."""
    return window._replace(before=_key(last)) if window.backward else window._replace(after=_key(last))


def _key(row: PostRow) -> tuple[datetime, int]:
    return row.created_at, row.id
