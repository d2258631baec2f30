"""Who follows, blocks and mutes whom."""

from array import array
from bisect import insort
from collections.abc import Iterator
from random import Random

from db.seed.scaled.clock import Clock, Tape
from db.seed.scaled.loading import Lines
from db.seed.scaled.people import People
from db.seed.scaled.shape import Offsets, Shape

# Most people follow a handful, and some follow hundreds. The last three follow exactly as many as this where there
# are enough people; the fourth but last follows a hundred who have been silent for a year.
_LEAST_FOLLOWED = 7
_FOLLOWED_EXPONENT = -1 / 1.8
READERS = (100, 1_000, 5_000)
SILENT_READER_FOLLOWS = 100
SILENT_OF = 7
# How many of those whom a later one follows follow back, and are friends then.
_FOLLOWS_BACK = 0.1

_PERSON_BITS = 24
_PERSON = (1 << _PERSON_BITS) - 1


class Follows:
    """`followers[n]` are those who follow person n, in the order of their joining; `tape` has all follows."""

    def __init__(self, shape: Shape, clock: Clock, people: People) -> None:
        self.followers = [array("l") for _ in range(people.count)]
        self.tape = Tape(clock)
        random, back = shape.random("follows"), shape.random("follows back").random
        readers = people.count - len(READERS) - 1
        for follower in range(people.count):
            for followed in sorted(_chosen(random, follower, people.count)):
                self.followers[followed].append(follower)
                since = max(people.joined[follower], people.joined[followed])
                at = since + int((clock.end - since) * random.random() ** 3 * 0.999)
                self.tape.note(at, follower << _PERSON_BITS | followed)
                # Who comes later has only been followed by those before.
                if followed < min(follower, readers) and back() < _FOLLOWS_BACK:
                    self._follow_back(followed, follower, at + int((clock.end - at) * back()))

    def _follow_back(self, follower: int, followed: int, at: int) -> None:
        if follower not in self.followers[followed]:
            insort(self.followers[followed], follower)
            self.tape.note(at, follower << _PERSON_BITS | followed)


def is_silent(number: int) -> bool:
    """Whether this person has not posted for a year."""
    return number % SILENT_OF == SILENT_OF - 1


def _chosen(random: Random, follower: int, people: int) -> set[int]:
    """Whom this person follows: the earlier ones far more often than the later ones."""
    back = people - follower
    if back == len(READERS) + 1:
        silent = range(SILENT_OF - 1, follower, SILENT_OF)
        return set(silent[:SILENT_READER_FOLLOWS])
    if back <= len(READERS):
        wanted = READERS[back - 1]
    else:
        wanted = int(_LEAST_FOLLOWED * (1 - random.random()) ** _FOLLOWED_EXPONENT)
    wanted = min(wanted, people // 3)
    chosen: set[int] = set()
    draw = random.random
    while len(chosen) < wanted:
        followed = int(people * draw() ** 3)
        if followed != follower:
            chosen.add(followed)
    return chosen


def tables(shape: Shape, clock: Clock, follows: Follows, offsets: Offsets) -> Iterator[Lines]:
    first = offsets.people + 1
    text = clock.text
    yield Lines(
        "public.user_follows",
        "follower_id, following_id, created_at",
        follows.tape.length,
        (f"{first + (pair >> _PERSON_BITS)}\t{first + (pair & _PERSON)}\t{text(at)}\n" for at, pair in follows.tape),
    )
    blocks = _strangers(shape, follows, "blocks", shape.blocks)
    mutes = _strangers(shape, follows, "mutes", shape.mutes)
    now = text(clock.end)
    for table, one, other, found in (
        ("app.user_blocks", "blocker_id", "blocked_id", blocks),
        ("app.user_mutes", "muter_id", "muted_id", mutes),
    ):
        lines = (f"{first + a}\t{first + b}\t{now}\n" for a, b in found)
        yield Lines(table, f"{one}, {other}, created_at", len(found), lines)


def _strangers(shape: Shape, follows: Follows, part: str, wanted: int) -> list[tuple[int, int]]:
    """Pairs of people who follow each other in neither direction: who blocks, unfollows."""
    random = shape.random(part)
    found: dict[tuple[int, int], None] = {}
    while len(found) < wanted:
        one, other = random.randrange(shape.people), int(shape.people * random.random() ** 2)
        if one == other or one in follows.followers[other] or other in follows.followers[one]:
            continue
        found[one, other] = None
    return list(found)
