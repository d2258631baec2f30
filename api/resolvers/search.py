"""Search: posts, people and tags."""

from collections.abc import Sequence
from typing import Annotated

import strawberry

from api.context import Info
from api.execution.columns import relation
from api.gql.connections import After, Before, Connection, First, Last
from api.gql.errors import BadUserInputError, UnauthenticatedError
from api.gql.ids import decode
from api.gql.pagination import Page, Relay
from api.gql.permissions import active
from api.gql.search_enums import PostSearchSort
from api.gql.validation import InvalidInputsError, check
from api.inputs.search import PostSearchFilterInput
from api.loaders.search import found_posts, found_users
from api.types.posts import Post
from api.types.tags import Tag
from api.types.users import User
from db.documents.search_terms import MOST_WORDS
from db.documents.texts import composed, is_blank, tag_of
from db.queries import tags
from db.queries.posts import PostRow
from db.queries.search import PostSearch
from db.queries.tags import TagRow
from db.queries.users import UserRow

LONGEST_NAME = 100
LONGEST_TEXT = 200

MOST_TAGS = 50

Beginning = Annotated[str, strawberry.argument(description="The beginning of the tag, with or without `#`.")]
TagLimit = Annotated[int, strawberry.argument(description=f"How many; 1 to {MOST_TAGS}.")]
TagName = Annotated[str, strawberry.argument(description="The tag, with or without `#`, in any mix of cases.")]
NameQuery = Annotated[
    str,
    strawberry.argument(
        name="query",
        description="A name or how it begins, with or without `@`; 1 to 100 characters. Also serves completion of "
        "`@mentions`.",
    ),
]
TextQuery = Annotated[
    str,
    strawberry.argument(
        name="query",
        description="What to look for; 1 to 200 characters. All words must occur, whole and in any case; accents "
        "count. Quotes look for a phrase, `or` for either word, a leading `-` excludes a word. Words after the first "
        f"{MOST_WORDS} are ignored.",
    ),
]
Filter = Annotated[PostSearchFilterInput | None, strawberry.argument(name="filter", description="Narrows the results.")]
Sort = Annotated[PostSearchSort, strawberry.argument(description="The order. A cursor belongs to one order.")]


def _checked(text: str, longest: int) -> str:
    """The text of a search, composed, unless it is too long or blank."""
    text = composed(text) if len(text) <= 4 * longest else text  # of which it leaves a quarter at least
    if len(text) > longest:
        raise BadUserInputError(f"`query` may have at most {longest} characters; it has {len(text)}.")
    if is_blank(text):
        raise BadUserInputError("`query` must not be blank.")
    return text


def _search(text: str, narrow: PostSearchFilterInput | None) -> PostSearch:
    search = PostSearch(_checked(text, LONGEST_TEXT))
    if narrow is None:
        return search
    try:
        check(narrow)
    except InvalidInputsError as error:
        first = error.errors[0]
        raise BadUserInputError(f"`filter.{'.'.join(first.field)}`: {first.message}") from error
    return search._replace(
        types=tuple(map(str, narrow.types or ())),
        author=None if narrow.author_id is None else decode(narrow.author_id, "User"),
        followed_only=narrow.following_only,
        tags=tuple(filter(None, map(tag_of, narrow.tags or ()))),
        languages=tuple(narrow.languages or ()),
        has_media=narrow.has_media,
        since=narrow.published_since,
        until=narrow.published_until,
    )


@strawberry.type
class SearchQuery:
    @strawberry.field(
        graphql_type=Tag | None,
        description="A tag by name, whether or not a post has it; null when the name cannot be a tag.",
        extensions=active(),
    )
    @staticmethod
    def tag(name: TagName) -> TagRow | None:
        found = tag_of(name)
        return None if found is None else TagRow(found)

    @relation(
        graphql_type=list[Tag] | None,
        description="Tags that begin so, those that most people use first; for completion of `#tags`. Of the newest "
        "100,000 posts that everybody may see, as they were five minutes ago at most.",
        extensions=active(),
    )
    @staticmethod
    async def search_tags(
        roots: Sequence[None], info: Info, *, prefix: Beginning, limit: TagLimit = 10
    ) -> Sequence[list[TagRow]]:
        if not 1 <= limit <= MOST_TAGS:
            raise BadUserInputError(f"`limit` must be between 1 and {MOST_TAGS}; it is {limit}.")
        if is_blank(prefix.removeprefix("#")):
            raise BadUserInputError("`prefix` must not be blank.")
        beginning = tag_of(prefix)
        found = [] if beginning is None else await tags.tags_by_beginning(info.context.database, beginning, limit)
        return [found for _ in roots]

    @relation(
        graphql_type=Connection[User] | None,
        description="People by user name, or by the display name of a public profile: exact matches first, then "
        "names that begin so, then similar ones. The 400 best at most.",
        extensions=active(),
    )
    @staticmethod
    async def search_users(
        roots: Sequence[None],
        info: Info,
        *,
        name: NameQuery,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Sequence[Page[UserRow]]:
        wanted = _checked(name, LONGEST_NAME).strip().removeprefix("@")
        page = await found_users(info.context, info.context.loaders, wanted, Relay(first, after, last, before))
        return [page for _ in roots]

    @relation(
        graphql_type=Connection[Post] | None,
        description="Posts by the words in their title and text, of what the viewer may see. A page may be short, even "
        "empty, where many posts that match may not be seen; go on from its cursor.",
        extensions=active(),
    )
    @staticmethod
    async def search_posts(  # noqa: PLR0913  # the arguments of the field
        roots: Sequence[None],
        info: Info,
        *,
        text: TextQuery,
        narrow: Filter = None,
        sort: Sort = PostSearchSort.RELEVANCE,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Sequence[Page[PostRow]]:
        search, relay = _search(text, narrow), Relay(first, after, last, before)
        if search.followed_only and info.context.viewer_id is None:
            raise UnauthenticatedError
        page = await found_posts(info.context, info.context.loaders, "searchPosts", search, sort.value, relay)
        return [page for _ in roots]
