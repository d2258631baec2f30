"""Random schedules of two sessions: no drift, no lost friendship, no deadlock that reaches a client."""

import os
import random

import psycopg
import pytest

from tests.factories import Factory
from tests.triggers.recount import differences
from tests.triggers.schedules import Duet

SCHEDULES = 1_000 if os.environ.get("VRSS_PROOF") else 100
LONGEST = (1, 3)  # writes in a transaction: every other database has mutations alone
AT_ONCE = 50  # schedules over one database: what one leaves is what the next begins with


@pytest.mark.proof
@pytest.mark.parametrize("seed", range(SCHEDULES // AT_ONCE))
def test_any_schedule_of_two_sessions_ends_in_a_recount(
    empty_database: str, connection: psycopg.Connection, make: Factory, seed: int
) -> None:
    for number in range(6):
        make.post(make.user(f"person{number}"))
    with Duet(empty_database, random.Random(seed), longest=LONGEST[seed % 2]) as duet:
        for schedule in range(AT_ONCE):
            duet.play()
            assert differences(connection) == [], f"schedule {schedule}"
            assert duet.befriend(), f"schedule {schedule}"
            assert differences(connection) == [], f"two who follow each other after schedule {schedule}"
        committed = [session.committed for session in duet.sessions]
    assert min(committed) > AT_ONCE  # of the schedules themselves, too
    assert duet.waits >= AT_ONCE
