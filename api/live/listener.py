"""What other processes say: that they have written. It only makes events come sooner, see the hub."""

import asyncio
import logging
from random import uniform
from typing import Any

import psycopg

from api.live.hub import Hub
from db.pool import connection_options
from db.queries.live import CHANNEL
from db.settings import DatabaseSettings

_BACK_OFF_SECONDS = (0.05, 2.0)
_ALIVE: dict[str, Any] = {"keepalives_idle": 15, "keepalives_interval": 5, "tcp_user_timeout": 15_000}

log = logging.getLogger("vrss.live")


async def listen(hub: Hub, url: str, settings: DatabaseSettings) -> None:
    """Wake the hub whenever another process has written, from its first subscriber on, until cancelled.

    The connection is its own. Through a pooler in transaction mode it receives nothing, and the hub looks each second
    all the same.
    """
    await hub.subscribed.wait()
    pause, most = _BACK_OFF_SECONDS
    while True:
        try:
            connection = await psycopg.AsyncConnection.connect(url, **connection_options(settings), **_ALIVE)
            async with connection:
                await connection.execute(f"LISTEN {CHANNEL}".encode())
                hub.wake()  # what was said while nobody listened
                pause = _BACK_OFF_SECONDS[0]
                async for notice in connection.notifies():
                    if notice.payload != hub.name:
                        hub.wake()
        except (psycopg.Error, OSError) as error:
            log.info("live events come with the poll until the database is heard again: %s", error)
        await asyncio.sleep(uniform(pause / 2, pause))  # noqa: S311  # no secret
        pause = min(2 * pause, most)
