"""Posts as Atom (RFC 4287) and as JSON Feed (1.1), for programs that read feeds of the web."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element, SubElement, tostring

import orjson

ATOM = "application/atom+xml; charset=utf-8"
JSON_FEED = "application/feed+json; charset=utf-8"
_NAMESPACE = "http://www.w3.org/2005/Atom"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# What XML 1.0 has no way to write; a reader refuses the whole document for one of them.
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class File(NamedTuple):
    url: str
    mime_type: str
    size: int


class Entry(NamedTuple):
    """One post. `id` names it and leads nowhere, `url` is its page; `updated` is when its author last changed it."""

    id: str
    url: str | None
    title: str
    html: str
    author: str
    published: datetime
    updated: datetime
    tags: Sequence[str]
    files: Sequence[File]
    language: str | None


class Channel(NamedTuple):
    """A feed with its posts, in its order. `id` names it without its secret."""

    id: str
    title: str
    description: str | None
    entries: Sequence[Entry]

    @property
    def updated(self) -> datetime:
        """When the latest of its posts was changed."""
        return max((one.updated for one in self.entries), default=_EPOCH)


def atom(channel: Channel) -> bytes:
    root = Element("feed", xmlns=_NAMESPACE)
    _text(root, "id", channel.id)
    _text(root, "title", channel.title)
    if channel.description:
        _text(root, "subtitle", channel.description)
    _text(root, "updated", _time(channel.updated))
    for one in channel.entries:
        entry = SubElement(root, "entry", {} if one.language is None else {"xml:lang": one.language})
        _text(entry, "id", one.id)
        _text(entry, "title", one.title)
        _text(entry, "published", _time(one.published))
        _text(entry, "updated", _time(one.updated))
        _text(SubElement(entry, "author"), "name", one.author)
        if one.url is not None:
            SubElement(entry, "link", {"rel": "alternate", "href": _storable(one.url)})
        for tag in one.tags:
            SubElement(entry, "category", term=_storable(tag))
        for file in one.files:
            link = {"rel": "enclosure", "href": _storable(file.url), "type": file.mime_type, "length": str(file.size)}
            SubElement(entry, "link", link)
        _text(entry, "content", one.html, type="html")
    return tostring(root, encoding="utf-8", xml_declaration=True)


def json_feed(channel: Channel) -> bytes:
    document: dict[str, Any] = {"version": "https://jsonfeed.org/version/1.1", "title": channel.title}
    if channel.description:
        document["description"] = channel.description
    document["items"] = [_item(one) for one in channel.entries]
    return orjson.dumps(document)


def _item(one: Entry) -> dict[str, Any]:
    item: dict[str, Any] = {
        "id": one.id,
        "title": one.title,
        "content_html": one.html,
        "date_published": _time(one.published),
        "date_modified": _time(one.updated),
        "authors": [{"name": one.author}],
        "tags": list(one.tags),
    }
    if one.url is not None:
        item["url"] = one.url
    if one.language is not None:
        item["language"] = one.language
    if one.files:
        item["attachments"] = [
            {"url": file.url, "mime_type": file.mime_type, "size_in_bytes": file.size} for file in one.files
        ]
    return item


def _text(parent: Element, name: str, text: str, **attributes: str) -> None:
    SubElement(parent, name, attributes).text = _storable(text)


def _storable(text: str) -> str:
    return _NOT_IN_XML.sub("\ufffd", text)


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
