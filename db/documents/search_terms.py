"""What a search asks of the documents in app.post_search: words, and marks.

No text has a mark, since there is a space in each; db/sql/functions/search.sql writes them.
"""

import re
from collections.abc import Iterable

MOST_WORDS = 16
"""As many words of a search count; each has to be looked up in the index again and again."""
_MOST_INDEX_WORDS = 4

# What app.search_words takes apart, too.
_WITHOUT_SPACES = re.compile("[\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+")


def words_of(text: str) -> str:
    """A text for websearch_to_tsquery in which what is written without spaces is a phrase of its characters."""
    parts = text.split('"')
    parts[::2] = [_WITHOUT_SPACES.sub(_as_phrase, part) for part in parts[::2]]
    parts[1::2] = [_WITHOUT_SPACES.sub(lambda run: f" {' '.join(run[0])} ", part) for part in parts[1::2]]
    return " ".join('"'.join(parts).split()[:MOST_WORDS])


def index_words_of(words: str) -> str | None:
    """Of many words, those to look up in the index: the longest, which are the rarest most often.

    The others are looked for in what has these. None where all are looked up: few, or with quotes, `or` and exclusions.
    """
    found = words.split()
    is_plain = '"' not in words and not any(word.startswith("-") or word.lower() == "or" for word in found)
    if not is_plain or len(found) <= _MOST_INDEX_WORDS:
        return None
    return " ".join(sorted(found, key=len)[-_MOST_INDEX_WORDS:])


def _as_phrase(run: re.Match[str]) -> str:
    is_excluded = run.string[: run.start()].endswith("-")
    return f'{"" if is_excluded else " "}"{" ".join(run[0])}" '


def marks_of(
    *,
    types: Iterable[str] = (),
    author: int | None = None,
    authors: Iterable[int] | None = None,
    tags: Iterable[str] = (),
    languages: Iterable[str] = (),
    has_media: bool | None = None,
) -> str | None:
    """The condition of all of these as a tsquery; None without any. The texts are such that were checked.

    `authors` are those of whom one must have written it: of none, nothing is found, as nobody has the number 0.
    """
    conditions = [_any("type", types), _any("language", (one.lower() for one in languages))]
    conditions += [f"'tag {tag}'" for tag in tags]
    if author is not None:
        conditions.append(f"'author {author}'")
    if authors is not None:
        conditions.append(_any("author", authors) or "'author 0'")
    if has_media is not None:
        conditions.append("'has media'" if has_media else "!'has media'")
    return " & ".join(filter(None, conditions)) or None


def _any(kind: str, values: Iterable[object]) -> str:
    marks = " | ".join(f"'{kind} {value}'" for value in values)
    return f"({marks})" if marks else ""
