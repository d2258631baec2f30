"""Texts of people as HTML: what becomes a link, and what never becomes markup."""

import re
import time

import pytest

from db.documents.markup import MENTIONS_PER_POST, TOO_MANY_TAGS, html, parsed, written_tags
from db.documents.texts import mention_places, tag_places, tags_in

REL = 'rel="nofollow noopener ugc"'
KNOWN = {"ada": "Ada", "ben": "ben"}


def rendered(text: str) -> str:
    return html(parsed(text), KNOWN).strip()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Plain", "<p>Plain</p>"),
        ("*a* **b** ~~c~~ `d`", "<p><em>a</em> <strong>b</strong> <s>c</s> <code>d</code></p>"),
        ("# Head\n- one\n- two", "<h1>Head</h1>\n<ul>\n<li>one</li>\n<li>two</li>\n</ul>"),
        ("one\ntwo", "<p>one<br>\ntwo</p>"),
        ("2. x", '<ol start="2">\n<li>x</li>\n</ol>'),
        ("<b>x</b> & y", "<p>&lt;b&gt;x&lt;/b&gt; &amp; y</p>"),
        ("[a](https://a.example/?b=1&c#d)", f'<p><a href="https://a.example/?b=1&amp;c#d" {REL}>a</a></p>'),
        ("see https://a.example/x", f'<p>see <a href="https://a.example/x" {REL}>https://a.example/x</a></p>'),
        ("#Art, #ART!", f'<p><a href="/tags/art" {REL}>#Art</a>, <a href="/tags/art" {REL}>#ART</a>!</p>'),
        ("#snake_case_tag", f'<p><a href="/tags/snake_case_tag" {REL}>#snake_case_tag</a></p>'),
        ("#日本語。", f'<p><a href="/tags/%E6%97%A5%E6%9C%AC%E8%AA%9E" {REL}>#日本語</a>。</p>'),
        ("@ADA and @nobody", f'<p><a href="/@Ada" {REL}>@ADA</a> and @nobody</p>'),
        ("**@ben** (@ada)", f'<p><strong><a href="/@ben" {REL}>@ben</a></strong> (<a href="/@Ada" {REL}>@ada</a>)</p>'),
        ("`@ada #art`", "<p><code>@ada #art</code></p>"),
        ("[@ada #art](http://x.example)", f'<p><a href="http://x.example" {REL}>@ada #art</a></p>'),
        ("mail ada@ada.example", "<p>mail ada@ada.example</p>"),
        ("![x](https://a.example/p.png)", f'<p>!<a href="https://a.example/p.png" {REL}>x</a></p>'),
    ],
)
def test_a_text_as_html(text: str, expected: str) -> None:
    assert rendered(text) == expected


# From the lists of OWASP and of Markdown's own renderers; the rule below is the same for all.
HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<iframe src=javascript:alert(1)>",
    "<a href='javascript:alert(1)'>x</a>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](java\nscript:alert(1))",
    "[x](\tjavascript:alert(1))",
    "[x](vbscript:msgbox(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](file:///etc/passwd)",
    "[x](//evil.example)",
    "[x](/logout)",
    "[x](mailto:a@b.example)",
    "<javascript:alert(1)>",
    "<mailto:a@b.example>",
    "![x](javascript:alert(1))",
    '![x](x "onerror=alert(1)")',
    '[x](https://a.example "onmouseover=alert(1)")',
    '[x](https://a.example/"onmouseover=alert(1))',
    "[x]: javascript:alert(1)\n\n[x]",
    "[x](https://a.example/<script>)",
    '#tag"onclick=alert(1)',
    '@ada"onclick=alert(1)',
    "`<script>`",
    "```html\n<script>alert(1)</script>\n```",
    '```x" onclick=alert(1)\ncode\n```',
    "<!--<img src=x onerror=alert(1)>-->",
    "<math><mtext></mtext><style><img src=x onerror=alert(1)></style></math>",
    "<form action=x><input name=a>",
    "<style>*{display:none}</style>",
    "<<script>script>alert(1)<</script>/script>",
    "\x00<script\x00>alert(1)",
    "\u202e<script>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "a <b onmouseover=alert(1)> c",
    "<base href='//evil.example'>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<a\thref=javascript:x>",
]
ELEMENTS = {
    *("p", "br", "hr", "em", "strong", "s", "a", "code", "pre", "blockquote", "ul", "ol", "li"),
    *("h1", "h2", "h3", "h4", "h5", "h6"),
}


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_a_hostile_text_is_shown_and_does_nothing(text: str) -> None:
    found = rendered(f"{text}\n\nbefore {text}\n\nafter")
    for element in re.findall(r"<[^>]*>", found):
        name = re.match(r"</?([a-z0-9]+)", element)
        assert name is not None, element
        assert name[1] in ELEMENTS
        link = r'<a href="(?:https?://|/@|/tags/)[^"<>]*" rel="nofollow noopener ugc">'
        assert re.fullmatch(rf'<{name[1]}>|</{name[1]}>|<ol start="\d+">|{link}', element), element
    assert "after" in found


LONG = [
    *(
        "[",
        "![",
        "*a ",
        "**a _b",
        "`a",
        "[a](",
        "<",
        ">",
        "> ",
        "- ",
        "1. ",
        "&",
        "\\",
        "a\n",
        "*",
        "_a",
        "~~a",
        "[a][",
    ),
    *("http://", "://", "http://a.b ", "www.", "a@b.", "#a", "@ada ", "#", "@", "]", "](", "|-", "<a ", "[x]: y\n"),
    *("```\n", "&#1;", "~", "a**b", ":", "\u0301", "#\u0301"),
]


@pytest.mark.parametrize("piece", LONG, ids=ascii)
def test_a_long_text_is_rendered_in_bounded_time(piece: str) -> None:
    """The longest that a post may have; quadratic time with a large factor would be seconds."""
    text = (piece * 10_000)[:10_000]
    started = time.process_time()
    rendered(text)
    assert time.process_time() - started < 1


# Each with the tags and the names of people that it holds.
WRITTEN: list[tuple[str, list[str], list[str]]] = [
    ("#art @ada", ["art"], ["ada"]),
    ("`#art @ada`", [], []),
    ("`` `#art` `` and `@ada", [], ["ada"]),
    ("`#open and #art", ["open", "art"], []),
    ("```\n#art @ada\n```\n#two", ["two"], []),
    ("~~~ #art @ada\nx\n~~~", [], []),
    ("    #art @ada", [], []),
    ("> ```\n> #art\n> ```\n> @ben", [], ["ben"]),
    ("- #art\n\n      #code @ada", ["art"], []),
    ("[#art @ada](https://a.example/#part) #two", ["two"], []),
    ("https://a.example/#part www.a.example/#x a.example/#y a.example/@ada", [], []),
    ("<https://a.example/#part?@ada>", [], []),
    ("*#art* **@ada** ~~#two~~ # #three", ["art", "two", "three"], ["ada"]),
    ("# #head\n#one", ["head", "one"], []),
    ("_a_#art x_#no", ["art"], []),
    ("\\#art &#35;two &num;three", ["art", "two", "three"], []),
    ("#Art #ART `#art`", ["art"], []),
]


@pytest.mark.parametrize(("text", "tags", "names"), WRITTEN)
def test_tags_and_names_are_found_where_they_are_linked(text: str, tags: list[str], names: list[str]) -> None:
    read = parsed(text)
    assert (read.tags, read.names) == (tags, names)
    assert written_tags(text) == tags
    found = rendered(text)
    assert list(dict.fromkeys(re.findall('href="/tags/([^"]*)"', found))) == tags
    assert [name.lower() for name in re.findall('href="/@([^"]*)"', found)] == names


def test_one_tag_more_than_a_post_may_have_is_enough() -> None:
    text = " *and* ".join(f"#tag{n}" for n in range(200))
    assert written_tags(text) == [f"tag{n}" for n in range(TOO_MANY_TAGS)]


def test_what_is_linked_as_a_tag_is_what_the_text_is_tagged_with() -> None:
    text = "#Art (#one)#two #می\u200cخواهم #E\u0301te\u0301 #️⃣ a#b &#39; #1\ufe0f\u20e3 https://a.example/#x #हिन्दी"  # noqa: RUF001
    assert list(dict.fromkeys(tag for _, _, tag in tag_places(text))) == tags_in(text)
    assert [text[start:end] for start, end, _ in tag_places(text)][:4] == ["#Art", "#one", "#two", "#می\u200cخواهم"]  # noqa: RUF001


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("@ada @Ben_1, (@cleo) \"@dan\" '@eve'!", ["ada", "Ben_1", "cleo", "dan", "eve"]),
        ("ada@ben.example a.b@ada x+y@ada é@ada \u0915\u094d@ada", []),
        ("@ada@social.example @ada.example @ada. @ben...", ["ada", "ben"]),
        ("https://a.example/@ada /@ada @@ada #@ada", []),
        ("@ab @" + "a" * 31, []),
        ("@" + "a" * 30 + " @adaé @ada\u0301 @日本語", ["a" * 30]),
        ("हि@ada वाह @ada।", ["ada"]),
    ],
)
def test_names_in_texts(text: str, names: list[str]) -> None:
    assert [name for _, _, name in mention_places(text)] == names


def test_a_text_names_each_person_once_and_twenty_at_most() -> None:
    assert parsed("@ada @ADA `@ben` [@cleo](http://x.example) @dan").names == ["ada", "dan"]
    many = " ".join(f"@person{number}" for number in range(30))
    assert parsed(many).names == [f"person{number}" for number in range(MENTIONS_PER_POST)]


@pytest.mark.parametrize(
    "text",
    [
        ("[a]: http://a.b/" + "\U00010428" * 4900 + "\n\n" + "[a] " * 1270)[:10_000],
        ("#\u1f82 " * 3400)[:10_000],
        "*a* " * 2500,
    ],
)
def test_a_text_does_not_become_much_longer_than_it_is(text: str) -> None:
    assert len(html(parsed(text), {})) <= 10 * len(text) + 2000


def test_what_would_become_too_long_is_shown_as_it_was_written() -> None:
    text = "#\u1f82 <b>\n" * 1000
    assert html(parsed(text), {}) == "<p>" + "#\u1f82 &lt;b&gt;<br>\n" * 1000 + "</p>\n"
