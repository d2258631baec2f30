"""Joining: all that belongs to an account or nothing, and addresses that are proven by letters."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from tests.api.accounts import (
    CHANGE_EMAIL,
    NEW_PASSWORD,
    PASSWORD,
    REGISTER,
    VERIFY,
    WHO,
    actions,
    fingerprint,
    with_password,
)
from tests.api.conftest import Api, api_over
from tests.api.letterbox import Letterbox, token_in

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


async def test_of_many_who_want_one_name_at_once_one_gets_it(api: Api) -> None:
    answers = await asyncio.gather(
        *(api.run(REGISTER, username="ada", email=f"{n}@example.org", password=PASSWORD) for n in range(6))
    )
    codes = sorted(error["code"] for answer in answers for error in answer["register"]["userErrors"])
    assert codes == ["DUPLICATE_USERNAME"] * 5
    assert stored(api)["users"] == stored(api)["user_profiles"] == stored(api)["app.sessions"] == 1


@pytest.fixture
async def posted(empty_database: str, tmp_path: Path) -> Any:
    """The API, and the letters that it writes."""
    async with api_over(empty_database, settings={"mail_url": f"file:{tmp_path}"}) as api:
        yield api, Letterbox(tmp_path)


Posted = tuple[Api, Letterbox]


async def test_the_letter_proves_the_address_once(posted: Posted) -> None:
    api, letterbox = posted
    await api.run(REGISTER, **ADA)
    token = await letterbox.token("Ada@example.org")
    assert api.factory.scalar("SELECT expires_at - created_at = '24 hours' FROM app.verification_tokens")
    verified: Any = {"verifyEmail": {"email": "Ada@example.org", "userErrors": []}}
    refused = {"verifyEmail": {"email": None, "userErrors": [{"code": "BAD_USER_INPUT", "field": ["input", "token"]}]}}
    assert await api.run(VERIFY, token="x") == refused
    assert api.factory.scalar("SELECT email_verified FROM users") is False
    assert await api.run(VERIFY, token=token) == verified
    assert api.factory.scalar("SELECT email_verified FROM users") is True
    assert await api.run(VERIFY, token=token) == refused
    assert actions(api) == ["account_registered", "email_verified"]


async def test_a_letter_can_be_used_by_one_of_several_at_once(posted: Posted) -> None:
    api, letterbox = posted
    await api.run(REGISTER, **ADA)
    token = await letterbox.token("Ada@example.org")
    answers = await asyncio.gather(*(api.run(VERIFY, token=token) for _ in range(5)))
    assert sorted(len(answer["verifyEmail"]["userErrors"]) for answer in answers) == [0, 1, 1, 1, 1]


async def test_a_token_that_is_late_or_for_another_purpose_proves_nothing(posted: Posted) -> None:
    api, letterbox = posted
    await api.run(REGISTER, **ADA)
    token = await letterbox.token("Ada@example.org")
    for change in (
        "SET purpose = 'password_reset'",
        "SET purpose = 'email_verification', created_at = now() - interval '2 days', expires_at = now()",
    ):
        api.factory.connection.execute(f"UPDATE app.verification_tokens {change}".encode())
        assert (await api.run(VERIFY, token=token))["verifyEmail"]["email"] is None
    assert api.factory.scalar("SELECT email_verified FROM users") is False


async def test_another_letter_makes_the_first_one_worthless(posted: Posted) -> None:
    api, letterbox = posted
    token = (await api.run(REGISTER, **ADA))["register"]["token"]
    ada = api.user("ada")
    api.tokens[ada] = token
    first = await letterbox.token("Ada@example.org")
    assert await api.run(RESEND, viewer=ada) == {"resendVerification": {"email": "Ada@example.org", "userErrors": []}}
    second = await letterbox.token("Ada@example.org")
    assert (await api.run(VERIFY, token=first))["verifyEmail"]["email"] is None
    data = await api.run(VERIFY.replace("}) {", "}) { __typename", 1), viewer=ada, token=second)
    assert data["verifyEmail"]["email"] == "Ada@example.org"
    refused = (await api.run(RESEND, viewer=ada))["resendVerification"]
    assert [error["code"] for error in refused["userErrors"]] == ["CONFLICT"]


async def test_letters_to_one_address_come_to_an_end(posted: Posted) -> None:
    api, letterbox = posted
    ada = api.factory.user("ada")
    for _ in range(5):
        assert (await api.run(RESEND, viewer=ada))["resendVerification"]["userErrors"] == []
        await letterbox.letters(1)
    (error,) = (await api.run(RESEND, viewer=ada))["resendVerification"]["userErrors"]
    assert error["code"] == "RATE_LIMITED"


async def test_a_new_address_holds_when_it_is_proven_and_the_old_one_is_told(posted: Posted) -> None:
    api, letterbox = posted
    ada = with_password(api, "ada")
    data = await api.run(CHANGE_EMAIL, viewer=ada, email="new@example.org", password=PASSWORD)
    assert data == {"changeEmail": {"pendingEmail": "new@example.org", "userErrors": []}}
    assert api.factory.scalar("SELECT email FROM users") == "ada@example.org"
    letters = await letterbox.letters(2)
    told = letters["ada@example.org"].get_body(("plain",))
    assert told is not None
    assert "new@example.org" in told.get_content()
    token = token_in(letters["new@example.org"])
    assert token not in told.get_content()
    changed = "mutation ($token: String!) { verifyEmail(input: {token: $token}) { email } }"
    assert await api.run(changed, viewer=ada, token=token) == {"verifyEmail": {"email": "new@example.org"}}
    assert api.factory.scalar("SELECT email || ' ' || email_verified FROM users") == "new@example.org true"
    assert actions(api, ada) == ["email_change_requested", "email_changed"]


async def test_an_older_letter_does_not_bring_the_old_address_back(posted: Posted) -> None:
    api, letterbox = posted
    ada = with_password(api, "ada")
    await api.run(RESEND, viewer=ada)
    old = await letterbox.token("ada@example.org")
    await api.run(CHANGE_EMAIL, viewer=ada, email="new@example.org", password=PASSWORD)
    new = token_in((await letterbox.letters(2))["new@example.org"])
    assert (await api.run(VERIFY, token=old))["verifyEmail"]["email"] is None
    assert (await api.run(VERIFY, token=new))["verifyEmail"]["email"] == "new@example.org"


@pytest.mark.parametrize(
    ("email", "password", "error"),
    [
        ("BEN@example.org", PASSWORD, {"code": "DUPLICATE_EMAIL", "field": ["input", "email"]}),
        ("new@example.org", NEW_PASSWORD, {"code": "INVALID_CREDENTIALS", "field": ["input", "password"]}),
        ("new", PASSWORD, {"code": "BAD_USER_INPUT", "field": ["input", "email"]}),
    ],
)
async def test_an_address_is_not_changed_without_the_password_or_to_somebody_elses(
    posted: Posted, email: str, password: str, error: dict[str, Any]
) -> None:
    api, letterbox = posted
    ada = with_password(api, "ada")
    api.factory.user("ben")
    api.tokens[ada] = api.factory.session(ada)
    before = fingerprint(api)
    data = await api.run(CHANGE_EMAIL, viewer=ada, email=email, password=password)
    assert data == {"changeEmail": {"pendingEmail": None, "userErrors": [error]}}
    assert fingerprint(api) == before
    assert list(letterbox.folder.iterdir()) == []


async def test_an_address_that_somebody_took_meanwhile_is_not_changed_to(posted: Posted) -> None:
    api, letterbox = posted
    ada = with_password(api, "ada")
    await api.run(CHANGE_EMAIL, viewer=ada, email="ben@example.org", password=PASSWORD)
    token = token_in((await letterbox.letters(2))["ben@example.org"])
    api.factory.user("ben")
    before = fingerprint(api)
    data = await api.run(VERIFY, token=token)
    assert data["verifyEmail"]["userErrors"] == [{"code": "DUPLICATE_EMAIL", "field": ["input", "token"]}]
    assert fingerprint(api) == before


async def test_the_viewer_in_the_same_request_sees_the_proof(posted: Posted) -> None:
    api, letterbox = posted
    api.tokens[0] = (await api.run(REGISTER, **ADA))["register"]["token"]
    api.tokens[api.user("ada")] = api.tokens[0]
    token = await letterbox.token("Ada@example.org")
    ada = api.user("ada")
    await api.run(VERIFY, viewer=ada, token=token)
    assert await api.run("{ viewer { emailVerified } }", viewer=ada) == {"viewer": {"emailVerified": True}}


def person(number: int, **given: str) -> dict[str, Any]:
    return {"username": f"person_{number}", "email": f"{number}@example.org", "password": PASSWORD, **given}


JOIN = REGISTER.replace("userErrors { __typename code", "userErrors { ... on RateLimitedError { retryAfter } code")


async def test_registrations_from_one_address_come_to_an_end(empty_database: str, tmp_path: Path) -> None:
    settings = {"mail_url": f"file:{tmp_path}", "registrations_per_address": 2}
    async with api_over(empty_database, settings=settings) as api:
        for number in range(2):
            assert (await api.run(JOIN, **person(number)))["register"]["userErrors"] == []
        before = fingerprint(api)
        (error,) = (await api.run(JOIN, **person(2)))["register"]["userErrors"]
        assert (error["code"], error["field"]) == ("RATE_LIMITED", [])
        assert 3590 <= error["retryAfter"] <= 3600
        assert fingerprint(api) == before
        assert (await Letterbox(tmp_path).letters(2)).keys() == {"0@example.org", "1@example.org"}
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


async def test_changes_of_the_address_send_no_end_of_emails(posted: Posted) -> None:
    api, letterbox = posted
    ada = with_password(api, "ada")
    change = CHANGE_EMAIL.replace("code field", "code field ... on RateLimitedError { retryAfter }")
    for number in range(5):
        data = await api.run(change, viewer=ada, email=f"{number}@example.org", password=PASSWORD)
        assert data["changeEmail"]["userErrors"] == []
        await letterbox.letters(2)
    before = fingerprint(api)
    (error,) = (await api.run(change, viewer=ada, email="5@example.org", password=PASSWORD))["changeEmail"][
        "userErrors"
    ]
    assert error["code"] == "RATE_LIMITED"
    assert 3590 <= error["retryAfter"] <= 3600
    assert fingerprint(api) == before


async def test_a_stranger_keeps_nobody_from_joining_or_confirming(posted: Posted) -> None:
    """Somebody asks for e-mails to another person's address until no more of that kind go there."""
    api, letterbox = posted
    eve = with_password(api, "eve")
    for _ in range(5):
        await api.run(CHANGE_EMAIL, viewer=eve, email="ada@example.org", password=PASSWORD)
        await letterbox.letters(2)
    joined = (await api.run(REGISTER, username="ada", email="ada@example.org", password=PASSWORD))["register"]
    assert joined["viewer"]["username"] == "ada"
    for _ in range(6):
        await api.run("""mutation { requestPasswordReset(input: {email: "ben@example.org"}) { accepted } }""")
    ben = api.factory.user("ben")
    assert (await api.run(RESEND, viewer=ben))["resendVerification"]["userErrors"] == []
