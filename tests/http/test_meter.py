"""Prices and buckets: who is charged, who is refused, and what is given back."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest
from starlette.types import Scope

from api.execution.operations import DocumentError
from api.http.meter import CHARACTERS_PER_POINT, WRONG_TOKEN, Charge, Meter, caller_address
from api.http.requests import RequestError
from tests.http.conftest import Serve, over

HERE: Scope = {"client": ("203.0.113.7", 1)}
THERE: Scope = {"client": ("203.0.113.8", 1)}
ADA = {b"authorization": b"Bearer ada"}


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def meter(clock: Clock) -> Meter:
    return Meter(max_cost=500, per_minute=600, clock=clock)


def charged(meter: Meter, cost: int, scope: Scope = HERE, headers: dict[bytes, bytes] | None = None) -> int:
    charge = meter.charge(cost, scope, headers or {})
    assert charge is not None
    assert (charge.limit, charge.cost) == (600, cost)
    return charge.remaining


def refused_for(meter: Meter, cost: int, headers: dict[bytes, bytes] | None = None) -> bytes:
    """The seconds after which one may try again."""
    with pytest.raises(RequestError) as refused:
        meter.charge(cost, HERE, headers or {})
    assert (refused.value.status, refused.value.code) == (429, "RATE_LIMITED")
    ((name, seconds),) = refused.value.headers
    assert name == b"retry-after"
    return seconds


def test_a_bucket_empties_and_fills_up_again(meter: Meter, clock: Clock) -> None:
    assert charged(meter, 400) == 200
    assert charged(meter, 200) == 0
    assert refused_for(meter, 1) == b"1"
    assert refused_for(meter, 500) == b"50"
    clock.now += 50
    assert charged(meter, 500) == 0
    clock.now += 10_000
    assert charged(meter, 1) == 599


def test_addresses_do_not_pay_for_each_other(meter: Meter) -> None:
    assert charged(meter, 500) == 100
    assert charged(meter, 500, THERE) == 100


def test_a_refused_request_costs_nothing(meter: Meter) -> None:
    assert charged(meter, 500) == 100
    assert refused_for(meter, 101) == b"1"
    assert charged(meter, 100) == 0


def test_when_all_points_are_back_is_told(meter: Meter) -> None:
    charge = meter.charge(300, HERE, {})
    assert charge is not None
    assert timedelta(seconds=29) < charge.reset_at - datetime.now(UTC) <= timedelta(seconds=30)


def test_what_was_not_there_is_given_back(meter: Meter) -> None:
    charge = meter.charge(500, HERE, {})
    assert charge is not None
    meter.settle(charge, 20, {}, unauthenticated=False)
    assert charged(meter, 80) == 500
    meter.settle(charge._replace(cost=5), 9999, {}, unauthenticated=False)  # no list was as long as assumed
    assert charged(meter, 0) == 500


def test_a_session_that_was_answered_pays_for_itself(meter: Meter) -> None:
    first = meter.charge(100, HERE, ADA)
    assert first is not None
    meter.settle(first, 40, ADA, unauthenticated=False)
    assert charged(meter, 0) == 600  # the address has all its points back
    assert charged(meter, 60, HERE, ADA) == 500
    assert charged(meter, 0, THERE, ADA) == 500
    assert charged(meter, 500) == 100
    assert refused_for(meter, 200)
    assert charged(meter, 500, HERE, ADA) == 0


def test_tokens_that_are_not_valid_cost_their_address(meter: Meter) -> None:
    for number in range(5):
        wrong = {b"authorization": b"Bearer %d" % number}
        charge = meter.charge(1, HERE, wrong)
        assert charge is not None
        meter.settle(charge, 1, wrong, unauthenticated=True)
    assert charged(meter, 0) == 600 - 5 * (1 + WRONG_TOKEN)
    assert refused_for(meter, 200, {b"authorization": b"Bearer another"})


def test_reading_has_a_price_too(meter: Meter) -> None:
    meter.charge_reading(500 * CHARACTERS_PER_POINT, HERE, {})
    assert charged(meter, 100) == 0
    with pytest.raises(RequestError):
        meter.charge_reading(CHARACTERS_PER_POINT, HERE, {})


def test_an_operation_over_the_limit_is_refused_whoever_asks(meter: Meter) -> None:
    for one in (meter, Meter(max_cost=500, per_minute=0)):
        with pytest.raises(DocumentError, match="it may cost 501, at most 500") as refused:
            one.charge(501, HERE, {})
        assert refused.value.errors[0].extensions == {"code": "COST_LIMIT"}
    assert charged(meter, 0) == 600


def test_where_nobody_counts_nothing_is_charged() -> None:
    free = Meter(max_cost=500, per_minute=0)
    free.charge_reading(10**9, HERE, {})
    assert [free.charge(500, HERE, {}) for _ in range(9)] == [None] * 9


@pytest.mark.parametrize(
    ("client", "address"),
    [
        (("192.0.2.1", 5), b"192.0.2.1"),
        (("2001:db8:1:2:3:4:5:6", 5), b"2001:db8:1:2::/64"),
        (("2001:db8:1:2::9", 5), b"2001:db8:1:2::/64"),
        (("a-socket", 5), b"a-socket"),
        (None, b"-"),
    ],
)
def test_of_ipv6_a_household_is_one_address(client: tuple[str, int] | None, address: bytes) -> None:
    assert caller_address({"client": client}) == address


def test_the_number_of_buckets_is_bounded(meter: Meter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.http.meter._MAX_BUCKETS", 2)
    for last in (7, 8, 7, 9):
        assert isinstance(meter.charge(100, {"client": (f"203.0.113.{last}", 1)}, {}), Charge)
    assert charged(meter, 0) == 400
    assert charged(meter, 0, THERE) == 600  # the one that had not been used for longest


async def test_every_answer_says_what_it_cost(view: Serve) -> None:
    async with over(view()) as client:
        body = (await _post(client, "{ echo }")).json()
        assert body == {"data": {"echo": ""}, "extensions": {"cost": {"requested": 1, "actual": 1}}}
        body = (await _post(client, "mutation { write }")).json()
        assert body["extensions"] == {"cost": {"requested": 11, "actual": 11}}
        body = (await _post(client, "{ broken }")).json()
        assert body["extensions"] == {"cost": {"requested": 1, "actual": 1}}


async def test_who_asks_for_too_much_is_told_when_to_come_again(view: Serve) -> None:
    async with over(view(per_minute=100)) as client:
        for _ in range(9):
            assert (await _post(client, "mutation { write }")).status_code == 200
        response = await _post(client, "mutation { write }")
        assert response.status_code == 429
        assert response.json()["errors"][0]["extensions"]["code"] == "RATE_LIMITED"
        assert int(response.headers["retry-after"]) >= 1
        wrong = {"authorization": "Bearer wrong"}
        assert (await _post(client, "{ echo }", wrong)).json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
        assert (await _post(client, "{ echo }", {"authorization": "Bearer ada"})).status_code == 429


async def test_an_operation_that_costs_too_much_never_begins(view: Serve) -> None:
    async with over(view(max_cost=10)) as client:
        response = await _post(client, "mutation { write }")
        assert response.json()["errors"][0]["extensions"]["code"] == "COST_LIMIT"
        assert "data" not in response.json()


async def _post(client: httpx.AsyncClient, query: str, headers: dict[str, str] | None = None) -> httpx.Response:
    return await client.post("/", json={"query": query}, headers=headers)
