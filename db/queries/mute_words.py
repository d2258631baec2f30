"""Words that keep posts out of the feeds of whoever mutes them."""

from asyncio import Future
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from db.feeds import MutePatterns
from db.pool import Database
from db.queries import IdRow, array
from db.statements import Bound, load


class MuteWordRow(NamedTuple):
    id: int
    user_id: int
    word: str
    whole_word: bool
    except_followed: bool
    until: datetime | None
    created_at: datetime


_STATEMENTS = load("mute_words")


def mute_words_by_ids(database: Database, viewer: int, ids: Iterable[int]) -> Future[list[MuteWordRow]]:
    return database.fetch(_STATEMENTS["mute_words_by_ids"], MuteWordRow, viewer=viewer, ids=array(ids))


def mute_words_by_user_ids(database: Database, viewer: int, ids: Iterable[int]) -> Future[list[MuteWordRow]]:
    return database.fetch(_STATEMENTS["mute_words_by_user_ids"], MuteWordRow, viewer=viewer, ids=array(ids))


def mute_patterns(database: Database, viewer: int) -> Future[list[MutePatterns]]:
    """What keeps posts out of the viewer's feeds: one row, or none where the viewer mutes no word."""
    return database.fetch(_STATEMENTS["mute_patterns"], MutePatterns, viewer=viewer)


def muted_posts_by_ids(
    database: Database, ids: Iterable[int], pattern: str, bound: Bound | None = None
) -> Future[list[IdRow]]:
    """Those of these posts that have a word which the pattern finds."""
    statement = replace(_STATEMENTS["muted_posts_by_ids"], bound=bound)
    return database.fetch(statement, IdRow, ids=array(ids), pattern=pattern)


async def lock_mute_words_of_user(database: Database, viewer: int) -> None:
    """Held before a word is added: there is a most of them."""
    await database.execute(_STATEMENTS["lock_mute_words_of_user"], viewer=viewer)


async def create_mute_word(
    database: Database, viewer: int, word: str, *, whole_word: bool, except_followed: bool, until: datetime | None
) -> MuteWordRow:
    """The new word."""
    given = {"word": word, "whole_word": whole_word, "except_followed": except_followed, "until": until}
    (created,) = await database.fetch(_STATEMENTS["create_mute_word"], MuteWordRow, viewer=viewer, **given)
    return created


async def update_mute_word(
    database: Database,
    viewer: int,
    word_id: int,
    *,
    whole_word: bool | None,
    except_followed: bool | None,
    sets_until: bool,
    until: datetime | None,
) -> MuteWordRow | None:
    """The word as it is then; None where the viewer has none of this id."""
    given = {"whole_word": whole_word, "except_followed": except_followed, "sets_until": sets_until, "until": until}
    return await database.fetch_one(
        _STATEMENTS["update_mute_word"], MuteWordRow, viewer=viewer, word_id=word_id, **given
    )


async def delete_mute_word(database: Database, viewer: int, word_id: int) -> bool:
    """Whether there was one."""
    return await database.fetch_one(_STATEMENTS["delete_mute_word"], IdRow, viewer=viewer, word_id=word_id) is not None
