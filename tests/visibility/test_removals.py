"""The matrix misses every predicate: whichever is removed, somebody is told what they should not be."""

import os
import random
from collections.abc import Iterator

import psycopg
import pytest

from tests.api.conftest import api_over
from tests.plans import test_home_feed
from tests.servers import Server, database
from tests.visibility.matrix import SETTINGS, FailedError, Matrix, Oracle
from tests.visibility.questions import LOOK_UPS
from tests.visibility.removals import (
    FAULTS,
    FOUND,
    OF_SCALE,
    OF_TIME,
    REDUNDANT,
    REMOVALS,
    Fault,
    Removal,
    planted,
    removed,
)
from tests.visibility.writes import Writer

PREDICATES: list[Removal | Fault] = [*REMOVALS, *FAULTS]
TENTH = random.Random(0).sample(PREDICATES, len(PREDICATES) // 10)
CHOSEN = PREDICATES if os.environ.get("VRSS_PROOF") else TENTH


@pytest.fixture(scope="module")
def connection(server: Server, world_template: str) -> Iterator[psycopg.Connection]:
    with (
        database(server, world_template) as name,
        psycopg.connect(server.url(name), autocommit=True) as opened,
    ):
        yield opened


async def _first_difference(
    server: Server, connection: psycopg.Connection, oracle: Oracle, *, writing: bool
) -> str | None:
    async with api_over(server.url(connection.info.dbname), settings=SETTINGS) as api:
        found = Writer(api, oracle, 6).differences() if writing else Matrix(api, oracle).differences(deep=False)
        try:
            async for difference in found:
                return difference
        except FailedError as error:
            return str(error)
    return None


@pytest.mark.proof
@pytest.mark.parametrize("predicate", CHOSEN, ids=str)
async def test_a_removed_predicate_is_missed(
    server: Server, world_template: str, connection: psycopg.Connection, oracle: Oracle, predicate: Removal | Fault
) -> None:
    if isinstance(predicate, Fault):
        with planted(predicate):
            assert await _first_difference(server, connection, oracle, writing=False) is not None
    elif predicate.guards_a_write:
        with (
            database(server, world_template) as name,  # what is written wrongly stays
            psycopg.connect(server.url(name), autocommit=True) as own,
            removed(predicate, own),
        ):
            assert await _first_difference(server, own, oracle, writing=True) is not None
    else:
        with removed(predicate, connection):
            assert await _first_difference(server, connection, oracle, writing=False) is not None


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


def test_what_is_redundant_is_still_there() -> None:
    assert set(REDUNDANT) <= {str(one) for one in FOUND}
    assert len(REMOVALS) > 100
