"""E-mails put into the database, and sent from there."""

from pathlib import Path

import psycopg

from api.email import queue
from api.email.messages import Email
from api.jobs.tasks import EMAIL
from db.pool import Database
from tests.jobs.scene import run, scalar

SENDER = "VRSS <no-reply@vrss.example>"
EMAIL_TO_ADA = Email("ada@example.org", "Confirm", ("Hello ada,", "a-secret-token"))
ADA = 1


async def enqueue_emails(database: Database, *emails: Email) -> None:
    async with database.transaction():
        await queue.enqueue(database, ADA, *emails)
    await database.release()


async def sent(url: str, mail_url: str | None, sender: str = SENDER) -> list[str]:
    """Send what is due; what is said of each."""
    settings = {} if mail_url is None else {"mail_url": mail_url}
    return [outcome.said for outcome in await run(url, lanes=(EMAIL,), mail_from=sender, **settings)]


def written(folder: Path) -> list[Path]:
    return list(folder.iterdir())


def make_due(connection: psycopg.Connection) -> None:
    connection.execute("UPDATE jobs.procrastinate_jobs SET scheduled_at = now()")


def pause(connection: psycopg.Connection) -> int:
    """How many seconds the only job waits for its next attempt."""
    return scalar(
        connection, "SELECT round(extract(epoch FROM scheduled_at - now())) FROM jobs.procrastinate_jobs"
    )  # fmt: skip
