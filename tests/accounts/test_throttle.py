"""Who may guess how often, in memory and in a Redis server that outlives the process."""

import asyncio
import time
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from api.accounts import throttle as module
from api.accounts.throttle import Throttle, ThrottleLimits
from db.errors import DuplicateEmailError, OverloadedError, RateLimitedError
from tests.redis import redis_server, silent_server

HOME, CAFE = "192.0.2.1", "198.51.100.7"


async def guess(throttle: Throttle, account: str, address: str, *, right: bool = False) -> int:
    """One guess: 0 when it was let through, else for how long it was refused."""
    try:
        async with throttle.attempt(account, address, known=True) as attempt:
            attempt.passed = right
    except RateLimitedError as error:
        return error.retry_after
    return 0


@pytest.fixture(params=["memory", "redis"])
async def throttle(request: pytest.FixtureRequest) -> AsyncGenerator[Throttle]:
    url = request.getfixturevalue("redis_url") if request.param == "redis" else None
    opened = Throttle(ThrottleLimits(per_account_and_address=3, per_address=5), url)
    yield opened
    await opened.close()


async def test_an_account_at_one_address_is_blocked_after_too_many_guesses(throttle: Throttle) -> None:
    assert [await guess(throttle, "ada", HOME) for _ in range(3)] == [0, 0, 0]
    assert 3590 <= await guess(throttle, "ada", HOME, right=True) <= 3600
    assert 3590 <= await guess(throttle, " ADA ", HOME) <= 3600
    assert await guess(throttle, "ben", HOME) == 0
    assert await guess(throttle, "ada", CAFE) == 0


async def test_an_address_has_so_many_guesses_for_all_accounts_together(throttle: Throttle) -> None:
    assert [await guess(throttle, f"somebody{n}", HOME) for n in range(5)] == [0] * 5
    assert await guess(throttle, "ada", HOME, right=True) >= 3590
    assert await guess(throttle, "ada", CAFE, right=True) == 0


async def test_a_right_guess_clears_the_account_and_not_the_address(throttle: Throttle) -> None:
    for _ in range(2):
        assert [await guess(throttle, "ada", HOME) for _ in range(2)] == [0, 0]
        assert await guess(throttle, "ada", HOME, right=True) == 0
    assert await guess(throttle, "ada", HOME) == 0
    assert await guess(throttle, "ada", HOME) >= 3590


async def test_guesses_at_once_are_counted_one_by_one(throttle: Throttle) -> None:
    refused = await asyncio.gather(*(guess(throttle, f"somebody{n}", HOME) for n in range(50)))
    assert refused.count(0) == 5


async def test_what_was_not_decided_is_not_counted(throttle: Throttle) -> None:
    for _ in range(10):
        with pytest.raises(OverloadedError):
            async with throttle.attempt("ada", HOME, known=True):
                raise OverloadedError
        async with throttle.attempt("ada", HOME, known=True):
            pass
    assert await guess(throttle, "ada", HOME) == 0


async def test_emails_to_one_receiver_are_counted_by_their_purpose(throttle: Throttle) -> None:
    assert [await throttle.receiver("ada@example.org", "reset") for _ in range(5)] == [0] * 5
    assert 3590 <= await throttle.receiver("Ada@example.org", "reset") <= 3600
    assert await throttle.receiver("ada@example.org", "proof") == 0
    assert await throttle.receiver("ben@example.org", "reset") == 0


async def test_emails_are_counted_by_the_address_and_the_account_that_ask(throttle: Throttle) -> None:
    async def ask(address: str, account: int | None = None) -> int:
        try:
            await throttle.sender(address, account)
        except RateLimitedError as error:
            return error.retry_after
        return 0

    assert [await ask(f"192.0.2.{n}", 1) for n in range(10, 15)] == [0] * 5
    assert 3590 <= await ask(CAFE, 1) <= 3600
    assert [await ask(CAFE, 2), await ask(CAFE)] == [0, 0]
    assert [await ask(HOME) for _ in range(30)] == [0] * 30
    assert 3590 <= await ask(HOME) <= 3600


async def register(throttle: Throttle, address: str, *, taken: bool = False) -> int:
    try:
        async with throttle.registration(address):
            if taken:
                raise DuplicateEmailError  # noqa: TRY301  # the database's part
    except DuplicateEmailError:
        return -1
    except RateLimitedError as error:
        return error.retry_after
    return 0


async def test_registrations_of_one_address_are_counted_one_by_one(throttle: Throttle) -> None:
    answers = await asyncio.gather(*(register(throttle, HOME) for _ in range(14)))
    assert answers.count(0) == 10
    assert all(3590 <= seconds <= 3600 for seconds in answers if seconds)
    assert await register(throttle, CAFE) == 0


async def test_taken_addresses_are_counted_like_wrong_passwords(throttle: Throttle) -> None:
    answers = await asyncio.gather(*(register(throttle, HOME, taken=True) for _ in range(8)))
    assert sorted(answers)[:5] == [-1] * 5
    assert all(3590 <= seconds <= 3600 for seconds in sorted(answers)[5:])
    with pytest.raises(RateLimitedError):
        async with throttle.email_change(1, HOME):
            pass
    assert await guess(throttle, "ada", HOME) == 0
    assert await register(throttle, CAFE) == 0


async def test_taken_addresses_are_counted_by_account_wherever_it_asks(throttle: Throttle) -> None:
    for n in range(5):
        with pytest.raises(DuplicateEmailError):
            async with throttle.email_change(1, f"192.0.2.{n}"):
                raise DuplicateEmailError
    with pytest.raises(RateLimitedError):
        async with throttle.email_change(1, CAFE):
            pass
    async with throttle.email_change(2, CAFE):
        pass


async def test_too_many_who_wait_at_one_address_are_refused_and_nobody_elsewhere() -> None:
    throttle = Throttle(ThrottleLimits(most_waiting=1))
    async with throttle.turn(HOME):
        with pytest.raises(OverloadedError):
            await guess(throttle, "ada", HOME)
        assert await guess(throttle, "ada", CAFE) == 0
    assert await guess(throttle, "ada", HOME) == 0


async def test_an_account_alone_only_gets_slower_and_not_for_its_owner() -> None:
    """Each failure comes from another address, so that none of them is refused."""
    throttle = Throttle(ThrottleLimits(per_account_and_address=3))
    for n in range(3):
        assert await guess(throttle, "ada", f"192.0.2.{n}") == 0
    loop = asyncio.get_running_loop()
    order: list[str] = []

    async def attempt(name: str, account: str, address: str, *, known: bool = False) -> float:
        started = loop.time()
        async with throttle.attempt(account, address, known=known) as made:
            made.passed = True
        order.append(name)
        return loop.time() - started

    slow = asyncio.create_task(attempt("slow", "ada", "203.0.113.1"))
    await asyncio.sleep(0)
    await attempt("owner", "ada", "203.0.113.2", known=True)
    await attempt("somebody else", "ben", "203.0.113.3")
    waited = await slow
    assert order == ["owner", "somebody else", "slow"]
    assert waited >= 0.25


async def test_redis_remembers_over_a_restart_and_for_other_processes(redis_url: str) -> None:
    limits = ThrottleLimits(per_account_and_address=2)
    before = Throttle(limits, redis_url)
    beside = Throttle(limits, redis_url)
    assert await guess(before, "ada", HOME) == 0
    assert await guess(beside, "ada", HOME) == 0
    await before.close()
    await beside.close()
    after = Throttle(limits, redis_url)
    assert await guess(after, "ada", HOME, right=True) >= 3590
    await after.close()


async def test_while_redis_is_away_each_process_counts_for_itself(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    throttle = Throttle(ThrottleLimits(per_account_and_address=2), f"redis+unix://{tmp_path}/nobody")
    assert [await guess(throttle, "ada", HOME) for _ in range(2)] == [0, 0]
    assert await guess(throttle, "ada", HOME) >= 3590
    assert "Redis does not answer" in caplog.text
    await throttle.close()


async def test_a_silent_redis_is_waited_for_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with silent_server(tmp_path) as url:
        throttle = Throttle(ThrottleLimits(per_account_and_address=2), url)
        started = time.monotonic()
        assert [await guess(throttle, "ada", HOME) for _ in range(2)] == [0, 0]
        assert await guess(throttle, "ada", HOME) >= 3590
        assert await register(throttle, HOME) == 0
        assert 1 <= time.monotonic() - started < 2
        assert caplog.text.count("Redis does not answer") == 1
        await throttle.close()


async def test_while_one_question_tries_again_the_others_do_not_wait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with silent_server(tmp_path) as url:
        throttle = Throttle(ThrottleLimits(), url)
        monkeypatch.setattr(module, "_AWAY_SECONDS", 1e-6)
        assert await throttle.receiver("ada@example.org", "reset") == 0
        monkeypatch.setattr(module, "_AWAY_SECONDS", 60.0)
        order: list[str] = []

        async def ask(name: str) -> None:
            await throttle.receiver("ada@example.org", "reset")
            order.append(name)

        await asyncio.gather(ask("first"), *(ask("another") for _ in range(3)))
        assert order == ["another"] * 3 + ["first"]
        await throttle.close()


async def test_a_redis_that_answers_again_counts_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_AWAY_SECONDS", 0.0)
    with silent_server(tmp_path) as url:
        throttle = Throttle(ThrottleLimits(emails_per_recipient=1), url)
        assert await throttle.receiver("ada@example.org", "reset") == 0
    with redis_server(tmp_path) as url:
        assert await throttle.receiver("ada@example.org", "reset") == 0
        beside = Throttle(ThrottleLimits(emails_per_recipient=1), url)
        assert await beside.receiver("ada@example.org", "reset") >= 3590
        await beside.close()
        await throttle.close()
