"""The e-mails that the API wrote into a folder."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import partial
from pathlib import Path

from api.jobs.running import Outcome
from api.jobs.tasks import EMAIL
from api.jobs.worker import run_until_idle
from api.settings import Settings
from db.settings import DatabaseSettings

TOKEN = re.compile(r"^[\w-]{43}$", re.MULTILINE)
PATIENCE_SECONDS = 20


@dataclass
class Mailbox:
    """`send` sends what waits in the database, where no worker does."""

    folder: Path
    send: Callable[[], Awaitable[None]] | None = None
    seen: set[Path] = field(default_factory=set[Path])

    async def emails(self, count: int) -> dict[str, EmailMessage]:
        """So many e-mails that have come since the last time, by their recipients."""
        await self.deliver()
        async with asyncio.timeout(PATIENCE_SECONDS):
            while len(new := set(self.folder.glob("*.eml")) - self.seen) < count:  # noqa: ASYNC110  # from outside
                await asyncio.sleep(0)
        self.seen |= new
        read = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in new]
        found = {str(message["To"]): message for message in read}
        assert len(read) == len(found) == count
        return found

    async def token(self, receiver: str) -> str:
        """The token in the only e-mail that has come, which is for this recipient."""
        (email,) = (await self.emails(1)).items()
        assert email[0] == receiver
        return token_in(email[1])

    async def deliver(self) -> None:
        """Send what waits, where no worker does."""
        if self.send is not None:
            await self.send()

    def nth_token(self, number: int) -> str:
        """The token of the first, second … e-mail that has one."""
        return token_in(self._with_tokens()[number - 1])

    def _with_tokens(self) -> list[EmailMessage]:
        paths = sorted(self.folder.glob("*.eml"), key=lambda path: path.stat().st_mtime_ns)
        emails = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in paths]
        return [email for email in emails if TOKEN.search(_text(email))]


def _text(email: EmailMessage) -> str:
    body = email.get_body(("plain",))
    return "" if body is None else body.get_content().replace("\r", "")


def mailbox(url: str, folder: Path) -> Mailbox:
    """The e-mails that wait in a database without a worker."""
    database = DatabaseSettings.model_validate({"DATABASE_URL": url})
    settings = Settings.model_validate({"database": database, "mail_url": f"file:{folder}"})
    return Mailbox(folder, partial(run_until_idle, settings, url, (EMAIL,), _must_succeed))


def _must_succeed(outcome: Outcome) -> None:
    assert outcome.succeeded, outcome


def token_in(email: EmailMessage) -> str:
    found = TOKEN.search(_text(email))
    assert found is not None
    return found[0]
