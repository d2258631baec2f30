"""Threads below posts: followers comment, the author and others answer."""

from array import array
from collections.abc import Iterator

from db.seed.scaled.clock import Clock, Tape
from db.seed.scaled.follows import Follows
from db.seed.scaled.loading import NULL, Lines
from db.seed.scaled.people import People
from db.seed.scaled.posts import STATES, Posts
from db.seed.scaled.reactions import later
from db.seed.scaled.shape import Offsets, Shape
from db.seed.scaled.texts import COMMENTS

_POST_BITS = 25
_POST = (1 << _POST_BITS) - 1
_TYPICAL_COMMENTS = 0.22
_COMMENTS_EXPONENT = -1 / 1.2
_MOST_COMMENTS = 2_000
_BY_AUTHOR = 0.2
_REPLIES = 0.4
_ANSWERS_TO_REPLIES = 0.5
_DELETED = 0.02
# Of those who like the post, so many like a comment on it: every eleventh is liked by many. See derived.py.
_MOST_LIKES = 25


class Comments:
    """Columns by the number of the comment, in the order of time; `parent` is -1 at the head of a thread."""

    def __init__(self, shape: Shape, clock: Clock, people: People, follows: Follows, posts: Posts) -> None:
        self.at, self.post, self.author = array("q"), array("l"), array("l")
        self.parent, self.depth, self.likes = array("l"), array("l"), array("l")
        self.is_deleted = bytearray()
        draw = shape.random("threads").random
        latest = array("l", b"\xff" * 8 * shape.posts)  # what is answered next on each post; -1 while there is none
        for at, word in _spoken(shape, clock, people, follows, posts):
            number, post = len(self.at), word & _POST
            parent = latest[post] if draw() < _REPLIES else -1
            if parent < 0 or draw() < _ANSWERS_TO_REPLIES:
                latest[post] = number
            is_deleted = draw() < _DELETED
            self.at.append(at)
            self.post.append(post)
            self.author.append(word >> _POST_BITS)
            self.parent.append(parent)
            self.depth.append(self.depth[parent] + 1 if parent >= 0 else 0)
            self.is_deleted.append(is_deleted)
            self.likes.append(min(number % 3 if number % 11 else _MOST_LIKES, posts.likes[post]))
            posts.comments[post] += not is_deleted
        self.replies = array("l", bytes(8 * len(self.at)))
        for number in range(len(self.at) - 1, -1, -1):  # replies before what they reply to: a blank counts as well
            if self.parent[number] >= 0:
                self.replies[self.parent[number]] += not self.is_deleted[number] or self.replies[number] > 0


def _spoken(shape: Shape, clock: Clock, people: People, follows: Follows, posts: Posts) -> Tape:
    draw = shape.random("comments").random
    tape = Tape(clock)
    for number, (author, at, state) in enumerate(zip(posts.author, posts.at, posts.state, strict=True)):
        followers = follows.followers[author]
        if not followers or not STATES[state].is_seen:
            continue
        wanted = int(_TYPICAL_COMMENTS * (1 - draw()) ** _COMMENTS_EXPONENT)
        for _ in range(min(wanted, 3 * len(followers), _MOST_COMMENTS)):
            person = author if draw() < _BY_AUTHOR else followers[int(draw() * len(followers))]
            tape.note(later(draw(), max(at, people.joined[person]), clock), person << _POST_BITS | number)
    return tape


_COLUMNS = (
    "id, post_id, user_id, parent_comment_id, depth, content, content_html, likes_count, replies_count, deleted_at,"
    " created_at, updated_at"
)


def table(clock: Clock, comments: Comments, offsets: Offsets) -> Lines:
    first = offsets.comments + 1
    return Lines("public.comments", _COLUMNS, len(comments.at), _lines(clock, comments, offsets, first))


def _lines(clock: Clock, comments: Comments, offsets: Offsets, first: int) -> Iterator[str]:
    people, posts = offsets.people + 1, offsets.posts + 1
    columns = zip(
        comments.at,
        comments.post,
        comments.author,
        comments.parent,
        comments.depth,
        comments.likes,
        comments.replies,
        comments.is_deleted,
        strict=True,
    )
    for number, (at, post, author, parent, depth, likes, replies, is_deleted) in enumerate(columns):
        time = clock.text(at)
        yield (
            f"{first + number}\t{posts + post}\t{people + author}\t{first + parent if parent >= 0 else NULL}\t"
            f"{depth}\t{COMMENTS[(post * 7 + number) % len(COMMENTS)]}\t{likes}\t{replies}\t"
            f"{time if is_deleted else NULL}\t{time}\t{time}\n"
        )
