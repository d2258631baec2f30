"""What is written to people. Each letter is paragraphs of plain text; the HTML is the same, escaped."""

from collections.abc import Iterable
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate, make_msgid, parseaddr
from html import escape
from typing import NamedTuple

import idna


class Letter(NamedTuple):
    to: str
    subject: str
    paragraphs: tuple[str, ...]


class Letters:
    """The letters of one service; `app_url` is the web site's that people use, if there is one."""

    def __init__(self, app_url: str | None) -> None:
        self._app_url = app_url

    def verify_email(self, to: str, username: str, token: str) -> Letter:
        return Letter(
            to,
            "Confirm your e-mail address",
            (
                f"Hello {username},",
                "please confirm that this address is yours. This works for 24 hours, once:",
                self._way("verify-email", token),
                "If you have not asked for this, ignore this letter.",
            ),
        )

    def reset_password(self, to: str, username: str, token: str) -> Letter:
        return Letter(
            to,
            "Choose a new password",
            (
                f"Hello {username},",
                "somebody asked for a new password for your account. If it was you, choose one within the hour:",
                self._way("reset-password", token),
                "If not, ignore this letter: your password stays as it is.",
            ),
        )

    def password_changed(self, to: str, username: str) -> Letter:
        return Letter(
            to,
            "Your password was changed",
            (
                f"Hello {username},",
                "your password was changed, and you were logged out on all other devices.",
                "If it was not you, ask for a new password at once.",
            ),
        )

    def email_change_requested(self, to: str, username: str, new: str) -> Letter:
        return Letter(
            to,
            "Your e-mail address is about to change",
            (
                f"Hello {username},",
                f"the address of your account will be {new} as soon as that is confirmed.",
                "If you have not asked for this, change your password at once.",
            ),
        )

    def email_changed(self, to: str, username: str, new: str) -> Letter:
        return Letter(
            to,
            "Your e-mail address was changed",
            (
                f"Hello {username},",
                f"the address of your account is {new} from now on, and you were logged out on all other devices.",
                "If it was not you, write to us at once: this address is no longer that of the account.",
            ),
        )

    def deletion_begun(self, to: str, username: str, days: int) -> Letter:
        return Letter(
            to,
            "Your account will be deleted",
            (
                f"Hello {username},",
                f"nobody sees your account any more, and in {days} days it will be gone for good.",
                "Until then you can log in and cancel this.",
            ),
        )

    def _way(self, page: str, token: str) -> str:
        """How the token is used: what follows the # stays in the browser, and out of every server's log."""
        return token if self._app_url is None else f"{self._app_url}/{page}#{token}"


def message(letter: Letter, sender: str) -> EmailMessage:
    """The letter as it is sent. A line break in a header is refused by the policy, so nobody adds one of theirs."""
    composed = EmailMessage(policy.SMTPUTF8)
    name, sent_by = parseaddr(sender)
    composed["From"] = _address(sent_by, name)
    composed["To"] = _address(letter.to)
    composed["Subject"] = letter.subject
    composed["Date"] = formatdate()
    composed["Message-ID"] = make_msgid(domain=_ascii_domain(sent_by.rpartition("@")[2]))
    composed["Auto-Submitted"] = "auto-generated"
    composed.set_content("\n\n".join(letter.paragraphs) + "\n")
    composed.add_alternative(_html(letter.paragraphs), subtype="html")
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
