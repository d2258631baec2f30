"""Posts in the order of time: the earlier their author came, the more of them; more and more of them every day."""

from array import array
from collections.abc import Iterator
from itertools import count, islice
from typing import NamedTuple

from db.enums import PostStatus, PostType, Visibility
from db.seed.scaled import media
from db.seed.scaled.clock import DAY, Clock
from db.seed.scaled.follows import is_silent
from db.seed.scaled.loading import NULL, Lines
from db.seed.scaled.media import CLIP, COVER, FILM, GIF, PHOTO, TRACK, Kind, Storage
from db.seed.scaled.people import People, posting_time
from db.seed.scaled.shape import Offsets, Shape
from db.seed.scaled.texts import VARIANTS, tags, texts

_SILENT_DAYS = 365


class Make(NamedTuple):
    type: PostType
    files: tuple[Kind, ...]


class State(NamedTuple):
    status: PostStatus
    visibility: Visibility

    @property
    def is_seen(self) -> bool:
        """Whether others see it, or have seen it before it was deleted."""
        return self.status in {PostStatus.PUBLISHED, PostStatus.DELETED} and self.visibility is not Visibility.PRIVATE


_LIVE, _PUBLIC = PostStatus.PUBLISHED, Visibility.PUBLIC
# What one post in a hundred is like, as among the demo people; and one in two hundred.
MAKES: tuple[Make, ...] = (
    *[Make(PostType.TEXT_SHORT, ())] * 20,
    *[Make(PostType.TEXT_LONG, ())] * 20,
    *[Make(PostType.IMAGE, (PHOTO,))] * 19,
    *[Make(PostType.IMAGE_GALLERY, (PHOTO,) * files) for files in (2, 2, 3, 3, 3, 4, 4, 4, 5, 6)],
    *[Make(PostType.VIDEO_SHORT, (CLIP,))] * 15,
    *[Make(PostType.VIDEO_LONG, (FILM,))] * 5,
    *[Make(PostType.SONG, (TRACK,))] * 5,
    *[Make(PostType.ALBUM, (COVER, *(TRACK,) * tracks)) for tracks in (3, 3, 4, 4, 5)],
    Make(PostType.GIF, (GIF,)),
)
STATES: tuple[State, ...] = (
    *[State(_LIVE, _PUBLIC)] * 164,
    *[State(_LIVE, Visibility.FOLLOWERS)] * 24,
    *[State(_LIVE, Visibility.PRIVATE)] * 6,
    *[State(PostStatus.DRAFT, _PUBLIC)] * 3,
    State(PostStatus.SCHEDULED, _PUBLIC),
    *[State(PostStatus.DELETED, _PUBLIC)] * 2,
)


class Posts:
    """Columns by the number of the post; the counters are filled by those who react."""

    def __init__(self, shape: Shape, clock: Clock, people: People) -> None:
        random = shape.random("posts").random
        self.author, self.at = array("l"), array("q")
        self.make, self.state = array("B"), array("B")
        quiet = clock.ago(_SILENT_DAYS)
        for number in range(shape.posts):
            fraction = number / shape.posts
            at = clock.first_post + int(posting_time(clock, fraction))
            author = int(people.present(fraction) * random() ** 2)
            if at > quiet and is_silent(author):
                author -= 1
            self.author.append(author)
            self.at.append(max(at, people.joined[author]))
            self.make.append(int(random() * len(MAKES)))
            self.state.append(int(random() * len(STATES)))
        self.likes, self.comments, self.reposts = (array("l", bytes(8 * shape.posts)) for _ in range(3))
        self.media = sum(len(MAKES[make].files) for make in self.make)


_COLUMNS = (
    "id, user_id, type, status, visibility, title, content, content_html, tags, media_urls, thumbnail_url, "
    "likes_count, comments_count, reposts_count, views_count, published_at, scheduled_for, drafted_at, created_at, "
    "updated_at, deleted_at, status_before_delete"
)
_MEDIA_COLUMNS = (
    "id, post_id, user_id, file_size_bytes, type, file_url, object_key, mime_type, width, height, duration_seconds, "
    "thumbnail_url, display_order, created_at"
)


def table(shape: Shape, clock: Clock, posts: Posts, offsets: Offsets) -> Lines:
    return Lines("public.posts", _COLUMNS, shape.posts, _lines(shape, clock, posts, offsets))


def media_tables(shape: Shape, clock: Clock, people: People, posts: Posts, offsets: Offsets) -> Iterator[Lines]:
    storage = Storage(shape.people)
    yield Lines("public.post_media", _MEDIA_COLUMNS, posts.media, _media_lines(clock, posts, offsets, storage))
    yield from media.storage_tables(clock, storage, people.joined, offsets)


def _lines(shape: Shape, clock: Clock, posts: Posts, offsets: Offsets) -> Iterator[str]:
    random = shape.random("contents")
    draw = random.random
    spoken = {type_: texts(random, type_) for type_ in PostType}
    tagged = tags(random)
    file_ids = count(offsets.media + 1)
    first = offsets.people + 1
    for number, (author, at, make, state) in enumerate(
        zip(posts.author, posts.at, posts.make, posts.state, strict=True)
    ):
        id_ = offsets.posts + 1 + number
        likes, comments, reposts = posts.likes[number], posts.comments[number], posts.reposts[number]
        type_, kinds = MAKES[make]
        status, visibility = STATES[state]
        files, thumbnail = "[]", NULL
        if kinds:
            ids = list(islice(file_ids, len(kinds)))
            looks = [kind.look(file_id) for kind, file_id in zip(kinds, ids, strict=True)]
            copies = [look.document.replace("@", str(file_id)) for look, file_id in zip(looks, ids, strict=True)]
            files, thumbnail = f"[{', '.join(copies)}]", looks[0].thumbnail.replace("@", str(ids[0]))
        views = 3 * (likes + comments + reposts) + int(draw() * 40)
        text, tagged_with = spoken[type_][int(draw() * VARIANTS)], tagged[int(draw() * VARIANTS)]
        yield (
            f"{id_}\t{first + author}\t{type_}\t{status}\t{visibility}\t{text}\t{tagged_with}\t{files}\t{thumbnail}\t"
            f"{likes}\t{comments}\t{reposts}\t{views}\t{_stamps(clock, status, at, id_)}\n"
        )


def _stamps(clock: Clock, status: PostStatus, at: int, number: int) -> str:
    """From published_at to status_before_delete."""
    time = clock.text(at)
    if status is PostStatus.PUBLISHED:
        return f"{time}\t{NULL}\t{NULL}\t{time}\t{time}\t{NULL}\t{NULL}"
    if status is PostStatus.DRAFT:
        return f"{NULL}\t{NULL}\t{time}\t{time}\t{time}\t{NULL}\t{NULL}"
    if status is PostStatus.SCHEDULED:
        return f"{NULL}\t{clock.text(clock.end + (1 + number % 30) * DAY)}\t{time}\t{time}\t{time}\t{NULL}\t{NULL}"
    deleted = clock.text(min(at + 3 * DAY, clock.end))
    return f"{time}\t{NULL}\t{NULL}\t{time}\t{deleted}\t{deleted}\tpublished"


def _media_lines(clock: Clock, posts: Posts, offsets: Offsets, storage: Storage) -> Iterator[str]:
    file_ids = count(offsets.media + 1)
    for number, (author, at, make) in enumerate(zip(posts.author, posts.at, posts.make, strict=True)):
        owner = f"{offsets.posts + 1 + number}\t{offsets.people + 1 + author}"
        for order, kind in enumerate(MAKES[make].files):
            id_ = next(file_ids)
            size = kind.size(id_)
            storage.charge(author, kind.bucket, size)
            columns = kind.look(id_).columns.replace("@", str(id_))
            yield f"{id_}\t{owner}\t{size}\t{columns}\t{order}\t{clock.text(at)}\n"
