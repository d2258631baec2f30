"""E-mails on the wire, and what no input can add to them."""

from email import message_from_bytes, policy

import pytest

from api.email.messages import Email, EmailTemplates, mime_message

SENDER = "VRSS <no-reply@vrss.example>"


def plain(email: Email) -> str:
    body = mime_message(email, SENDER, "one").get_body(("plain",))
    assert body is not None
    return body.get_content()


def test_every_email_names_its_recipient_and_the_event() -> None:
    emails = EmailTemplates(None)
    written = [
        emails.verify_email("ada@example.org", "ada", "T0KEN"),
        emails.reset_password("ada@example.org", "ada", "T0KEN"),
        emails.password_changed("ada@example.org", "ada"),
        emails.email_change_requested("ada@example.org", "ada", "new@example.org"),
        emails.deletion_begun("ada@example.org", "ada", 30),
    ]
    assert len({email.subject for email in written}) == len(written)
    for email in written:
        assert plain(email).startswith("Hello ada,\n\n")
    assert ["T0KEN" in plain(email) for email in written] == [True, True, False, False, False]
    assert "new@example.org" in plain(written[3])
    assert "in 30 days" in plain(written[4])


def test_a_link_has_the_token_in_its_fragment() -> None:
    emails = EmailTemplates("https://vrss.example/app")
    assert "https://vrss.example/app/verify-email#T0KEN\n" in plain(emails.verify_email("a@b.example", "ada", "T0KEN"))
    assert "https://vrss.example/app/reset-password#T0KEN\n" in plain(
        emails.reset_password("a@b.example", "ada", "T0KEN")
    )


def test_text_and_html_have_the_same_content_and_html_is_escaped() -> None:
    composed = mime_message(Email("ada@example.org", "Hello", ("1 < 2 & <b>bold</b>",)), SENDER, "one")
    parsed = message_from_bytes(bytes(composed), policy=policy.default)
    assert parsed["From"] == SENDER
    assert parsed["To"] == "ada@example.org"
    assert parsed["Message-ID"].endswith("@vrss.example>")
    assert parsed["Auto-Submitted"] == "auto-generated"
    text, html = parsed.get_body(("plain",)), parsed.get_body(("html",))
    assert text is not None
    assert html is not None
    assert text.get_content().splitlines() == ["1 < 2 & <b>bold</b>"]
    assert "<p>1 &lt; 2 &amp; &lt;b&gt;bold&lt;/b&gt;</p>" in html.get_content()


@pytest.mark.parametrize(
    "email",
    [
        Email("ada@example.org\r\nBcc: eve@example.org", "Hello", ()),
        Email("ada@example.org", "Hello\r\nBcc: eve@example.org", ()),
    ],
)
def test_a_line_break_cannot_add_a_header(email: Email) -> None:
    with pytest.raises(ValueError, match=r"CR or LF|linefeed"):
        mime_message(email, SENDER, "one")


def test_addresses_beyond_ascii_are_encoded() -> None:
    composed = mime_message(Email("é@exämple.org", "Grüße", ("Ça va",)), SENDER, "one")
    assert "é@xn--exmple-cua.org" in bytes(composed).decode()


def test_an_email_has_one_recipient() -> None:
    composed = mime_message(Email("ada@example.org, eve@example.org", "Hello", ()), SENDER, "one")
    parsed = message_from_bytes(bytes(composed), policy=policy.default)
    (receiver,) = parsed["To"].addresses
    assert (receiver.username, receiver.domain) == ("ada@example.org, eve", "example.org")
