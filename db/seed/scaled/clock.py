"""Times as whole seconds since the beginning, and as the text that COPY reads."""

from array import array
from collections.abc import Iterator
from datetime import datetime, timedelta

DAY = 86_400
HOUR = 3_600
# The first post is two years old; those who were there before it came in the hundred days before.
POSTING_DAYS = 730
JOINING_DAYS = 100

_OF_DAY = [f" {s // 3600:02}:{s // 60 % 60:02}:{s % 60:02}+00" for s in range(DAY)]
_PAYLOAD_BITS = 51
_PAYLOAD = (1 << _PAYLOAD_BITS) - 1


class Clock:
    """`end` is the anchor, in seconds after the beginning; nothing but a scheduled post lies behind it."""

    def __init__(self, anchor: datetime) -> None:
        self.anchor = anchor
        self.first_post = JOINING_DAYS * DAY
        self.end = self.first_post + POSTING_DAYS * DAY
        beginning = anchor - timedelta(seconds=self.end)
        self._shift = (beginning.hour * 60 + beginning.minute) * 60 + beginning.second
        midnight = beginning - timedelta(seconds=self._shift)
        days = JOINING_DAYS + POSTING_DAYS + JOINING_DAYS
        self._days = [(midnight + timedelta(days=day)).strftime("%Y-%m-%d") for day in range(days)]

    def text(self, second: int) -> str:
        day, rest = divmod(second + self._shift, DAY)
        return self._days[day] + _OF_DAY[rest]

    def ago(self, days: int) -> int:
        return self.end - days * DAY


class Tape:
    """Happenings that are noted in any order and come back in the order of time.

    Each is one machine word (the second within its hour, and a payload of 51 bits), so that millions fit in memory
    and an hour is sorted as numbers.
    """

    def __init__(self, clock: Clock) -> None:
        self._hours = [array("q") for _ in range(clock.end // HOUR + 1)]
        self.length = 0

    def note(self, second: int, payload: int) -> None:
        self._hours[second // HOUR].append(second % HOUR << _PAYLOAD_BITS | payload)
        self.length += 1

    def __iter__(self) -> Iterator[tuple[int, int]]:
        """(second, payload) by time, then by payload."""
        for hour, words in enumerate(self._hours):
            start = hour * HOUR
            for word in sorted(words):
                yield start + (word >> _PAYLOAD_BITS), word & _PAYLOAD
