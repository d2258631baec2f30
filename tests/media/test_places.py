"""Who gets a place to have a file looked at: an account has one at a time, and next is who has taken least lately."""

import asyncio

import pytest

from api.media.places import Places
from db.errors import OverloadedError


class Line:
    """Accounts that want places, by a clock that stands still."""

    def __init__(self) -> None:
        self.now = 0.0
        self.places = Places(lambda: self.now)
        self.served = list[int]()
        self.asked = list[asyncio.Task[bool]]()

    async def ask(self, *owners: int) -> None:
        for owner in owners:
            self.asked.append(asyncio.create_task(self._take(owner)))
        await self.settle()

    async def _take(self, owner: int) -> bool:
        is_given = await self.places.take(owner)
        if is_given:
            self.served.append(owner)
        return is_given

    async def leave(self, owner: int, seconds: float = 0) -> None:
        """After as long as this with its place."""
        self.now += seconds
        self.places.leave(owner)
        await self.settle()

    async def settle(self) -> None:
        for _ in range(5):
            await asyncio.sleep(0)

    def refused(self) -> list[int]:
        """The numbers of those that were sent away, in the order in which they asked."""
        return [
            number
            for number, asked in enumerate(self.asked)
            if asked.done() and isinstance(asked.exception(), OverloadedError)
        ]


async def test_an_account_takes_no_place_of_others() -> None:
    line = Line()
    await line.ask(1, 1, 1, 1)
    assert line.served == [1]
    await line.ask(1)
    assert line.refused() == [4]
    await line.ask(2)
    assert line.served == [1, 2]
    for _ in range(4):
        await line.leave(1)
    assert line.served == [1, 2, 1, 1, 1]


async def test_the_next_place_goes_to_whoever_has_taken_least_lately() -> None:
    line = Line()
    await line.ask(1, 2, 1, 2, 1, 2)
    await line.ask(3)
    await line.leave(1, seconds=4)
    assert line.served == [1, 2, 3]
    await line.ask(4, 3)
    await line.leave(2)
    assert line.served == [1, 2, 3, 4]
    await line.leave(3, seconds=1)
    assert line.served == [1, 2, 3, 4, 3]
    await line.leave(4, seconds=1)
    assert line.served == [1, 2, 3, 4, 3, 1]


async def test_equals_get_places_in_the_order_in_which_they_came() -> None:
    line = Line()
    await line.ask(1, 2, 5, 3, 5, 4)
    for owner in (1, 2, 5, 3, 4):
        await line.leave(owner)
    assert line.served == [1, 2, 5, 3, 4, 5]


async def test_half_of_what_was_taken_is_forgotten_in_a_minute() -> None:
    line = Line()
    await line.ask(1)
    await line.leave(1, seconds=8)
    line.now += 180
    await line.ask(2)
    await line.leave(2, seconds=2)  # 1 has eight halved three times, and a little
    await line.ask(3, 4, 2, 1)
    await line.leave(3)
    assert line.served[-1] == 1


async def test_a_full_line_loses_the_newest_of_whoever_has_most_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.media.places._MOST_WAITING", 4)
    line = Line()
    await line.ask(1, 2, 1, 1, 1, 2)
    await line.ask(3)
    assert line.refused() == [4]
    await line.ask(2)
    assert line.refused() == [4, 7]  # 2 would have as many as 1 has
    await line.ask(4)
    assert line.refused() == [3, 4, 7]
    await line.ask(5)
    assert line.refused() == [3, 4, 7, 9]  # nobody has more than one
    for owner in (1, 2, 3, 4):
        await line.leave(owner, seconds=1)
    assert line.served == [1, 2, 3, 4, 1, 2]


async def test_a_full_line_of_ones_loses_whoever_has_taken_most(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.media.places._MOST_WAITING", 1)
    line = Line()
    await line.ask(1)
    await line.leave(1, seconds=1)
    await line.ask(2, 3, 1, 4)
    assert line.refused() == [3]
    await line.ask(1)
    assert line.refused() == [3, 5]


async def test_who_waits_in_vain_or_no_longer_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    line = Line()
    await line.ask(1, 2, 3)
    line.asked[-1].cancel()
    await line.settle()
    monkeypatch.setattr("api.media.places._WAIT_SECONDS", 0)
    assert await line.places.take(4) is False
    monkeypatch.undo()
    await line.ask(5, 6)
    line.places.leave(1)
    line.asked[-2].cancel()  # it has its place, and does not know it yet
    await line.settle()
    assert line.served == [1, 2, 6]


async def test_no_more_accounts_are_remembered_than_the_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.media.places._MOST_REMEMBERED", 2)
    line = Line()
    for owner, seconds in ((1, 9), (2, 1), (3, 5)):
        await line.ask(owner)
        await line.leave(owner, seconds=seconds)
    await line.ask(4, 5, 1, 3, 2)
    for owner in (4, 2, 3):
        await line.leave(owner)
    assert line.served[-3:] == [2, 3, 1]
