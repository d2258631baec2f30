"""E-mails wait as jobs in the database, from the transaction of what they report until they have been sent."""

import time
from uuid import uuid4

from api.email.messages import Email
from db.pool import Database
from db.queries import jobs
from db.queries.jobs import EMAIL_LANE

SEND_EMAIL = "send_email"
WRITE_PASSWORD_RESET = "write_password_reset"  # noqa: S105  # the name of a task


async def enqueue(database: Database, user_id: int, *emails: Email) -> None:
    """Send e-mails to a user when the transaction is stored: the caller has begun it. Without it they are not sent."""
    for email in emails:
        arguments = {
            "user_id": user_id,
            "to": email.to,
            "subject": email.subject,
            "paragraphs": email.paragraphs,
            # Of all attempts, so that a mail program can see that two are the same.
            "message_id": uuid4().hex,
            "expires_at": int(time.time()) + email.hours * 3600,
        }
        await jobs.enqueue(database, EMAIL_LANE, SEND_EMAIL, arguments)


async def enqueue_password_reset(database: Database, email: str, address: str | None) -> None:
    """Look for the account with this e-mail address, and write to it if there is one, after the response."""
    await jobs.enqueue(database, EMAIL_LANE, WRITE_PASSWORD_RESET, {"email": email, "address": address})
