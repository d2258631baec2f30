"""Prices and buckets: who is charged, who is refused, and what is given back."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from api.execution.operations import DocumentError
from api.http.rate_limit import REFUSAL, Charge, RateLimiter, caller_address
from api.http.requests import RequestError
from tests.http.conftest import Serve, over

HERE, THERE, ADA = b"203.0.113.7", b"203.0.113.8", b"account 1"


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def rate_limiter(clock: Clock) -> RateLimiter:
    return RateLimiter(max_cost=500, per_minute=600, clock=clock)


def charged(rate_limiter: RateLimiter, cost: int, caller: bytes = HERE) -> int:
    charge = rate_limiter.charge(caller, cost)
    assert charge is not None
    assert (charge.limit, charge.cost) == (600, cost)
    return charge.remaining


def refused_for(rate_limiter: RateLimiter, cost: int, caller: bytes = HERE) -> bytes:
    """The seconds after which one may try again."""
    with pytest.raises(RequestError) as refused:
        rate_limiter.charge(caller, cost)
    assert (refused.value.status, refused.value.code) == (429, "RATE_LIMITED")
    ((name, seconds),) = refused.value.headers
    assert name == b"retry-after"
    return seconds


def test_a_bucket_empties_and_fills_up_again(rate_limiter: RateLimiter, clock: Clock) -> None:
    assert charged(rate_limiter, 400) == 200
    assert charged(rate_limiter, 200) == 0
    assert refused_for(rate_limiter, 1) == b"1"
    assert refused_for(rate_limiter, 500) == b"50"
    clock.now += 50
    assert charged(rate_limiter, 500) == 0
    clock.now += 10_000
    assert charged(rate_limiter, 1) == 599


def test_addresses_do_not_pay_for_each_other(rate_limiter: RateLimiter) -> None:
    assert charged(rate_limiter, 500) == 100
    assert charged(rate_limiter, 500, THERE) == 100


def test_a_refused_request_costs_nothing(rate_limiter: RateLimiter) -> None:
    assert charged(rate_limiter, 500) == 100
    assert refused_for(rate_limiter, 101) == b"1"
    assert charged(rate_limiter, 100) == 0


def test_the_charge_says_when_the_bucket_is_full_again(rate_limiter: RateLimiter) -> None:
    charge = rate_limiter.charge(HERE, 300)
    assert charge is not None
    assert timedelta(seconds=29) < charge.reset_at - datetime.now(UTC) <= timedelta(seconds=30)


def test_what_was_not_there_is_given_back(rate_limiter: RateLimiter) -> None:
    charge = rate_limiter.charge(HERE, 500)
    assert charge is not None
    rate_limiter.settle(charge, HERE, 20)
    assert charged(rate_limiter, 80) == 500


def test_a_debt_is_paid_before_anything_else(rate_limiter: RateLimiter, clock: Clock) -> None:
    """Lists were longer than assumed: 1 500 points, and 600 in a minute."""
    charge = rate_limiter.charge(HERE, 100)
    assert charge is not None
    rate_limiter.settle(charge, HERE, 2100)
    assert refused_for(rate_limiter, 0) == b"150"
    clock.now += 149
    assert refused_for(rate_limiter, 0) == b"1"
    clock.now += 2
    assert charged(rate_limiter, 0) == 10


def test_a_debt_is_one_of_ten_minutes_at_most(rate_limiter: RateLimiter) -> None:
    charge = rate_limiter.charge(HERE, 100)
    assert charge is not None
    rate_limiter.settle(charge, HERE, 1_000_000)
    assert refused_for(rate_limiter, 0) == b"600"


@pytest.mark.parametrize(("per_minute", "most"), [(600, 500), (60, 60), (0, 500)])
def test_an_operation_may_cost_what_one_may_ask_for(per_minute: int, most: int) -> None:
    assert RateLimiter(max_cost=500, per_minute=per_minute).most == most


def test_the_verified_caller_pays(rate_limiter: RateLimiter) -> None:
    first = rate_limiter.charge(HERE, 100)
    assert first is not None
    rate_limiter.settle(first, ADA, 40)
    assert charged(rate_limiter, 0) == 600  # the address has all its points back
    assert charged(rate_limiter, 60, ADA) == 500
    assert charged(rate_limiter, 500) == 100
    assert refused_for(rate_limiter, 200)
    assert charged(rate_limiter, 500, ADA) == 0


def test_reading_has_a_price_too(rate_limiter: RateLimiter) -> None:
    rate_limiter.charge_reading(HERE, 500)
    assert charged(rate_limiter, 100) == 0
    with pytest.raises(RequestError):
        rate_limiter.charge_reading(HERE, 1)


def test_an_operation_over_the_cost_limit_is_refused_for_every_caller(rate_limiter: RateLimiter) -> None:
    for one in (rate_limiter, RateLimiter(max_cost=500, per_minute=0)):
        with pytest.raises(DocumentError, match="it may cost 501, at most 500") as refused:
            one.charge(HERE, 501)
        assert refused.value.errors[0].extensions == {"code": "COST_LIMIT"}
    assert charged(rate_limiter, 0) == 600


def test_what_no_bucket_holds_is_not_to_be_tried_again(clock: Clock) -> None:
    small = RateLimiter(max_cost=500, per_minute=60, clock=clock)
    for ask in (small.charge, small.charge_reading):
        with pytest.raises(DocumentError, match="it may cost 61, at most 60") as refused:
            ask(HERE, 61)
        assert refused.value.errors[0].extensions == {"code": "COST_LIMIT"}
    small.charge(HERE, 60)


def test_an_account_in_debt_gets_nothing_by_new_sessions(rate_limiter: RateLimiter) -> None:
    """What nobody knows yet to be its own is charged to the address, which pays what the account cannot."""
    for actual, left in ((6600, 600), (400, 200)):
        charge = rate_limiter.charge(HERE, 400)
        assert charge is not None
        rate_limiter.settle(charge, ADA, actual)
        here = rate_limiter.charge(HERE, 0)
        assert here is not None
        assert here.remaining == left
    assert refused_for(rate_limiter, 400) == b"20"


def test_where_nobody_counts_nothing_is_charged() -> None:
    free = RateLimiter(max_cost=500, per_minute=0)
    free.charge_reading(HERE, 10**9)
    assert [free.charge(HERE, 500) for _ in range(9)] == [None] * 9


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


def test_the_number_of_buckets_is_bounded(rate_limiter: RateLimiter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.http.rate_limit._MAX_BUCKETS", 2)
    for last in (7, 8, 7, 9):
        assert isinstance(rate_limiter.charge(b"203.0.113.%d" % last, 100), Charge)
    assert charged(rate_limiter, 0) == 400
    assert charged(rate_limiter, 0, THERE) == 600  # the one that had not been used for longest


async def test_every_answer_says_what_it_cost(view: Serve) -> None:
    async with over(view()) as client:
        body = (await _post(client, "{ echo }")).json()
        assert body == {"data": {"echo": ""}, "extensions": {"cost": {"requested": 2, "actual": 2}}}
        body = (await _post(client, "mutation { write }")).json()
        assert body["extensions"] == {"cost": {"requested": 12, "actual": 12}}
        body = (await _post(client, "{ broken }")).json()
        assert body["extensions"] == {"cost": {"requested": 2, "actual": 2}}


async def test_a_rate_limited_caller_gets_a_retry_after_header(view: Serve) -> None:
    async with over(view(per_minute=600)) as client:
        while (response := await _post(client, "mutation { write }")).status_code == 200:
            assert response.json()["data"] == {"write": 1}
        assert response.status_code == 429
        assert response.json()["errors"][0]["extensions"]["code"] == "RATE_LIMITED"
        assert int(response.headers["retry-after"]) >= 1


async def test_each_wrong_token_costs_its_address(view: Serve) -> None:
    async with over(view(per_minute=1000)) as client:
        wrong = {"authorization": "Bearer wrong"}
        statuses = [(await _post(client, "{ echo }", wrong)).status_code for _ in range(12)]
        assert statuses == [401] * (1000 // REFUSAL) + [429] * 2
        assert (await _post(client, "{ echo }")).status_code == 429
        assert (
            await _post(client, "{ echo }", {"authorization": "Bearer ada"})
        ).status_code == 200  # has its own points


async def test_an_operation_that_costs_too_much_never_begins(view: Serve) -> None:
    async with over(view(max_cost=10)) as client:
        response = await _post(client, "mutation { write }")
        assert response.json()["errors"][0]["extensions"]["code"] == "COST_LIMIT"
        assert "data" not in response.json()


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b'{"query": "{ nothing }"}', 200, "GRAPHQL_VALIDATION_FAILED"),
        (b'{"query": "{"}', 200, "GRAPHQL_PARSE_FAILED"),
        (b'{"query": "{ echo }', 400, "BAD_USER_INPUT"),
        (b'{"query": "query ($n: Int!) { number(n: $n) }"}', 200, "BAD_USER_INPUT"),
        (b'{"query": "mutation { a: write b: write c: write }"}', 200, "COST_LIMIT"),
        (b'{"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "x"}}}', 200, "PERSISTED_QUERY_NOT_FOUND"),
    ],
)
async def test_each_refusal_costs_its_caller(view: Serve, body: bytes, status: int, code: str) -> None:
    async with over(view(per_minute=1000, max_cost=25)) as client:
        json = {"content-type": "application/json"}
        answers = [await client.post("/", content=body, headers=json) for _ in range(12)]
        codes = [answer.json()["errors"][0]["extensions"]["code"] for answer in answers]
        assert 7 <= codes.count(code) <= 1000 // REFUSAL  # a document is also paid for when it is read
        assert codes == sorted(codes, key=["", code, "RATE_LIMITED"].index)
        assert [answer.status_code for answer in answers] == [status if one == code else 429 for one in codes]
        assert (await _post(client, "{ echo }", {"authorization": "Bearer ada"})).status_code == 200


async def test_an_account_does_not_pay_for_refusals(view: Serve) -> None:
    """Whose session it is has not been seen: a token that was stolen, and has ended, spends nothing of its owner's."""
    async with over(view(per_minute=1000)) as client:
        ada = {"authorization": "Bearer ada"}
        await _post(client, "{ nothing }", ada)
        statuses = [(await _post(client, "{ nothing }", ada)).status_code for _ in range(12)]
        assert statuses[-1] == 429
        for _ in range(20):
            assert (await _post(client, "{ echo }", ada)).status_code == 200


async def test_a_caller_who_waits_for_retry_after_is_served(view: Serve) -> None:
    """To be refused for asking too often costs nothing: the time that was told would not be enough."""
    now = 0.0
    async with over(view(per_minute=600, clock=lambda: now)) as client:
        while (response := await _post(client, "mutation { write }")).status_code == 200:
            pass
        for _ in range(5):
            response = await _post(client, "mutation { write }")
        now += int(response.headers["retry-after"])
        assert (await _post(client, "mutation { write }")).status_code == 200


async def _post(client: httpx.AsyncClient, query: str, headers: dict[str, str] | None = None) -> httpx.Response:
    return await client.post("/", json={"query": query}, headers=headers)
