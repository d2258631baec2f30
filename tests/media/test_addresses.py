"""Addresses of files and uploads: nobody makes or changes one, and each is good for a while."""

import pytest

from api.media.addresses import FILE_PATH, LIFETIME_SECONDS, UPLOAD_PATH, WINDOW_SECONDS, Addresses

NAME = "ab/" + "0" * 30 + "/o.png"
KEY = "in/ab/" + "0" * 30


class Clock:
    now = 6000.0

    def __call__(self) -> float:
        return self.now


def parts(address: str | None, path: str) -> tuple[str, str]:
    assert address is not None
    name, _, query = address.removeprefix(path).partition("?")
    return name, query


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def addresses(clock: Clock) -> Addresses:
    return Addresses(lambda: [b"a" * 32], clock=clock)


def test_an_address_of_a_file_stays_for_ten_minutes_and_opens_for_thirty(addresses: Addresses, clock: Clock) -> None:
    (first,) = addresses.of_files([FILE_PATH + NAME])
    clock.now += WINDOW_SECONDS - 1
    assert addresses.of_files([FILE_PATH + NAME]) == [first]
    clock.now += 1
    assert addresses.of_files([FILE_PATH + NAME]) != [first]
    name, query = parts(first, FILE_PATH)
    clock.now = 6000.0 + LIFETIME_SECONDS
    assert addresses.opens(name, query)
    clock.now += 1
    assert not addresses.opens(name, query)


def test_an_address_of_a_file_opens_nothing_else(addresses: Addresses) -> None:
    (address,) = addresses.of_files([FILE_PATH + NAME])
    name, query = parts(address, FILE_PATH)
    assert addresses.opens(name, query)
    others = [NAME.replace("o.png", "t160.webp"), NAME.replace("00", "01", 1), "../secret", NAME + "/..", ""]
    assert not any(addresses.opens(other, query) for other in others)
    until = query.partition("&")[0]
    forged = [
        "",
        until,
        f"{until}&s=",
        f"e=99999999&{query.partition('&')[2]}",
        query.replace("&s=", "&s=A"),
        "e=x&s=y",
    ]
    assert not any(addresses.opens(name, one) for one in forged)
    assert not Addresses(lambda: [b"b" * 32], clock=lambda: 6000.0).opens(name, query)


def test_what_is_open_to_all_is_not_signed(addresses: Addresses) -> None:
    others = ["/media/placeholders/image/1-4x3.svg", "https://www.example.org/1.png", None]
    assert addresses.of_files(others) == others


def test_a_new_secret_signs_while_the_old_one_is_still_known(clock: Clock) -> None:
    old, both = Addresses(lambda: [b"a" * 32], clock=clock), Addresses(lambda: [b"b" * 32, b"a" * 32], clock=clock)
    (before,), (after,) = old.of_files([FILE_PATH + NAME]), both.of_files([FILE_PATH + NAME])
    assert both.opens(*parts(before, FILE_PATH))
    assert both.opens(*parts(after, FILE_PATH))
    assert not old.opens(*parts(after, FILE_PATH))


def test_an_address_of_an_upload_takes_what_it_was_made_for(addresses: Addresses, clock: Clock) -> None:
    name, query = parts(addresses.of_upload(KEY, 10, "image/png", 6100, 7), UPLOAD_PATH)
    ticket = addresses.ticket(f"in/{name}", query)
    assert ticket is not None
    assert (ticket.key, ticket.size, ticket.mime_type, ticket.until) == (KEY, 10, "image/png", 6100)
    changed = {"l=10": "l=11", "t=image%2Fpng": "t=image%2Fgif", "e=6100": "e=6101", "o=": "o=A"}
    assert all(addresses.ticket(KEY, query.replace(*change)) is None for change in changed.items())
    assert addresses.ticket(KEY.replace("0", "1", 1), query) is None
    assert addresses.ticket(KEY, "l=x&e=y") is None
    clock.now = 6101.0
    assert addresses.ticket(KEY, query) is None
