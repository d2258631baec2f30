"""Descriptions, pages, docstrings and names are written in words that everybody knows."""

import pytest

from tests import prose


def test_no_page_description_docstring_or_name_uses_a_private_word(capsys: pytest.CaptureFixture[str]) -> None:
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


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("class LetterQueue: ...", ["Letter"]),
        ("async def _hear_of(): ...", ["hear"]),
        ("class HTTPMeter:\n    def tell(self): ...", ["Meter", "tell"]),
        ('def send():\n    """Whoever asks is told."""', ["told", "Whoever asks"]),
        ('def fold():\n    """Whether it is a letter, in any case."""', []),
        ("def intelligent_parameters(): ...", []),
    ],
)
def test_private_words_are_found_in_names_and_docstrings(code: str, words: list[str]) -> None:
    found = [complaint.rpartition("not ")[2].strip("'") for complaint in prose.complaints_of_code(code, "api/here.py")]
    assert sorted(found) == sorted(words)


def test_a_long_test_name_is_found() -> None:
    (found,) = prose.complaints_of_code(f"def test_{'x' * 68}(): ...", "tests/test_here.py")
    assert found.endswith("is longer than 72 characters")
