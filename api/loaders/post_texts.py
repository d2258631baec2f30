"""The texts of posts as HTML, with links to the people whom they mention and the viewer may see."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from api.authoring.texts import stored_htmls
from api.gql.visibility import seen
from db.documents.markup import names_people, with_links_to
from db.queries.users import UserRow

if TYPE_CHECKING:
    from api.loaders import Loaders


async def mentioned(loaders: "Loaders", post_ids: Sequence[int]) -> list[list[UserRow]]:
    """The people whom each post mentions and the viewer may see."""
    mentions = await loaders.mentions_by_post_id.column(post_ids)
    found = iter(await loaders.user_by_id.column([one.user_id for row in mentions for one in row]))
    return [seen([next(found) for _ in row]) for row in mentions]


async def post_htmls(loaders: "Loaders", post_ids: Sequence[int]) -> list[str | None]:
    """The HTML of each post. A name is a link while it is the name of somebody whom the post mentions."""
    htmls = await stored_htmls(await loaders.text_by_post_id.column(post_ids))
    naming = [key for key, html in zip(post_ids, htmls, strict=True) if html is not None and names_people(html)]
    people = iter(await mentioned(loaders, naming) if naming else ())
    return [html and (_linked(html, next(people)) if names_people(html) else html) for html in htmls]


def _linked(html: str, people: Sequence[UserRow]) -> str:
    return with_links_to(html, {one.username.lower(): one.username for one in people})
