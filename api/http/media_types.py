"""What a client accepts, and what it gets (RFC 9110, 12.5.1)."""

import re
from collections.abc import Mapping
from functools import lru_cache

JSON = b"application/json"
GRAPHQL = b"application/graphql-response+json"
EVENTS = b"text/event-stream"

_HTML = b"text/html"
_LONGEST_ACCEPT = 1000  # of a browser it has some 150 bytes
_QUALITY = re.compile(rb"0(?:\.\d{0,3})?|1(?:\.0{0,3})?")


@lru_cache(maxsize=256)
def media_type(accept: bytes | None) -> bytes | None:
    """The media type that the client likes best, None when it accepts neither of ours.

    A client that has no preference gets the older one, which all of them read.
    """
    likes = _likes(accept)
    graphql, json = _like(likes, GRAPHQL), _like(likes, JSON)
    if max(graphql, json) == 0:
        return None
    return GRAPHQL if graphql > json or (graphql == json and GRAPHQL in likes) else JSON


@lru_cache(maxsize=256)
def wants_page(accept: bytes) -> bool:
    """Whether a client names HTML, and likes our own media types no better: so do browsers."""
    likes = _likes(accept)
    html = likes.get(_HTML, 0.0)
    return html > 0 and html >= max(_like(likes, GRAPHQL), _like(likes, JSON))


@lru_cache(maxsize=256)
def wants_events(accept: bytes) -> bool:
    """Whether a client names server-sent events among what it accepts."""
    return _likes(accept).get(EVENTS, 0.0) > 0


def _likes(accept: bytes | None) -> dict[bytes, float]:
    likes: dict[bytes, float] = {}
    for wish in (b"*/*" if accept is None else accept[:_LONGEST_ACCEPT].lower()).split(b","):
        kind, *parameters = (part.strip() for part in wish.split(b";"))
        likes[kind] = max(_quality(parameters), likes.get(kind, 0.0))
    return likes


def _like(likes: Mapping[bytes, float], kind: bytes) -> float:
    """How much one media type is liked: by its name or else by the narrower of two wildcards."""
    return likes.get(kind, likes.get(b"application/*", likes.get(b"*/*", 0.0)))


def _quality(parameters: list[bytes]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition(b"=")
        if name.strip() == b"q":
            return float(value) if _QUALITY.fullmatch(value.strip()) else 1.0
    return 1.0
