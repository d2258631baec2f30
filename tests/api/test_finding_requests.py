"""Rate limits by account, and logs in which a request is found again."""

import logging
from itertools import cycle

import psycopg
import pytest

from tests.api.conftest import api_over
from tests.factories import Factory

ECHO = '{ user(username: "nobody") { id } }'


async def test_an_account_has_one_bucket_however_its_tokens_are_spelled(empty_database: str) -> None:
    with psycopg.connect(empty_database, autocommit=True) as connection:
        make = Factory(connection)
        ada = make.user("ada")
        tokens = [make.session(ada) for _ in range(3)]
    async with api_over(empty_database, settings={"rate_limit": 3000}) as api:
        spellings = [
            f"{scheme}{space}{token}"
            for token in tokens
            for scheme in ("Bearer", "bearer", "BEARER")
            for space in (" ", "  ")
        ]
        for spelling in spellings:  # each is known from now on
            await api.post({"query": "{ rateLimit { remaining } }"}, headers={"authorization": spelling})
        asked = 0
        for spelling in cycle(spellings):
            asked += 1
            if (await api.post({"query": ECHO}, headers={"authorization": spelling})).status_code == 429:
                break
        assert asked < 3000 // 30


async def test_a_slow_statement_is_logged_with_the_id_of_its_request(
    empty_database: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "vrss.statements"):
        async with api_over(empty_database, slow_statement_ms=0.001) as api:
            answer = await api.post({"query": ECHO}, headers={"x-request-id": "request-of-ada"})
    assert answer.headers["x-request-id"] == "request-of-ada"
    (record,) = [one for one in caplog.records if one.name == "vrss.statements"]
    assert record.getMessage().startswith("slow statement user_id_by_username: ")
    assert vars(record)["request_id"] == "request-of-ada"
    assert vars(record)["parameter_sizes"] == [1, len("nobody")]
    assert "nobody" not in record.getMessage()
