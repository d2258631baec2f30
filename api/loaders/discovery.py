"""Pages of discovery: popular posts, those of the viewer's circle, and what is trending."""

from functools import partial
from typing import TYPE_CHECKING

from api.gql.pagination import Keyset, Page, Relay, Window
from api.gql.visibility import Sight
from api.loaders.search import page_of
from db.queries import discovery as queries
from db.queries.discovery import TrendingTagRow
from db.queries.posts import PostRow

if TYPE_CHECKING:
    from api.loaders import Loaders


async def discovered_posts(sight: Sight, loaders: "Loaders", window: Window) -> Page[PostRow]:
    """One page of what people within two degrees of friendship posted; of what anybody did, when signed out."""
    if sight.viewer_id is None:
        read = partial(queries.popular_posts, sight.database, None)
    else:
        read = partial(queries.posts_of_circle, sight.database, sight.viewer_id)
    links = await page_of(window, read)
    return links.hydrated(await loaders.post_by_id.column([link.id for link in links.nodes]))


async def trending_posts(sight: Sight, loaders: "Loaders", hours: int, relay: Relay) -> Page[PostRow]:
    """One page of the posts that are trending."""
    window = relay.window(Keyset(f"trendingPosts.{hours}", ("score", "id")))
    links = await page_of(window, partial(queries.trending_posts, sight.database, sight.viewer_id, hours))
    return links.hydrated(await loaders.post_by_id.column([link.id for link in links.nodes]))


async def trending_tags(sight: Sight, hours: int) -> list[TrendingTagRow]:
    """The tags that are trending, in their order."""
    return await queries.trending_tags(sight.database, hours)
