"""Tags and blanks: one rule for what is written, given and asked for, in every script."""

import sys
import time
from unicodedata import is_normalized, normalize

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from db.documents.feed_filters import TagFilter
from db.documents.texts import is_blank, tag_of, tags_in

ANYTHING = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60)
NEAR_TAGS = st.text(
    st.sampled_from(
        "aZéE\u0301\u0345ßİŉΣςक\u093f\u094d\u200c\u200d\ufe0f_1٣#./ \u3164\u20e3日\u1100\u1161\u11a8\uff19"
    ),
    max_size=12,
)


@given(ANYTHING | NEAR_TAGS)
def test_a_tag_is_itself_and_found_again(text: str) -> None:
    tag = tag_of(text)
    if tag is not None:
        assert tag_of(tag) == tag
        assert is_normalized("NFC", tag)
        assert TagFilter(tag=text).tag == tag
        assert tags_in(f"#{text.removeprefix('#')}") == [tag]


def test_a_tag_may_be_given_as_it_stands_in_a_text() -> None:
    assert (tag_of("#Jazz"), tag_of("Jazz")) == ("jazz", "jazz")


def test_every_character_folds_once_and_for_all() -> None:
    """Alone and among others that it may compose, fold or be ordered with, in each normal form."""
    for code in (*range(0x3400), *range(0xA000, 0xAC80), *range(0xF900, 0x1F000), *range(0xE0000, 0xE0200)):
        one = chr(code)
        for word in (one, f"a{one}", f"{one}\u0301", f"\u03b1{one}\u0345\u0323", f"\u1100{one}\u1161"):
            tag = tag_of(word)
            assert tag is None or tag_of(tag) == tag, ascii(word)
            assert tag_of(normalize("NFD", word)) == tag_of(normalize("NFC", word)) == tag, ascii(word)


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
        ("WWW.example.org?#top /page#part /page-#part ?q=#part", []),
        ("Awww.#cute http#s://#x #one,https://example.org/#two", ["cute", "one"]),
        ("# #\u0301a #\u200ca ## #! #_ #__ #_\u0301a", []),
        ("#️⃣ #\ufe0f\u20e3 #\u20e3 #️⃣#two", ["two"]),
        ("#1\ufe0f\u20e3 #a\ufe0f", ["1", "a"]),
        ("#葛\U000e0100城 #葛城", ["葛城"]),
        ("#ᠮ\u180bᠣ", ["ᠮᠣ"]),
        ("#ක්\u200dෂ.", ["ක්\u200dෂ"]),
        ("#ΟΔΟΣ #οδος", ["οδοσ"]),
        ("#\u1112\u1161\u11ab #한", ["한"]),
        ("#" + "e\u0301" * 50, ["é" * 50]),
        ("#" + "a" * 50 + " #" + "b" * 51, ["a" * 50]),
    ],
)
def test_tags_in_texts(text: str, tags: list[str]) -> None:
    assert tags_in(text) == tags


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "a b #c",
        "#",
        "##a",
        "a-b",
        "a\u200c",
        "\u200da",
        "a\u200c\u200cb",
        "\u3164",
        "c++",
        "ß" * 26,
        "_",
        "_\u0301a",
    ],
)
def test_what_is_no_tag(text: str) -> None:
    assert tag_of(text) is None


LONG = [
    *("#", "#a", "a.", "a", "#a\u200c", "a:/", "www.", "://", "http://", "@@", "a.a.", "&#", "/#", "a/", "#\u0301"),
    *("\u200c", "a\ufe0f", "İ", "\u1100", "#a ", "#ß", "=#", "_"),
]


@pytest.mark.parametrize(
    "text",
    [*[piece * (20_000 // len(piece)) for piece in LONG], "#a" + "\u0301" * 20_000 + "\u0323" * 20_000],
    ids=[*map(ascii, LONG), "marks out of order"],
)
def test_a_long_text_is_read_at_once(text: str) -> None:
    """Quadratic time would be half a second and more."""
    started = time.process_time()
    tags_in(text)
    tag_of(text.removeprefix("#"))
    is_blank(text)
    assert time.process_time() - started < 0.3


def test_a_text_of_invisible_characters_is_blank() -> None:
    """By Unicode's own properties; without them, a braille pattern, fillers and controls of hieroglyphs."""
    invisible = regex.compile(
        r"[\p{Default_Ignorable_Code_Point}\p{White_Space}\p{Cc}\u2800\U0001d159\U00016fe4\U00013430-\U0001343f]"
        r"|(?!\p{Prepended_Concatenation_Mark})\p{Cf}"
    )
    everything = [chr(at) for at in range(sys.maxunicode + 1) if not 0xD800 <= at < 0xE000]
    expected = [one for one in everything if invisible.match(one)]
    assert [one for one in everything if is_blank(one)] == expected
    assert is_blank("".join(expected))


@pytest.mark.parametrize(
    "text", ["a", "\u200ba\u200b", "☃", "हि", "\u0600", "❤\ufe0f", "ー", "\ufffc", "👩\u200d🔬", "\u0301"]
)
def test_a_text_of_which_something_is_seen_is_not_blank(text: str) -> None:
    assert not is_blank(text)


def test_what_is_too_long_is_no_tag_whatever_it_consists_of() -> None:
    """It is not looked at, since it may be as long as a request."""
    assert tag_of("a" + "\ufe0f" * 399) == "a"
    assert tag_of("a" + "\ufe0f" * 400) is None


def test_no_more_tags_are_looked_for_than_are_wanted() -> None:
    text = " ".join(f"#tag{number % 60}" for number in range(2_000))
    assert tags_in(text) == [f"tag{number}" for number in range(60)]
    assert tags_in(text, 51) == [f"tag{number}" for number in range(51)]
    assert tags_in("#a,#b,#c", 2) == ["a", "b"]
