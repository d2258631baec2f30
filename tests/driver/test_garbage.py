"""What a request leaves behind."""

import asyncio
import gc

import pytest

from api.gql.pagination import Keyset, Relay
from db.pool import Pool
from db.queries import comments, home_feed, interactions, media, users
from tests.driver.scene import INVERSE, Value, pool_over

NEWEST = Keyset("newest", ("created_at", "id"))


async def feed_page(pool: Pool) -> int:
    async with pool.operation() as database:
        page = await home_feed.home_feed(database, 1, Relay(first=20).window(NEWEST))
        ids = [post.id for post in page]
        found = await asyncio.gather(
            users.users_by_ids(database, 1, {post.user_id for post in page}),
            interactions.viewer_interactions_by_post_ids(database, 1, ids),
            media.media_by_post_ids(database, ids),
            comments.comments_by_post_ids(database, 1, ids, Relay(first=3).window(NEWEST)),
        )
        return len(page) + sum(map(len, found))


@pytest.mark.parametrize("driver", ["pipeline", "psycopg"])
async def test_a_request_leaves_nothing_for_the_collector(seeded_database: str, driver: str) -> None:
    async with pool_over(seeded_database, driver=driver) as pool:
        assert await feed_page(pool) > 60
        gc.collect()
        gc.disable()
        try:
            for _ in range(10):
                await feed_page(pool)
            assert gc.collect() == 0
        finally:
            gc.enable()


async def test_a_statement_that_fails_leaves_no_growing_heap(pool: Pool) -> None:
    """An error refers to its frames, and they to it; what it must not hold on to is the connection's own."""

    async def fail() -> None:
        async with pool.operation() as database:
            await asyncio.gather(*(database.fetch(INVERSE, Value, n=0) for _ in range(3)), return_exceptions=True)

    await fail()
    gc.collect()
    before = len(gc.get_objects())
    for _ in range(50):
        await fail()
    gc.collect()
    assert len(gc.get_objects()) - before < 50
