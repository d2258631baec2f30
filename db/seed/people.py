"""The cast: twenty people, and an audience that only follows."""

from enum import StrEnum
from functools import cache
from typing import NamedTuple


class Standing(StrEnum):
    POPULAR = "popular"
    REGULAR = "regular"
    NEW = "new"
    AUDIENCE = "audience"


class Person(NamedTuple):
    """`followers` is how many the person has in the end, `joined` how many days before the anchor it came."""

    id: int
    username: str
    name: str
    standing: Standing
    followers: int
    joined: float
    age: int | None
    location: str | None
    bio: str
    website: str | None = None
    visibility: str = "public"
    suspended: bool = False


AUDIENCE_PREFIX = "audience_"
AUDIENCE_SIZE = 95
_AUDIENCE_BIO = "A demo account of the audience: it follows and likes, so that popular people have followers."

_P, _R, _N = Standing.POPULAR, Standing.REGULAR, Standing.NEW

_CAST: tuple[Person, ...] = (
    Person(
        1, "ada", "Ada Lindqvist", _P, 97, 420, 34, "Gothenburg",
        "Photographs people who are busy with something else. Film, kitchen darkroom, field recordings. "
        "Thursdays at six: the shared darkroom.",
        "https://ada.example/prints",
    ),
    Person(
        2, "ben", "Ben Okafor", _P, 84, 400, 41, "Bristol",
        "Baker, teacher of bakers, keeper of a starter named Gerald. Ten loaves on the wall at closing time.",
        "https://benbakes.example",
    ),
    Person(
        3, "cleo", "Cleo Marchetti", _P, 76, 390, 29, "Turin",
        "Modular synthesizers, lifts, bells and other resonant rooms. One finished piece a month.",
        "https://cleo.example/records",
    ),
    Person(
        4, "dan", "Dan Kowalczyk", _P, 66, 380, 47, "Kraków",
        "Builds steel bicycle frames, slowly, and rides them far. If it creaks, it is the seatpost.",
        "https://danframes.example",
    ),
    Person(
        5, "mira", "Mira Haddad", _P, 57, 350, 32, "Marseille",
        "Draws comics with ink, gulls and too many raindrops. The harbour book has eighty pages.",
        "https://mira.example/harbour",
    ),
    Person(
        6, "yuki", "Yuki Tanabe", _R, 20, 300, 38, "Copenhagen",
        "Potter. Forty cups, one handle.", "https://yuki.example",
    ),
    Person(
        7, "tomas", "Tomás Rivera", _R, 18, 290, 52, "Valencia",
        "Cooks nine dishes at La Higuera. No bookings on Thursdays.", "https://lahiguera.example",
    ),
    Person(
        8, "sam", "Sam Whitlock", _R, 17, 280, 44, "Glasgow",
        "Community radio, nine years, forty-one minutes of silence.", "https://sundayshift.example",
    ),
    Person(
        9, "ines", "Inês Carvalho", _R, 15, 270, 36, "Faro",
        "Marine biologist. I count seahorses and publish the columns.",
    ),
    Person(
        10, "leila", "Leila Farsi", _R, 14, 260, 31, "Berlin",
        "Type designer in two scripts. Currently drawing an n.", "https://leila.example/type",
    ),
    Person(
        11, "nils", "Nils Bergström", _R, 12, 250, 58, "Gothenburg",
        "Ferry engineer. One hundred and twelve species from a car deck.", visibility="followers",
    ),
    Person(
        12, "oskar", "Oskar Novák", _R, 11, 240, 27, "Brno",
        "Teaches chess to people who win. Makes games about waiting.",
    ),
    Person(
        13, "priya", "Priya Raman", _R, 10, 230, 33, "Leeds",
        "Writes software on weekdays and loses to slugs at weekends. Plot 14.",
    ),
    Person(
        14, "jonas", "Jonas Weber", _R, 9, 220, 35, "Innsbruck",
        "Nurse on nights, runner in the mornings. The dog goes first.",
    ),
    Person(
        15, "freya", "Freya Olsen", _R, 8, 210, 63, "Tórshavn",
        "Wool, from the sheep to the jumper. Natural dyes, family patterns.",
    ),
    Person(
        16, "marco", "Marco Bellini", _R, 6, 200, 39, "Milan",
        "Selling everything. No returns.", suspended=True,
    ),
    Person(
        17, "viktor", "Viktor Dahl", _R, 5, 190, 26, None,
        "Growth. Growth. Growth.", "https://growth.example", suspended=True,
    ),
    Person(18, "hana", "Hana Kimani", _N, 2, 9, 19, "Nairobi", "First year of architecture."),
    Person(19, "piotr", "Piotr Zieliński", _N, 1, 5, 24, "Kraków", "A bicycle and a harmonica."),
    Person(20, "lou", "Lou Fontaine", _N, 0, 2, None, None, "", visibility="private"),
)  # fmt: skip


def _audience(number: int) -> Person:
    return Person(
        id=len(_CAST) + number,
        username=f"{AUDIENCE_PREFIX}{number:03}",
        name=f"Audience {number}",
        standing=Standing.AUDIENCE,
        followers=0,
        joined=450 - 2.5 * number,
        age=None,
        location=None,
        bio=_AUDIENCE_BIO,
    )


CAST: dict[str, Person] = {person.username: person for person in _CAST}
AUDIENCE: tuple[Person, ...] = tuple(_audience(number) for number in range(1, AUDIENCE_SIZE + 1))
EVERYBODY: tuple[Person, ...] = (*_CAST, *AUDIENCE)


def id_of(username: str) -> int:
    return CAST[username].id


@cache
def usernames() -> frozenset[str]:
    """The names of all demo people, the audience included."""
    return frozenset(person.username for person in EVERYBODY)
