"""A search for posts, asked."""

from datetime import UTC, datetime
from typing import Any

from api.gql.ids import decode
from tests.api.conftest import Api

NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
SEARCH = """
query ($text: String!, $filter: PostSearchFilterInput, $sort: PostSearchSort! = RECENT, $first: Int, $after: String,
    $last: Int, $before: String) {
  searchPosts(query: $text, filter: $filter, sort: $sort, first: $first, after: $after, last: $last, before: $before) {
    nodes { id } edges { cursor } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}
"""


async def search(api: Api, query: str, *, viewer: int | None = None, **variables: object) -> dict[str, Any]:
    return (await api.run(SEARCH, viewer=viewer, text=query, **variables))["searchPosts"]


async def found(api: Api, query: str, *, viewer: int | None = None, **variables: object) -> list[int]:
    page = await search(api, query, viewer=viewer, **variables)
    return [decode(node["id"], "Post") for node in page["nodes"]]
