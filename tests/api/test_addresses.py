"""E-mail addresses: proven by e-mails, and changed by who knows the password."""

import asyncio
from typing import Any

import pytest

from tests.api.accounts import (
    CHANGE_EMAIL,
    NEW_PASSWORD,
    PASSWORD,
    REGISTER,
    VERIFY,
    actions,
    fingerprint,
    with_password,
)
from tests.api.conftest import Posted
from tests.api.mailbox import token_in

RESEND = "mutation { resendVerification { email userErrors { code message } } }"
PENDING = "{ viewer { email pendingEmail } }"
ADA: dict[str, Any] = {"username": "ada", "email": "Ada@Example.org", "password": PASSWORD}


async def test_the_token_from_the_email_confirms_the_address_once(posted: Posted) -> None:
    api, mailbox = posted
    await api.run(REGISTER, **ADA)
    token = await mailbox.token("Ada@example.org")
    assert api.factory.scalar("SELECT expires_at - created_at = '24 hours' FROM app.verification_tokens")
    verified: Any = {"verifyEmail": {"email": "Ada@example.org", "userErrors": []}}
    refused = {"verifyEmail": {"email": None, "userErrors": [{"code": "BAD_USER_INPUT", "field": ["input", "token"]}]}}
    assert await api.run(VERIFY, token="x") == refused
    assert api.factory.scalar("SELECT email_verified FROM users") is False
    assert await api.run(VERIFY, token=token) == verified
    assert api.factory.scalar("SELECT email_verified FROM users") is True
    assert await api.run(VERIFY, token=token) == refused
    assert actions(api) == ["account_registered", "email_verified"]


async def test_a_verification_token_is_used_by_one_of_several_at_once(posted: Posted) -> None:
    api, mailbox = posted
    await api.run(REGISTER, **ADA)
    token = await mailbox.token("Ada@example.org")
    answers = await asyncio.gather(*(api.run(VERIFY, token=token) for _ in range(5)))
    assert sorted(len(answer["verifyEmail"]["userErrors"]) for answer in answers) == [0, 1, 1, 1, 1]


async def test_a_token_that_is_late_or_for_another_purpose_proves_nothing(posted: Posted) -> None:
    api, mailbox = posted
    await api.run(REGISTER, **ADA)
    token = await mailbox.token("Ada@example.org")
    for change in (
        "SET purpose = 'password_reset'",
        "SET purpose = 'email_verification', created_at = now() - interval '2 days', expires_at = now()",
    ):
        api.factory.connection.execute(f"UPDATE app.verification_tokens {change}".encode())
        assert (await api.run(VERIFY, token=token))["verifyEmail"]["email"] is None
    assert api.factory.scalar("SELECT email_verified FROM users") is False


async def test_another_verification_email_revokes_the_first_token(posted: Posted) -> None:
    api, mailbox = posted
    token = (await api.run(REGISTER, **ADA))["register"]["token"]
    ada = api.user("ada")
    api.tokens[ada] = token
    first = await mailbox.token("Ada@example.org")
    assert await api.run(RESEND, viewer=ada) == {"resendVerification": {"email": "Ada@example.org", "userErrors": []}}
    second = await mailbox.token("Ada@example.org")
    assert (await api.run(VERIFY, token=first))["verifyEmail"]["email"] is None
    data = await api.run(VERIFY.replace("}) {", "}) { __typename", 1), viewer=ada, token=second)
    assert data["verifyEmail"]["email"] == "Ada@example.org"
    refused = (await api.run(RESEND, viewer=ada))["resendVerification"]
    assert [error["code"] for error in refused["userErrors"]] == ["CONFLICT"]


async def test_verification_emails_to_one_address_are_limited(posted: Posted) -> None:
    api, mailbox = posted
    ada = api.factory.user("ada")
    for _ in range(5):
        assert (await api.run(RESEND, viewer=ada))["resendVerification"]["userErrors"] == []
        await mailbox.emails(1)
    (error,) = (await api.run(RESEND, viewer=ada))["resendVerification"]["userErrors"]
    assert error["code"] == "RATE_LIMITED"


async def test_a_new_address_holds_when_confirmed_and_the_old_one_is_notified(posted: Posted) -> None:
    api, mailbox = posted
    ada = with_password(api, "ada")
    assert await api.run(PENDING, viewer=ada) == {"viewer": {"email": "ada@example.org", "pendingEmail": None}}
    data = await api.run(CHANGE_EMAIL, viewer=ada, email="new@example.org", password=PASSWORD)
    assert data == {"changeEmail": {"pendingEmail": "new@example.org", "userErrors": []}}
    waiting = {"viewer": {"email": "ada@example.org", "pendingEmail": "new@example.org"}}
    assert await api.run(PENDING, viewer=ada) == waiting
    ben = api.factory.user("ben")
    assert await api.run(PENDING, viewer=ben) == {"viewer": {"email": "ben@example.org", "pendingEmail": None}}
    emails = await mailbox.emails(2)
    told = emails["ada@example.org"].get_body(("plain",))
    assert told is not None
    assert "new@example.org" in told.get_content()
    token = token_in(emails["new@example.org"])
    assert token not in told.get_content()
    changed = "mutation ($token: String!) { verifyEmail(input: {token: $token}) { email } }"
    assert await api.run(changed, viewer=ada, token=token) == {"verifyEmail": {"email": "new@example.org"}}
    assert api.factory.scalar("SELECT email || ' ' || email_verified FROM users WHERE id = %s", ada) == (
        "new@example.org true"
    )
    assert await api.run(PENDING, viewer=ada) == {"viewer": {"email": "new@example.org", "pendingEmail": None}}
    assert actions(api, ada) == ["email_change_requested", "email_changed"]


async def test_an_address_that_was_not_confirmed_in_time_waits_no_more(posted: Posted) -> None:
    api, _ = posted
    ada = with_password(api, "ada")
    await api.run(RESEND, viewer=ada)  # a token of the address that the account has
    asked = CHANGE_EMAIL.replace("pendingEmail", "pendingEmail viewer { pendingEmail }", 1)
    for email in ("one@example.org", "two@example.org"):
        data = (await api.run(asked, viewer=ada, email=email, password=PASSWORD))["changeEmail"]
        assert data == {"pendingEmail": email, "viewer": {"pendingEmail": email}, "userErrors": []}
    assert (await api.run(PENDING, viewer=ada))["viewer"]["pendingEmail"] == "two@example.org"
    api.factory.connection.execute("UPDATE users SET status = 'suspended' WHERE id = %s", [ada])
    assert (await api.run(PENDING, viewer=ada))["viewer"]["pendingEmail"] == "two@example.org"
    late = "SET created_at = now() - interval '2 days', expires_at = now()"
    api.factory.connection.execute(f"UPDATE app.verification_tokens {late}".encode())
    assert await api.run(PENDING, viewer=ada) == {"viewer": {"email": "ada@example.org", "pendingEmail": None}}


async def test_an_older_token_does_not_restore_the_old_address(posted: Posted) -> None:
    api, mailbox = posted
    ada = with_password(api, "ada")
    await api.run(RESEND, viewer=ada)
    old = await mailbox.token("ada@example.org")
    await api.run(CHANGE_EMAIL, viewer=ada, email="new@example.org", password=PASSWORD)
    new = token_in((await mailbox.emails(2))["new@example.org"])
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
    api, mailbox = posted
    ada = with_password(api, "ada")
    api.factory.user("ben")
    api.tokens[ada] = api.factory.session(ada)
    before = fingerprint(api)
    data = await api.run(CHANGE_EMAIL, viewer=ada, email=email, password=password)
    assert data == {"changeEmail": {"pendingEmail": None, "userErrors": [error]}}
    assert fingerprint(api) == before
    assert list(mailbox.folder.iterdir()) == []


async def test_an_address_that_somebody_took_meanwhile_is_not_changed_to(posted: Posted) -> None:
    api, mailbox = posted
    ada = with_password(api, "ada")
    await api.run(CHANGE_EMAIL, viewer=ada, email="ben@example.org", password=PASSWORD)
    token = token_in((await mailbox.emails(2))["ben@example.org"])
    api.factory.user("ben")
    before = fingerprint(api)
    data = await api.run(VERIFY, token=token)
    assert data["verifyEmail"]["userErrors"] == [{"code": "DUPLICATE_EMAIL", "field": ["input", "token"]}]
    assert fingerprint(api) == before


async def test_the_viewer_in_the_same_request_sees_the_proof(posted: Posted) -> None:
    api, mailbox = posted
    api.tokens[0] = (await api.run(REGISTER, **ADA))["register"]["token"]
    api.tokens[api.user("ada")] = api.tokens[0]
    token = await mailbox.token("Ada@example.org")
    ada = api.user("ada")
    await api.run(VERIFY, viewer=ada, token=token)
    assert await api.run("{ viewer { emailVerified } }", viewer=ada) == {"viewer": {"emailVerified": True}}


async def test_changes_of_the_address_send_no_end_of_emails(posted: Posted) -> None:
    api, mailbox = posted
    ada = with_password(api, "ada")
    change = CHANGE_EMAIL.replace("code field", "code field ... on RateLimitedError { retryAfter }")
    for number in range(5):
        data = await api.run(change, viewer=ada, email=f"{number}@example.org", password=PASSWORD)
        assert data["changeEmail"]["userErrors"] == []
        await mailbox.emails(2)
    before = fingerprint(api)
    (error,) = (await api.run(change, viewer=ada, email="5@example.org", password=PASSWORD))["changeEmail"][
        "userErrors"
    ]
    assert error["code"] == "RATE_LIMITED"
    assert 3590 <= error["retryAfter"] <= 3600
    assert fingerprint(api) == before


async def test_a_stranger_keeps_nobody_from_joining_or_confirming(posted: Posted) -> None:
    """Somebody asks for e-mails to another person's address until no more of that kind go there."""
    api, mailbox = posted
    eve = with_password(api, "eve")
    for _ in range(5):
        await api.run(CHANGE_EMAIL, viewer=eve, email="ada@example.org", password=PASSWORD)
        await mailbox.emails(2)
    joined = (await api.run(REGISTER, username="ada", email="ada@example.org", password=PASSWORD))["register"]
    assert joined["viewer"]["username"] == "ada"
    for _ in range(6):
        await api.run("""mutation { requestPasswordReset(input: {email: "ben@example.org"}) { accepted } }""")
    ben = api.factory.user("ben")
    assert (await api.run(RESEND, viewer=ben))["resendVerification"]["userErrors"] == []
