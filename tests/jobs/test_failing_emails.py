"""E-mails that fail delay no other one, are tried again or given up, and leave no trace of their content."""

import asyncio
import logging
from itertools import takewhile
from pathlib import Path

import psycopg
import pytest

from api.email import queue
from api.email.messages import Email
from api.jobs.emails import later_and_later
from api.jobs.tasks import EMAIL, LANES, TASKS
from api.jobs.worker import working
from db.pool import Database
from tests.jobs.inbox import Inbox
from tests.jobs.scene import enqueue, scalar, settings_over, waiting
from tests.jobs.sending import ADA, EMAIL_TO_ADA, enqueue_emails, make_due, pause, sent, written


@pytest.mark.parametrize(
    ("to", "reason"),
    [
        ("\u00e9mile@example.org", "the receiver's address needs SMTPUTF8, which the server does not take."),
        ("nobody@example.org", "the server refuses it for good."),
    ],
)
async def test_a_permanent_refusal_is_not_retried_and_delays_no_other_email(
    seeded: psycopg.Connection,
    seeded_database: str,
    database: Database,
    inbox: tuple[Inbox, str],
    caplog: pytest.LogCaptureFixture,
    to: str,
    reason: str,
) -> None:
    received, mail_url = inbox
    await enqueue_emails(database, EMAIL_TO_ADA._replace(to=to), EMAIL_TO_ADA)
    assert sorted(await sent(seeded_database, mail_url)) == sorted([reason, "sent"])
    assert [envelope.rcpt_tos for envelope in received.envelopes] == [["ada@example.org"]]
    assert received.connections == 2
    (record,) = caplog.records
    assert (record.levelno, "given up" in record.message) == (logging.ERROR, True)
    assert to not in caplog.text
    assert waiting(seeded) == [("send_email", "failed", 1, {"error": reason, "given_up": True}, False)]


async def test_an_email_that_cannot_be_composed_delays_no_other_email(
    seeded_database: str, database: Database, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    await enqueue_emails(database, EMAIL_TO_ADA._replace(subject="a\nBcc: eve@example.org"), EMAIL_TO_ADA)
    await sent(seeded_database, f"file:{tmp_path}")
    assert len(written(tmp_path)) == 1
    assert [record.levelno for record in caplog.records] == [logging.ERROR]


async def test_a_failed_delivery_is_retried_and_logged_without_content(
    seeded: psycopg.Connection,
    seeded_database: str,
    database: Database,
    inbox: tuple[Inbox, str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    received, mail_url = inbox
    received.failures = 3
    await enqueue_emails(database, EMAIL_TO_ADA)
    pauses: list[int] = []
    for _ in range(3):
        assert await sent(seeded_database, mail_url) == [
            f"It was not delivered to {mail_url.removeprefix('smtp://')}: SMTPDataError."
        ]
        pauses.append(pause(seeded))
        assert await sent(seeded_database, mail_url) == []
        make_due(seeded)
    assert pauses == [10, 30, 90]
    assert [record.levelno for record in caplog.records] == [logging.WARNING] * 3
    assert "a-secret-token" not in caplog.text
    assert "ada@example.org" not in caplog.text
    assert await sent(seeded_database, mail_url) == ["sent"]
    assert len(received.envelopes) == 1
    assert waiting(seeded) == []


async def test_nothing_that_a_job_was_given_is_logged_however_much_is(
    seeded_database: str, database: Database, inbox: tuple[Inbox, str], caplog: pytest.LogCaptureFixture
) -> None:
    received, mail_url = inbox
    received.failures = 1
    caplog.set_level(logging.DEBUG)
    async with database.transaction():
        await queue.enqueue(database, ADA, EMAIL_TO_ADA)
        await queue.enqueue_password_reset(database, "nobody@example.org", "192.0.2.7")
    await database.release()
    await sent(seeded_database, mail_url)
    ours = [record for record in caplog.records if record.name.startswith(("vrss", "procrastinate"))]
    text = " ".join(str(vars(record)) for record in ours)
    assert "the job %s %s failed" in text
    for private in ("a-secret-token", "ada@example.org", "nobody@example.org", "192.0.2.7"):
        assert private not in text


async def test_an_email_is_given_up_when_it_is_of_no_use_and_its_text_deleted(
    seeded: psycopg.Connection, seeded_database: str, database: Database, inbox: tuple[Inbox, str]
) -> None:
    received, mail_url = inbox
    await enqueue_emails(database, EMAIL_TO_ADA._replace(hours=1))
    seeded.execute(
        "UPDATE jobs.procrastinate_jobs SET args = args || jsonb_build_object("
        "'expires_at', (args ->> 'expires_at')::bigint - 3601)"
    )
    reason = "It was not delivered as long as it was of use."
    assert await sent(seeded_database, mail_url) == [reason]
    assert received.connections == 0
    assert waiting(seeded) == [("send_email", "failed", 1, {"error": reason, "given_up": True}, False)]


@pytest.mark.parametrize(
    ("task", "given"),
    [
        ("send_email", {"paragraphs": ["a-secret-token"], "unknown": 1}),
        ("write_password_reset", {"email": "nobody@example.org", "unknown": 1}),
    ],
)
async def test_what_a_private_task_was_given_is_deleted_after_its_last_attempt(
    seeded: psycopg.Connection,
    seeded_database: str,
    caplog: pytest.LogCaptureFixture,
    task: str,
    given: dict[str, object],
) -> None:
    enqueue(seeded, "email", task, **given)
    attempts = len(list(takewhile(lambda seconds: seconds is not None, map(TASKS[task].pause, range(1, 100))))) + 1
    seeded.execute("UPDATE jobs.procrastinate_jobs SET attempts = %s", [attempts - 2])
    assert await sent(seeded_database, None) == ["TypeError."]
    assert waiting(seeded) == [(task, "todo", attempts - 1, {**given, "error": "TypeError."}, True)]
    make_due(seeded)
    assert await sent(seeded_database, None) == ["TypeError."]
    assert waiting(seeded) == [(task, "failed", attempts, {"error": "TypeError.", "given_up": True}, True)]
    assert "a-secret-token" not in caplog.text
    assert "nobody@example.org" not in caplog.text


def test_an_email_is_tried_for_two_days_which_is_as_long_as_any_is_of_use() -> None:
    pauses = list(map(later_and_later, range(1, 100)))
    tried = [seconds for seconds in pauses if seconds is not None]
    assert pauses == [*tried, *[None] * (99 - len(tried))]
    assert tried[:8] == [10.0, 30.0, 90.0, 270.0, 810.0, 2430.0, 3600.0, 3600.0]
    hours = Email("ada@example.org", "Confirm", ()).hours
    assert hours * 3600 <= sum(tried) < (hours + 1) * 3600


async def test_a_server_that_hangs_delays_no_other_job(
    seeded: psycopg.Connection, seeded_database: str, database: Database, inbox: tuple[Inbox, str]
) -> None:
    received, mail_url = inbox
    received.open.clear()
    await enqueue_emails(database, *[EMAIL_TO_ADA] * (EMAIL.at_once + 1))
    settings = settings_over(seeded_database, mail_url=mail_url)
    async with asyncio.timeout(20), working(settings, seeded_database, LANES):
        await received.arrived.wait()
        enqueue(seeded, "maintenance", "purge_posts")
        while any(task == "purge_posts" for task, *_ in waiting(seeded)):  # noqa: ASYNC110  # another process's
            await asyncio.sleep(0.01)
        running = scalar(
            seeded, "SELECT count(*) FROM jobs.procrastinate_jobs WHERE status = 'doing' AND queue_name = 'email'"
        )
        assert running == EMAIL.at_once
        received.open.set()
        while waiting(seeded):  # noqa: ASYNC110  # another process's
            await asyncio.sleep(0.01)
    assert len(received.envelopes) == EMAIL.at_once + 1


async def test_an_email_under_way_when_the_process_stops_is_sent_by_another(
    seeded: psycopg.Connection,
    seeded_database: str,
    database: Database,
    inbox: tuple[Inbox, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("api.jobs.worker.STOP_SECONDS", 0.05)
    received, mail_url = inbox
    received.open.clear()
    await enqueue_emails(database, EMAIL_TO_ADA)
    async with (
        asyncio.timeout(20),
        working(settings_over(seeded_database, mail_url=mail_url), seeded_database, (EMAIL,)),
    ):
        await received.arrived.wait()
    ((task, status, attempts, *_),) = waiting(seeded)
    assert (task, status, attempts) == ("send_email", "todo", 1)
    received.open.set()
    assert await sent(seeded_database, mail_url) == ["sent"]
