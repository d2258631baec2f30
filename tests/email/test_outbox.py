"""Letters leave after the answer, through whatever carries them, and a failure is told without what they say."""

import asyncio
import logging
from collections.abc import AsyncGenerator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, Envelope

from api.email.messages import Letter
from api.email.queue import Outbox
from api.email.transports import Carrier, FileCarrier, SmtpCarrier, carrier

SENDER = "VRSS <no-reply@vrss.example>"
LETTER = Letter("ada@example.org", "Confirm", ("Hello ada,", "a-secret-token"))


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
        self.carried: list[EmailMessage] = []

    async def carry(self, message: EmailMessage) -> None:
        self.times -= 1
        if self.times >= 0:
            raise ConnectionRefusedError("nobody listens for a-secret-token")
        self.carried.append(message)


async def sent(by: Carrier, *letters: Letter) -> None:
    outbox = Outbox(by, SENDER, pauses=(0.0, 0.0))
    async with outbox.opened():
        outbox.send(*letters)


async def test_a_letter_goes_through_smtp(inbox: tuple[Inbox, int]) -> None:
    received, port = inbox
    await sent(carrier(f"smtp://127.0.0.1:{port}"), LETTER)
    (envelope,) = received.envelopes
    assert envelope.mail_from == "no-reply@vrss.example"
    assert envelope.rcpt_tos == ["ada@example.org"]
    assert isinstance(envelope.content, bytes)
    assert message_from_bytes(envelope.content, policy=policy.default)["Subject"] == "Confirm"


async def test_a_unicode_domain_leaves_through_a_server_without_smtputf8(inbox: tuple[Inbox, int]) -> None:
    received, port = inbox
    letter = LETTER._replace(to="ada@b\u00fccher.example", subject="Gr\u00fc\u00dfe")
    outbox = Outbox(carrier(f"smtp://127.0.0.1:{port}"), "Gr\u00fc\u00dfe <no-reply@b\u00fccher.example>", pauses=())
    async with outbox.opened():
        outbox.send(letter)
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
async def test_what_is_refused_for_good_is_tried_once_and_stops_nothing(
    inbox: tuple[Inbox, int], caplog: pytest.LogCaptureFixture, to: str
) -> None:
    received, port = inbox
    await sent(carrier(f"smtp://127.0.0.1:{port}"), LETTER._replace(to=to), LETTER)
    assert [envelope.rcpt_tos for envelope in received.envelopes] == [["ada@example.org"]]
    assert received.connections == 2
    (record,) = caplog.records
    assert (record.levelno, "given up" in record.message) == (logging.ERROR, True)
    assert to not in caplog.text


async def test_a_letter_that_cannot_be_written_stops_none_behind_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    await sent(FileCarrier(tmp_path), LETTER._replace(subject="a\nBcc: eve@example.org"), LETTER)
    assert len(written(tmp_path)) == 1
    assert [record.levelno for record in caplog.records] == [logging.ERROR]


async def test_a_letter_is_written_into_a_file_of_its_own(tmp_path: Path) -> None:
    await sent(carrier(f"file:{tmp_path / 'mail'}"), LETTER, LETTER)
    files = written(tmp_path / "mail")
    assert [file.suffix for file in files] == [".eml", ".eml"]
    parsed = message_from_bytes(files[0].read_bytes(), policy=policy.default)
    assert parsed["To"] == "ada@example.org"


async def test_a_letter_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    await sent(carrier("console:"), LETTER)
    assert "To: ada@example.org\nSubject: Confirm\n\nHello ada,\n\na-secret-token\n" in capsys.readouterr().out


async def test_without_a_way_nothing_is_written(capsys: pytest.CaptureFixture[str]) -> None:
    await sent(carrier(None), LETTER)
    assert capsys.readouterr() == ("", "")


def test_the_setting_says_how_to_reach_the_mail_server() -> None:
    for url, expected in (
        ("smtp://mail.example", ("mail.example", 587, None, None, False)),
        ("smtp://ada:a%40b@mail.example:25", ("mail.example", 25, "ada", "a@b", False)),
        ("smtps://mail.example", ("mail.example", 465, None, None, True)),
    ):
        by: Any = carrier(url)
        assert isinstance(by, SmtpCarrier)
        found = vars(by)
        assert tuple(found[f"_{name}"] for name in ("host", "port", "username", "password", "implicit_tls")) == expected


async def test_a_letter_is_tried_again_and_the_log_has_nothing_of_it(caplog: pytest.LogCaptureFixture) -> None:
    by = Failing(2)
    await sent(by, LETTER)
    assert len(by.carried) == 1
    assert [record.levelno for record in caplog.records] == [logging.WARNING] * 2
    assert "a-secret-token" not in caplog.text
    assert "ada@example.org" not in caplog.text


async def test_a_letter_that_never_leaves_is_given_up_and_the_next_one_goes(caplog: pytest.LogCaptureFixture) -> None:
    by = Failing(3)
    await sent(by, LETTER, LETTER)
    assert len(by.carried) == 1
    assert [record.levelno for record in caplog.records] == [logging.WARNING] * 3 + [logging.ERROR]
    assert "a-secret-token" not in caplog.text


async def test_an_errand_that_fails_is_logged_and_the_next_one_runs(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def failing() -> tuple[Letter, ...]:
        raise RuntimeError("no database")

    outbox = Outbox(FileCarrier(tmp_path), SENDER)
    async with outbox.opened():
        outbox.run(failing)
        outbox.send(LETTER)
    assert len(written(tmp_path)) == 1
    assert [record.message for record in caplog.records] == ["an errand of the outbox failed"]


async def test_one_errand_too_many_is_left_and_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    ran = 0

    async def counting() -> tuple[Letter, ...]:
        nonlocal ran
        ran += 1
        return ()

    outbox = Outbox(FileCarrier(tmp_path), SENDER)
    for _ in range(1001):
        outbox.run(counting)
    assert [record.message for record in caplog.records] == ["too many letters are waiting: one was not written"]
    async with outbox.opened():
        await asyncio.sleep(0)
    assert ran == 1000
