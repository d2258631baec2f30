"""Texts of posts and comments, read once: their tags, the people they name, their HTML and their language."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple, TypeVar

from db.documents.languages import detected, language_tag
from db.documents.markup import Parsed, html, parsed, written_tags
from db.documents.texts import tag_of
from db.pool import Database
from db.queries import comments, post_texts
from db.queries.post_texts import TextRow, UnrenderedRow

# A text as long as this takes a few milliseconds; the worst of 10,000 characters a tenth of a second.
_SHORT = 500
_BATCH = 10
_OLD_SECONDS = 5.0

ResultT = TypeVar("ResultT")


class Text(NamedTuple):
    """`mentioned` are ids of people, in the order of the text."""

    html: str | None
    tags: list[str]
    mentioned: list[int]
    language: str | None
    is_language_detected: bool


class CommentText(NamedTuple):
    """`mentioned` are ids of people, in the order of the text."""

    html: str
    mentioned: list[int]


async def read_text(
    database: Database, viewer: int, content: str | None, tags: Sequence[str], language: str | None
) -> Text:
    """`tags` are those besides the text's own, `language` the one that the author states."""
    own = content or ""
    language = language and language_tag(language)
    text, guess = await _beside_others(own, lambda: (parsed(own), None if language else detected(own)))
    found = dict.fromkeys([*text.tags, *filter(None, map(tag_of, tags))])
    known = await _known(database, viewer, text)
    rendered = (
        None if content is None else await rendered_text(own, text, {name: one[1] for name, one in known.items()})
    )
    return Text(rendered, list(found), [one[0] for one in known.values()], language or guess, guess is not None)


async def tags_of(content: str) -> list[str]:
    """The tags that a text holds."""
    return await _beside_others(content, lambda: written_tags(content))


async def rendered_text(content: str, text: Parsed | None = None, known: dict[str, str] | None = None) -> str:
    """A text as HTML; `known` are the people of its names, see `html`."""
    return await _beside_others(content, lambda: html(text or parsed(content), known or {}))


async def read_comment(database: Database, viewer: int, content: str) -> CommentText:
    """The text of a comment, with links to the people whom its author may see."""
    text = await _beside_others(content, lambda: parsed(content))
    known = await _known(database, viewer, text)
    rendered = await rendered_text(content, text, {name: one[1] for name, one in known.items()})
    return CommentText(rendered, [one[0] for one in known.values()])


async def stored_htmls(rows: Sequence[TextRow | None]) -> list[str | None]:
    """The HTML of posts or comments. Those without are rendered now, in a thread, without links to people."""
    old = [row.content for row in rows if row is not None and row.content is not None]
    made = iter(await asyncio.to_thread(lambda: [html(parsed(text), {}) for text in old]) if old else ())
    return [row and (row.content_html if row.content is None else next(made)) for row in rows]


async def render_old_texts(database: Database, most: int, seconds: float = _OLD_SECONDS) -> int:
    """Store the HTML of posts and comments that have none, for so long and so many at most; how many."""
    until = time.monotonic() + seconds
    done = await _render_old(database, most, until, post_texts.unrendered_texts, post_texts.set_post_html)
    most -= done
    return done + await _render_old(database, most, until, comments.unrendered_comments, comments.set_comment_html)


async def _render_old(
    database: Database,
    most: int,
    until: float,
    unrendered: Callable[[Database, int], Awaitable[list[UnrenderedRow]]],
    store: Callable[[Database, dict[int, str]], Awaitable[None]],
) -> int:
    done = 0
    while done < most and time.monotonic() < until:
        async with database.transaction():
            limit = min(_BATCH, most - done)
            rows = await unrendered(database, limit)
            if rows:
                await store(database, {row.id: await _old_html(database, row) for row in rows})
        done += len(rows)
        if len(rows) < limit:
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
        for row in await post_texts.users_by_names(database, viewer, text.names)
    }
    return {name: rows[name] for name in text.names if name in rows}


async def _beside_others(content: str, work: Callable[[], ResultT]) -> ResultT:
    """In a thread, where it takes long enough to keep others waiting."""
    return work() if len(content) <= _SHORT else await asyncio.to_thread(work)
