"""Tags and blanks: one rule for what is written, given and asked for, in every script."""

import sys
import time
from unicodedata import is_normalized

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from db.documents.feed_filters import TagFilter
from db.documents.texts import is_blank, tag_of, tags_in

ANYTHING = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60)
NEAR_TAGS = st.text(
    st.sampled_from("aZéE\u0301\u0345ßİŉΣςक\u093f\u094d\u200c\u200d\ufe0f_1٣#./ \u3164\u20e3日"), max_size=12
)


@given(ANYTHING | NEAR_TAGS)
def test_a_tag_is_itself_and_found_again(text: str) -> None:
    tag = tag_of(text)
    if tag is not None:
        assert tag_of(tag) == tag
        assert is_normalized("NFC", tag)
        assert TagFilter(tag=text).tag == tag
        assert tags_in(f"#{text}") == [tag]


@given(ANYTHING | NEAR_TAGS)
def test_every_tag_in_a_text_is_one_that_a_filter_accepts(text: str) -> None:
    for tag in tags_in(text):
        assert tag_of(tag) == tag
        assert TagFilter(tag=tag).tag == tag
        assert tags_in(f"#{tag}") == [tag]


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("#Art and #art, #ART!", ["art"]),
        ("#हिन्दी", ["हिन्दी"]),
        ("#می\u200cخواهم", ["می\u200cخواهم"]),  # noqa: RUF001
        ("#E\u0301te\u0301 #été", ["été"]),
        ("#Straße #STRASSE", ["strasse"]),
        ("(#one)#two,#three#four", ["one", "two", "three"]),
        ("#日本語。", ["日本語"]),
        ("https://example.org/page#section www.example.org/#top example.org/page/#part", []),
        ("example.org#section a#b &#39; / path/#part", []),
        ("see https://example.org/page#section #yes", ["yes"]),
        ("# #\u0301a #\u200ca ## #!", []),
        ("#1\ufe0f\u20e3 #a\ufe0f", ["1", "a"]),
        ("#" + "a" * 50 + " #" + "b" * 51, ["a" * 50]),
    ],
)
def test_tags_in_texts(text: str, tags: list[str]) -> None:
    assert tags_in(text) == tags


@pytest.mark.parametrize("text", ["", " ", "a b #c", "#a", "a-b", "a\u200c", "\u200da", "\u3164", "c++", "ß" * 26])
def test_what_is_no_tag(text: str) -> None:
    assert tag_of(text) is None


def test_a_text_of_ten_thousand_characters_is_read_at_once() -> None:
    started = time.perf_counter()
    for piece in ("#", "#a", "a.", "a", "#a\u200c", "a:/", "www."):
        tags_in(piece * (10_000 // len(piece)))
    assert time.perf_counter() - started < 1


def test_a_text_of_invisible_characters_is_blank() -> None:
    """By Unicode's own property, and a braille pattern without dots."""
    invisible = regex.compile(r"[\p{Default_Ignorable_Code_Point}\p{White_Space}\p{Cc}\u2800\ufff9-\ufffb]")
    everything = [chr(at) for at in range(sys.maxunicode + 1) if not 0xD800 <= at < 0xE000]
    expected = [one for one in everything if invisible.match(one)]
    assert [one for one in everything if is_blank(one)] == expected
    assert is_blank("".join(expected))


@pytest.mark.parametrize("text", ["a", "\u200ba\u200b", "☃", "हि", "👩\u200d🔬", "\u0301"])
def test_a_text_of_which_something_is_seen_is_not_blank(text: str) -> None:
    assert not is_blank(text)
