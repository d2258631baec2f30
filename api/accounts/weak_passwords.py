"""Which passwords are among the first that others try: common ones, with little added, doubled or in a row.

Each step looks at a part of the text a bounded number of times, so that no text takes long to judge.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from zxcvbn.frequency_lists import FREQUENCY_LISTS  # only its list: what zxcvbn estimates takes seconds for some texts

from api.accounts.passwords import LONGEST
from db.documents.folding import fold

_OWN_WORDS = ("vrss",)
# Whatever is so short adds next to nothing to a common word.
_LITTLE = 4
# How many of the common ones are so common that two of them in a row are common, too.
_VERY_COMMON = 1000
_SHORTEST_WORD = 3
_RUN = re.compile(r"\d+|\D+")
_MOST_RUNS = 2

_LOOKALIKES = tuple(
    str.maketrans("@4836$5!0+71", f"aabegssiott{one}")
    for one in "il"  # 1 stands for either
)

USERNAME_INSIDE = "The password may not contain your user name."
COMMON = "This password is among the first that others try. Choose another, such as a few words in a row."


# Passwords that were stolen and published, and words and names of which people make others; the most common come first.
_COMMON = frozenset(word for ranked in FREQUENCY_LISTS.values() for word in ranked)
_MOST_COMMON = frozenset(FREQUENCY_LISTS["passwords"][:_VERY_COMMON])


class _Words:
    """The common ones, and those that stand for this account and service."""

    def __init__(self, own: frozenset[str]) -> None:
        self._own = own

    def have(self, word: str) -> bool:
        return word in self._own or word in _COMMON

    def begin_with(self, word: str) -> bool:
        """Whether it is among the most common ones."""
        return word in self._own or word in _MOST_COMMON


def weakness(password: str, username: str, email: str) -> str | None:
    """Why this may not be the password of this account, in a sentence; None when it may."""
    text = fold(password)
    if fold(username) in text:
        return USERNAME_INSIDE
    text = text[:LONGEST]  # normalising makes one character up to eighteen
    address = fold(email)
    words = _Words(frozenset({address, address.partition("@")[0], *_OWN_WORDS}))
    return COMMON if _is_weak(text, words) else None


def _is_weak(text: str, words: _Words) -> bool:
    if _is_little(text, words):
        return True
    start, end = len(text) - _alphabetic_end(text[::-1]), _alphabetic_end(text)
    for first in (0, start):  # what comes before the letters may stand for one
        around = (text[:first], text[end:])
        if first < end and all(_adds_little(part, words) for part in around):
            core = text[first:end]
            if _is_little(core, words) or any(_is_common(reading, words) for reading in _readings(core)):
                return True
    return False


def _adds_little(part: str, words: _Words) -> bool:
    """Whether what stands beside a word is a little of digits, of signs, or one after the other."""
    runs = _RUN.findall(part)
    return _is_little(part, words) or (len(runs) <= _MOST_RUNS and all(_is_little(run, words) for run in runs))


def _is_little(part: str, words: _Words) -> bool:
    """Whether it is short, common, in a row, or such a thing again and again."""
    if len(part) <= _LITTLE or words.have(part) or _is_row(part):
        return True
    for period in range(1, len(part)):
        if part[period:] == part[:-period]:
            unit = part[:period]
            return period <= _LITTLE or words.have(unit) or _is_row(unit)
    return False


def _is_common(core: str, words: _Words) -> bool:
    """Whether it is a common word, or two of the most common ones."""
    return words.have(core) or any(
        words.begin_with(core[:cut]) and words.begin_with(core[cut:])
        for cut in range(_SHORTEST_WORD, len(core) - _SHORTEST_WORD + 1)
    )


def _is_row(part: str) -> bool:
    """Whether each character is the one after, or before, the last: abcdef, 987654."""
    return {ord(after) - ord(before) for before, after in pairwise(part)} in ({1}, {-1})


def _readings(core: str) -> Iterator[str]:
    """The text, and what it looks like where digits and signs stand for letters."""
    yield core
    for lookalikes in _LOOKALIKES:
        yield core.translate(lookalikes)


def _alphabetic_end(text: str) -> int:
    """Where the last letter ends."""
    return next((place + 1 for place in range(len(text) - 1, -1, -1) if text[place].isalpha()), 0)
