"""A feed as programs that read feeds of the web see it: posts that its owner sees through it and that are public."""

from asyncio import gather
from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID, uuid5

from api.feeds.syndication import Channel, Entry, File
from api.gql.errors import CostLimitError
from api.gql.ids import encode
from api.gql.pages import post_page
from api.gql.pagination import Relay
from api.gql.visibility import FeedTime
from api.loaders import Loaders
from api.loaders.feed_budget import TimeBudget
from api.loaders.feed_pages import Reading, rules_page
from api.loaders.feeds import rules_of
from api.loaders.mute_words import mute_patterns
from api.loaders.post_texts import post_htmls
from db.pool import Database
from db.queries.feeds import FeedRow
from db.queries.posts import PostRow
from db.queries.sessions import SessionRow

ENTRIES = 30
_PAGE_POINTS = 50
_MOST_PAGES = 10  # how many are read of a feed whose statement stops early, or of which not all may be shown
_TITLE_LENGTH = 80
FileUrl = Callable[[str], str]
_IDS = UUID("6f1c2b0e-8d5b-4c2a-9f3e-7a0d4b1e5c68")


class Reader:
    """Who looks: the owner of a feed, whose posts it is to find, or nobody, to whom they are shown."""

    def __init__(self, database: Database, viewer_id: int | None) -> None:
        self.database = database
        self.viewer_id = viewer_id
        self.surcharge = 0
        self.feed_time = FeedTime()

    def add_cost(self, points: int) -> None:
        self.surcharge += points

    async def session(self) -> SessionRow | None:
        """There is none: a token opens this feed alone."""
        return None


async def read_channel(owner: Reader, feed: FeedRow, file_url: FileUrl, site: str | None) -> Channel:
    """The latest posts of a feed. COST_LIMIT where its rules take too long.

    The owner decides which posts are in it, and of those are shown what somebody signed out may see. Files are where
    `file_url` says; pages of posts, tags and people are those of the web site, where there is one.
    """
    public = Reader(owner.database, None)
    loaders = Loaders(public)
    own = Loaders(owner)
    (rules,), words = await gather(rules_of(own, [feed]), mute_patterns(own))
    # The program notes by itself what was read in it; what is new to it may have been seen elsewhere.
    rules = rules.model_copy(update={"unseen_only": False})
    name = f"reader.{feed.id}.{rules.sort}"
    reading = Reading(owner, feed.user_id, words, TimeBudget(owner))
    posts, after = list[PostRow](), None
    for number in range(_MOST_PAGES):
        try:
            relay = Relay(ENTRIES, after)
            page = await rules_page(reading, loaders, name, rules, relay)
        except CostLimitError:
            if number == 0:
                raise
            break  # what was found in time is the document
        known = {one.id for one in posts}  # one whose score has changed since may be on two pages
        posts += [one for one in page.nodes if one.id not in known]
        if number:
            owner.add_cost(_PAGE_POINTS)
        after = page.end_cursor
        if len(posts) >= ENTRIES or not page.more:
            break
    entries = await _entries(loaders, posts[:ENTRIES], file_url, site)
    return Channel(_permanent(encode("Feed", feed.id), feed.created_at), feed.name, feed.description, entries)


def _permanent(name: str, created_at: datetime) -> str:
    """The same under every address of the server, so that nothing is new to a reader after a move."""
    return uuid5(_IDS, f"{name} {created_at.isoformat()}").urn


async def _entries(loaders: Loaders, posts: Sequence[PostRow], file_url: FileUrl, site: str | None) -> list[Entry]:
    ids = [post.id for post in posts]
    htmls, authors, files = await gather(
        post_htmls(loaders, ids),
        loaders.user_by_id.column([post.user_id for post in posts]),
        loaders.media_by_post_id.column(ids),
    )
    return [
        Entry(
            id=_permanent(encode("Post", post.id), post.created_at),
            url=post_page(site, post.id),
            title=_title(post),
            html=_with_site(html or "", site),
            author=author.display_name or author.username,
            published=post.created_at,
            updated=post.edited_at or post.created_at,
            tags=post.tags,
            files=[File(file_url(one.file_url), one.mime_type, one.file_size_bytes) for one in media],
            language=post.language,
        )
        for post, html, author, media in zip(posts, htmls, authors, files, strict=True)
        if author is not None
    ]


def _with_site(html: str, site: str | None) -> str:
    """The HTML with links to the pages of people and tags that lead to the web site wherever it is read."""
    return html if site is None else html.replace('<a href="/', f'<a href="{site}/')


def _title(post: PostRow) -> str:
    """Its title, or how its text begins; Atom asks for one."""
    if post.title:
        return post.title
    line = next(iter((post.content or "").split("\n")), "").strip()
    return line if len(line) <= _TITLE_LENGTH else f"{line[:_TITLE_LENGTH].rstrip()}…"
