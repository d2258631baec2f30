"""What the statements of feeds are made of, by time as by score: tiers that read a bounded number of posts each."""

from typing import NamedTuple

from psycopg import sql

LEAST_BUSY = 3
"""Most posts have hardly any engagement, and are in lower buckets (see db/feeds/scored.py)."""


class Bounds(NamedTuple):
    """How many posts the tiers of a statement look at; the tests choose other numbers.

    By time: `near` newest ones, `reach` that an index finds, `middle` where none does, and `hidden` ones in a row that
    the end of a page passes by. By score: `per_bucket` newest ones of each, what an index finds if these are at most
    `reach`, the `top` ones of the highest buckets (by a score that falls with time `middle` of each), and what an index
    finds if these are at most `most_sorted`.
    """

    near: int = 4_000
    reach: int = 2_000
    middle: int = 60_000
    hidden: int = 2_000
    per_bucket: int = 500
    top: int = 8_000
    most_sorted: int = 50_000


BOUNDS = Bounds()


class Pieces(NamedTuple):
    """What all tiers share: `keys` are conditions about the place of a post, `holds` are the rules themselves.

    `unseen` is what these ask about posts that the reader has seen.
    """

    keys: sql.Composable
    holds: sql.Composable
    unseen: sql.Composable
    direction: sql.SQL
    limit: sql.Literal


GATE = sql.SQL("EXISTS (SELECT FROM app.visible_posts(%(viewer)s::bigint) AS gate WHERE gate.id = post.id OFFSET 0)")
