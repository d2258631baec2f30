"""Conversations between two, groups, and their messages: a few people talk with hundreds."""

from array import array
from collections.abc import Iterator
from itertools import accumulate

from db.seed.scaled.clock import Clock, Tape
from db.seed.scaled.loading import NULL, Lines
from db.seed.scaled.people import People
from db.seed.scaled.reactions import later
from db.seed.scaled.shape import Offsets, Shape
from db.seed.scaled.texts import MESSAGES

_GROUP_OF = 10
_LARGEST_GROUP = 8
_MESSAGES_EXPONENT = -1 / 1.4
_TYPICAL_MESSAGES = 3
_MOST_MESSAGES = 2_000
_READ = 0.8
_PLACE_BITS = 4
_PLACE = (1 << _PLACE_BITS) - 1


class Conversations:
    """Who talks with whom, and the messages by their number, in the order of time."""

    def __init__(self, shape: Shape, clock: Clock, people: People) -> None:
        random = shape.random("conversations")
        self._draw = random.random
        self._people = people
        self.members: list[tuple[int, ...]] = []
        self.begun = array("q")
        pairs: set[tuple[int, ...]] = set()
        tape = Tape(clock)
        while len(self.members) < shape.conversations:
            size = random.randint(3, _LARGEST_GROUP) if len(self.members) % _GROUP_OF == 0 else 2
            members = self._chosen(size)
            if size == 2:  # noqa: PLR2004  (a pair talks in one conversation)
                if members in pairs:
                    continue
                pairs.add(members)
            self._talk(clock, tape, members)
        self.message_at, self.message_of, self.sender = array("q"), array("l"), array("l")
        self.last = array("l", bytes(8 * len(self.members)))
        for number, (at, word) in enumerate(tape):
            conversation = word >> _PLACE_BITS
            self.message_at.append(at)
            self.message_of.append(conversation)
            self.sender.append(self.members[conversation][word & _PLACE])
            self.last[conversation] = number

    def _chosen(self, size: int) -> tuple[int, ...]:
        chosen: set[int] = set()
        while len(chosen) < size:
            chosen.add(int(self._people.count * self._draw() ** 4))
        return tuple(sorted(chosen))

    def _talk(self, clock: Clock, tape: Tape, members: tuple[int, ...]) -> None:
        """Some messages, each by a random member, the first of them soon after the beginning."""
        draw = self._draw
        since = max(self._people.joined[member] for member in members)
        begun = since + int((clock.end - since) * (1 - draw() ** 3) * 0.999)
        messages = min(int(_TYPICAL_MESSAGES * (1 - draw()) ** _MESSAGES_EXPONENT), _MOST_MESSAGES)
        conversation = len(self.members)
        self.members.append(members)
        self.begun.append(begun)
        for _ in range(messages):
            place = int(draw() * len(members))
            tape.note(later(draw(), begun, clock), conversation << _PLACE_BITS | place)


def tables(shape: Shape, clock: Clock, conversations: Conversations, offsets: Offsets) -> Iterator[Lines]:
    first, people, messages = offsets.conversations + 1, offsets.people + 1, offsets.messages + 1
    text = clock.text
    last = [clock.text(conversations.message_at[number]) for number in conversations.last]
    yield Lines(
        "public.conversations",
        "id, kind, participant_ids, title, last_message_at, created_at",
        len(conversations.members),
        (
            f"{first + n}\t{'direct' if len(members) == 2 else 'group'}\t"  # noqa: PLR2004
            f"{{{','.join(str(people + one) for one in members)}}}\t"
            f"{NULL if len(members) == 2 else f'Group {n + 1}'}\t{last[n]}\t{text(conversations.begun[n])}\n"  # noqa: PLR2004
            for n, members in enumerate(conversations.members)
        ),
    )
    sizes = list(accumulate(map(len, conversations.members)))
    yield Lines(
        "app.conversation_members",
        "conversation_id, user_id, last_message_at, last_read_message_id, joined_at, is_admin",
        sizes[-1],
        _member_lines(shape, clock, conversations, offsets),
    )
    yield Lines(
        "public.messages",
        "id, conversation_id, sender_id, content, created_at",
        len(conversations.message_at),
        (
            f"{messages + n}\t{first + of}\t{people + sender}\t{MESSAGES[(of + n) % len(MESSAGES)]}\t{text(at)}\n"
            for n, (at, of, sender) in enumerate(
                zip(conversations.message_at, conversations.message_of, conversations.sender, strict=True)
            )
        ),
    )


def _member_lines(shape: Shape, clock: Clock, conversations: Conversations, offsets: Offsets) -> Iterator[str]:
    """Most have read all; the others have read as far as their own last message, at least."""
    draw = shape.random("reading").random
    own: dict[tuple[int, int], int] = {}
    for number, (of, sender) in enumerate(zip(conversations.message_of, conversations.sender, strict=True)):
        own[of, sender] = number + 1
    columns = zip(conversations.members, conversations.last, conversations.begun, strict=True)
    for n, (members, last, begun) in enumerate(columns):
        newest, joined = clock.text(conversations.message_at[last]), clock.text(begun)
        for place, member in enumerate(members):
            read = last + 1 if draw() < _READ else own.get((n, member), 0)
            watermark = offsets.messages + read if read else 0
            is_admin = "t" if place == 0 and len(members) > 2 else "f"  # noqa: PLR2004  (a pair has none)
            yield (
                f"{offsets.conversations + 1 + n}\t{offsets.people + 1 + member}\t{newest}\t{watermark}\t{joined}"
                f"\t{is_admin}\n"
            )
