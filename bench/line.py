"""One HTTP connection that asks a GraphQL endpoint one thing after the other, with next to nothing around it."""

import asyncio
import json
from collections.abc import Mapping
from typing import Self


class Line:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, head: str) -> None:
        self._reader = reader
        self._writer = writer
        self._head = head

    @classmethod
    async def to(cls, origin: str, headers: Mapping[str, str]) -> Self:
        host, _, port = origin.removeprefix("http://").partition(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        head = f"POST /graphql HTTP/1.1\r\nhost: {host}\r\ncontent-type: application/json\r\n"
        return cls(reader, writer, head + "".join(f"{name}: {value}\r\n" for name, value in headers.items()))

    async def ask(self, body: Mapping[str, object]) -> tuple[int, bytes]:
        """The status and the body of the answer."""
        return await self.send(json.dumps(body).encode())

    async def send(self, body: bytes) -> tuple[int, bytes]:
        """As `ask`, for a body that is written already."""
        self._writer.write(f"{self._head}content-length: {len(body)}\r\n\r\n".encode() + body)
        head = (await self._reader.readuntil(b"\r\n\r\n")).lower()
        length = int(head.partition(b"content-length:")[2].partition(b"\r\n")[0])
        return int(head.split(b" ", 2)[1]), await self._reader.readexactly(length)

    def post(self, body: bytes) -> None:
        """Send a body whose answer nobody will read."""
        self._writer.write(f"{self._head}content-length: {len(body)}\r\n\r\n".encode() + body)

    async def close(self) -> None:
        self._writer.close()
        await self._writer.wait_closed()
