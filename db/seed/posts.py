"""Two hundred posts, in the order of each person's story, and Ada's drafts."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from html import escape
from random import Random
from typing import NamedTuple

from psycopg.types.json import Jsonb

from db.documents.markup import written_tags
from db.documents.texts import NO_TAG, tag_of
from db.enums import PostStatus, Visibility
from db.seed.media import Shelf
from db.seed.people import CAST, Person, Standing
from db.seed.tables import PostRow
from db.seed.texts import popular, regular
from db.seed.texts.script import PostText
from db.seed.timeline import Timeline

STORIES: dict[str, tuple[PostText, ...]] = {
    "ada": popular.ADA,
    "ben": popular.BEN,
    "cleo": popular.CLEO,
    "dan": popular.DAN,
    "mira": popular.MIRA,
    "yuki": regular.YUKI,
    "tomas": regular.TOMAS,
    "sam": regular.SAM,
    "ines": regular.INES,
    "leila": regular.LEILA,
    "nils": regular.NILS,
    "oskar": regular.OSKAR,
    "priya": regular.PRIYA,
    "jonas": regular.JONAS,
    "freya": regular.FREYA,
    "marco": regular.MARCO,
    "viktor": regular.VIKTOR,
    "hana": regular.HANA,
    "piotr": regular.PIOTR,
    "lou": (),
}


class Post(NamedTuple):
    """A post to be, at its place among the posts of its author."""

    author: Person
    place: int
    text: PostText
    at: datetime
    status: PostStatus = PostStatus.PUBLISHED
    id: int = 0

    @property
    def is_private(self) -> bool:
        return self.status is not PostStatus.PUBLISHED or self.text.visibility is Visibility.PRIVATE


def posts(timeline: Timeline) -> list[Post]:
    """All posts in the order of time, which is the order of their ids."""
    drafts = [
        Post(CAST["ada"], -1, draft, timeline.ago(days), PostStatus.DRAFT)
        for days, draft in zip((11, 3), popular.DRAFTS, strict=True)
    ]
    scheduled = Post(CAST["ada"], -1, popular.SCHEDULED, timeline.ago(0.4), PostStatus.SCHEDULED)
    gifs = [Post(CAST[name], -1, text, timeline.ago(8.3)) for name, text in popular.GIFS]
    published = [post for name, texts in STORIES.items() for post in _story(timeline, CAST[name], texts)]
    ordered = sorted([*published, *drafts, scheduled, *gifs], key=lambda post: (post.at, post.author.id))
    return [post._replace(id=id_) for id_, post in enumerate(ordered, 1)]


def _story(timeline: Timeline, person: Person, texts: tuple[PostText, ...]) -> Iterator[Post]:
    """The texts in their order, closer together towards the anchor."""
    random = Random(f"vrss story of {person.username}")
    span = min(60.0 if person.standing is Standing.POPULAR else 85.0, person.joined - 0.5)
    for place, text in enumerate(texts):
        left = (len(texts) - place - 0.8 * random.random()) / len(texts)
        yield Post(person, place, text, timeline.ago(span * left**1.3))


def post_rows(posts: list[Post], shelf: Shelf) -> list[PostRow]:
    random = Random("vrss views")
    return [_row(post, shelf, random.randint(2, 40) * (9 if _is_popular(post) else 1)) for post in posts]


def _row(post: Post, shelf: Shelf, views: int) -> PostRow:
    media = shelf.add_files(post.author, post.id, post.text, post.at)
    first = media.root[0] if media.root else None
    is_published = post.status is PostStatus.PUBLISHED
    return PostRow(
        id=post.id,
        user_id=post.author.id,
        type=post.text.type,
        status=post.status,
        visibility=post.text.visibility,
        title=post.text.title,
        content=post.text.content,
        content_html=html(post.text.content),
        tags=tags_of(post.text),
        language="en",
        media_urls=Jsonb(media.model_dump(mode="json")),
        thumbnail_url=(first.thumbnail_url or first.url) if first else None,
        views_count=views if is_published else 0,
        published_at=post.at if is_published else None,
        scheduled_for=post.at + timedelta(days=7) if post.status is PostStatus.SCHEDULED else None,
        drafted_at=None if is_published else post.at,
        created_at=post.at,
        updated_at=post.at,
    )


def html(text: str) -> str:
    """The text as the sanitised HTML that is stored beside it: paragraphs and nothing else."""
    return "".join(f"<p>{escape(paragraph, quote=False)}</p>" for paragraph in text.split("\n\n"))


def tags_of(text: PostText) -> list[str]:
    """As createPost makes them: those of the text, and then those beside it."""
    return list(dict.fromkeys([*written_tags(text.content), *map(_tag, text.tags.split())]))


def _tag(text: str) -> str:
    tag = tag_of(text)
    if tag is None:
        raise ValueError(f"{text!r}: {NO_TAG}")
    return tag


def _is_popular(post: Post) -> bool:
    return post.author.standing is Standing.POPULAR
