"""Who gets a place to have a file looked at: an account has one at a time, and a few that wait."""

import asyncio
from typing import Any

import pytest

from api.media.processing import Processing
from db.errors import OverloadedError


async def test_an_account_takes_no_place_of_others(monkeypatch: pytest.MonkeyPatch) -> None:
    nothing: Any = None
    processing, ends = Processing(nothing, nothing), asyncio.Event()

    async def long() -> None:
        await ends.wait()

    async def short() -> None:
        return

    own = [asyncio.create_task(processing.start(1, long)) for _ in range(4)]
    await asyncio.sleep(0.01)
    with pytest.raises(OverloadedError):
        await processing.start(1, short)
    await processing.start(2, short)
    ends.set()
    await asyncio.gather(*own)
    for _ in range(10):
        await processing.start(1, short)
    monkeypatch.setattr("api.media.processing._WAIT_SECONDS", 0.01)
    ends.clear()
    two = [asyncio.create_task(processing.start(owner, long)) for owner in (1, 2)]
    await asyncio.sleep(0.01)
    with pytest.raises(OverloadedError):
        await processing.start(3, short)
    ends.set()
    await asyncio.gather(*two)
    await processing.start(3, short)
