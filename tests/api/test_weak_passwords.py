"""What is refused as a password, and that no text takes long to judge."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.accounts.weak_passwords import COMMON, USERNAME_INSIDE, weakness


def wide(text: str) -> str:
    """The same in full-width letters and digits."""
    return "".join(chr(ord(character) + 0xFEE0) for character in text)


SIGNS = "4@8({[<369!1|/705$+%2"


@pytest.mark.parametrize(
    "password",
    [
        "password1234", "qwertyuiop12", "iloveyou1234", "P@ssw0rd1234", "pa$$word!!!!", "$unshine1234", "jennifer1985",
        "letmein2024!!!!", "123456789012", "987654321098", "aaaaaaaaaaaa", "abcabcabcabc", "abcdefghijklm",
        "passwordpassword", "passwordqwerty", "dog123456789", "vrss12345678", "new@example.org", "longmailbox12",
        wide("password1234"),
    ],
)  # fmt: skip
def test_common_passwords_and_what_is_made_of_them_are_refused(password: str) -> None:
    email = "longmailbox@example.org" if "mailbox" in password else "new@example.org"
    assert weakness(password, "newbie", email) == COMMON


@pytest.mark.parametrize(
    "password",
    [
        "a long password", "another long password", "correct horse battery", "ein schönes Wort", "x7#kQ!9$2b@5",
        "8372916450dog271", "Vrss-demo-2026", "492716385047", "пароль и ещё слово",
    ],
)  # fmt: skip
def test_no_rule_of_composition_refuses_a_password(password: str) -> None:
    assert weakness(password, "newbie", "new@example.org") is None


@pytest.mark.parametrize("password", ["the long NEWBIE words", wide("newbie") + " and other words"])
def test_a_password_may_not_hold_the_username(password: str) -> None:
    assert weakness(password, "Newbie", "new@example.org") == USERNAME_INSIDE


def seconds(password: str) -> float:
    started = time.process_time()
    weakness(password, "newbie", "new@example.org")
    return time.process_time() - started


@pytest.mark.parametrize(
    "password",
    [
        (SIGNS * 7)[:64],
        (SIGNS * 7)[:128],
        ("([{<1!|7$5+%20698@4" * 7)[:128],
        ("a" * 63 + "b") * 2,
        "a" * 127 + "b",
        "password" * 15 + "z1234!?z",
        "\ufdfa" * 127 + "z",
    ],
)
def test_the_worst_passwords_are_judged_in_milliseconds(password: str) -> None:
    assert min(seconds(password) for _ in range(3)) < 0.01


@given(st.text(min_size=12, max_size=128) | st.text(alphabet=SIGNS + "ab", min_size=12, max_size=128))
def test_any_password_is_judged_in_milliseconds(password: str) -> None:
    assert min(seconds(password) for _ in range(3)) < 0.01
