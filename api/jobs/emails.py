"""The tasks that write and send e-mails. An e-mail is sent at least once, and tried for as long as it is of use.

It is sent twice where a worker is killed after the mail server took it, and before the database knows. Both have the
same Message-ID.
"""

import asyncio
import logging
import time

from api.accounts.password_changes import write_password_reset as write_reset
from api.email.messages import Email, mime_message
from api.email.transports import MissingTransportError, UndeliverableError
from api.jobs.tasks import EMAIL, GivenUpError, NotDoneError, Tools, private
from db.queries import jobs

log = logging.getLogger("vrss.mail")

_DELIVERY_SECONDS = 60.0  # for a server that answers each step late
_FIRST_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS = 10.0, 3600.0
_MOST_FAILURES = 53  # two days, as long as any e-mail is of use


def later_and_later(failures: int) -> float | None:
    """Ten seconds, then three times as long each time, up to an hour; for two days."""
    if failures > _MOST_FAILURES:
        return None
    return min(_FIRST_PAUSE_SECONDS * 3.0 ** min(failures - 1, 10), _LONGEST_PAUSE_SECONDS)


@private(lane=EMAIL, pause=later_and_later)
async def send_email(
    tools: Tools,
    *,
    user_id: int,
    to: str,
    subject: str,
    paragraphs: list[str],
    message_id: str,
    expires_at: int,
) -> str:
    """Send an e-mail, unless its receiver's account is gone for good. Neither address nor text is ever logged."""
    if not await jobs.recipient_exists(tools.database, user_id):
        return "nobody has the account any more"
    await tools.database.release()
    if time.time() > expires_at:
        log.error("an e-mail (%s) was given up: it is of no use any more", subject)
        raise GivenUpError("It was not delivered as long as it was of use.")
    try:
        composed = mime_message(Email(to, subject, tuple(paragraphs)), tools.sender, message_id)
    except ValueError as error:
        log.error("an e-mail (%s) was given up: %s", subject, type(error).__name__)  # noqa: TRY400  # its text is private
        raise GivenUpError(f"It cannot be written: {type(error).__name__}.") from None
    try:
        async with asyncio.timeout(_DELIVERY_SECONDS):
            await tools.transport.deliver(composed)
    except UndeliverableError as error:
        log.error("an e-mail (%s) was given up: %s", subject, error)  # noqa: TRY400  # as above
        raise GivenUpError(f"{error}.") from None
    except MissingTransportError as error:
        log.warning("an e-mail (%s) was not delivered yet: %s", subject, error)
        raise NotDoneError(f"It was not delivered: {error}.") from None
    except Exception as error:  # noqa: BLE001  # whatever a transport raises
        reason = f"{tools.transport.destination}: {type(error).__name__}"
        log.warning("an e-mail (%s) was not delivered yet to %s", subject, reason)
        raise NotDoneError(f"It was not delivered to {reason}.") from None
    return "sent"


@private(lane=EMAIL, pause=lambda failures: 10.0 * 3.0**failures if failures <= 4 else None)  # noqa: PLR2004  # for 20 min
async def write_password_reset(tools: Tools, *, email: str, address: str | None) -> str:
    """Let an e-mail with a token wait, if there is an account with this address."""
    await write_reset(tools.database, tools.emails, email, address)
    return "written, if there is an account"
