"""The text of a post, read once: its tags, the people it names, its HTML and its language."""

import asyncio
from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeVar

from db.documents.languages import detected, language_tag
from db.documents.markup import Parsed, html, parsed
from db.documents.texts import tag_of, tags_in
from db.pool import Database
from db.queries import authoring
from db.queries.authoring import TextRow, UnrenderedRow

TOO_MANY_TAGS = 51  # which the table refuses
# A text as long as this takes a few milliseconds; the worst of 10,000 characters a tenth of a second.
_SHORT = 500
_BATCH = 50

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


async def stored_htmls(rows: Sequence[TextRow | None]) -> list[str | None]:
    """The HTML of posts. Texts older than their HTML are rendered now, in a thread, without links to people."""
    old = [row.content for row in rows if row is not None and row.content is not None]
    made = iter(await asyncio.to_thread(lambda: [html(parsed(text), {}) for text in old]) if old else ())
    return [row and (row.content_html if row.content is None else next(made)) for row in rows]


async def render_old_texts(database: Database, most: int) -> int:
    """Store the HTML of posts that have none, so many at most; how many."""
    done = 0
    while done < most:
        async with database.transaction():
            rows = await authoring.unrendered_texts(database, _BATCH)
            if rows:
                await authoring.set_post_html(database, {row.id: await _old_html(database, row) for row in rows})
        done += len(rows)
        if len(rows) < _BATCH:
            break
    return done


async def _old_html(database: Database, row: UnrenderedRow) -> str:
    text = await asyncio.to_thread(parsed, row.content)
    known = await _known(database, row.user_id, text)
    return await asyncio.to_thread(html, text, {name: one[1] for name, one in known.items()})


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
