"""How much of everything there is for a number of posts; see docs/operations.md for the sums."""

from random import Random
from typing import NamedTuple

LEAST_POSTS = 100
MOST_POSTS = 20_000_000


class Shape(NamedTuple):
    posts: int
    variant: int

    @property
    def people(self) -> int:
        return self.posts // 10

    @property
    def blocks(self) -> int:
        return self.people // 20

    @property
    def mutes(self) -> int:
        return self.people // 20

    @property
    def conversations(self) -> int:
        return self.posts // 40

    @property
    def domain(self) -> str:
        """The mail domain of the people: it says what they were made from, so that a later call knows."""
        return f"posts-{self.posts}.variant-{self.variant}.{DOMAIN}"

    def random(self, part: str) -> Random:
        """A source of its own for each part, so that one part can change without the others."""
        return Random(f"vrss scaled {part} {self.posts} {self.variant}")


DOMAIN = "scaled.vrss.example"


class Offsets(NamedTuple):
    """The highest ids that are taken: those of the scaled rows go on behind them."""

    people: int
    posts: int
    media: int
    comments: int
    conversations: int
    messages: int
