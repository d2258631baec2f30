"""A real SMTP server, and what it has received."""

import asyncio
from typing import Any

from aiosmtpd.smtp import Envelope


class Inbox:
    """`failures`: how many e-mails it answers with "later"; `open`: cleared, it takes an e-mail and never answers."""

    def __init__(self) -> None:
        self.envelopes: list[Envelope] = []
        self.connections = 0
        self.failures = 0
        self.open = asyncio.Event()
        self.open.set()
        self.arrived = asyncio.Event()

    async def handle_EHLO(  # noqa: N802  # aiosmtpd's name
        self, _server: Any, session: Any, _envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(  # noqa: N802  # aiosmtpd's name
        self, _server: Any, _session: Any, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address.startswith("nobody@"):
            return "550 there is no nobody@example.org"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Envelope) -> str:  # noqa: N802  # aiosmtpd's name
        self.arrived.set()
        await self.open.wait()
        self.failures -= 1
        if self.failures >= 0:
            return "451 a-secret-token cannot be taken now"
        self.envelopes.append(envelope)
        return "250 OK"
