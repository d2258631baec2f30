"""A server that stops lets its subscribers go to another one."""

import asyncio

from tests.cli.commands import serving
from tests.live.people import log_in
from tests.live.test_event_stream import MESSAGES, blocks, streaming


async def test_sockets_and_streams_end_at_once_and_clients_may_come_back(seeded_database: str) -> None:
    with serving("serve", DATABASE_URL=seeded_database) as (process, address):
        ada = await log_in(address, "ada")
        async with ada.socket() as socket, streaming(ada, MESSAGES) as response:
            await socket.subscribe("subscription { messageAdded { cursor } }")
            process.terminate()
            async with asyncio.timeout(5):  # less than running requests may take
                assert [block async for block in blocks(response)] == []  # no `complete`: it was not the last event
                assert (await socket.closed())[0] == 1012
                await asyncio.to_thread(process.wait)
        assert process.returncode == 0
