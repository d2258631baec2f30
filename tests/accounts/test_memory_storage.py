"""Counters in memory: bounded, and as fast with a hundred thousand keys as with one."""

import time
import tracemalloc

import pytest
from limits import RateLimitItemPerHour, RateLimitItemPerMinute
from limits.aio.strategies import FixedWindowRateLimiter

from api.accounts.memory_storage import MOST_KEYS, BoundedMemoryStorage

FIVE = RateLimitItemPerHour(5)
SHORT = RateLimitItemPerMinute(5)


async def test_a_window_counts_ends_and_is_cleared(monkeypatch: pytest.MonkeyPatch) -> None:
    limiter, now = FixedWindowRateLimiter(BoundedMemoryStorage()), time.time()
    monkeypatch.setattr(time, "time", lambda: now)
    assert [await limiter.hit(FIVE, "ada") for _ in range(6)] == [True] * 5 + [False]
    assert await limiter.get_window_stats(FIVE, "ada") == (now + 3600, 0)
    assert await limiter.get_window_stats(FIVE, "ben") == (now, 5)
    now += 3599
    assert not await limiter.test(FIVE, "ada")
    now += 1
    assert await limiter.test(FIVE, "ada")
    assert await limiter.hit(FIVE, "ada")
    await limiter.clear(FIVE, "ada")
    assert await limiter.get_window_stats(FIVE, "ada") == (now, 5)


async def test_windows_that_are_over_are_dropped_by_the_next_hit(monkeypatch: pytest.MonkeyPatch) -> None:
    storage, now = BoundedMemoryStorage(), time.time()
    limiter = FixedWindowRateLimiter(storage)
    monkeypatch.setattr(time, "time", lambda: now)
    for item in (FIVE, SHORT):
        for n in range(100):
            await limiter.hit(item, str(n))
    now += 60
    await limiter.hit(SHORT, "another")
    assert len(storage) == 101


async def test_a_clock_that_was_set_back_makes_no_window_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    limiter, now = FixedWindowRateLimiter(BoundedMemoryStorage()), time.time()
    monkeypatch.setattr(time, "time", lambda: now)
    await limiter.hit(FIVE, "ada")
    now -= 1000
    for _ in range(5):
        await limiter.hit(FIVE, "ben")
    now += 3600
    assert await limiter.hit(FIVE, "ben")


async def test_too_many_keys_push_the_oldest_out() -> None:
    storage = BoundedMemoryStorage(3)
    limiter = FixedWindowRateLimiter(storage)
    for name in ("a", "b", "c", "d"):
        await limiter.hit(FIVE, name)
    assert len(storage) == 3
    assert [(await limiter.get_window_stats(FIVE, name)).remaining for name in "abcd"] == [5, 4, 4, 4]


async def test_a_hit_takes_as_long_with_many_keys_and_memory_has_an_end() -> None:
    storage = BoundedMemoryStorage()
    limiter = FixedWindowRateLimiter(storage)
    tracemalloc.start()
    for n in range(MOST_KEYS):
        await storage.incr(f"LIMITER/failures/{n:064}/5/1/hour", 3600)
    taken = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    started = time.process_time()
    for n in range(1000):
        await limiter.hit(FIVE, f"another {n}")
    assert (time.process_time() - started) / 1000 < 0.001
    assert len(storage) == MOST_KEYS
    assert taken < 50 * 1024 * 1024
