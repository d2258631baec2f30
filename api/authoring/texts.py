"""The text of a post, read once: its tags, the people it names, its HTML and its language."""

import asyncio
from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeVar

from db.documents.languages import detected, language_tag
from db.documents.markup import Parsed, html, parsed
from db.documents.texts import tag_of, tags_in
from db.pool import Database
from db.queries import authoring
from db.queries.authoring import TextRow

TOO_MANY_TAGS = 51  # which the table refuses
# A text as long as this takes a few milliseconds; the worst of 10,000 characters a tenth of a second.
_SHORT = 500

ResultT = TypeVar("ResultT")


class Text(NamedTuple):
    """`mentioned` are ids of people, in the order of the text."""

    html: str | None
    tags: list[str]
    mentioned: list[int]
    language: str | None
    is_language_detected: bool


async def read_text(
    database: Database, viewer: int, content: str | None, tags: Sequence[str], language: str | None
) -> Text:
    """`tags` are those besides the text's own, `language` the one that the author states."""
    own = content or ""
    language = language and language_tag(language)
    found = dict.fromkeys([*tags_in(own, TOO_MANY_TAGS), *filter(None, map(tag_of, tags))])
    text, guess = await _beside_others(own, lambda: (parsed(own), None if language else detected(own)))
    known = await _known(database, viewer, text)
    rendered = (
        None if content is None else await rendered_text(own, text, {name: one[1] for name, one in known.items()})
    )
    return Text(rendered, list(found), [one[0] for one in known.values()], language or guess, guess is not None)


async def rendered_text(content: str, text: Parsed | None = None, known: dict[str, str] | None = None) -> str:
    """A text as HTML; `known` are the people of its names, see `html`."""
    return await _beside_others(content, lambda: html(text or parsed(content), known or {}))


async def stored_html(row: TextRow) -> str | None:
    """The HTML of a post. One that is older than its HTML is rendered now, with no links to people."""
    if row.content_html is not None or row.content is None:
        return row.content_html
    return await rendered_text(row.content)


async def _known(database: Database, viewer: int, text: Parsed) -> dict[str, tuple[int, str]]:
    """The people whom the viewer may see among those whom a text names, in its order."""
    if not text.names:
        return {}
    rows = {
        row.username.lower(): (row.id, row.username)
        for row in await authoring.users_by_names(database, viewer, text.names)
    }
    return {name: rows[name] for name in text.names if name in rows}


async def _beside_others(content: str, work: Callable[[], ResultT]) -> ResultT:
    """In a thread, where it takes long enough to keep others waiting."""
    return work() if len(content) <= _SHORT else await asyncio.to_thread(work)
