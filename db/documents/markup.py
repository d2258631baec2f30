"""Texts of people as HTML: CommonMark, in which addresses, #tags and @names become links.

What people write is no HTML: tags of HTML are shown as they are written. What comes out is cleaned once more by an
allow-list, so that a mistake of the renderer is no hole.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple
from urllib.parse import quote

import nh3
from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from db.documents.texts import mention_places, tag_places, tags_in

MENTIONS_PER_POST = 20
TOO_MANY_TAGS = 51  # which the table refuses
LINK_REL = "nofollow noopener ugc"

_TAGS = {
    *("p", "br", "hr", "em", "strong", "s", "a", "code", "pre", "blockquote", "ul", "ol", "li"),
    *("h1", "h2", "h3", "h4", "h5", "h6"),
}
# "*": none that all elements may have.
_ATTRIBUTES: dict[str, set[str]] = {"a": {"href"}, "ol": {"start"}, "*": set()}
_LINK_START = '<a href="/@'
_LINK_TO_PERSON = re.compile(rf'{_LINK_START}(\w+)" rel="{LINK_REL}">(@\w+)</a>', re.ASCII)
_SCHEMES = ("http://", "https://")
# What is longer than so many times its text is made to be large, and is shown as it was written.
_MOST_TIMES = 10
_MOST_BESIDE = 2000
# Each of them makes the search for addresses look at the rest of its line.
_MOST_ADDRESSES = 300


class Parsed(NamedTuple):
    """A text, read once. `names` are the first names with `@` in it, in lower case, `tags` those with `#`; each once.

    There are none of either in code, nor in the text or the address of a link: what is found is what is linked.
    """

    tokens: list[Token]
    names: list[str]
    tags: list[str]
    text: str


def parsed(text: str) -> Parsed:
    tokens = _markdown(text.count(":") + text.count("www.") <= _MOST_ADDRESSES).parse(text)
    plain = [one.content for one in _plain_texts(tokens)]
    names = dict.fromkeys(name.lower() for one in plain for _, _, name in mention_places(one))
    return Parsed(tokens, list(names)[:MENTIONS_PER_POST], _tags(plain), text)


def written_tags(text: str) -> list[str]:
    """The tags that a text holds, as they are stored, in its order; TOO_MANY_TAGS at most."""
    return parsed(text).tags if "#" in text or "&" in text else []


def html(text: Parsed, known: Mapping[str, str]) -> str:
    """The text as HTML. `known` are the names of it that are somebody's: the name in lower case, and as it is now.

    Links to people and tags begin with a slash: they lead to pages of the web site, whatever its address.
    """
    for parent in text.tokens:
        if parent.children:
            parent.children = list(_linked(parent.children, known))
    rendered = RendererHTML().render(text.tokens, _markdown(finds_addresses=False).options, {})
    cleaned = nh3.clean(rendered, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes={"http", "https"}, link_rel=LINK_REL)
    return cleaned if len(cleaned) <= _MOST_TIMES * len(text.text) + _MOST_BESIDE else _plain(text.text)


def names_people(html: str) -> bool:
    """Whether there are links to people in it."""
    return _LINK_START in html


def people_linked(html: str) -> set[str]:
    """The names of the people to whom there are links in it, in lower case."""
    return {name.lower() for name, _ in _LINK_TO_PERSON.findall(html)}


def with_links_to(html: str, names: Mapping[str, str]) -> str:
    """The HTML with links only to people whose names are among these, lower case to what they are now."""

    def link(found: re.Match[str]) -> str:
        name, text = found.groups()
        return f'{_LINK_START}{names[name.lower()]}" rel="{LINK_REL}">{text}</a>' if name.lower() in names else text

    return _LINK_TO_PERSON.sub(link, html)


def _plain(text: str) -> str:
    lines = escapeHtml(text).replace("\n", "<br>\n")
    return f"<p>{lines}</p>\n"


@cache
def _markdown(finds_addresses: bool) -> MarkdownIt:
    rules = ["strikethrough", *(["linkify"] if finds_addresses else [])]
    markdown = MarkdownIt("commonmark", {"html": False, "linkify": finds_addresses, "breaks": True})
    # Pictures would tell their server who reads a post: they are files of the post. An address that is written once and
    # used by its name a thousand times would stand there a thousand times.
    markdown.enable(rules).disable(["image", "reference"])
    markdown.validateLink = _is_web_address
    return markdown


def _is_web_address(url: str) -> bool:
    return url.lower().startswith(_SCHEMES)


def _outside_links(children: list[Token]) -> Iterator[tuple[Token, bool]]:
    """The parts of a line, and whether each is a text that may hold links."""
    depth = 0
    for one in children:
        depth += one.nesting if one.type in {"link_open", "link_close"} else 0
        yield one, one.type == "text" and depth == 0


def _plain_texts(tokens: list[Token]) -> Iterator[Token]:
    for parent in tokens:
        for one, is_plain in _outside_links(parent.children or []):
            if is_plain:
                yield one


def _tags(texts: list[str]) -> list[str]:
    found: dict[str, None] = {}
    for one in texts:
        if len(found) >= TOO_MANY_TAGS:
            break
        found.update(dict.fromkeys(tags_in(one, TOO_MANY_TAGS)))
    return list(found)[:TOO_MANY_TAGS]


def _linked(children: list[Token], known: Mapping[str, str]) -> Iterator[Token]:
    for one, is_plain in _outside_links(children):
        if is_plain:
            yield from _with_links(one.content, known)
        else:
            yield one


def _with_links(text: str, known: Mapping[str, str]) -> Iterator[Token]:
    places = [(start, end, f"/tags/{quote(tag, safe='')}") for start, end, tag in tag_places(text)]
    places += [
        (start, end, f"/@{known[name.lower()]}") for start, end, name in mention_places(text) if name.lower() in known
    ]
    at = 0
    for start, end, address in sorted(places):
        if start < at:
            continue
        yield _text(text[at:start])
        yield Token("link_open", "a", 1, attrs={"href": address})
        yield _text(text[start:end])
        yield Token("link_close", "a", -1)
        at = end
    yield _text(text[at:])


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)
