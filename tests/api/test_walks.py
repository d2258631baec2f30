"""Walks through lists while rows come and go between two pages, compared with a plain list of the same rows."""

import os
import random
import re
import threading
from collections import Counter
from collections.abc import AsyncGenerator, Generator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import psycopg
import pytest

from tests.api.conftest import api_over
from tests.api.connections import names
from tests.api.walking.lists import LISTS, Lists
from tests.api.walking.otherwise import words
from tests.api.walking.walked import TIMES, Row, Walked
from tests.factories import Factory
from tests.servers import Server, database

WALKS = 30 if os.environ.get("VRSS_PROOF") else 2
LEFT = 25  # rows of a walk that the next one begins with
LASTING = 10
CROWDED = (
    "Post.comments OLDEST", "Post.likers", "Viewer.notifications", "Query.homeFeed", "Viewer.bookmarks", "User.friends",
    "Viewer.suggestions", "Viewer.conversations", "Query.discover", "Query.searchPosts RECENT",
)  # fmt: skip


@pytest.fixture(scope="module")
async def world(server: Server, empty_template: str) -> AsyncGenerator[Lists]:
    with database(server, empty_template) as name:
        async with api_over(server.url(name), settings={"rate_limit": 0}) as api:
            yield Lists(api)


def test_every_connection_of_the_schema_is_walked(world: Lists) -> None:
    assert tuple(world.lists) == LISTS
    assert {re.split("[ ,]", name)[0] for name in LISTS} == set(names())


def _expected(walked: Walked, ahead: Sequence[Row], size: int) -> tuple[list[str], bool]:
    """The nodes of a page of so many rows, and whether there may be more, from all rows that lie ahead."""
    looked_at, stops = walked.through(ahead, size)
    shown = [row.node for row in looked_at if row.node is not None]
    return shown[:size], len(shown) > size or stops


class Walk:
    """From one end of a list to the other."""

    def __init__(self, world: Lists, walked: Walked, chance: random.Random) -> None:
        self._world = world
        self._list = walked
        self._chance = chance
        self._sizes: tuple[int, ...] = (1, 2, 3, 5)
        self._forward = chance.random() < 0.5
        self.shown = Counter[str]()

    async def to_the_end(self) -> None:
        lasting = self._list.nodes()
        ever = set(lasting)
        cursor: str | None = None
        more = True
        while more:
            cursor, more = await self._page(cursor, self._chance.choice(self._sizes))
            for _ in range(self._chance.choice((0, 1, 3))):
                self.change()
                now = self._list.nodes()
                lasting &= now
                ever |= now
        rows = {node: times for node, times in self.shown.items() if node in lasting}
        assert rows == dict.fromkeys(lasting, 1)
        assert set(self.shown) <= ever

    def fill(self) -> None:
        """Some rows of many times, and what earlier walks have left."""
        while len(self._list.rows) > LEFT:
            self._list.delete(self._world.make, self._chance)
        for _ in range(12):
            self.change(deletes=0.25)

    def change(self, deletes: float = 0.5) -> None:
        make, chance = self._world.make, self._chance
        if chance.random() < deletes:
            self._list.delete(make, chance)
        else:
            self._list.insert(make, chance, hidden=bool(self._list.hidden) and chance.random() < 0.2)

    def crowd(self, *, exact: bool) -> None:
        """Hidden rows at one end, more than a page looks through.

        Or exactly so many that the last row which it looks through is one that the viewer sees.
        """
        self._sizes = (self._chance.choice((1, 2)),)
        time = self._chance.choice((-1, TIMES))
        self._list.insert(self._world.make, self._chance, time=time)
        if self._list.hidden:
            side = self._list.side(self._chance.choice(self._list.hidden))
            for _ in range(self._list.reach(self._sizes[0]) + (-1 if exact else 3)):
                assert self._list.insert(self._world.make, self._chance, hidden=True, time=time, side=side)
        self._list.insert(self._world.make, self._chance, time=time)

    async def _page(self, cursor: str | None, size: int) -> tuple[str | None, bool]:
        """Ask for the next page, and compare it with what lies ahead of it and behind it."""
        count, bound, end = ("first", "after", "endCursor") if self._forward else ("last", "before", "startCursor")
        page = await self._list.page(self._world.api, **{count: size, bound: cursor})
        rows = self._list.in_order(cursor) if self._forward else self._list.in_order(cursor)[::-1]
        rises = self._list.ascending == self._forward
        width = len(rows[0].key) if rows else 0
        here = None if cursor is None else words(cursor)[-width:]
        ahead = [row for row in rows if here is None or (row.key > here if rises else row.key < here)]
        nodes, more = _expected(self._list, ahead, size)
        found: list[str] = [edge["node"]["id"] for edge in page["edges"]]
        assert found == (nodes if self._forward else nodes[::-1])
        behind = rows[: len(rows) - len(ahead)][::-1]
        less = any(row.node for row in behind) or _expected(self._list, behind, size)[1]
        assert self._flags(page["pageInfo"]) == (more, cursor is not None and less)
        edges = page["edges"] if self._forward else page["edges"][::-1]
        by_node = {row.node: row.key for row in ahead}
        assert [words(edge["cursor"])[-width:] for edge in edges] == [by_node[node] for node in nodes]
        self.shown.update(nodes)
        return page["pageInfo"][end], more

    def _flags(self, info: dict[str, Any]) -> tuple[bool, bool]:
        """Whether there is more ahead, and behind."""
        flags = info["hasNextPage"], info["hasPreviousPage"]
        return flags if self._forward else flags[::-1]


@pytest.mark.proof
@pytest.mark.parametrize("name", LISTS)
async def test_a_walk_shows_each_lasting_row_once_while_others_come_and_go(world: Lists, name: str) -> None:
    chance = random.Random(name)
    large = world.lists[name].least_reach > 0  # its crowds are
    for number in range(min(WALKS, 12) if large else WALKS):
        walk = Walk(world, world.lists[name], chance)
        walk.fill()
        if number % 2:
            walk.crowd(exact=number % 4 == 1)
        world.lists[name].refresh(world.make)
        await walk.to_the_end()


class Writer:
    """Another session that inserts and deletes rows of a list, as fast as it can, and leaves all others alone."""

    def __init__(self, world: Lists, walked: Walked, chance: random.Random) -> None:
        self._list = walked
        self._info = world.make.connection.info
        self._chance = chance
        self._stop = threading.Event()
        self._wrote = threading.Condition()
        self._writes = 0
        self.shown = set[str]()

    @contextmanager
    def writing(self) -> Generator[None]:
        thread = threading.Thread(target=self._run)
        thread.start()
        try:
            yield
        finally:
            self._stop.set()
            thread.join()

    def _run(self) -> None:
        with psycopg.connect(self._info.dsn, password=self._info.password, autocommit=True) as connection:
            make = Factory(connection)
            while not self._stop.is_set():
                if self._chance.random() < 0.5:
                    self._list.delete(make, self._chance)
                else:
                    self._list.insert(
                        make, self._chance, hidden=bool(self._list.hidden) and self._chance.random() < 0.3
                    )
                self.shown |= {row.node for row in self._list.rows.values() if row.node is not None}
                with self._wrote:
                    self._writes += 1
                    self._wrote.notify()
            while self._list.rows:
                self._list.delete(make, self._chance)

    def until_it_wrote(self, more: int) -> None:
        with self._wrote:
            wanted = self._writes + more
            assert self._wrote.wait_for(lambda: self._writes >= wanted, timeout=20)


def _halves(walked: Walked) -> tuple[Walked, Walked]:
    """The same list of two sets of people, each without rows."""
    first, second = (
        replace(walked, seen=walked.seen[side], hidden=walked.hidden[side], rows={})
        for side in (slice(0, LASTING), slice(LASTING, None))
    )
    return first, second


@pytest.mark.proof
@pytest.mark.parametrize("name", CROWDED)
async def test_a_walk_shows_each_lasting_row_once_while_a_session_writes(world: Lists, name: str) -> None:
    """Pages and their flags are statements of their own: between any two of them something else is there."""
    chance = random.Random(name)
    of_both = world.lists[name]
    walked, other = _halves(of_both) if of_both.unique else (of_both, replace(of_both, rows={}))
    while of_both.rows:
        of_both.delete(world.make, chance)
    for _ in range(WALKS // 2):
        while len(walked.rows) < LASTING:
            walked.insert(world.make, chance)
        lasting = [row.node for row in walked.in_order()]
        forward = chance.random() < 0.5
        count, bound, end = ("first", "after", "endCursor") if forward else ("last", "before", "startCursor")
        writer = Writer(world, other, random.Random(chance.random()))
        shown: list[str] = []
        cursor, more = None, True
        with writer.writing():
            while more:
                page = await walked.page(world.api, **{count: chance.choice((1, 2, 3)), bound: cursor})
                nodes = [edge["node"]["id"] for edge in page["edges"]]
                shown += nodes if forward else nodes[::-1]
                cursor = page["pageInfo"][end]
                more = page["pageInfo"]["hasNextPage" if forward else "hasPreviousPage"]
                writer.until_it_wrote(2)
        assert [node for node in shown if node in lasting] == (lasting if forward else lasting[::-1])
        assert set(shown) <= {*lasting, *writer.shown}
