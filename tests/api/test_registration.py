"""Joining: all that belongs to an account or nothing, and no end of attempts."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from tests.api.accounts import (
    CHANGE_EMAIL,
    PASSWORD,
    REGISTER,
    WHO,
    actions,
    fingerprint,
    with_password,
)
from tests.api.conftest import Api, api_over
from tests.api.mailbox import mailbox

RESEND = "mutation { resendVerification { email userErrors { code message } } }"
ADA: dict[str, Any] = {"username": "ada", "email": "Ada@Example.org", "password": PASSWORD}


def stored(api: Api) -> dict[str, int]:
    """How many rows there are in each table that belongs to an account."""
    tables = (
        "users", "user_profiles", "storage_usage", "profile_sections", "app.user_settings", "app.sessions",
        "app.verification_tokens", "app.audit_log",
    )  # fmt: skip
    return {table: api.factory.scalar(f"SELECT count(*) FROM {table}") for table in tables}


async def test_who_joins_has_all_that_belongs_to_an_account_and_is_signed_in(api: Api) -> None:
    data = (await api.run(REGISTER, **ADA, displayName="Ada L."))["register"]
    assert data["userErrors"] == []
    assert data["viewer"] == {
        "username": "ada",
        "email": "Ada@example.org",
        "emailVerified": False,
        "status": "ACTIVE",
        "user": {
            "profile": {"displayName": "Ada L."},
            "sections": [{"title": "About me"}, {"title": "Pictures"}, {"title": "Friends"}],
        },
        "storage": {"used": "0", "quota": "52428800"},
        "settings": {"emailLikes": False, "emailFollows": True},
    }
    headers = {"authorization": f"Bearer {data['token']}"}
    assert (await api.post({"query": WHO}, headers=headers)).json()["data"] == {"viewer": {"username": "ada"}}
    assert set(stored(api).values()) == {1, 3}
    assert api.factory.scalar("SELECT password_hash FROM users").startswith("$argon2id$")
    assert actions(api) == ["account_registered"]


@pytest.mark.parametrize(
    ("given", "errors"),
    [
        ({"username": "ADA"}, [("ConflictError", "DUPLICATE_USERNAME", ["input", "username"])]),
        ({"email": "BEN@example.org"}, [("ConflictError", "DUPLICATE_EMAIL", ["input", "email"])]),
        ({"username": "ab"}, [("InvalidInputError", "BAD_USER_INPUT", ["input", "username"])]),
        ({"username": "a" * 31}, [("InvalidInputError", "BAD_USER_INPUT", ["input", "username"])]),
        ({"username": "adé"}, [("InvalidInputError", "BAD_USER_INPUT", ["input", "username"])]),
        ({"username": "ada\n"}, [("InvalidInputError", "BAD_USER_INPUT", ["input", "username"])]),
        ({"email": "new"}, [("InvalidInputError", "BAD_USER_INPUT", ["input", "email"])]),
        (
            {"email": "new@example.org\r\nBcc: eve@example.org"},
            [("InvalidInputError", "BAD_USER_INPUT", ["input", "email"])],
        ),
        ({"email": "a@" + "b" * 250 + ".example"}, [("InvalidInputError", "BAD_USER_INPUT", ["input", "email"])]),
        ({"password": "elevenchars"}, [("InvalidInputError", "BAD_USER_INPUT", ["input", "password"])]),
        ({"password": "x" * 129}, [("InvalidInputError", "BAD_USER_INPUT", ["input", "password"])]),
        ({"password": "password1234"}, [("InvalidInputError", "BAD_USER_INPUT", ["input", "password"])]),
        ({"password": "qwertyuiop12"}, [("InvalidInputError", "BAD_USER_INPUT", ["input", "password"])]),
        ({"password": "the long NEWBIE words"}, [("InvalidInputError", "BAD_USER_INPUT", ["input", "password"])]),
        ({"displayName": " "}, [("InvalidInputError", "BAD_USER_INPUT", ["input", "displayName"])]),
        *(
            ({"displayName": f"Ada{sign}L."}, [("InvalidInputError", "BAD_USER_INPUT", ["input", "displayName"])])
            for sign in "\n\r\t\x1b\x7f\x85\u2028\u2029\u202a\u202e\u2066\u2069"
        ),
        (
            {"username": "!", "email": "?", "password": "short"},
            [
                ("InvalidInputError", "BAD_USER_INPUT", ["input", "username"]),
                ("InvalidInputError", "BAD_USER_INPUT", ["input", "email"]),
                ("InvalidInputError", "BAD_USER_INPUT", ["input", "password"]),
            ],
        ),
    ],
)
async def test_what_is_not_valid_or_taken_is_named_and_nothing_is_stored(
    api: Api, given: dict[str, Any], errors: list[Any]
) -> None:
    api.factory.user("ada")
    api.factory.user("ben")
    before = stored(api)
    person: dict[str, Any] = {"username": "newbie", "email": "new@example.org", "password": PASSWORD, **given}
    data = (await api.run(REGISTER, **person))["register"]
    assert [(one["__typename"], one["code"], one["field"]) for one in data["userErrors"]] == errors
    assert (data["token"], data["viewer"]) == (None, None)
    assert stored(api) == before


async def test_a_name_may_have_what_joins_characters_and_emoji(api: Api) -> None:
    name = "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645 \U0001f469\u200d\U0001f680"
    data = (await api.run(REGISTER, **ADA, displayName=name))["register"]
    assert data["viewer"]["user"]["profile"]["displayName"] == name


async def test_of_many_who_want_one_name_at_once_one_gets_it(api: Api) -> None:
    answers = await asyncio.gather(
        *(api.run(REGISTER, username="ada", email=f"{n}@example.org", password=PASSWORD) for n in range(6))
    )
    codes = sorted(error["code"] for answer in answers for error in answer["register"]["userErrors"])
    assert codes == ["DUPLICATE_USERNAME"] * 5
    assert stored(api)["users"] == stored(api)["user_profiles"] == stored(api)["app.sessions"] == 1


def person(number: int, **given: str) -> dict[str, Any]:
    return {"username": f"person_{number}", "email": f"{number}@example.org", "password": PASSWORD, **given}


JOIN = REGISTER.replace("userErrors { __typename code", "userErrors { ... on RateLimitedError { retryAfter } code")


async def test_registrations_from_one_address_come_to_an_end(empty_database: str, tmp_path: Path) -> None:
    async with api_over(empty_database, settings={"registrations_per_address": 2}) as api:
        for number in range(2):
            assert (await api.run(JOIN, **person(number)))["register"]["userErrors"] == []
        before = fingerprint(api)
        (error,) = (await api.run(JOIN, **person(2)))["register"]["userErrors"]
        assert (error["code"], error["field"]) == ("RATE_LIMITED", [])
        assert 3590 <= error["retryAfter"] <= 3600
        assert fingerprint(api) == before
        assert (await mailbox(empty_database, tmp_path).emails(2)).keys() == {"0@example.org", "1@example.org"}
    assert len(list(tmp_path.iterdir())) == 2  # noqa: ASYNC240  # nothing else runs


async def test_taken_addresses_cannot_be_tried_without_end(empty_database: str) -> None:
    async with api_over(empty_database, settings={"login_failures_per_address": 3}) as api:
        ada = with_password(api, "ada")
        for number in range(10):
            api.factory.user(f"user_{number}")
        codes = [
            (await api.run(CHANGE_EMAIL, viewer=ada, email="user_0@example.org", password=PASSWORD))["changeEmail"],
            (await api.run(JOIN, **person(1, email="user_1@example.org")))["register"],
            (await api.run(JOIN, **person(2, email="user_2@example.org")))["register"],
            (await api.run(JOIN, **person(3, email="user_3@example.org")))["register"],
            (await api.run(CHANGE_EMAIL, viewer=ada, email="user_4@example.org", password=PASSWORD))["changeEmail"],
        ]
        found = [[error["code"] for error in one["userErrors"]] for one in codes]
        assert found == [["DUPLICATE_EMAIL"]] * 3 + [["RATE_LIMITED"]] * 2
        assert stored(api)["users"] == 11
        assert stored(api)["app.verification_tokens"] == 0


async def test_a_name_that_is_taken_is_refused_before_anything_is_hashed_or_stored(api: Api) -> None:
    await api.run(REGISTER, **ADA)
    taken: dict[str, Any] = {**ADA, "username": "ADA", "email": "other@example.org"}
    data = await api.run(REGISTER, **taken)
    assert data["register"]["userErrors"][0]["code"] == "DUPLICATE_USERNAME"
    assert data["register"]["userErrors"][0]["field"] == ["input", "username"]
    assert api.statements == ["username_exists"]


FAILS_ONCE = """
CREATE SEQUENCE app.attempts;
CREATE FUNCTION app.fail_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF nextval('app.attempts') = 1 THEN
        RAISE EXCEPTION 'try again' USING ERRCODE = 'serialization_failure';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER fail_once BEFORE INSERT ON jobs.procrastinate_jobs FOR EACH ROW EXECUTE FUNCTION app.fail_once();
"""


async def test_an_e_mail_is_counted_once_however_often_it_is_tried(empty_database: str) -> None:
    """One may go to this address: it goes, although the first transaction failed after it was counted."""
    async with api_over(empty_database, settings={"emails_per_recipient": 1}) as api:
        api.factory.connection.execute(FAILS_ONCE)
        assert (await api.run(REGISTER, **ADA))["register"]["userErrors"] == []
        assert api.factory.scalar("SELECT last_value FROM app.attempts") == 2
        assert api.factory.scalar("SELECT count(*) FROM jobs.procrastinate_jobs WHERE queue_name = 'email'") == 1
