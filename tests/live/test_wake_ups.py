"""What the others are notified of comes late rather than never."""

import asyncio
import logging

import psycopg
import pytest

from api.live.hub import Hub
from db.pool import Pool
from db.queries.live import CHANNEL
from db.settings import DatabaseSettings


async def test_others_are_notified_once_there_is_a_connection_again(
    empty_database: str, caplog: pytest.LogCaptureFixture
) -> None:
    pool = Pool(empty_database, DatabaseSettings(pool_max_size=1, pool_timeout_seconds=0.05))
    await pool.open()
    hub = Hub(pool, poll_seconds=0.05)
    caplog.set_level(logging.WARNING, "vrss.live")
    try:
        async with await psycopg.AsyncConnection.connect(empty_database, autocommit=True) as other:
            await other.execute(f"LISTEN {CHANNEL}".encode())
            async with hub.opened():
                async with pool.operation() as holder, holder.transaction():
                    hub.note_write()
                    async with asyncio.timeout(10):
                        while "live events are late" not in caplog.text:  # noqa: ASYNC110
                            await asyncio.sleep(0.01)
                notices = [notice async for notice in other.notifies(timeout=10, stop_after=1)]
    finally:
        await pool.close()
    assert [notice.payload for notice in notices] == [hub.name]
