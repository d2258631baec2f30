"""E-mails are sent after the response, by any transport, and a failure is logged without their content."""

import asyncio
import logging
from collections.abc import AsyncGenerator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, Envelope

from api.email.messages import Email
from api.email.queue import EmailQueue
from api.email.transports import FileTransport, SmtpTransport, Transport, transport_for

SENDER = "VRSS <no-reply@vrss.example>"
EMAIL = Email("ada@example.org", "Confirm", ("Hello ada,", "a-secret-token"))


class Inbox:
    """What a real SMTP server has received."""

    def __init__(self) -> None:
        self.envelopes: list[Envelope] = []
        self.connections = 0

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
        self.envelopes.append(envelope)
        return "250 OK"


@pytest.fixture
async def inbox() -> AsyncGenerator[tuple[Inbox, int]]:
    received, loop = Inbox(), asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(received, loop=loop), "127.0.0.1", 0)
    yield received, server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()


def written(folder: Path) -> list[Path]:
    return list(folder.iterdir())


class Failing:
    """Fails so many times, then works."""

    def __init__(self, times: int) -> None:
        self.times = times
        self.delivered: list[EmailMessage] = []

    async def deliver(self, message: EmailMessage) -> None:
        self.times -= 1
        if self.times >= 0:
            raise ConnectionRefusedError("nobody listens for a-secret-token")
        self.delivered.append(message)


async def sent(by: Transport, *emails: Email) -> None:
    queue = EmailQueue(by, SENDER, pauses=(0.0, 0.0))
    async with queue.opened():
        queue.send(*emails)


async def test_an_email_is_sent_by_smtp(inbox: tuple[Inbox, int]) -> None:
    received, port = inbox
    await sent(transport_for(f"smtp://127.0.0.1:{port}"), EMAIL)
    (envelope,) = received.envelopes
    assert envelope.mail_from == "no-reply@vrss.example"
    assert envelope.rcpt_tos == ["ada@example.org"]
    assert isinstance(envelope.content, bytes)
    assert message_from_bytes(envelope.content, policy=policy.default)["Subject"] == "Confirm"


async def test_a_unicode_domain_is_sent_by_a_server_without_smtputf8(inbox: tuple[Inbox, int]) -> None:
    received, port = inbox
    email = EMAIL._replace(to="ada@b\u00fccher.example", subject="Gr\u00fc\u00dfe")
    queue = EmailQueue(
        transport_for(f"smtp://127.0.0.1:{port}"), "Gr\u00fc\u00dfe <no-reply@b\u00fccher.example>", pauses=()
    )
    async with queue.opened():
        queue.send(email)
    (envelope,) = received.envelopes
    assert envelope.mail_from == "no-reply@xn--bcher-kva.example"
    assert envelope.rcpt_tos == ["ada@xn--bcher-kva.example"]
    assert isinstance(envelope.content, bytes)
    head = envelope.content.partition(b"\r\n\r\n")[0]
    assert head.isascii()
    read = message_from_bytes(envelope.content, policy=policy.default)
    assert read["To"] == "ada@xn--bcher-kva.example"
    assert read["From"] == "Gr\u00fc\u00dfe <no-reply@xn--bcher-kva.example>"
    assert read["Subject"] == "Gr\u00fc\u00dfe"


@pytest.mark.parametrize("to", ["\u00e9mile@example.org", "nobody@example.org"])
async def test_a_permanent_refusal_is_not_retried_and_delays_no_other_email(
    inbox: tuple[Inbox, int], caplog: pytest.LogCaptureFixture, to: str
) -> None:
    received, port = inbox
    await sent(transport_for(f"smtp://127.0.0.1:{port}"), EMAIL._replace(to=to), EMAIL)
    assert [envelope.rcpt_tos for envelope in received.envelopes] == [["ada@example.org"]]
    assert received.connections == 2
    (record,) = caplog.records
    assert (record.levelno, "given up" in record.message) == (logging.ERROR, True)
    assert to not in caplog.text


async def test_an_email_that_cannot_be_composed_delays_no_other_email(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    await sent(FileTransport(tmp_path), EMAIL._replace(subject="a\nBcc: eve@example.org"), EMAIL)
    assert len(written(tmp_path)) == 1
    assert [record.levelno for record in caplog.records] == [logging.ERROR]


async def test_the_file_transport_writes_a_file_for_each_email(tmp_path: Path) -> None:
    await sent(transport_for(f"file:{tmp_path / 'mail'}"), EMAIL, EMAIL)
    files = written(tmp_path / "mail")
    assert [file.suffix for file in files] == [".eml", ".eml"]
    parsed = message_from_bytes(files[0].read_bytes(), policy=policy.default)
    assert parsed["To"] == "ada@example.org"


async def test_the_console_transport_prints(capsys: pytest.CaptureFixture[str]) -> None:
    await sent(transport_for("console:"), EMAIL)
    assert "To: ada@example.org\nSubject: Confirm\n\nHello ada,\n\na-secret-token\n" in capsys.readouterr().out


async def test_without_a_transport_nothing_is_written(capsys: pytest.CaptureFixture[str]) -> None:
    await sent(transport_for(None), EMAIL)
    assert capsys.readouterr() == ("", "")


def test_the_url_configures_the_smtp_server() -> None:
    for url, expected in (
        ("smtp://mail.example", ("mail.example", 587, None, None, False)),
        ("smtp://ada:a%40b@mail.example:25", ("mail.example", 25, "ada", "a@b", False)),
        ("smtps://mail.example", ("mail.example", 465, None, None, True)),
    ):
        by: Any = transport_for(url)
        assert isinstance(by, SmtpTransport)
        found = vars(by)
        assert tuple(found[f"_{name}"] for name in ("host", "port", "username", "password", "implicit_tls")) == expected


async def test_a_failed_delivery_is_retried_and_logged_without_content(caplog: pytest.LogCaptureFixture) -> None:
    by = Failing(2)
    await sent(by, EMAIL)
    assert len(by.delivered) == 1
    assert [record.levelno for record in caplog.records] == [logging.WARNING] * 2
    assert "a-secret-token" not in caplog.text
    assert "ada@example.org" not in caplog.text


async def test_an_email_is_given_up_after_three_attempts_and_the_next_is_sent(caplog: pytest.LogCaptureFixture) -> None:
    by = Failing(3)
    await sent(by, EMAIL, EMAIL)
    assert len(by.delivered) == 1
    assert [record.levelno for record in caplog.records] == [logging.WARNING] * 3 + [logging.ERROR]
    assert "a-secret-token" not in caplog.text


async def test_a_task_that_fails_is_logged_and_the_next_one_runs(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def failing() -> tuple[Email, ...]:
        raise RuntimeError("no database")

    queue = EmailQueue(FileTransport(tmp_path), SENDER)
    async with queue.opened():
        queue.run(failing)
        queue.send(EMAIL)
    assert len(written(tmp_path)) == 1
    assert [record.message for record in caplog.records] == ["a task of the e-mail queue failed"]


async def test_a_full_queue_drops_and_logs_a_task(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    ran = 0

    async def counting() -> tuple[Email, ...]:
        nonlocal ran
        ran += 1
        return ()

    queue = EmailQueue(FileTransport(tmp_path), SENDER)
    for _ in range(1001):
        queue.run(counting)
    assert [record.message for record in caplog.records] == ["the e-mail queue is full: a task was dropped"]
    async with queue.opened():
        await asyncio.sleep(0)
    assert ran == 1000
