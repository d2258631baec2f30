"""What followers do with posts: likes, bookmarks, shares and reposts, each soon after the post rather than late."""

from collections.abc import Iterator, Sequence

from db.seed.scaled.clock import Clock, Tape
from db.seed.scaled.follows import Follows
from db.seed.scaled.loading import Lines
from db.seed.scaled.people import People
from db.seed.scaled.posts import STATES, Posts
from db.seed.scaled.shape import Offsets, Shape
from db.seed.scaled.texts import REPOSTS

_POST_BITS = 25
_POST = (1 << _POST_BITS) - 1
_TYPES = ("like", "bookmark", "share")
_TYPE_BITS = 2
_LIKE, _BOOKMARK, _SHARE = range(3)

# Likes of a post follow a power law, up to the number of the author's followers.
_TYPICAL_LIKES = 0.5
_LIKES_EXPONENT = -1 / 1.15
_BOOKMARKS, _SHARES, _REPOSTS = 0.15, 0.03, 0.12


class Reactions:
    def __init__(self, shape: Shape, clock: Clock, people: People, follows: Follows, posts: Posts) -> None:
        self.interactions, self.reposts = Tape(clock), Tape(clock)
        self._draw = shape.random("reactions").random
        self._clock = clock
        self._joined = people.joined
        for number, (author, state) in enumerate(zip(posts.author, posts.state, strict=True)):
            followers = follows.followers[author]
            if followers and STATES[state].is_seen:
                self._react(number, posts, followers)

    def _react(self, number: int, posts: Posts, followers: Sequence[int]) -> None:
        draw = self._draw
        at = posts.at[number]
        likes = min(int(_TYPICAL_LIKES * (1 - draw()) ** _LIKES_EXPONENT), len(followers))
        posts.likes[number] = likes
        # Neighbours from a random place on, so that nobody likes it twice.
        start = int(draw() * len(followers))
        for place in range(start - likes, start):
            self._interact(number, at, followers[place], _LIKE)
        if draw() < _BOOKMARKS:
            self._interact(number, at, followers[start], _BOOKMARK)
        if draw() < _SHARES:
            self._interact(number, at, followers[start], _SHARE)
        if draw() < _REPOSTS:
            posts.reposts[number] = 1
            self.reposts.note(self._time(at, followers[start]), followers[start] << _POST_BITS | number)

    def _interact(self, number: int, at: int, person: int, type_: int) -> None:
        payload = (person << _POST_BITS | number) << _TYPE_BITS | type_
        self.interactions.note(self._time(at, person), payload)

    def _time(self, at: int, person: int) -> int:
        return later(self._draw(), max(at, self._joined[person]), self._clock)


def later(luck: float, at: int, clock: Clock) -> int:
    """Some time after this one: within days more often than within months."""
    return at + int((clock.end - at) * luck**6)


def tables(clock: Clock, reactions: Reactions, offsets: Offsets) -> Iterator[Lines]:
    people, posts, text = offsets.people + 1, offsets.posts + 1, clock.text
    yield Lines(
        "public.post_interactions",
        "user_id, post_id, type, created_at",
        reactions.interactions.length,
        (
            f"{people + (word >> _POST_BITS + _TYPE_BITS)}\t{posts + (word >> _TYPE_BITS & _POST)}\t"
            f"{_TYPES[word & 3]}\t{text(at)}\n"
            for at, word in reactions.interactions
        ),
    )
    yield Lines(
        "public.reposts",
        "user_id, post_id, comment, created_at",
        reactions.reposts.length,
        (
            f"{people + (word >> _POST_BITS)}\t{posts + (word & _POST)}\t{REPOSTS[word % len(REPOSTS)]}\t{text(at)}\n"
            for at, word in reactions.reposts
        ),
    )
