"""Transports for e-mail: SMTP, files, the console, or none, which keeps e-mails waiting."""

import asyncio
import sys
from contextlib import suppress
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit
from uuid import uuid4

from aiosmtplib import (
    SMTP,
    SMTPDataError,
    SMTPException,
    SMTPNotSupported,
    SMTPRecipientsRefused,
    SMTPSenderRefused,
)
from anyio import to_thread

SMTP_PORT, SMTPS_PORT = 587, 465
_SMTP_SECONDS, _QUIT_SECONDS = 20, 2
_PERMANENT = 500  # the first of the codes that mean it


class UndeliverableError(Exception):
    """The e-mail cannot be delivered, however often it is tried."""


class Transport(Protocol):
    @property
    def destination(self) -> str:
        """Where it takes e-mails, for operators: a server, or a folder. No user name and no password."""
        ...

    async def deliver(self, message: EmailMessage) -> None:
        """Deliver an e-mail, or raise: UndeliverableError when another attempt would fail, too."""
        ...


class MissingTransportError(Exception):
    """Nothing says how e-mails leave."""

    def __init__(self) -> None:
        super().__init__("VRSS_MAIL_URL is not set")


class MissingTransport:
    destination = "nowhere"

    async def deliver(self, message: EmailMessage) -> None:  # noqa: ARG002  # as all transports
        """Raise MissingTransportError: the e-mail waits for a process that knows a transport."""
        raise MissingTransportError


class ConsoleTransport:
    """Prints e-mails, for development only: they hold tokens."""

    destination = "the console"

    async def deliver(self, message: EmailMessage) -> None:
        body = message.get_body(("plain",))
        text = "" if body is None else body.get_content()
        sys.stdout.write(f"\nTo: {message['To']}\nSubject: {message['Subject']}\n\n{text}\n")
        sys.stdout.flush()


class FileTransport:
    """Writes each e-mail into a file of its own, which mail programs open."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.destination = str(folder)

    async def deliver(self, message: EmailMessage) -> None:
        await to_thread.run_sync(self._write, bytes(message))

    def _write(self, content: bytes) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        unfinished = self._folder / f".{uuid4().hex}"
        unfinished.write_bytes(content)
        unfinished.rename(self._folder / f"{unfinished.name[1:]}.eml")


class SmtpTransport:
    """`smtp://` speaks TLS if the server does, and with a password in any case; `smtps://` from the first byte."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._implicit_tls = parts.scheme == "smtps"
        self._host = parts.hostname or "localhost"
        self._port = parts.port or (SMTPS_PORT if self._implicit_tls else SMTP_PORT)
        self.destination = f"{self._host}:{self._port}"
        self._username = None if parts.username is None else unquote(parts.username)
        self._password = None if parts.password is None else unquote(parts.password)

    async def deliver(self, message: EmailMessage) -> None:
        """As of the protocol. Whoever cancels it waits for no server that hangs."""
        client = SMTP(
            hostname=self._host,
            port=self._port,
            username=self._username,
            password=self._password,
            use_tls=self._implicit_tls,
            start_tls=False if self._implicit_tls else self._username is not None or None,
            timeout=_SMTP_SECONDS,
        )
        try:
            await client.connect()
            await client.send_message(message)
            # The server has it, and whatever becomes of the farewell does not make it another one.
            with suppress(SMTPException, OSError, TimeoutError):
                async with asyncio.timeout(_QUIT_SECONDS):
                    await client.quit()
        except SMTPException as error:
            if _is_permanent(error, message):
                raise UndeliverableError(_reason(error)) from error
            raise
        finally:
            client.close()


def _is_permanent(error: SMTPException, message: EmailMessage) -> bool:
    if isinstance(error, SMTPRecipientsRefused):
        return all(refused.code >= _PERMANENT for refused in error.recipients)
    if isinstance(error, SMTPNotSupported):  # the server does not take SMTPUTF8, or else a setting is wrong
        return not str(message["To"]).isascii()
    return isinstance(error, SMTPSenderRefused | SMTPDataError) and error.code >= _PERMANENT


def _reason(error: SMTPException) -> str:
    """Why, without the server's own words: they may name the receiver."""
    if isinstance(error, SMTPNotSupported):
        return "the receiver's address needs SMTPUTF8, which the server does not take"
    return "the server refuses it for good"


def transport_for(url: str | None) -> Transport:
    """The transport that a setting names: `console:`, `file:FOLDER`, `smtp://…`, `smtps://…`, or none."""
    if url is None:
        return MissingTransport()
    scheme, _, rest = url.partition(":")
    match scheme:
        case "console":
            return ConsoleTransport()
        case "file":
            return FileTransport(Path(rest))
        case _:
            return SmtpTransport(url)
