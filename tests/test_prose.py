"""Descriptions and pages are written in words that everybody knows."""

import pytest

from tests import prose


def test_no_page_and_no_description_uses_a_private_word(capsys: pytest.CaptureFixture[str]) -> None:
    assert prose.main() == 0, capsys.readouterr().out


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("A letter asks to confirm the address.", ["A letter", "letter asks"]),
        ("What the person has to mend.", ["mend"]),
        ("The one who asks, and is told.", ["told", "The one who asks"]),
        ("3 to 30 letters, digits and underscores, in any case of its letters.", []),
        ("Recommended amendments.", []),
    ],
)
def test_private_words_are_found_as_words(line: str, words: list[str]) -> None:
    found = [complaint.rpartition("not ")[2].strip("'") for complaint in prose.complaints(line, "here")]
    assert sorted(found) == sorted(words)
