"""What the words that the reader mutes say about a post, in SQL.

They are looked up before a feed is read, beside what else has to be known of it: who mutes no word has the statement
that there would be without mute words.
"""

from collections.abc import Sequence
from typing import NamedTuple

from psycopg import sql

from db.feeds.parameters import Parameters

_EVERYTHING = sql.SQL("TRUE")
_NO_WORD = sql.SQL("NULL::bigint")

_WITHOUT = sql.SQL(
    "(post.user_id = %(viewer)s::bigint OR NOT EXISTS ("
    "SELECT FROM app.texts_of_post(post.id, post.title, post.content, post.tags) AS said "
    "WHERE said.texts ~ {pattern} OFFSET 0))"
)
_PATTERN = sql.SQL(
    "CASE WHEN post.user_id IN ("
    "SELECT following_id FROM public.user_follows WHERE follower_id = %(viewer)s::bigint"
    ") THEN {of_followed}::text ELSE {of_others}::text END"
)
# The newest of several, which is the first in the viewer's list.
_WORD = sql.SQL(
    "CASE WHEN NOT {without} THEN ("
    "SELECT word.id FROM app.texts_of_post(post.id, post.title, post.content, post.tags) AS said "
    "CROSS JOIN LATERAL app.mute_words_in(%(viewer)s::bigint, post.user_id, said.texts) AS word "
    "ORDER BY word.created_at DESC, word.id DESC LIMIT 1) END"
)


MOST_WORDS = 100
MOST_CHARACTERS = 3_000
"""Of all words that somebody mutes together. As many take a tenth of a second for a page of long posts."""
MOST_CELLS = 250_000
"""Characters times different characters: the regular expression has a table of these, of some 50 bytes each."""


class MutePatterns(NamedTuple):
    """Regular expressions that find the words which somebody mutes, in texts in lower case.

    One for posts of people whom they follow, if there is any such word, and one for all others.
    """

    of_followed: str | None
    of_others: str


def too_many(words: Sequence[str]) -> str | None:
    """A sentence if these words are too many to be looked for in every post of a feed."""
    text = "".join(words).lower()
    if len(words) > MOST_WORDS:
        return f"You mute {MOST_WORDS} words already, which is the most."
    if len(text) > MOST_CHARACTERS:
        return f"The words that you mute may have {MOST_CHARACTERS:,} characters in all; with this one they have more."
    if len(text) * len(set(text)) > MOST_CELLS:
        return "The words that you mute have too many different characters in all: mute fewer, or shorter ones."
    return None


def without_muted_word(words: MutePatterns | None, parameters: Parameters) -> sql.Composable:
    """That none of the words is in the post, or that it is the viewer's own."""
    if words is None:
        return _EVERYTHING
    if words.of_followed == words.of_others:
        return _WITHOUT.format(pattern=sql.SQL("{}::text").format(parameters.add(words.of_others)))
    given = {name: parameters.add(pattern) for name, pattern in words._asdict().items()}
    return _WITHOUT.format(pattern=_PATTERN.format(**given))


def muted_word(words: MutePatterns | None, parameters: Parameters) -> sql.Composable:
    """The id of the word that keeps the post out, or NULL."""
    return _NO_WORD if words is None else _WORD.format(without=without_muted_word(words, parameters))
