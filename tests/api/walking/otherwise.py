"""Lists that are sorted by more than one value, or whose rows are made of several."""

import random
from base64 import urlsafe_b64decode
from dataclasses import dataclass, field
from typing import Any

from tests.api.walking.walked import TIMES, Row, Walked, micros
from tests.factories import Factory


def words(cursor: str) -> tuple[int, ...]:
    """The numbers in a cursor."""
    padded = cursor + "=" * (-len(cursor) % 4)
    return tuple(map(int, urlsafe_b64decode(padded).decode().split(":")[1:]))


def _some_time(chance: random.Random, level: int) -> int:
    """Rows of the lowest and the highest level, of which there may be a crowd, are all at one time."""
    return chance.randrange(TIMES) if 0 <= level < TIMES else level


@dataclass
class Friendships(Walked):
    """Of `owner`. A friendship names the smaller id first, and each of the two columns is read by itself."""

    owner: int = 0

    def side(self, other: Any) -> int:
        return int(other > self.owner)

    def add(self, make: Factory, chance: random.Random, other: Any, level: int, *, hidden: bool) -> Row:
        del chance, hidden
        at = self.moment(level)
        one, two = sorted((self.owner, other))
        make.insert("friendships", "user_id_1", user_id_1=one, user_id_2=two, created_at=at)
        return Row((micros(at), other), None, other)

    def remove(self, make: Factory, chance: random.Random, row: Row) -> None:
        del chance
        pair = sorted((self.owner, row.other))
        delete = b"DELETE FROM friendships WHERE user_id_1 = %s AND user_id_2 = %s"
        assert make.connection.execute(delete, pair).rowcount == 1


@dataclass
class Suggested(Walked):
    """People by how many of `known`, whom the viewer follows, follow them."""

    known: list[int] = field(default_factory=list[int])

    def add(self, make: Factory, chance: random.Random, other: Any, level: int, *, hidden: bool) -> Row:
        del chance, hidden
        shared = level + 2
        insert = b"INSERT INTO user_follows (follower_id, following_id) SELECT unnest(%s::bigint[]), %s"
        make.connection.execute(insert, [self.known[:shared], other])
        return Row((shared, other), None, other)

    def remove(self, make: Factory, chance: random.Random, row: Row) -> None:
        del chance
        delete = b"DELETE FROM user_follows WHERE following_id = %s AND follower_id = any(%s)"
        assert make.connection.execute(delete, [row.other, self.known]).rowcount == row.key[0]


@dataclass
class Named(Walked):
    """People by how much their names are like the one that is looked for; the hidden ones have blocked the viewer."""

    def add(self, make: Factory, chance: random.Random, other: Any, level: int, *, hidden: bool) -> Row:
        name = "sought" + "".join(chance.sample("bcdfjklmnpqrvwxyz", level + 3))
        while make.scalar("SELECT count(*) FROM users WHERE username = %s", name):
            name = "sought" + "".join(chance.sample("bcdfjklmnpqrvwxyz", level + 3))
        who = make.user(name)
        if hidden:
            make.insert("app.user_blocks", "blocker_id", blocker_id=who, blocked_id=self.viewer)
        likeness = make.scalar("SELECT round(1000 * similarity(%s, 'sought'))::bigint", name)
        return Row((2000 + likeness, who), None, other)


@dataclass
class Popular(Walked):
    """Posts by their likes, or by the power of two that those reach, and then by time."""

    powers: bool = False

    def add(self, make: Factory, chance: random.Random, other: Any, level: int, *, hidden: bool) -> Row:
        del hidden
        power = level + 1
        likes = (1 << power) - 1 + (chance.randrange(1 << power) if self.powers else 0)
        at = self.moment(_some_time(chance, level))
        given = {**self.fixed, "user_id": other, "likes_count": likes, **dict.fromkeys(self.at, at)}
        tie = make.insert("posts", **given)
        return Row((power if self.powers else likes, micros(at), tie), None, other)


class PopularEverywhere(Popular):
    """Among the posts of everybody, which other lists have."""

    def refresh(self, make: Factory) -> None:
        every = make.connection.execute(
            b"""
            SELECT p.id, p.created_at, p.likes_count + p.comments_count + p.reposts_count,
                p.visibility = 'public' AND u.status = 'active' AND f.visibility = 'public'
            FROM posts AS p JOIN users AS u ON u.id = p.user_id LEFT JOIN user_profiles AS f ON f.user_id = u.id
            WHERE p.status = 'published' AND p.id <> all(%s)
            """,
            [list(self.rows)],
        )
        self.rest = {
            tie: Row(((count + 1).bit_length() - 1, micros(at), tie), self.node(tie, None) if seen else None, None)
            for tie, at, count, seen in every
        }


@dataclass
class Ranked(Walked):
    """Posts that a search ranks by what `score` finds. What was written after the first page is not among them."""

    score: str = ""

    def in_order(self, cursor: str | None = None) -> list[Row]:
        rows = super().in_order()
        return rows if cursor is None else [row for row in rows if row.at <= words(cursor)[:2]]

    def add(self, make: Factory, chance: random.Random, other: Any, level: int, *, hidden: bool) -> Row:
        del hidden
        at = self.moment(_some_time(chance, level))
        text = "hello" + " again" * (level + 1)
        given = {**self.fixed, "user_id": other, "content": text, "likes_count": level + 1, "created_at": at}
        tie = make.insert("posts", **given)
        return Row((make.scalar(self.score, tie), tie), None, other, (micros(at), tie))
