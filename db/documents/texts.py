"""What texts of people are: how they are stored, when one is blank, and which tags it holds.

A tag is letters, combining marks, digits and underscores of any script, with ZWNJ or ZWJ between two of them; up to 50
of these, the first that is no underscore a letter or a digit. It is stored in composed form (NFC), without differences
of case and without variation selectors, which only choose how a letter is drawn. The same holds for what is written
with `#` in a text, for what is given as a tag, and for what a feed filters by.
"""

import re
from collections.abc import Iterator
from unicodedata import category, combining, normalize

LONGEST_TAG = 50
LONGEST_COMPOSED = 40_000
"""Of what is composed: four times the longest text, since composing makes one character of four at most."""
LONGEST_PHRASE = 100
"""Of a word that people mute."""
NO_TAG = f"A tag is one word of at most {LONGEST_TAG} letters, digits or _"

# More marks in a row than any language writes. To put marks into their order takes quadratic time.
_MOST_MARKS = 30
# Vowels of Tibetan that are no marks to `combining`, and become two of them.
_PAIRS_OF_MARKS = "\u0f73\u0f75\u0f81"
# Composing makes one character of four at most, so a longer word stays too long for a tag. It is not normalised, which
# takes quadratic time for many marks that are out of order.
_LONGEST_SPELLING = 4 * LONGEST_TAG
_JOINERS = "\u200c\u200d"
# A tag that is given with marks that show nothing has as many of them at most as other characters.
_LONGEST_GIVEN = 2 * _LONGEST_SPELLING
# Marks that show nothing: variation selectors, the grapheme joiner, and two vowels of Khmer.
_SELECTOR = re.compile("[\u034f\u17b4\u17b5\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]")
# After one of these a `#` is a heading, an entity, the end of a path, or a value.
_BEFORE_NO_TAG = "#&/="
_WORD = re.compile(r"\S+")
# A name of an account. What may stand around it is looked at where one is found.
_MENTION = re.compile(r"@([A-Za-z0-9_]{3,30})(?![A-Za-z0-9_])")
_BEFORE_NO_MENTION = "@#&/=.+-%"
_ADDRESS = re.compile(r"://|(?<!\w)www\.", re.IGNORECASE)

_INVISIBLE_CATEGORIES = {"Cc", "Cf", "Zs", "Zl", "Zp"}
# Unicode's Default_Ignorable_Code_Point, a braille pattern, and what shows nothing in hieroglyphs, Khitan and music.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U00013430-\U0001343f\U00016fe4\U0001bca0-\U0001bca3"
    "\U0001d159\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
# Format characters that are drawn: the signs before numbers in Arabic, Syriac and Kaithi.
_DRAWN = re.compile("[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd]")


def composed(text: str, most: int = LONGEST_COMPOSED) -> str:
    """The text as it is stored and looked for: in composed form (NFC), so that é is é however it was typed.

    As it is where it has more marks in a row than anybody reads, is longer than any text may be, or would have more
    than `most` characters: some have one only as long as they are not composed.
    """
    if text.isascii() or len(text) > LONGEST_COMPOSED:
        return text
    marks = 0
    for one in text:
        marks = marks + 1 if combining(one) or one in _PAIRS_OF_MARKS else 0
        if marks > _MOST_MARKS:
            return text
    new = normalize("NFC", text)
    return new if len(new) <= most else text


def is_blank(text: str) -> bool:
    """Whether nothing of it is to be seen."""
    return all(map(_is_invisible, text))


def phrase_of(text: str) -> str:
    """A word or phrase as it is stored to be looked for: composed, with single spaces and nothing invisible around."""
    phrase = " ".join(normalize("NFC", text).split())
    shown = [place for place, one in enumerate(phrase) if not _is_invisible(one)]
    return phrase[shown[0] : shown[-1] + 1] if shown else ""


def tag_of(text: str) -> str | None:
    """The tag that this is, with or without `#`, as it is stored; None when it is none."""
    text = text.removeprefix("#")
    if len(text) > _LONGEST_GIVEN or _end_of_word(text, 0) != len(text):
        return None
    return _folded(text) or None


def tags_in(text: str, most: int | None = None) -> list[str]:
    """The tags that are written with `#` in a text, each once, in their order; no more than `most`, if that is given.

    What is written twice is looked at once. What is code or a link in Markdown is taken for text: see `written_tags`.
    """
    found: dict[str, None] = {}
    seen = set[str]()
    for word in dict.fromkeys(text.split()):
        head = _before_address(word)
        for spelling in (head[start:end] for start, end in _tag_places(head)):
            if most is not None and len(found) >= most:
                return list(found)
            if spelling not in seen and (tag := _folded(spelling)):
                found[tag] = None
            seen.add(spelling)
    return list(found)


def _is_invisible(one: str) -> bool:
    if category(one) in _INVISIBLE_CATEGORIES:
        return _DRAWN.match(one) is None
    return _INVISIBLE.match(one) is not None


def _before_address(word: str) -> str:
    """A word without the address or path of a page in it, whose `#` is a part of that page."""
    if found := _ADDRESS.search(word):
        word = word[: found.start()]
    host, slash, _ = word.partition("/")
    return host if slash and (not host or "." in host) else word


def tag_places(text: str) -> Iterator[tuple[int, int, str]]:
    """Where `tags_in` finds a tag in a text: the place of its `#`, the place after it, and the tag as it is stored."""
    for word in _WORD.finditer(text):
        for start, end in _tag_places(_before_address(word[0])):
            if tag := _folded(word[0][start:end]):
                yield word.start() + start - 1, word.start() + end, tag


def mention_places(text: str) -> Iterator[tuple[int, int, str]]:
    """Where a text names somebody with `@`: the place of the `@`, the place after the name, and the name.

    An address of e-mail names nobody, nor does a name that goes on as one of another service, or the path of a page.
    """
    for found in _MENTION.finditer(text):
        start, end = found.span()
        before, after = text[start - 1 : start], text[end : end + 2]
        if before and (_is_of_word(before) or before in _BEFORE_NO_MENTION):
            continue
        if after and (_is_of_word(after[0]) or after[0] == "@" or (after[0] == "." and _is_of_word(after[1:] or " "))):
            continue
        yield start, end, found[1]


def _tag_places(text: str) -> Iterator[tuple[int, int]]:
    """Where in a word a tag may be written, without its `#`."""
    at = text.find("#")
    while at >= 0:
        begins = at == 0 or not (_is_of_word(text[at - 1]) or text[at - 1] in _BEFORE_NO_TAG)
        end = _end_of_word(text, at + 1)
        if begins:
            yield at + 1, end
        at = text.find("#", max(end, at + 1))


def _end_of_word(text: str, start: int) -> int:
    """Where the word that starts here ends; it does not start with a mark, nor does it start or end with a joiner."""
    end = at = start
    while at < len(text):
        one = text[at]
        follows = start < at == end
        if (_is_of_word(one) and (at > start or category(one)[0] != "M")) or (follows and _SELECTOR.match(one)):
            end = at + 1
        elif not (follows and one in _JOINERS):
            break
        at += 1
    return end


def _is_of_word(one: str) -> bool:
    """Whether it is a letter, a mark that is no frame around another, a digit, or an underscore."""
    kind = category(one)
    return (kind[0] == "L" or kind in {"Mn", "Mc", "Nd"} or one == "_") and _INVISIBLE.match(one) is None


def _folded(word: str) -> str:
    """A word as it is stored; nothing when it is too long for a tag, or begins with no letter or digit."""
    word = _SELECTOR.sub("", word)
    if len(word) > _LONGEST_SPELLING:
        return ""
    # What is decomposed before it is folded, and composed afterwards, does not change when that is done again.
    folded = normalize("NFC", normalize("NFD", word).casefold())
    first = folded.lstrip("_")[:1]
    return folded if len(folded) <= LONGEST_TAG and first and category(first)[0] != "M" else ""
