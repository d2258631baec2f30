"""Passwords: changed by those who know them, reset by a token from an e-mail, and not guessable."""

import asyncio
from typing import Any

import psycopg
import pytest

from api.accounts.passwords import Passwords
from db.errors import OverloadedError
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
    actions,
    fingerprint,
    with_password,
)
from tests.api.conftest import Api, Posted
from tests.api.mailbox import token_in
from tests.waiting import until_blocked_by

ACCEPTED: Any = {"requestPasswordReset": {"accepted": True, "userErrors": []}}


async def lets_in(api: Api, password: str, login: str = "ada") -> bool:
    return (await api.run(LOGIN, login=login, password=password))["login"]["token"] is not None


async def test_a_changed_password_ends_all_sessions_but_this_one(posted: Posted) -> None:
    api, mailbox = posted
    ada = with_password(api, "ada")
    api.tokens[ada], other = api.factory.session(ada), api.factory.session(ada)
    data = await api.run(CHANGE, viewer=ada, old=PASSWORD, new=NEW_PASSWORD)
    assert data == {"changePassword": {"revokedCount": 1, "userErrors": []}}
    assert await api.run(WHO, viewer=ada) == {"viewer": {"username": "ada"}}
    assert (await api.post({"query": WHO}, headers={"authorization": f"Bearer {other}"})).status_code == 401
    assert (await mailbox.emails(1)).keys() == {"ada@example.org"}
    assert await lets_in(api, NEW_PASSWORD)
    assert not await lets_in(api, PASSWORD)
    assert actions(api, ada) == ["password_changed", "login", "login_failed"]


async def test_changes_of_the_password_send_no_end_of_emails(posted: Posted) -> None:
    api, _ = posted
    ada, words = with_password(api, "ada"), [PASSWORD, NEW_PASSWORD]
    for number in range(5):
        data = await api.run(CHANGE, viewer=ada, old=words[number % 2], new=words[1 - number % 2])
        assert data["changePassword"]["userErrors"] == []
    before = fingerprint(api)
    data = await api.run(CHANGE, viewer=ada, old=words[1], new=words[0])
    assert [error["code"] for error in data["changePassword"]["userErrors"]] == ["RATE_LIMITED"]
    assert fingerprint(api) == before


SLOW_COMMIT = """
CREATE FUNCTION app.wait_at_commit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(1);
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER wait_at_commit AFTER INSERT ON app.audit_log DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION app.wait_at_commit();
"""


async def test_no_notice_waits_of_a_change_that_a_disconnect_during_commit_undid(posted: Posted) -> None:
    """The notice is stored with the change, or not at all."""
    api, mailbox = posted
    ada = with_password(api, "ada")
    api.factory.connection.execute(SLOW_COMMIT)
    with psycopg.connect(api.factory.connection.info.dsn) as holder:
        holder.execute("SELECT pg_advisory_lock(1)")
        variables = {"old": PASSWORD, "new": NEW_PASSWORD}
        changing = asyncio.create_task(api.post({"query": CHANGE, "variables": variables}, viewer=ada))
        await asyncio.to_thread(until_blocked_by, holder)
        changing.cancel()
        await asyncio.wait([changing])
    assert await lets_in(api, PASSWORD)
    assert await mailbox.emails(0) == {}


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        (NEW_PASSWORD, NEW_PASSWORD, {"code": "INVALID_CREDENTIALS", "field": ["input", "currentPassword"]}),
        (PASSWORD, "short", {"code": "BAD_USER_INPUT", "field": ["input", "newPassword"]}),
        (PASSWORD, "iloveyou1234", {"code": "BAD_USER_INPUT", "field": ["input", "newPassword"]}),
        (PASSWORD, "some ADA words here", {"code": "BAD_USER_INPUT", "field": ["input", "newPassword"]}),
    ],
)
async def test_a_password_is_not_changed_without_the_old_one_or_to_a_bad_one(
    api: Api, old: str, new: str, error: dict[str, Any]
) -> None:
    ada = with_password(api, "ada")
    api.tokens[ada] = api.factory.session(ada)
    api.factory.session(ada)
    before = fingerprint(api)
    assert await api.run(CHANGE, viewer=ada, old=old, new=new) == {
        "changePassword": {"revokedCount": None, "userErrors": [error]}
    }
    assert fingerprint(api) == before


async def test_a_reset_token_replaces_the_password_once(posted: Posted) -> None:
    api, mailbox = posted
    ada = with_password(api, "ada")
    assert await api.run(REQUEST, email="ADA@example.org") == ACCEPTED
    token = await mailbox.token("ada@example.org")
    assert api.factory.scalar("SELECT expires_at - created_at = '1 hour' FROM app.verification_tokens")
    refused = {"code": "BAD_USER_INPUT", "field": ["input", "newPassword"]}
    assert (await api.run(RESET, token=token, new="ada and others"))["resetPassword"]["userErrors"] == [refused]
    done: Any = {"resetPassword": {"passwordReset": True, "userErrors": []}}
    assert await api.run(RESET, viewer=ada, token=token, new=NEW_PASSWORD) == done
    assert (await mailbox.emails(1)).keys() == {"ada@example.org"}
    assert (await api.post({"query": WHO}, viewer=ada)).status_code == 401
    assert api.factory.scalar("SELECT email_verified FROM users") is True
    before = fingerprint(api)
    stale = {"code": "BAD_USER_INPUT", "field": ["input", "token"]}
    for stolen in (token, "x"):
        assert (await api.run(RESET, token=stolen, new=PASSWORD))["resetPassword"]["userErrors"] == [stale]
    assert fingerprint(api) == before
    assert await lets_in(api, NEW_PASSWORD)
    assert actions(api, ada)[:2] == ["password_reset_requested", "password_reset"]


async def test_a_reset_token_is_used_by_one_of_several_at_once(posted: Posted) -> None:
    api, mailbox = posted
    with_password(api, "ada")
    await api.run(REQUEST, email="ada@example.org")
    token = await mailbox.token("ada@example.org")
    answers = await asyncio.gather(*(api.run(RESET, token=token, new=f"{NEW_PASSWORD} {n}") for n in range(4)))
    assert sorted(answer["resetPassword"]["passwordReset"] for answer in answers) == [False, False, False, True]


async def test_a_reset_link_sent_to_a_former_address_does_not_work(posted: Posted) -> None:
    api, mailbox = posted
    with_password(api, "ada")
    await api.run(REQUEST, email="ada@example.org")
    token = await mailbox.token("ada@example.org")
    api.factory.connection.execute("UPDATE users SET email = 'new@example.org'")
    before = fingerprint(api)
    assert not (await api.run(RESET, token=token, new=NEW_PASSWORD))["resetPassword"]["passwordReset"]
    assert fingerprint(api) == before


async def test_a_changed_address_revokes_the_tokens_sent_to_the_old_one(posted: Posted) -> None:
    api, mailbox = posted
    ada = with_password(api, "ada")
    await api.run(REQUEST, email="ada@example.org")
    token = await mailbox.token("ada@example.org")
    await api.run(CHANGE_EMAIL, viewer=ada, email="new@example.org", password=PASSWORD)
    proof = token_in((await mailbox.emails(2))["new@example.org"])
    assert (await api.run(VERIFY, token=proof))["verifyEmail"]["email"] == "new@example.org"
    assert not (await api.run(RESET, token=token, new=NEW_PASSWORD))["resetPassword"]["passwordReset"]
    assert await lets_in(api, PASSWORD)


async def test_a_changed_password_revokes_all_tokens_from_emails(posted: Posted) -> None:
    api, mailbox = posted
    ada = with_password(api, "ada")
    await api.run(REQUEST, email="ada@example.org")
    token = await mailbox.token("ada@example.org")
    await api.run(CHANGE, viewer=ada, old=PASSWORD, new=NEW_PASSWORD)
    assert not (await api.run(RESET, token=token, new=PASSWORD))["resetPassword"]["passwordReset"]
    assert not await lets_in(api, PASSWORD)


async def test_the_response_does_not_reveal_whether_there_is_an_account(posted: Posted) -> None:
    """What differs is done when the answer has left: the request itself runs the same statement for everybody."""
    api, mailbox = posted
    with_password(api, "ada")
    with_password(api, "gone")
    api.factory.connection.execute(
        "UPDATE users SET status = 'deleted', deleted_at = now() - interval '31 days' WHERE username = 'gone'"
    )
    for email in ("nobody@example.org", "gone@example.org", "ada@example.org"):
        assert await api.run(REQUEST, email=email) == ACCEPTED
        assert api.statements == ["enqueue_job"]
    await mailbox.token("ada@example.org")
    assert list(mailbox.folder.iterdir()) == list(mailbox.seen)
    assert api.factory.scalar("SELECT count(*) FROM app.verification_tokens") == 1


async def test_reset_emails_to_one_address_are_limited_silently(posted: Posted) -> None:
    api, mailbox = posted
    with_password(api, "ada")
    for _ in range(7):
        assert await api.run(REQUEST, email="ada@example.org") == ACCEPTED
    assert mailbox.send is not None
    await mailbox.send()
    assert len(list(mailbox.folder.glob("*.eml"))) == 5


async def test_hashes_wait_in_a_line_that_has_an_end() -> None:
    passwords = Passwords(at_once=1, most_waiting=2)
    first = [asyncio.create_task(passwords.hash(PASSWORD)) for _ in range(3)]
    await asyncio.sleep(0)
    with pytest.raises(OverloadedError):
        await passwords.hash(PASSWORD)
    hashes = await asyncio.gather(*first)
    assert len(set(hashes)) == 3
    assert await passwords.verify(hashes[0], PASSWORD)


async def test_a_login_that_meets_a_change_of_the_password_opens_no_session(api: Api) -> None:
    """It has checked the old password when the new one is stored: both transactions want the user's row."""
    ada = with_password(api, "ada")
    with psycopg.connect(api.factory.connection.info.dsn) as other:
        other.execute("UPDATE users SET password_hash = 'another' WHERE id = %s", (ada,))
        body = {"query": LOGIN, "variables": {"login": "ada", "password": PASSWORD}}
        login = asyncio.create_task(api.post(body))
        await asyncio.to_thread(until_blocked_by, other)
        other.commit()
        answer = await login
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (503, "OVERLOADED")
    assert api.factory.scalar("SELECT count(*) FROM app.sessions") == 0


async def test_a_change_of_the_password_that_meets_another_one_changes_nothing(api: Api) -> None:
    ada = with_password(api, "ada")
    with psycopg.connect(api.factory.connection.info.dsn) as other:
        other.execute("UPDATE users SET password_hash = 'another' WHERE id = %s", (ada,))
        body = {"query": CHANGE, "variables": {"old": PASSWORD, "new": NEW_PASSWORD}}
        change = asyncio.create_task(api.post(body, viewer=ada))
        await asyncio.to_thread(until_blocked_by, other)
        other.commit()
        answer = await change
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (503, "OVERLOADED")
    assert api.factory.scalar("SELECT password_hash FROM users") == "another"
