"""Pages of search: posts by words and marks, people by name; and the counts of tags."""

from asyncio import Future, gather
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, TypeVar

from api.gql.pagination import Keyset, Page, Relay, Window, page
from api.gql.visibility import Sight
from db.queries import ranked_search, tags, users
from db.queries import search as searches
from db.queries.posts import PostRow
from db.queries.search import PostSearch
from db.queries.users import UserRow

if TYPE_CHECKING:
    from api.loaders import Loaders

RowT = TypeVar("RowT")

_BY_TIME = ("created_at", "id")
_BY_RANK = ("top_at", "top_id", "score", "id")


async def found_posts(
    sight: Sight, loaders: "Loaders", field: str, search: PostSearch, sort: str, relay: Relay
) -> Page[PostRow]:
    """One page of the posts that a search finds. `sort` is recent, or one of those that rank."""
    keyset = Keyset(_bound(field, search, sort), _BY_TIME if sort == "recent" else _BY_RANK)
    if search.followed_only and sight.viewer_id is not None:
        followed = await searches.latest_followed(sight.database, sight.viewer_id)
        search = search._replace(authors=tuple(row.user_id for row in followed))

    def read(window: Window) -> Future[list[Any]]:
        if sort == "recent":
            return searches.posts_by_search(sight.database, sight.viewer_id, search, window)
        return ranked_search.posts_by_rank(sight.database, sight.viewer_id, search, sort, window)

    links = await page_of(relay.window(keyset), read)
    return links.hydrated(await loaders.post_by_id.column([link.id for link in links.nodes]))


async def tagged_posts(
    sight: Sight, loaders: "Loaders", names: Sequence[str], sort: str, relay: Relay
) -> list[Page[PostRow]]:
    """One page of the posts of each of these tags, each by a statement of its own."""
    searches = {name: PostSearch(tags=(name,)) for name in names}
    found = await gather(
        *(found_posts(sight, loaders, "tagPosts", search, sort, relay) for search in searches.values())
    )
    pages = dict(zip(searches, found, strict=True))
    return [pages[name] for name in names]


async def found_users(sight: Sight, loaders: "Loaders", name: str, relay: Relay) -> Page[UserRow]:
    """One page of the people whose name is like this one."""
    keyset = Keyset(_bound("searchUsers", name), ("score", "id"))
    read = partial(users.users_by_name, sight.database, sight.viewer_id, name)
    links = await page_of(relay.window(keyset), read)
    return links.hydrated(await loaders.user_by_id.column([link.id for link in links.nodes]))


async def tag_counts(sight: Sight, names: Sequence[str]) -> list[int]:
    """How many public posts each of these tags has."""
    rows = await tags.tag_counts(sight.database, list(dict.fromkeys(names)))
    counts = {row.tag: row.posts_count for row in rows}
    return [counts[name] for name in names]


async def page_of(window: Window, read: Callable[[Window], Awaitable[list[Any]]]) -> Page[Any]:
    """The page of links that a statement reads for this window, and by the same what lies beyond it."""
    return page(window, await read(window), partial(_has_row, read))


async def _has_row(read: Callable[[Window], Awaitable[list[Any]]], window: Window) -> bool:
    return bool(await read(window))


def _bound(field: str, *asked: object) -> str:
    """The name of a list whose cursors are of no use for another search."""
    return f"{field}.{blake2b(repr(asked).encode(), digest_size=9).hexdigest()}"
