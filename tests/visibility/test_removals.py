"""The matrix misses every predicate: whichever is removed, somebody is told what they should not be."""

import os
import random
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import psycopg
import pytest

from tests.api.conftest import Api, api_over
from tests.plans import test_home_feed
from tests.servers import Server, database
from tests.visibility.answers import SETTINGS, FailedError, Oracle
from tests.visibility.asking import Differences
from tests.visibility.matrix import Matrix
from tests.visibility.questions import LOOK_UPS
from tests.visibility.redundant import OF_SCALE, OF_TIME, REDUNDANT
from tests.visibility.removals import FAULTS, FOUND, REMOVALS, Fault, Removal, planted, removed, run_by, text_of
from tests.visibility.writes import Writer

PREDICATES: list[Removal | Fault] = [*REMOVALS, *FAULTS]
TENTH = random.Random(3).sample(PREDICATES, len(PREDICATES) // 10)
CHOSEN = PREDICATES if os.environ.get("VRSS_PROOF") else TENTH
OF_WRITES = [one for one in CHOSEN if isinstance(one, Removal) and one.guards_a_write]
OF_READS = [one for one in CHOSEN if one not in OF_WRITES]

Ran = dict[str, set[str]]
"""The statements that run for a part of the matrix, or for a mutation, by its name."""


@asynccontextmanager
async def _clone(server: Server, world_template: str) -> AsyncGenerator[Api]:
    with database(server, world_template) as name:
        async with api_over(server.url(name), settings=SETTINGS) as api:
            yield api


@pytest.fixture(scope="module")
async def reading(server: Server, world_template: str, oracle: Oracle) -> AsyncGenerator[tuple[Api, Ran]]:
    """The API over one world for all that only read it, and which statements run for whom who sees most."""
    async with _clone(server, world_template) as api:
        yield api, await Matrix(api, oracle).statements("friend")


@pytest.fixture(scope="module")
async def written(server: Server, world_template: str, oracle: Oracle) -> Ran:
    async with _clone(server, world_template) as api:
        return await Writer(api, oracle, 1).statements("friend")


def _first(ran: Ran, predicate: Removal) -> list[str]:
    """What runs statements that have the predicate: asked before all else, it misses the predicate soon.

    All fields of all objects of a type come before whole lists of them, and types of few fields before others.
    """
    concerned = run_by(predicate)
    whole = [name for name in ran if name.startswith("objects") and ran[name] & concerned]
    rest = [name for name in ran if name not in whole and ran[name] & concerned]
    return [*sorted(whole, key=lambda name: len(ran[name])), *rest]


async def _is_missed(differences: Differences) -> bool:
    try:
        return await anext(differences, None) is not None
    except FailedError:
        return True


@pytest.mark.proof
@pytest.mark.parametrize("predicate", OF_READS, ids=str)
async def test_a_removed_predicate_is_missed(
    reading: tuple[Api, Ran], oracle: Oracle, predicate: Removal | Fault
) -> None:
    api, ran = reading
    is_fault = isinstance(predicate, Fault)
    with planted(predicate) if is_fault else removed(predicate, api.factory.connection):
        first = [] if is_fault else _first(ran, predicate)
        assert await _is_missed(Matrix(api, oracle).differences(deep=False, first=first))


@pytest.mark.proof
@pytest.mark.parametrize("predicate", OF_WRITES, ids=str)
async def test_a_removed_predicate_of_a_write_is_missed(
    server: Server, world_template: str, written: Ran, oracle: Oracle, predicate: Removal
) -> None:
    async with _clone(server, world_template) as api:  # what is written wrongly stays
        with removed(predicate, api.factory.connection):
            assert await _is_missed(Writer(api, oracle, 6).differences(_first(written, predicate)))


def test_the_home_feed_of_authors_who_wrote_long_ago_misses_its_predicate(empty_database: str) -> None:
    (predicate,) = (one for one in FOUND if str(one) == OF_SCALE)
    with psycopg.connect(empty_database) as own, removed(predicate, own), pytest.raises(AssertionError):
        test_home_feed.test_it_is_the_visible_posts_of_the_followed_in_order(own, 3, b"LIMIT 0")


async def test_a_look_up_by_name_that_takes_a_statement_more_is_missed(world_database: str, oracle: Oracle) -> None:
    (predicate,) = (one for one in FOUND if str(one) == OF_TIME)
    (by_name,) = (root for root in LOOK_UPS if root.argument == "username")
    async with api_over(world_database, settings=SETTINGS) as api:
        with psycopg.connect(world_database) as own, removed(predicate, own):
            answers = await Matrix(api, oracle).answers_to_nothing("stranger", by_name)
    assert len({text for text, _ in answers}) == 1
    assert len(answers) == 2


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_each_fault_has_its_place(fault: Fault) -> None:
    with planted(fault):
        assert text_of(fault)


def test_what_is_redundant_is_still_there() -> None:
    assert set(REDUNDANT) <= {str(one) for one in FOUND}
    assert len(REMOVALS) > 100
