"""Search for posts by words and marks."""

from asyncio import Future
from datetime import datetime
from typing import NamedTuple

from db.documents.search_terms import index_words_of, marks_of, words_of
from db.pool import Database
from db.queries import PageBounds
from db.statements import load


class FoundPostRow(NamedTuple):
    created_at: datetime
    id: int
    is_stop: bool


class FollowedRow(NamedTuple):
    user_id: int


class PostSearch(NamedTuple):
    """What to look for: all that is given must hold. Words or a mark there must be.

    With `followed_only`, `authors` are the people whom the viewer follows now: which cursors do not depend on.
    """

    text: str | None = None
    types: tuple[str, ...] = ()
    author: int | None = None
    followed_only: bool = False
    authors: tuple[int, ...] | None = None
    tags: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    has_media: bool | None = None
    since: datetime | None = None
    until: datetime | None = None

    @property
    def parameters(self) -> dict[str, object]:
        words = None if self.text is None else words_of(self.text)
        return {
            "words": words,
            "index_words": None if words is None else index_words_of(words),
            "marks": marks_of(
                types=self.types,
                author=self.author,
                authors=self.authors,
                tags=self.tags,
                languages=self.languages,
                has_media=self.has_media,
            ),
            "since": self.since or "-infinity",
            "until": self.until or "infinity",
        }


_STATEMENTS = load("search")


def posts_by_search(
    database: Database, viewer: int | None, search: PostSearch, page: PageBounds
) -> Future[list[FoundPostRow]]:
    statement = _STATEMENTS["posts_by_search"].towards(backward=page.backward)
    return database.fetch(statement, FoundPostRow, viewer=viewer, **search.parameters, **page.parameters)


def latest_followed(database: Database, viewer: int) -> Future[list[FollowedRow]]:
    return database.fetch(_STATEMENTS["latest_followed"], FollowedRow, viewer=viewer)
