"""What filters on texts say about a post, in SQL."""

import re
from collections.abc import Iterable

from psycopg import sql

from db.documents.feed_filters import TextFilter, TextPlace
from db.feeds.parameters import Parameters

# What a text filter looks at: where {} stands, one of these texts says it.
_PLACES: dict[TextPlace, tuple[sql.SQL, tuple[sql.SQL, ...]]] = {
    TextPlace.TITLE: (sql.SQL("{}"), (sql.SQL("post.title"),)),
    TextPlace.TEXT: (sql.SQL("{}"), (sql.SQL("post.content"),)),
    TextPlace.ALT_TEXT: (
        sql.SQL("EXISTS (SELECT FROM public.post_media AS media WHERE media.post_id = post.id AND {})"),
        (sql.SQL("media.alt_text"),),
    ),
    TextPlace.TAGS: (
        sql.SQL("EXISTS (SELECT FROM unnest(post.tags) AS tagged (tag) WHERE {})"),
        (sql.SQL("tagged.tag"),),
    ),
    TextPlace.AUTHOR: (
        sql.SQL(
            "EXISTS (SELECT FROM public.users AS author INNER JOIN public.user_profiles AS profile "
            "ON author.id = profile.user_id WHERE author.id = post.user_id AND {})"
        ),
        (sql.SQL("author.username"), sql.SQL("profile.display_name")),
    ),
}


def text_condition(one: TextFilter, parameters: Parameters) -> sql.Composable:
    """That one of the places has the text."""
    pattern, whole = parameters.add(pattern_of(one.contains)), None
    if one.whole_word:
        # Lookarounds, since \m and \M fail beside signs, as in c++.
        word = re.sub(r"([^\w\s])", r"\\\1", one.contains)
        whole = parameters.add(rf"(?<!\w){word}(?!\w)")

    def says(column: sql.SQL) -> sql.Composable:
        like = sql.SQL("{} ILIKE {}").format(column, pattern)
        return like if whole is None else sql.SQL("({} AND {} ~* {})").format(like, column, whole)

    found: list[sql.Composable] = []
    for place in dict.fromkeys(one.places):
        around, columns = _PLACES[place]
        found.append(around.format(_any(map(says, columns))))
    return _any(found)


def _any(conditions: Iterable[sql.Composable]) -> sql.Composable:
    return sql.SQL("({})").format(sql.SQL(" OR ").join(conditions))


def pattern_of(text: str) -> str:
    """A pattern for ILIKE that finds this text and takes none of it for a wildcard."""
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"
