"""The only addresses that a document may hold: the web's, and files that this service stores itself."""

import re
from typing import Annotated, TypeAlias
from urllib.parse import urlsplit

from pydantic import AfterValidator

from db.documents.document import Storable

URL_LENGTH = 2048
MEDIA_PREFIX = "/media/"

# Characters that end an attribute or a CSS url(), or that browsers read as something else.
_UNSAFE = re.compile(r"[\s\x00-\x20\x7f-\x9f<>\"'`\\{}|^()]")
_STORED = re.compile(r"/media/[A-Za-z0-9_-][A-Za-z0-9._-]*(?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)*")


def _web_url(url: str) -> str:
    if len(url) > URL_LENGTH:
        raise ValueError(f"A URL has at most {URL_LENGTH} characters")
    if _UNSAFE.search(url):
        raise ValueError("In a URL, spaces, quotes, brackets and control characters are percent-encoded")
    try:
        parts = urlsplit(url)
        host = parts.hostname
        port_is_valid = parts.port is None or parts.port > 0
    except ValueError:
        raise ValueError("This is not a URL") from None
    if parts.scheme not in {"http", "https"}:
        raise ValueError("A URL starts with http:// or https://")
    if not host or not port_is_valid:
        raise ValueError("A URL names a host")
    if parts.username is not None or parts.password is not None:
        raise ValueError("A URL may not carry a name or a password")
    return url


def _media_url(url: str) -> str:
    if url.startswith(MEDIA_PREFIX):
        if len(url) > URL_LENGTH or not _STORED.fullmatch(url):
            raise ValueError("This is not the path of a stored file")
        return url
    return _web_url(url)


WebUrl: TypeAlias = Annotated[str, Storable, AfterValidator(_web_url)]
MediaUrl: TypeAlias = Annotated[str, Storable, AfterValidator(_media_url)]
