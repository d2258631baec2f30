"""`/readyz` asks the database once a second at most."""

import asyncio

from starlette.requests import Request

from api.http.readiness import Readiness

ASKED = Request({"type": "http", "method": "GET", "path": "/readyz", "headers": []})


class Database:
    def __init__(self) -> None:
        self.checks = 0
        self.answers = asyncio.Event()
        self.problems: list[str] = []

    async def check(self) -> list[str]:
        self.checks += 1
        await self.answers.wait()
        return self.problems


async def test_many_who_ask_at_once_share_one_check_and_its_answer_is_kept() -> None:
    database = Database()
    readiness = Readiness(database.check, kept_seconds=60)
    asked = [asyncio.create_task(readiness.answer(ASKED)) for _ in range(100)]
    await asyncio.sleep(0)
    asked[0].cancel()  # whoever leaves ends the check for nobody else
    database.answers.set()
    responses = await asyncio.gather(*asked[1:])
    assert {response.status_code for response in responses} == {200}
    database.problems = ["The database cannot be reached."]
    assert (await readiness.answer(ASKED)).status_code == 200
    assert database.checks == 1


async def test_an_answer_that_is_no_longer_fresh_is_asked_for_anew() -> None:
    database = Database()
    database.answers.set()
    readiness = Readiness(database.check, kept_seconds=0)
    assert (await readiness.answer(ASKED)).status_code == 200
    database.problems = ["The database cannot be reached."]
    response = await readiness.answer(ASKED)
    assert (response.status_code, bytes(response.body)) == (
        503,
        b'{"ready":false,"problems":["The database cannot be reached."]}',
    )
    assert database.checks == 2


async def test_a_check_that_does_not_end_in_time_is_a_problem() -> None:
    database = Database()
    readiness = Readiness(database.check, kept_seconds=0, timeout_seconds=0.1)
    response = await readiness.answer(ASKED)
    assert (response.status_code, bytes(response.body)) == (
        503,
        b'{"ready":false,"problems":["The database does not answer in 0.1 s."]}',
    )
    database.answers.set()
    assert (await readiness.answer(ASKED)).status_code == 200
    assert database.checks == 2
