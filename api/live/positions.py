"""How far a subscriber has seen a stream of events: the cursor of each event.

A position is a snapshot of PostgreSQL's: it says which transactions had ended when the stream was read. What is read
next is what was committed since, exactly once, in whatever order transactions end. Where several events were read at
once, it also says at which of them the subscriber is: `until` is the snapshot of that read, `last_id` the event.
"""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

from api.gql.errors import BadCursorError
from db.queries.live import PositionRow, Since

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_LONGEST = 8192  # a snapshot names each transaction that was under way
_XID = "[1-9][0-9]{0,17}"
_SNAPSHOT = re.compile(rf"({_XID}):({_XID}):((?:{_XID}(?:,{_XID})*)?)")
_DATABASE = re.compile(r"[0-9]{1,20}-[0-9A-F]{8}")
_IN_EPOCH = 2**32  # of transactions, the first of which is none
_INT64 = 2**63
_SKEW = timedelta(minutes=1)  # by which the clock of the database may have been set back
_FAR = 2**52  # microseconds on either side: more than a century


class Stream(NamedTuple):
    """What somebody watches: their notifications, or the messages of one conversation or, where that is 0, of all."""

    kind: str
    viewer: int
    conversation_id: int = 0


class Position(NamedTuple):
    seen_at: datetime
    snapshot: str
    until: str
    last_id: int
    epoch: str

    @property
    def since(self) -> Since:
        return Since(self.seen_at, self.snapshot, self.until, self.last_id)

    def is_ahead_of(self, now: "Position") -> bool:
        """Whether no read that came before `now` has led here: what is written until then would be left out."""
        end = max(_end(self.snapshot), _end(self.until))
        return end > _end(now.snapshot) or self.seen_at > now.seen_at + _SKEW

    def cursor(self, stream: Stream) -> str:
        """The position as a client keeps it: it is of this stream alone."""
        time = (self.seen_at - _EPOCH) // _MICROSECOND
        until = "" if self.until == self.snapshot else self.until
        of = f"{stream.kind}:{stream.viewer}:{stream.conversation_id}"
        plain = f"{of} {time} {self.snapshot} {until} {self.last_id} {self.epoch}"
        return urlsafe_b64encode(plain.encode()).decode().rstrip("=")


def present(row: PositionRow) -> Position:
    """Behind all that there was."""
    return Position(row.seen_at, row.snapshot, row.snapshot, 0, row.epoch)


def position(cursor: str, stream: Stream) -> Position:
    """The position in a cursor of this stream, else BAD_CURSOR."""
    if len(cursor) > _LONGEST:
        raise BadCursorError
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        _, time, snapshot, until, last_id, epoch = urlsafe_b64decode(padded.encode("ascii")).decode().split(" ")
        found = Position(_time(int(time)), snapshot, until or snapshot, int(last_id), epoch)
    except (ValueError, OverflowError, Base64Error) as error:
        raise BadCursorError from error
    valid = 0 <= found.last_id < _INT64 and _DATABASE.fullmatch(epoch)
    if not valid or not (_is_snapshot(found.snapshot) and _is_snapshot(found.until)):
        raise BadCursorError
    if found.cursor(stream) != cursor:  # it is of another stream, or written in another way
        raise BadCursorError
    return found


def _end(snapshot: str) -> int:
    """The first transaction that had not begun."""
    return int(snapshot.split(":", 2)[1])


def _time(microseconds: int) -> datetime:
    if not 0 <= microseconds < _FAR:
        raise ValueError(microseconds)
    return _EPOCH + microseconds * _MICROSECOND


def _is_snapshot(text: str) -> bool:
    """Whether PostgreSQL reads this as a snapshot: its transactions rise, between its bounds."""
    found = _SNAPSHOT.fullmatch(text)
    if found is None:
        return False
    least, end = int(found[1]), int(found[2])
    running = [int(one) for one in found[3].split(",")] if found[3] else []
    rising = all(one < other for one, other in pairwise(running))
    named = least % _IN_EPOCH and end % _IN_EPOCH
    return bool(named) and least <= end and rising and all(least <= one < end for one in running)
