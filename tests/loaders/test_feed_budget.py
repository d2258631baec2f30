"""What is free of the time that feeds take, and what is paid for."""

from typing import cast

import pytest

from api.gql.visibility import FeedTime, PayingSight
from api.loaders.feed_budget import TimeBudget
from db.statements import Bound


class Payer:
    def __init__(self) -> None:
        self.surcharge = 0
        self.feed_time = FeedTime()

    def add_cost(self, points: int) -> None:
        self.surcharge += points


@pytest.mark.parametrize(
    ("statements", "points"),
    [
        ([250.0] * 4, 0),
        ([3.0] * 50, 0),
        ([260.0], 200),
        ([250.0] * 5, 5_000),
        ([100.0] * 10, 0),
        ([100.0] * 12, 4_000),
    ],
)
async def test_a_second_of_an_operation_is_free_and_a_quarter_of_a_statement(
    statements: list[float], points: int
) -> None:
    payer = Payer()
    budget = TimeBudget(cast("PayingSight", payer))

    left = list(statements)

    async def ran(bound: Bound) -> None:
        assert bound.on_ran is not None
        bound.on_ran(left.pop())

    for _ in statements:
        await budget.run(ran)
    assert payer.surcharge == points
