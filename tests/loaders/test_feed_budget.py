"""Readers pay for the time that rules take in the database, and for no other."""

from functools import partial
from typing import Any

from api.loaders.feed_budget import OWN_MS, TimeBudget
from db.documents.feed_rules import FeedRules
from db.feeds import FeedPage
from db.queries.feeds import custom_feed
from tests.driver.scene import Value, pool_over, statement


class Payer:
    def __init__(self) -> None:
        self.surcharge = 0

    def add_cost(self, points: int) -> None:
        self.surcharge += points


async def test_a_page_that_waits_for_a_connection_costs_no_more(empty_database: str) -> None:
    payer: Any = Payer()
    sleep = statement("SELECT 1::bigint AS value FROM pg_sleep(2)")
    async with pool_over(empty_database, pool_max_size=1) as pool, pool.operation() as reader:
        async with pool.operation() as holder:
            held = holder.fetch(sleep, Value)
            ask = partial(custom_feed, reader, FeedRules(), FeedPage(1), viewer=None, me=None, words=None)
            page = reader.loop.create_task(TimeBudget(payer).run(ask))
            await held
        assert await page == []
    # Two seconds of waiting would be as dear as the longest statement.
    assert payer.surcharge < 20 * (OWN_MS - 250)
