"""What texts of people are: when one is blank, and which tags it holds.

A tag is letters, combining marks, digits and underscores of any script, with ZWNJ or ZWJ between two of them; up to 50
of these, in composed form (NFC) and without differences of case. The same holds for what is written with `#` in a text,
for what is given as a tag, and for what a feed filters by.
"""

import re
from collections.abc import Iterator
from unicodedata import category, normalize

LONGEST_TAG = 50
NO_TAG = f"A tag is one word of at most {LONGEST_TAG} letters, digits or _, without #"

_JOINERS = "\u200c\u200d"
_INVISIBLE_CATEGORIES = {"Cc", "Zs", "Zl", "Zp"}

# Unicode's Default_Ignorable_Code_Point, the braille pattern without a dot, and marks of annotations.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)


def is_blank(text: str) -> bool:
    """Whether nothing of it is to be seen."""
    return all(category(one) in _INVISIBLE_CATEGORIES or _INVISIBLE.match(one) for one in text)


def tag_of(text: str) -> str | None:
    """The tag that this is, as it is stored; None when it is none."""
    if _end_of_word(text, 0) != len(text):
        return None
    return _folded(text) or None


def tags_in(text: str) -> list[str]:
    """The tags that are written with `#` in a text, each once, in their order."""
    return list(dict.fromkeys(tag for word in text.split() for tag in _tags(_before_address(word))))


def _before_address(word: str) -> str:
    """A word without the address of a page in it, whose `#` is a part of that page."""
    for mark in ("://", "www."):
        word = word.partition(mark)[0]
    host, slash, _ = word.partition("/")
    return host if slash and "." in host else word


def _tags(text: str) -> Iterator[str]:
    at = text.find("#")
    while at >= 0:
        begins = at == 0 or not (_is_of_word(text[at - 1]) or text[at - 1] in "#&/")
        end = _end_of_word(text, at + 1)
        if begins and (tag := _folded(text[at + 1 : end])):
            yield tag
        at = text.find("#", max(end, at + 1))


def _end_of_word(text: str, start: int) -> int:
    """Where the word that starts here ends; it does not start with a mark, nor with a joiner."""
    at = start
    while at < len(text):
        joins = text[at] in _JOINERS and start < at < len(text) - 1 and text[at - 1] not in _JOINERS
        of_word = _is_of_word(text[at]) and not (at == start and category(text[at])[0] == "M")
        if not (of_word or (joins and _is_of_word(text[at + 1]))):
            break
        at += 1
    return at


def _is_of_word(one: str) -> bool:
    """Whether it is a letter, a mark that is no frame around another, a digit, or an underscore."""
    kind = category(one)
    return (kind[0] == "L" or kind in {"Mn", "Mc", "Nd"} or one == "_") and _INVISIBLE.match(one) is None


def _folded(word: str) -> str:
    """Composed and without differences of case; nothing when it is too long for a tag."""
    folded = normalize("NFC", normalize("NFD", word).casefold())
    return folded if len(folded) <= LONGEST_TAG else ""
