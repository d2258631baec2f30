"""Accounts, profiles and settings: the earlier somebody came, the better known."""

from array import array
from collections.abc import Iterator

from db.seed.profiles import demo_password_hash
from db.seed.scaled.clock import DAY, Clock
from db.seed.scaled.loading import NULL, Lines
from db.seed.scaled.shape import Offsets, Shape

_GIVEN = (
    "Ada",
    "Bo",
    "Caro",
    "Dag",
    "Edda",
    "Finn",
    "Gita",
    "Hugo",
    "Iris",
    "Jan",
    "Kaya",
    "Leo",
    "Mina",
    "Noah",
    "Olga",
)
_FAMILY = ("Abel", "Berg", "Costa", "Dahl", "Ek", "Fox", "Gruber", "Holm", "Ito", "Jansen", "Kim", "Lang", "Moreau")
_PLACES = ("Gothenburg", "Bristol", "Turin", "Marseille", "Valencia", "Glasgow", "Faro", "Berlin", "Brno", "Leeds")
_STYLE = '{"fonts": {"heading": "serif", "body": "sans"}, "colors": {"accent": "#%06X"}, "sizes": {}}'

SUSPENDED_OF = 50
_FOLLOWERS_ONLY_OF = 12
_PRIVATE_OF = 40
_STYLED_OF = 10


class People:
    """Number n (from 0) joined at `joined[n]`: half of them before the first post, the others as posts came."""

    def __init__(self, shape: Shape, clock: Clock) -> None:
        self.count = shape.people
        self.joined = array("q")
        early = self.count // 2
        for number in range(early):
            self.joined.append(clock.first_post * number // early)
        late = self.count - early
        for number in range(late):
            self.joined.append(clock.first_post + round(posting_time(clock, number / late)))

    def present(self, fraction: float) -> int:
        """How many are there when this fraction of all posts has been written."""
        return self.count // 2 + int((self.count - self.count // 2) * fraction)


def posting_time(clock: Clock, fraction: float) -> float:
    """When this fraction of all posts has been written, in seconds after the first: more and more of them."""
    return (clock.end - clock.first_post) * (1 - (1 - fraction) ** 1.5)


def tables(shape: Shape, clock: Clock, people: People, offsets: Offsets) -> Iterator[Lines]:
    numbers = range(people.count)
    first = offsets.people + 1
    joined = [clock.text(second) for second in people.joined]
    secret = demo_password_hash()
    seen = clock.ago(1)
    logins = [clock.text(max(people.joined[number], seen - number % 90 * DAY)) for number in numbers]
    yield Lines(
        "public.users",
        "id, username, email, email_verified, password_hash, status, last_login_at, created_at, updated_at",
        people.count,
        (
            f"{first + n}\tperson_{n + 1}\tperson_{n + 1}@{shape.domain}\tt\t{secret}\t"
            f"{'suspended' if is_suspended(n) else 'active'}\t{logins[n]}\t{joined[n]}\t{joined[n]}\n"
            for n in numbers
        ),
    )
    yield Lines(
        "public.user_profiles",
        "user_id, display_name, bio, age, location, visibility, style_config, created_at, updated_at",
        people.count,
        (
            f"{first + n}\t{_GIVEN[n % len(_GIVEN)]} {_FAMILY[n // len(_GIVEN) % len(_FAMILY)]}\t"
            f"Number {n + 1} of the scaled people.\t{16 + n * 7 % 70}\t{_PLACES[n % len(_PLACES)]}\t"
            f"{profile_visibility(n)}\t{_style(n)}\t{joined[n]}\t{joined[n]}\n"
            for n in numbers
        ),
    )
    yield Lines(
        "app.user_settings",
        "user_id, show_followers, updated_at",
        people.count,
        (f"{first + n}\t{'f' if n % 30 == 7 else 't'}\t{joined[n]}\n" for n in numbers),  # noqa: PLR2004
    )


def is_suspended(number: int) -> bool:
    return number % SUSPENDED_OF == SUSPENDED_OF - 1


def profile_visibility(number: int) -> str:
    if number % _PRIVATE_OF == _PRIVATE_OF - 2:
        return "private"
    return "followers" if number % _FOLLOWERS_ONLY_OF == _FOLLOWERS_ONLY_OF - 1 else "public"


def _style(number: int) -> str:
    return _STYLE % (number * 2_654_435_761 % (1 << 24)) if number % _STYLED_OF == 0 else NULL
