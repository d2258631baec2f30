"""When things happened: every time is an offset from the anchor, in whole seconds, and nothing lies after it."""

from datetime import datetime, timedelta
from random import Random
from typing import NamedTuple

from db.seed.people import Person


class Timeline(NamedTuple):
    anchor: datetime

    def ago(self, days: float) -> datetime:
        return self.anchor - timedelta(seconds=round(days * 86_400))

    def joined(self, person: Person) -> datetime:
        return self.ago(person.joined)

    def after(self, random: Random, *moments: datetime, within: float = 1.0) -> datetime:
        """Some time after all these moments, soon rather than late; `within` is the part of the time left to use."""
        start = max(moments)
        left = (self.anchor - start).total_seconds()
        return start + timedelta(seconds=round(left * within * random.random() ** 3))
