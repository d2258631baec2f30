"""Every change of a password or an address voids all open tokens, ends other sessions and notifies the address."""

import asyncio
from collections.abc import Awaitable
from typing import Any

import psycopg
import pytest

from tests.api.accounts import (
    CHANGE,
    CHANGE_EMAIL,
    LOGIN,
    NEW_PASSWORD,
    PASSWORD,
    REQUEST,
    RESET,
    VERIFY,
    WHO,
    fingerprint,
    with_password,
)
from tests.api.conftest import Api, Posted
from tests.api.mailbox import token_in
from tests.waiting import until_blocked_by

RESEND = "mutation { resendVerification { email userErrors { code } } }"
DELETE = "mutation ($password: String!) { deleteAccount(input: {password: $password}) { deletesAt } }"


async def pending_change(posted: Posted, ada: int) -> str:
    """The token of a change of the address that waits for its proof."""
    api, mailbox = posted
    await api.run(CHANGE_EMAIL, viewer=ada, email="eve@example.org", password=PASSWORD)
    return token_in((await mailbox.emails(2))["eve@example.org"])


async def reset_token(posted: Posted) -> str:
    api, mailbox = posted
    await api.run(REQUEST, email="ada@example.org")
    return await mailbox.token("ada@example.org")


async def status_with(api: Api, token: str) -> int:
    return (await api.post({"query": WHO}, headers={"authorization": f"Bearer {token}"})).status_code


async def test_a_changed_password_voids_a_pending_change_of_the_address(posted: Posted) -> None:
    api, mailbox = posted
    ada = with_password(api, "ada")
    pending = await pending_change(posted, ada)
    await api.run(CHANGE, viewer=ada, old=PASSWORD, new=NEW_PASSWORD)
    assert (await mailbox.emails(1)).keys() == {"ada@example.org"}
    before = fingerprint(api)
    assert (await api.run(VERIFY, token=pending))["verifyEmail"] == {
        "email": None,
        "userErrors": [{"code": "BAD_USER_INPUT", "field": ["input", "token"]}],
    }
    assert fingerprint(api) == before


async def test_a_reset_password_voids_a_pending_change_of_the_address(posted: Posted) -> None:
    api, mailbox = posted
    ada = with_password(api, "ada")
    pending, reset = await pending_change(posted, ada), await reset_token(posted)
    assert (await api.run(RESET, token=reset, new=NEW_PASSWORD))["resetPassword"]["passwordReset"]
    assert (await mailbox.emails(1)).keys() == {"ada@example.org"}
    before = fingerprint(api)
    assert (await api.run(VERIFY, token=pending))["verifyEmail"]["email"] is None
    assert fingerprint(api) == before


async def test_a_deletion_voids_a_pending_change_of_the_address(posted: Posted) -> None:
    api, mailbox = posted
    ada = with_password(api, "ada")
    pending, reset = await pending_change(posted, ada), await reset_token(posted)
    await api.run(DELETE, viewer=ada, password=PASSWORD)
    assert (await mailbox.emails(1)).keys() == {"ada@example.org"}
    before = fingerprint(api)
    assert (await api.run(VERIFY, token=pending))["verifyEmail"] == {
        "email": None,
        "userErrors": [{"code": "BAD_USER_INPUT", "field": ["input", "token"]}],
    }
    assert not (await api.run(RESET, token=reset, new=NEW_PASSWORD))["resetPassword"]["passwordReset"]
    assert fingerprint(api) == before
    api.tokens[ada] = (await api.run(LOGIN, login="ada@example.org", password=PASSWORD))["login"]["token"]
    canceled = await api.run("mutation { cancelAccountDeletion { viewer { status email } } }", viewer=ada)
    assert canceled["cancelAccountDeletion"]["viewer"] == {"status": "ACTIVE", "email": "ada@example.org"}
    assert (await api.run(VERIFY, viewer=ada, token=pending))["verifyEmail"]["email"] is None


async def test_a_changed_address_ends_other_sessions_and_notifies_the_old_one(posted: Posted) -> None:
    api, mailbox = posted
    ada, ben = with_password(api, "ada"), api.factory.user("ben")
    pending = await pending_change(posted, ada)
    other, bens = api.factory.session(ada), api.factory.session(ben)
    assert (await api.run(VERIFY, viewer=ada, token=pending))["verifyEmail"]["email"] == "eve@example.org"
    ((receiver, notice),) = (await mailbox.emails(1)).items()
    assert (receiver, notice["Subject"]) == ("ada@example.org", "Your e-mail address was changed")
    assert [await status_with(api, token) for token in (api.tokens[ada], other, bens)] == [200, 401, 200]
    assert api.factory.scalar("SELECT count(*) FROM app.verification_tokens WHERE used_at IS NULL") == 0


async def test_a_changed_address_voids_reset_links_also_when_it_changes_back(posted: Posted) -> None:
    api, mailbox = posted
    ada = with_password(api, "ada")
    reset = await reset_token(posted)
    for old, new in (("ada@example.org", "eve@example.org"), ("eve@example.org", "ada@example.org")):
        await api.run(CHANGE_EMAIL, viewer=ada, email=new, password=PASSWORD)
        emails = await mailbox.emails(2)
        assert emails.keys() == {old, new}
        verified = (await api.run(VERIFY, viewer=ada, token=token_in(emails[new])))["verifyEmail"]
        assert verified == {"email": new, "userErrors": []}
        assert (await mailbox.emails(1)).keys() == {old}
    before = fingerprint(api)
    assert (await api.run(RESET, token=reset, new=NEW_PASSWORD))["resetPassword"] == {
        "passwordReset": False,
        "userErrors": [{"code": "BAD_USER_INPUT", "field": ["input", "token"]}],
    }
    assert fingerprint(api) == before


async def test_a_changed_address_ends_all_sessions_when_proven_signed_out(posted: Posted) -> None:
    api, _ = posted
    ada = with_password(api, "ada")
    pending = await pending_change(posted, ada)
    assert (await api.run(VERIFY, token=pending))["verifyEmail"]["email"] == "eve@example.org"
    assert await status_with(api, api.tokens[ada]) == 401


async def test_confirming_the_current_address_ends_no_session_and_sends_no_email(posted: Posted) -> None:
    api, mailbox = posted
    ada = with_password(api, "ada")
    await api.run(RESEND, viewer=ada)
    proof, reset = await mailbox.token("ada@example.org"), await reset_token(posted)
    assert (await api.run(VERIFY, token=proof))["verifyEmail"]["email"] == "ada@example.org"
    assert await status_with(api, api.tokens[ada]) == 200
    assert (await api.run(RESET, token=reset, new=NEW_PASSWORD))["resetPassword"]["passwordReset"]
    assert (await mailbox.emails(1))["ada@example.org"]["Subject"] == "Your password was changed"


async def meeting(api: Api, change: str, request: Awaitable[Any]) -> Any:
    """The answer to a request that waits for another transaction, which stores a change of ada's account."""
    with psycopg.connect(api.factory.connection.info.dsn) as other:
        other.execute(change.encode())
        asked = asyncio.ensure_future(request)
        await asyncio.to_thread(until_blocked_by, other)
        other.commit()
        return await asked


NEW_HASH = "UPDATE users SET password_hash = 'another' WHERE username = 'ada'"
DELETED = "UPDATE users SET status = 'deleted', deleted_at = now() WHERE username = 'ada'"
NEW_ADDRESS = "UPDATE users SET email = 'new@example.org' WHERE username = 'ada'"


@pytest.mark.parametrize(
    ("change", "query", "variables"),
    [
        (NEW_HASH, CHANGE_EMAIL, {"email": "eve@example.org", "password": PASSWORD}),
        (NEW_ADDRESS, CHANGE_EMAIL, {"email": "eve@example.org", "password": PASSWORD}),
        (NEW_ADDRESS, RESEND, {}),
        (NEW_HASH, DELETE, {"password": PASSWORD}),
    ],
)
async def test_a_request_that_meets_a_change_of_a_credential_stores_nothing(
    posted: Posted, change: str, query: str, variables: dict[str, str]
) -> None:
    api, mailbox = posted
    ada = with_password(api, "ada")
    answer = await meeting(api, change, api.post({"query": query, "variables": variables}, viewer=ada))
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (503, "OVERLOADED")
    assert api.factory.scalar("SELECT count(*) FROM app.verification_tokens") == 0
    assert api.factory.scalar("SELECT status::text FROM users") == "active"
    assert list(mailbox.folder.iterdir()) == []


@pytest.mark.parametrize(("query", "variables"), [(CHANGE_EMAIL, {"email": "eve@example.org"}), (RESEND, {})])
async def test_no_proof_is_issued_for_an_account_that_is_being_deleted(
    posted: Posted, query: str, variables: dict[str, str]
) -> None:
    api, mailbox = posted
    ada = with_password(api, "ada")
    given = {**variables, "password": PASSWORD} if variables else {}
    answer = await meeting(api, DELETED, api.post({"query": query, "variables": given}, viewer=ada))
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (503, "OVERLOADED")
    assert api.factory.scalar("SELECT count(*) FROM app.verification_tokens") == 0
    assert api.factory.scalar("SELECT status::text FROM users") == "deleted"
    assert list(mailbox.folder.iterdir()) == []


async def test_a_proof_that_meets_a_change_of_the_password_changes_no_address(posted: Posted) -> None:
    api, _ = posted
    ada = with_password(api, "ada")
    pending = await pending_change(posted, ada)
    void = f"{NEW_HASH}; UPDATE app.verification_tokens SET used_at = now()"
    answer = await meeting(api, void, api.run(VERIFY, token=pending))
    assert answer["verifyEmail"]["userErrors"] == [{"code": "BAD_USER_INPUT", "field": ["input", "token"]}]
    assert api.factory.scalar("SELECT email FROM users") == "ada@example.org"
    assert await status_with(api, api.tokens[ada]) == 200


async def test_a_reset_that_meets_a_change_of_the_address_changes_no_password(posted: Posted) -> None:
    api, _ = posted
    with_password(api, "ada")
    reset, old = await reset_token(posted), api.factory.scalar("SELECT password_hash FROM users")
    answer = await meeting(api, NEW_ADDRESS, api.run(RESET, token=reset, new=NEW_PASSWORD))
    assert answer["resetPassword"]["userErrors"] == [{"code": "BAD_USER_INPUT", "field": ["input", "token"]}]
    assert api.factory.scalar("SELECT password_hash FROM users") == old


async def test_a_reset_link_is_not_issued_for_an_address_that_is_changing(posted: Posted, empty_database: str) -> None:
    api, mailbox = posted
    with_password(api, "ada")
    await api.run(REQUEST, email="ada@example.org")
    with psycopg.connect(empty_database) as other:
        other.execute(NEW_ADDRESS.encode())
        writing = asyncio.create_task(mailbox.emails(0))
        await asyncio.to_thread(until_blocked_by, other)
        other.commit()
    assert await writing == {}
    assert api.factory.scalar("SELECT count(*) FROM app.verification_tokens") == 0
