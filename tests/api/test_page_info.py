"""Whether there is more on either side of a page, told of every connection of the schema."""

import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import product
from random import Random
from typing import Any, NamedTuple

import pytest

from api.gql.ids import encode
from api.gql.pagination import Keyset
from tests.api.conftest import Api, api_over
from tests.api.connected import SHOWN
from tests.api.connections import ORDERS, World, names
from tests.servers import Server, database

EXECUTORS = ("compiled", "stock")
FLAGS = "hasNextPage hasPreviousPage"
PROOF = os.environ.get("VRSS_PROOF") is not None


class Scene(NamedTuple):
    """The world, and the API by each executor over one database that has it."""

    world: World
    apis: list[Api]


@pytest.fixture(scope="module")
async def template(server: Server, empty_template: str) -> AsyncGenerator[tuple[str, World]]:
    """A database with the world, which nobody is connected to any more, and what is in it."""
    with database(server, empty_template) as name:
        async with api_over(server.url(name)) as api:
            world = World(api)
        yield name, world


@asynccontextmanager
async def _scene(server: Server, template: tuple[str, World]) -> AsyncGenerator[Scene]:
    name, world = template
    with database(server, name) as clone:
        async with AsyncExitStack() as stack:
            apis = [
                await stack.enter_async_context(
                    api_over(server.url(clone), settings={"executor": executor, "max_cost": 100_000, "rate_limit": 0})
                )
                for executor in EXECUTORS
            ]
            yield Scene(world.within(apis[0]), apis)


@pytest.fixture(scope="module")
async def unchanged(server: Server, template: tuple[str, World]) -> AsyncGenerator[Scene]:
    """For those who only read."""
    async with _scene(server, template) as scene:
        yield scene


@pytest.fixture
async def scene(server: Server, template: tuple[str, World]) -> AsyncGenerator[Scene]:
    """For one test that also writes."""
    async with _scene(server, template) as scene:
        yield scene


class Lists:
    """A connection as one of the APIs answers for it."""

    def __init__(self, api: Api, world: World, name: str) -> None:
        api.tokens = world.api.tokens
        self._api = api
        self._viewer = world.ada
        self._path = world.connections[name].path

    async def ask(self, selections: Sequence[tuple[str, str]]) -> list[dict[str, Any]]:
        """What the connection answers to each of these arguments and selections."""
        before, field = self._path.split("LIST")
        field, _, rest = field.partition(" ")
        fields = [f"p{n}: {_joined(field, given)} {{ {wanted} }}" for n, (given, wanted) in enumerate(selections)]
        data: Any = await self._api.run(f"{{ {before} {' '.join(fields)} {rest} }}", viewer=self._viewer)
        while "p0" not in data:
            (data,) = data.values()
        return [data[f"p{n}"] for n in range(len(selections))]

    async def cursors(self) -> list[str]:
        ((page),) = await self.ask([("", "edges { cursor }")])
        return [edge["cursor"] for edge in page["edges"]]

    async def flags(self, *arguments: str) -> list[tuple[bool, bool]]:
        """`hasNextPage` and `hasPreviousPage` of the pages with these arguments."""
        pages = await self.ask([(one, f"pageInfo {{ {FLAGS} }}") for one in arguments])
        return [(page["pageInfo"]["hasNextPage"], page["pageInfo"]["hasPreviousPage"]) for page in pages]


def _joined(field: str, given: str) -> str:
    """The field with these arguments besides its own."""
    return f"{field[:-1]}, {given[1:]}" if field.endswith(")") and given else f"{field}{given}"


def _arguments(direction: str, size: int, after: str | None, before: str | None) -> str:
    bounds = [f'{name}: "{cursor}"' for name, cursor in (("after", after), ("before", before)) if cursor]
    return f"({', '.join([f'{direction}: {size}', *bounds])})"


def _expected(direction: str, size: int, after: int | None, before: int | None) -> tuple[bool, bool]:
    """The flags of a page of a list of as many rows as are shown, with the rows at the bounds still there."""
    begin = 0 if after is None else after + 1
    end = len(SHOWN) if before is None else before
    cut = end - begin > size
    return (cut and direction == "first") or before is not None, (cut and direction == "last") or after is not None


def test_every_connection_of_the_schema_is_tried(unchanged: Scene) -> None:
    assert sorted(unchanged.world.connections) == sorted([*names(), *ORDERS])


@pytest.mark.proof
@pytest.mark.parametrize("name", [*names(), *ORDERS])
async def test_flags_are_exact_for_all_bounds_in_both_directions(unchanged: Scene, name: str) -> None:
    world, apis = unchanged
    places = [None, *range(len(SHOWN))]
    cases = list(product(("first", "last"), (1, len(SHOWN)), places, places))
    if not PROOF:
        cases = Random(name).sample(cases, len(cases) // 4)
    for api in apis:
        found = Lists(api, world, name)
        cursors = await found.cursors()
        assert len(cursors) == len(SHOWN)
        at = {None: None, **dict(enumerate(cursors))}
        told: list[tuple[bool, bool]] = []
        for begin in range(0, len(cases), 25):
            some = cases[begin : begin + 25]
            told += await found.flags(*(_arguments(one, size, at[a], at[b]) for one, size, a, b in some))
        assert dict(zip(cases, told, strict=True)) == {case: _expected(*case) for case in cases}


@pytest.mark.parametrize("name", [*names(), *ORDERS])
async def test_a_cursor_of_a_deleted_row_has_the_page_info_of_the_rest(scene: Scene, name: str) -> None:
    """What lies beyond the bounds are hidden rows alone; the newest and the oldest row that was shown are deleted."""
    world, apis = scene
    connection = world.connections[name]
    lists = [Lists(api, world, name) for api in apis]
    newest, *_, last_but_one, oldest = await lists[0].cursors()
    ends = [f'(first: 1, after: "{newest}")', f'(last: 1, before: "{oldest}")']
    between = f'(first: 9, after: "{newest}", before: "{oldest}")'
    for found in lists:
        assert await found.flags(*ends, between) == [(True, True), (True, True), (True, True)]
    for key in (connection.keys[0], connection.keys[-1]):
        assert world.make.connection.execute(connection.delete.encode(), [key]).rowcount == 1
    for found in lists:
        assert await found.flags(*ends, between) == [(True, False), (False, True), (False, False)]
        assert await found.flags(f'(last: 9, before: "{last_but_one}")', f'(first: 9, before: "{newest}")') == [
            (True, False),
            (True, False),
        ]


async def test_nested_pages_of_one_level_ask_one_statement_for_each_flag(scene: Scene) -> None:
    world, apis = scene
    authors = [world.people[n] for n in SHOWN]  # of one post each, the oldest first
    ids = [encode("User", who) for who in authors]
    posts = "query ($ids: [ID!]!) { nodes(ids: $ids) { ... on User { posts%s } } }"
    first = (await apis[0].run(posts % "{ pageInfo { startCursor } }", viewer=world.ada, ids=ids))["nodes"]
    oldest, *_, newest = [node["posts"]["pageInfo"]["startCursor"] for node in first]
    world.make.post(authors[0])
    world.make.post(authors[2])
    page = f'(last: 1, after: "{newest}", before: "{oldest}") {{ pageInfo {{ {FLAGS} again: hasNextPage }} }}'
    for api in apis:
        api.tokens = world.api.tokens
        nodes = (await api.run(posts % page, viewer=world.ada, ids=ids))["nodes"]
        assert [tuple(node["posts"]["pageInfo"].values()) for node in nodes] == [
            (True, True, True),
            (False, False, False),
            (False, True, False),
            (False, True, False),
        ]
        assert sorted(name for name in api.statements if name.startswith("posts")) == [
            "posts_by_user_ids",
            "posts_by_user_ids_backward",
            "posts_by_user_ids_backward",
        ]


@pytest.mark.parametrize(
    ("page", "wanted", "statements"),
    [
        ('(first: 1, after: "CURSOR")', "hasNextPage", 1),
        ('(last: 1, before: "CURSOR")', "hasPreviousPage", 1),
        ('(first: 1, after: "CURSOR")', "startCursor endCursor", 1),
        ("(first: 1)", FLAGS, 1),
        ("(last: 1)", FLAGS, 1),
        ('(first: 1, before: "CURSOR")', FLAGS, 1),  # cut by its limit: there is more before that cursor
        ('(last: 9, before: "CURSOR")', FLAGS, 2),
    ],
)
async def test_only_a_flag_unknown_from_the_page_takes_a_statement(
    unchanged: Scene, page: str, wanted: str, statements: int
) -> None:
    world, apis = unchanged
    oldest = (await Lists(apis[0], world, "Query.homeFeed").cursors())[-1]
    query = f"{{ homeFeed{page.replace('CURSOR', oldest)} {{ pageInfo {{ {wanted} }} }} }}"
    for api in apis:
        api.tokens = world.api.tokens
        await api.run(query, viewer=world.ada)
        assert len([name for name in api.statements if name.startswith("home_feed")]) == statements


async def test_a_flag_does_not_fail_for_a_cursor_at_the_end_of_all_numbers(unchanged: Scene) -> None:
    world, apis = unchanged
    keyset = Keyset("homeFeed", ("created_at", "id"))
    now = world.make.scalar("SELECT now() + interval '1 minute'")
    for number in (1 - 2**63, 2**63 - 1):
        cursor = keyset.cursor((now, number))
        for api in apis:
            found = Lists(api, world, "Query.homeFeed")
            assert await found.flags(f'(first: 9, after: "{cursor}")', f'(last: 9, before: "{cursor}")') == [
                (False, False),
                (True, False),
            ]


@pytest.mark.parametrize("place", ["after", "before"])
async def test_an_id_below_all_numbers_is_in_no_cursor_of_ours(unchanged: Scene, place: str) -> None:
    """Also of a custom feed, whose keys become literals: a flag reads from the key beside it."""
    world, apis = unchanged
    name = "Feed.posts"
    good = (await Lists(apis[0], world, name).cursors())[0]
    *words, _ = urlsafe_b64decode(good + "=" * (-len(good) % 4)).decode().split(":")
    bad, lowest = (
        urlsafe_b64encode(":".join([*words, str(number)]).encode()).decode().rstrip("=")
        for number in (-(2**63), 1 - 2**63)
    )
    for api in apis:
        found = Lists(api, world, name)
        assert len(await found.flags(f'(first: 2, {place}: "{lowest}")')) == 1
        with pytest.raises(AssertionError, match="BAD_CURSOR"):
            await found.flags(f'(first: 2, {place}: "{bad}")')


async def test_behind_more_hidden_rows_than_a_page_looks_through_there_may_be_more(scene: Scene) -> None:
    """A page of one looks through twenty rows, and nobody has looked at what lies beyond them."""
    world, apis = scene
    newest = (await Lists(apis[0], world, "User.followers").cursors())[0]
    world.make.connection.execute(b"DELETE FROM user_follows WHERE follower_id = %s", [world.people[SHOWN[-1]]])
    crowd = [world.make.user(f"gone{n}", status="suspended") for n in range(19)]
    for hidden, there_may_be in ((crowd[:18], False), (crowd[18:], True)):
        for who in hidden:
            world.make.follow(who, world.ben)
        for api in apis:
            followers = Lists(api, world, "User.followers")
            assert await followers.flags(f'(first: 1, after: "{newest}")') == [(True, there_may_be)]
