"""The e-mails that the service sends. Each is paragraphs of plain text; the HTML is the same, escaped."""

from collections.abc import Iterable
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate, parseaddr
from html import escape
from typing import NamedTuple

import idna


class Email(NamedTuple):
    """`hours` is how long it is of use: as long as its token works, or a report is news."""

    to: str
    subject: str
    paragraphs: tuple[str, ...]
    hours: int = 48


class EmailTemplates:
    """Composes the e-mails; `app_url` is the web site that their links lead to, if there is one."""

    def __init__(self, app_url: str | None) -> None:
        self._app_url = app_url

    def verify_email(self, to: str, username: str, token: str) -> Email:
        return Email(
            to,
            "Confirm your e-mail address",
            (
                f"Hello {username},",
                "please confirm that this address is yours. This works for 24 hours, once:",
                self._link("verify-email", token),
                "If you have not asked for this, ignore this e-mail.",
            ),
            hours=24,
        )

    def reset_password(self, to: str, username: str, token: str) -> Email:
        return Email(
            to,
            "Choose a new password",
            (
                f"Hello {username},",
                "somebody asked for a new password for your account. If it was you, choose one within the hour:",
                self._link("reset-password", token),
                "If not, ignore this e-mail: your password stays as it is.",
            ),
            hours=1,
        )

    def password_changed(self, to: str, username: str) -> Email:
        return Email(
            to,
            "Your password was changed",
            (
                f"Hello {username},",
                "your password was changed, and you were logged out on all other devices.",
                "If it was not you, ask for a new password at once.",
            ),
        )

    def email_change_requested(self, to: str, username: str, new: str) -> Email:
        return Email(
            to,
            "Your e-mail address is about to change",
            (
                f"Hello {username},",
                f"the address of your account will be {new} as soon as that is confirmed.",
                "If you have not asked for this, change your password at once.",
            ),
        )

    def email_changed(self, to: str, username: str, new: str) -> Email:
        return Email(
            to,
            "Your e-mail address was changed",
            (
                f"Hello {username},",
                f"the address of your account is {new} from now on, and you were logged out on all other devices.",
                "If it was not you, write to us at once: this address is no longer that of the account.",
            ),
        )

    def deletion_begun(self, to: str, username: str, days: int) -> Email:
        return Email(
            to,
            "Your account will be deleted",
            (
                f"Hello {username},",
                f"nobody sees your account any more, and in {days} days it will be gone for good.",
                "Until then you can log in and cancel this.",
            ),
        )

    def _link(self, page: str, token: str) -> str:
        """A link with the token, or the token alone. What follows the # stays in the browser and out of logs."""
        return token if self._app_url is None else f"{self._app_url}/{page}#{token}"


def mime_message(email: Email, sender: str, message_id: str) -> EmailMessage:
    """The e-mail as it is sent; `message_id` is one word, unique for this e-mail.

    The policy refuses a line break in a header, so that no input can add a header.
    """
    composed = EmailMessage(policy.SMTPUTF8)
    name, sent_by = parseaddr(sender)
    composed["From"] = _address(sent_by, name)
    composed["To"] = _address(email.to)
    composed["Subject"] = email.subject
    composed["Date"] = formatdate()
    composed["Message-ID"] = f"<{message_id}@{_ascii_domain(sent_by.rpartition('@')[2])}>"
    composed["Auto-Submitted"] = "auto-generated"
    composed.set_content("\n\n".join(email.paragraphs) + "\n")
    composed.add_alternative(_html(email.paragraphs), subtype="html")
    return composed


def _address(text: str, name: str = "") -> Address:
    """An address for a header, and so for the envelope."""
    username, _, domain = text.rpartition("@")
    return Address(name, username, _ascii_domain(domain))


def _ascii_domain(domain: str) -> str:
    """The domain as every mail server knows it: many do not take SMTPUTF8, and none needs it for a domain."""
    return domain if domain.isascii() else idna.encode(domain, uts46=True).decode()


def _html(paragraphs: Iterable[str]) -> str:
    return "<!doctype html>\n" + "\n".join(f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs) + "\n"
