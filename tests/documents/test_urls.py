"""Only the web's addresses and our own stored files get into a document."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from db.documents.urls import MediaUrl, WebUrl, link_url, web_url

WEB: TypeAdapter[str] = TypeAdapter(WebUrl)
MEDIA: TypeAdapter[str] = TypeAdapter(MediaUrl)


@pytest.mark.parametrize(
    "url",
    [
        "http://a.example",
        "https://a.example:8443/b/c.png?d=e&f=%20#g",
        "HTTPS://A.example/B",
        "https://[2001:db8::1]/",
        "https://münchen.example/straße",
        "https://a_b.例え.example/例え",
        "https://a.example/" + "b" * 2030,
    ],
)
def test_web_addresses_are_taken_as_they_are(url: str) -> None:
    assert WEB.validate_python(url) == url
    assert MEDIA.validate_python(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "",
        "a.example",
        "//a.example/b",
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://a.example/",
        "file:///etc/passwd",
        "http://",
        "https:///b",
        "https://a.example:port/",
        "https://a.example:99999/",
        "https://[::1",
        "https://ada:secret@a.example/",
        "https://ada@a.example/",
        " https://a.example/",
        "https://a.example/\n",
        "https://a.example/b c",
        'https://a.example/"onload=',
        "https://a.example/<b>",
        "https://a.example/x');}",
        "https:\\\\a.example",
        "https://a.example/\0",
        "https://a.example/\ud800",
        "https://a.example/" + "b" * 2031,
    ],
)
def test_everything_else_is_refused(url: str) -> None:
    for adapter in (WEB, MEDIA):
        with pytest.raises(ValidationError):
            adapter.validate_python(url)


def test_a_stored_file_is_named_by_its_path() -> None:
    path = "/media/placeholders/photo/ada-1-800x600.svg"
    assert MEDIA.validate_python(path) == path
    with pytest.raises(ValidationError):
        WEB.validate_python(path)


@pytest.mark.parametrize(
    "path",
    [
        "/media/",
        "/media/../secret",
        "/media/a/../b",
        "/media//a",
        "/media/.a",
        "/media/a b",
        "/media/a?b",
        "/med/a",
    ],
)
def test_a_stored_path_cannot_climb_or_carry_more(path: str) -> None:
    with pytest.raises(ValidationError):
        MEDIA.validate_python(path)


@given(
    st.text(st.characters(), max_size=30),
    st.sampled_from(["", "http://", "https://", "https://[", "/media/"]),
)
@settings(max_examples=300, derandomize=True)
def test_no_text_is_worse_than_refused(text: str, start: str) -> None:
    try:
        kept = MEDIA.validate_python(start + text)
    except ValidationError:
        return
    assert kept == start + text
    assert kept.startswith(("http://", "https://", "/media/"))


@pytest.mark.parametrize(
    "url",
    [
        "http://exa\u202empl\u202c.org/\u200b",
        "https://exa\u202emple.org/",
        "https://exa\u200bmple.org/",
        "https://exa%6dple.org/",
        "https://a.example/\u200b",
        "https://a.example/?b=\u2066c",
        "https://a.example/\ufdd0",
        "https://[fe80::1%25eth0]/",
        "ftp://a.example/",
        "https://ada@a.example/",
    ],
)
def test_an_address_that_is_given_has_only_what_the_url_standard_allows(url: str) -> None:
    with pytest.raises(ValueError, match="URL"):
        web_url(url)


def test_addresses_of_the_web_are_taken_as_they_are() -> None:
    for url in ("https://a.example/b", "https://a_b.例え.example/例え", "https://[2001:db8::1]:8443/"):
        assert web_url(url) == url


@pytest.mark.parametrize("url", ["https://a.example/Tide_(music)", "https://a.example/?q=it's(fine)"])
def test_brackets_and_apostrophes_are_taken_in_links_alone(url: str) -> None:
    """They would end what a client writes into a style sheet."""
    assert link_url(url) == url
    with pytest.raises(ValueError, match="has to be percent-encoded"):
        web_url(url)
    with pytest.raises(ValidationError):
        MEDIA.validate_python(url)


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("javascript:alert(1)", "starts with http:// or https://"),
        ("data:text/html,<b>", "starts with http:// or https://"),
        ('https://a.example/"', 'In this URL, " has to be percent-encoded'),
        ("https://a.example/<b>", "In this URL, < has to be percent-encoded"),
        ("https://a.example/b c", "a space or control character has to be percent-encoded"),
        ("https://a.example/b\tc", "a space or control character has to be percent-encoded"),
    ],
)
def test_a_refused_address_says_what_is_wrong_with_it(url: str, why: str) -> None:
    for check in (link_url, web_url):
        with pytest.raises(ValueError, match=why):
            check(url)


def test_the_length_is_looked_at_before_the_characters() -> None:
    with pytest.raises(ValueError, match="at most 2048 characters"):
        web_url("https://a.example/" + "\u200b" * 2048)
