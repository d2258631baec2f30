"""The only addresses that a document may hold: the web's, and files that this service stores itself."""

import re
from typing import Annotated, TypeAlias
from unicodedata import category
from urllib.parse import urlsplit

import idna
from pydantic import AfterValidator

from db.documents.document import Storable

URL_LENGTH = 2048
MEDIA_PREFIX = "/media/"

# Characters that end an attribute or a CSS url(), or that browsers read as something else.
_UNSAFE = re.compile(r"[\s\x00-\x20\x7f-\x9f<>\"'`\\{}|^()]")
# Of these, no link is in need of more than what the URL Standard encodes, too: (), as Wikipedia has them, and '.
_UNSAFE_IN_LINKS = re.compile(r"[\s\x00-\x20\x7f-\x9f<>\"`\\{}|^]")
_SCHEME = re.compile(r"https?://", re.IGNORECASE)
_STORED = re.compile(r"/media/[A-Za-z0-9_-][A-Za-z0-9._-]*(?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)*")


def _web_url(url: str, unsafe: re.Pattern[str] = _UNSAFE) -> str:
    if len(url) > URL_LENGTH:
        raise ValueError(f"A URL has at most {URL_LENGTH} characters")
    if not _SCHEME.match(url):
        raise ValueError("A URL starts with http:// or https://")
    if (found := unsafe.search(url)) is not None:
        shown = found[0] if found[0].isprintable() and found[0] != " " else "a space or control character"
        raise ValueError(f"In this URL, {shown} has to be percent-encoded")
    try:
        parts = urlsplit(url)
        host = parts.hostname
        port_is_valid = parts.port is None or parts.port > 0
    except ValueError:
        raise ValueError("This is not a URL") from None
    if not host or not port_is_valid:
        raise ValueError("A URL names a host")
    if parts.username is not None or parts.password is not None:
        raise ValueError("A URL may not carry a name or a password")
    return url


def web_url(url: str) -> str:
    """An address of the web as it may be given, by the URL Standard; else ValueError.

    Documents that are stored already are read by the older rule, which took characters that show nothing.
    """
    return _given(url, _UNSAFE)


def link_url(url: str) -> str:
    """As `web_url`, for what is followed and never part of a style sheet: brackets and apostrophes may stay."""
    return _given(url, _UNSAFE_IN_LINKS)


def _given(url: str, unsafe: re.Pattern[str]) -> str:
    if len(url) <= URL_LENGTH and any(map(_is_no_character, url)):  # a longer one is refused below
        raise ValueError("In a URL, invisible characters are percent-encoded")
    if not _is_domain(urlsplit(_web_url(url, unsafe)).hostname or ""):
        raise ValueError("The host of this URL has characters that no domain has")
    return url


def _is_no_character(one: str) -> bool:
    """Whether it is a format character, which shows nothing, or a code point that Unicode gives to no character."""
    code = ord(one)
    return category(one) == "Cf" or 0xFDD0 <= code <= 0xFDEF or code & 0xFFFE == 0xFFFE  # noqa: PLR2004  # as Unicode names them


def _is_domain(host: str) -> bool:
    """Whether the host has only what the mapping of the URL Standard (UTS 46) allows; addresses of IPv6 pass, too."""
    try:
        idna.uts46_remap(host, std3_rules=False, transitional=False)
    except idna.IDNAError:
        return False
    return "%" not in host


def _media_url(url: str) -> str:
    if url.startswith(MEDIA_PREFIX):
        if len(url) > URL_LENGTH or not _STORED.fullmatch(url):
            raise ValueError("This is not the path of a stored file")
        return url
    return _web_url(url)


def _stored_web_url(url: str) -> str:
    return _web_url(url)


WebUrl: TypeAlias = Annotated[str, Storable, AfterValidator(_stored_web_url)]
MediaUrl: TypeAlias = Annotated[str, Storable, AfterValidator(_media_url)]
