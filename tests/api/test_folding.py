"""Look-up, throttle and uniqueness agree on which names and addresses are the same."""

import time
import unicodedata
from collections.abc import Callable
from functools import partial

import psycopg
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from api.accounts.throttle import account_key
from api.inputs.accounts import normalised
from db.documents.folding import fold
from tests.api.accounts import CHANGE_EMAIL, LOGIN, PASSWORD, REGISTER, fingerprint, with_password
from tests.api.conftest import Api

# Letters whose case or form is written in more than one way: É and ß, the Turkish ones, final sigma, the Kelvin and
# Ångström signs, ligatures, J with a caron (which has one character in lower case only), and full-width ones.
SPECIAL = (
    "aAiIkKsSeJj\u00e9\u00c9\u00df\u1e9e\u0130\u0131\u017f\u03a3\u03c3\u03c2\ufb01\u212a\u212b\u00e5\u030c\u01f0"
    "\uff21\uff41\u0301\u0307."
)
WAYS: list[Callable[[str], str]] = [
    str, str.upper, str.lower, str.swapcase, str.title, str.casefold,
    *(partial(unicodedata.normalize, form) for form in ("NFC", "NFD", "NFKC", "NFKD")),
]  # fmt: skip


def address(local: str) -> str | None:
    try:
        return normalised(f"{local}@example.org")
    except ValueError:
        return None


def test_every_folded_character_is_as_the_database_lowers_it(connection: psycopg.Connection) -> None:
    letters = [chr(code) for code in range(1, 0x110000) if unicodedata.category(chr(code)) not in {"Cs", "Cn"}]
    folded = [fold(f"x{letter}x") for letter in letters]
    assert [fold(text) for text in folded] == folded
    differing = connection.execute(
        "SELECT count(*) FROM unnest(%s::text[]) AS folded (text) WHERE lower(text) <> text", [folded]
    ).fetchone()
    assert differing == (0,)


QUERY = 'SELECT lower(%s COLLATE "C") = lower(%s COLLATE "C"), lower(%s COLLATE "C") = %s'


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=300)
@given(
    local=st.text(SPECIAL, min_size=1, max_size=6) | st.text(min_size=1, max_size=6),
    other=st.sampled_from(WAYS) | st.text(SPECIAL, min_size=1, max_size=3),
)
def test_look_up_throttle_and_uniqueness_agree(
    connection: psycopg.Connection, local: str, other: Callable[[str], str] | str
) -> None:
    typed = other if isinstance(other, str) else other(local)
    stored, twin = address(local), address(typed)
    assume(stored is not None and twin is not None)
    assert stored is not None
    assert twin is not None
    same = fold(stored) == fold(twin)
    answer = connection.execute(QUERY, [stored, twin, stored, fold(twin)])
    assert answer.fetchone() == (same, same)
    assert (account_key(stored) == account_key(twin)) is same
    assert fold(f"{local}@example.org".strip()) == fold(stored)


@pytest.mark.parametrize(
    ("stored", "typed"),
    [
        ("\u00e9mile@example.org", "\u00c9MILE@example.org"),
        ("stra\u00dfe@example.org", "STRA\u1e9eE@Example.org"),
        ("\u0130zmir@example.org", "i\u0307ZMIR@example.org"),
        (
            "\u03b3\u03b9\u03ce\u03c1\u03b3\u03bf\u03c2@example.org",
            "\u0393\u0399\u038f\u03a1\u0393\u039f\u03a3@EXAMPLE.org",
        ),
        ("ada@example.org", "\uff21da@example.org"),
        ("ada@b\u00fccher.example", "Ada@xn--bcher-kva.EXAMPLE"),
    ],
)
async def test_twins_of_an_address_are_one_account(api: Api, stored: str, typed: str) -> None:
    first = await api.run(REGISTER, username="somebody", password=PASSWORD, email=stored)
    assert first["register"]["userErrors"] == []
    signed_in = (await api.run(LOGIN, login=typed, password=PASSWORD))["login"]
    assert signed_in["viewer"]["username"] == "somebody"
    eve = with_password(api, "eve")
    api.tokens[eve] = api.factory.session(eve)
    before = fingerprint(api)
    joined = (await api.run(REGISTER, username="another", password=PASSWORD, email=typed))["register"]
    changed = (await api.run(CHANGE_EMAIL, viewer=eve, email=typed, password=PASSWORD))["changeEmail"]
    assert [error["code"] for error in joined["userErrors"] + changed["userErrors"]] == ["DUPLICATE_EMAIL"] * 2
    assert fingerprint(api) == before


async def test_an_address_with_ss_is_not_one_with_sharp_s(api: Api) -> None:
    for username, email in (("one_person", "stra\u00dfe@example.org"), ("another", "strasse@example.org")):
        data = await api.run(REGISTER, username=username, email=email, password=PASSWORD)
        assert data["register"]["userErrors"] == []


async def test_twins_of_a_username_find_it(api: Api) -> None:
    api.factory.user("kim")
    for typed in ("KIM", "\u212aim", "\uff4b\uff49\uff4d"):
        found = await api.run("query ($n: String!) { user(username: $n) { username } }", n=typed)
        assert found == {"user": {"username": "kim"}}


async def test_a_text_too_long_for_a_name_is_read_at_once(api: Api) -> None:
    """Marks that are out of order take quadratic time to normalise: here, half a minute."""
    started = time.process_time()
    typed = "a" + "\u0301" * 40_000 + "\u0323" * 40_000
    assert await api.run("query ($n: String!) { user(username: $n) { username } }", n=typed) == {"user": None}
    assert time.process_time() - started < 2
