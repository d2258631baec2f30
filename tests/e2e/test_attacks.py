"""A server process that serves one person while others attack it."""

import asyncio
from collections import Counter
from itertools import count

import httpx

from bench.attacks import ATTACKS, REFUSAL
from tests.cli.commands import serving
from tests.e2e.conftest import FEED, Service

ATTACKERS = 4
ORDINARY = 8
VIEWER = "{ viewer { username } }"


async def test_attacks_are_refused_while_others_get_what_they_ask_for(seeded_database: str) -> None:
    """Every refusal is the attack's own, not that of a caller who has asked for too much."""
    refused: Counter[tuple[str, str]] = Counter()
    finished = False
    numbers = count()

    async def attack(address: str) -> None:
        async with httpx.AsyncClient(base_url=address, timeout=30) as client:
            while not finished:
                for name, make in ATTACKS.items():
                    answer = (await client.post("/graphql", json=make(next(numbers)))).json()
                    assert "data" not in answer
                    (error,) = answer["errors"]
                    refused[name, error["extensions"]["code"]] += 1

    with serving("serve", DATABASE_URL=seeded_database, VRSS_RATE_LIMIT="0") as (process, address):
        ada = await Service(address, seeded_database).person("ada")
        page = await ada.run(FEED)
        attackers = [asyncio.create_task(attack(address)) for _ in range(ATTACKERS)]
        for _ in range(ORDINARY):
            assert await ada.run(FEED) == page
            assert await ada.run(VIEWER) == {"viewer": {"username": "ada"}}
        finished = True
        await asyncio.gather(*attackers)
        await ada.client.aclose()
        assert process.poll() is None
    assert set(refused) == {(name, REFUSAL) for name in ATTACKS}
    assert min(refused.values()) >= ATTACKERS


async def test_who_attacks_is_soon_not_read_any_more_and_who_is_known_is_served_on(seeded_database: str) -> None:
    """Reading costs points, those of an address for callers without a token; the session has points of its own."""
    with serving("serve", DATABASE_URL=seeded_database, VRSS_RATE_LIMIT="6000") as (_, address):
        ada = await Service(address, seeded_database).person("ada")
        assert await ada.run(VIEWER) == {"viewer": {"username": "ada"}}
        heard: Counter[str] = Counter()
        async with httpx.AsyncClient(base_url=address, timeout=30) as client:
            for number in range(20):
                for name in ("tokens", "aliases", "directives", "repeats"):
                    answer = await client.post("/graphql", json=ATTACKS[name](number))
                    heard[answer.json()["errors"][0]["extensions"]["code"]] += 1
                    if answer.status_code == 429:
                        assert int(answer.headers["retry-after"]) >= 1
        assert set(heard) == {REFUSAL, "RATE_LIMITED"}
        assert heard["RATE_LIMITED"] > heard[REFUSAL]
        assert await ada.run(VIEWER) == {"viewer": {"username": "ada"}}
        await ada.client.aclose()
