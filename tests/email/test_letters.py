"""What letters look like on the wire, and what nobody can put into them."""

from email import message_from_bytes, policy

import pytest

from api.email.messages import Letter, Letters, message

SENDER = "VRSS <no-reply@vrss.example>"


def plain(letter: Letter) -> str:
    body = message(letter, SENDER).get_body(("plain",))
    assert body is not None
    return body.get_content()


def test_every_letter_says_who_is_meant_and_what_has_happened() -> None:
    letters = Letters(None)
    written = [
        letters.verify_email("ada@example.org", "ada", "T0KEN"),
        letters.reset_password("ada@example.org", "ada", "T0KEN"),
        letters.password_changed("ada@example.org", "ada"),
        letters.email_change_requested("ada@example.org", "ada", "new@example.org"),
        letters.deletion_begun("ada@example.org", "ada", 30),
    ]
    assert len({letter.subject for letter in written}) == len(written)
    for letter in written:
        assert plain(letter).startswith("Hello ada,\n\n")
    assert ["T0KEN" in plain(letter) for letter in written] == [True, True, False, False, False]
    assert "new@example.org" in plain(written[3])
    assert "in 30 days" in plain(written[4])


def test_a_link_keeps_the_token_out_of_the_logs_of_servers() -> None:
    letters = Letters("https://vrss.example/app")
    assert "https://vrss.example/app/verify-email#T0KEN\n" in plain(letters.verify_email("a@b.example", "ada", "T0KEN"))
    assert "https://vrss.example/app/reset-password#T0KEN\n" in plain(
        letters.reset_password("a@b.example", "ada", "T0KEN")
    )


def test_both_forms_say_the_same_and_the_markup_is_escaped() -> None:
    composed = message(Letter("ada@example.org", "Hello", ("1 < 2 & <b>bold</b>",)), SENDER)
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
    "letter",
    [
        Letter("ada@example.org\r\nBcc: eve@example.org", "Hello", ()),
        Letter("ada@example.org", "Hello\r\nBcc: eve@example.org", ()),
    ],
)
def test_nobody_adds_a_header(letter: Letter) -> None:
    with pytest.raises(ValueError, match=r"CR or LF|linefeed"):
        message(letter, SENDER)


def test_addresses_beyond_ascii_are_written() -> None:
    composed = message(Letter("é@exämple.org", "Grüße", ("Ça va",)), SENDER)
    assert "é@xn--exmple-cua.org" in bytes(composed).decode()


def test_one_letter_has_one_receiver() -> None:
    composed = message(Letter("ada@example.org, eve@example.org", "Hello", ()), SENDER)
    parsed = message_from_bytes(bytes(composed), policy=policy.default)
    (receiver,) = parsed["To"].addresses
    assert (receiver.username, receiver.domain) == ("ada@example.org, eve", "example.org")
