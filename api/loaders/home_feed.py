"""The posts of the people whom the viewer follows: of `homeFeed`, and of the built-in feed."""

from api.gql.pagination import Keyset, Page, Window, page
from api.gql.visibility import Sight
from db.queries import home_feed as queries
from db.queries.posts import PostRow

HOME_FEED = Keyset("homeFeed", ("created_at", "id"))


async def home_page(sight: Sight, viewer: int, window: Window) -> Page[PostRow]:
    """One page for this viewer."""

    async def has_row(outside: Window) -> bool:
        return bool(await queries.home_feed(sight.database, viewer, outside))

    return page(window, await queries.home_feed(sight.database, viewer, window), has_row)
