"""E-mails wait in the database, leave by any transport, and fail without a trace of their content."""

from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import psycopg
import pytest

from api.email import queue
from api.email.transports import SmtpTransport, transport_for
from db.maintenance import purges
from db.pool import Database
from tests.jobs.inbox import Inbox
from tests.jobs.scene import delete, scalar, waiting
from tests.jobs.sending import ADA, EMAIL_TO_ADA, enqueue_emails, make_due, sent, written


async def test_an_email_is_sent_by_smtp_and_nothing_is_left_of_it(
    seeded: psycopg.Connection, seeded_database: str, database: Database, inbox: tuple[Inbox, str]
) -> None:
    received, mail_url = inbox
    await enqueue_emails(database, EMAIL_TO_ADA)
    assert await sent(seeded_database, mail_url) == ["sent"]
    (envelope,) = received.envelopes
    assert envelope.mail_from == "no-reply@vrss.example"
    assert envelope.rcpt_tos == ["ada@example.org"]
    assert isinstance(envelope.content, bytes)
    assert message_from_bytes(envelope.content, policy=policy.default)["Subject"] == "Confirm"
    assert waiting(seeded) == []
    assert scalar(seeded, "SELECT count(*) FROM jobs.procrastinate_events") == 0


async def test_an_email_of_a_transaction_that_is_undone_is_not_sent(
    seeded: psycopg.Connection, database: Database
) -> None:
    async def undone() -> None:
        async with database.transaction():
            await queue.enqueue(database, ADA, EMAIL_TO_ADA)
            raise LookupError

    with pytest.raises(LookupError):
        await undone()
    assert waiting(seeded) == []


async def test_a_unicode_domain_is_sent_by_a_server_without_smtputf8(
    seeded_database: str, database: Database, inbox: tuple[Inbox, str]
) -> None:
    received, mail_url = inbox
    await enqueue_emails(database, EMAIL_TO_ADA._replace(to="ada@b\u00fccher.example", subject="Gr\u00fc\u00dfe"))
    await sent(seeded_database, mail_url, "Gr\u00fc\u00dfe <no-reply@b\u00fccher.example>")
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


async def test_the_file_transport_writes_a_file_for_each_email(
    seeded_database: str, database: Database, tmp_path: Path
) -> None:
    await enqueue_emails(database, EMAIL_TO_ADA, EMAIL_TO_ADA)
    await sent(seeded_database, f"file:{tmp_path / 'mail'}")
    files = written(tmp_path / "mail")
    assert [file.suffix for file in files] == [".eml", ".eml"]
    parsed = message_from_bytes(files[0].read_bytes(), policy=policy.default)
    assert parsed["To"] == "ada@example.org"


async def test_the_console_transport_prints(
    seeded_database: str, database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    await enqueue_emails(database, EMAIL_TO_ADA)
    await sent(seeded_database, "console:")
    assert "To: ada@example.org\nSubject: Confirm\n\nHello ada,\n\na-secret-token\n" in capsys.readouterr().out


async def test_without_a_transport_an_email_waits_for_a_process_that_has_one(
    seeded: psycopg.Connection, seeded_database: str, database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    """As where cron runs the jobs, without the settings of the server."""
    await enqueue_emails(database, EMAIL_TO_ADA)
    assert await sent(seeded_database, None) == ["It was not delivered: VRSS_MAIL_URL is not set."]
    assert capsys.readouterr() == ("", "")
    assert len(waiting(seeded)) == 1
    make_due(seeded)
    assert await sent(seeded_database, "console:") == ["sent"]
    assert "a-secret-token" in capsys.readouterr().out
    assert waiting(seeded) == []


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


async def test_nothing_is_sent_to_an_account_that_is_gone_for_good(
    seeded: psycopg.Connection, seeded_database: str, database: Database, inbox: tuple[Inbox, str]
) -> None:
    received, mail_url = inbox
    await enqueue_emails(database, EMAIL_TO_ADA)
    assert await purges.purge_account(database, delete(seeded, "ada", days=31))
    assert waiting(seeded) == []
    await enqueue_emails(database, EMAIL_TO_ADA)  # as one that a worker had begun to send
    assert await sent(seeded_database, mail_url) == ["nobody has the account any more"]
    assert received.connections == 0
