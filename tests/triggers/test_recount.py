"""After any mix of concurrent writes and rollbacks the counters are what a recount says."""

import os
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from tests.factories import Factory
from tests.triggers.recount import differences
from tests.triggers.writes import write

SESSIONS = 6
TRANSACTIONS = 60


@pytest.mark.proof
@pytest.mark.parametrize("seed", range(20 if os.environ.get("VRSS_PROOF") else 2))
def test_a_random_mix_of_writers_ends_in_a_recount(
    empty_database: str, connection: psycopg.Connection, make: Factory, seed: int
) -> None:
    people = [make.user(f"person{number}") for number in range(12)]
    for person in people:
        make.post(person)
    with ThreadPoolExecutor(SESSIONS) as crowd:
        runs = [crowd.submit(write, empty_database, seed * 100 + session, TRANSACTIONS) for session in range(SESSIONS)]
        committed = sum(run.result() for run in runs)
    assert committed > SESSIONS * TRANSACTIONS // 3
    assert differences(connection) == []
    for table in ("posts", "comments", "post_interactions", "reposts", "post_media"):
        # By the ids that were drawn: deletions may have left none of the rows.
        drawn = make.scalar("SELECT pg_sequence_last_value(pg_get_serial_sequence(%s, 'id'))", table)
        assert drawn is not None, f"the mix never wrote any {table}"
        assert drawn > (len(people) if table == "posts" else 0), f"the mix never wrote any {table}"
    ada, ben = make.user("ada"), make.user("ben")
    make.follow(ada, ben)
    make.follow(ben, ada)
    assert make.scalar("SELECT count(*) FROM friendships WHERE user_id_1 = %s AND user_id_2 = %s", ada, ben) == 1
    assert differences(connection) == []
