"""Idempotency keys: a creating mutation that is sent again returns what it created the first time."""

import asyncio
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
import pytest
from graphql import GraphQLInputObjectType, build_schema, get_named_type

from api.gql.ids import encode
from api.inputs import authoring
from tests.api.conftest import Api, api_over
from tests.api.retries import CREATING, KEY, Creating, ask, cast, count
from tests.waiting import until_blocked_by

SDL = Path(__file__).parents[2] / "api" / "schema.graphql"
EACH = pytest.mark.parametrize("creating", CREATING, ids=[one.verb for one in CREATING])


@EACH
async def test_a_retry_returns_what_was_created_the_first_time(empty_database: str, creating: Creating) -> None:
    async with api_over(empty_database) as api:
        ada, _ = cast(api)
        before = count(api, creating)
        first = await ask(api, creating, ada, idempotencyKey=KEY)
        assert first["object"] is not None
        assert await ask(api, creating, ada, idempotencyKey=KEY) == first
        token = api.tokens[ada]
    async with api_over(empty_database) as api:  # another process
        api.tokens[ada] = token
        assert await ask(api, creating, ada, idempotencyKey=KEY) == first
        assert count(api, creating) == before + 1
        without = [(await ask(api, creating, ada, **{creating.varied: f"No {n}"}))["object"]["id"] for n in range(2)]
        assert len({*without, first["object"]["id"]}) == 3
        other_key = await ask(api, creating, ada, idempotencyKey=f"{KEY}2", **{creating.varied: "Another"})
        assert other_key["object"]["id"] not in {*without, first["object"]["id"]}


@EACH
async def test_a_key_with_other_input_conflicts(api: Api, creating: Creating) -> None:
    ada, _ = cast(api)
    await ask(api, creating, ada, idempotencyKey=KEY)
    before = count(api, creating)
    refused = await ask(api, creating, ada, idempotencyKey=KEY, **{creating.varied: "Something else"})
    error = {"code": "CONFLICT", "field": ["input", "idempotencyKey"], "message": "This key was used with other input."}
    assert refused == {"object": None, "userErrors": [error]}
    assert count(api, creating) == before


@EACH
async def test_two_at_the_same_moment_create_once(api: Api, creating: Creating) -> None:
    ada, _ = cast(api)
    before = count(api, creating)
    answers = await asyncio.gather(*(ask(api, creating, ada, idempotencyKey=KEY) for _ in range(4)))
    assert count(api, creating) == before + 1
    assert all(answer == answers[0] for answer in answers)
    assert answers[0]["userErrors"] == []


@pytest.mark.parametrize("stored", [True, False])
async def test_a_retry_waits_for_the_first_to_end(empty_database: str, api: Api, *, stored: bool) -> None:
    (creating,) = (one for one in CREATING if one.verb == "sendMessage")
    ada, _ = cast(api)
    with psycopg.connect(empty_database) as other:
        other.execute("INSERT INTO app.idempotency_keys (user_id, key, fingerprint) VALUES (%s, %s, '')", [ada, KEY])
        retry = asyncio.create_task(ask(api, creating, ada, idempotencyKey=KEY))
        await asyncio.to_thread(until_blocked_by, other)
        if stored:
            other.execute("UPDATE app.idempotency_keys SET object_id = 1")
            other.commit()
        else:
            other.rollback()
        answer = await retry
    assert [error["code"] for error in answer["userErrors"]] == (["CONFLICT"] if stored else [])
    assert count(api, creating) == (0 if stored else 1)


async def test_a_mutation_that_fails_has_not_used_its_key(api: Api) -> None:
    (creating,) = (one for one in CREATING if one.verb == "sendMessage")
    ada, ben = cast(api)
    api.factory.insert("app.user_blocks", "blocker_id", blocker_id=ben, blocked_id=ada)
    refused = await ask(api, creating, ada, idempotencyKey=KEY)
    assert [error["code"] for error in refused["userErrors"]] == ["NOT_FOUND"]
    assert api.factory.scalar("SELECT count(*) FROM app.idempotency_keys") == 0
    api.factory.connection.execute("DELETE FROM app.user_blocks")
    assert (await ask(api, creating, ada, idempotencyKey=KEY))["object"] is not None


async def test_keys_belong_to_an_account_and_a_day(api: Api) -> None:
    (creating,) = (one for one in CREATING if one.verb == "sendMessage")
    ada, _, cleo, *_ = api.factory.cast()
    api.factory.post(cleo)
    first = await ask(api, creating, ada, idempotencyKey=KEY)
    others = await ask(api, creating, cleo, idempotencyKey=KEY)
    assert others["object"]["id"] != first["object"]["id"]
    assert await ask(api, creating, ada, idempotencyKey=KEY) == first
    assert await ask(api, creating, cleo, idempotencyKey=KEY) == others
    api.factory.connection.execute("UPDATE app.idempotency_keys SET created_at = now() - interval '24 hours'")
    later = await ask(api, creating, ada, idempotencyKey=KEY, content="The next day")
    assert later["object"]["id"] != first["object"]["id"]
    assert await ask(api, creating, ada, idempotencyKey=KEY, content="The next day") == later


async def test_what_is_no_longer_there_is_not_created_again(api: Api) -> None:
    (creating,) = (one for one in CREATING if one.verb == "sendMessage")
    ada, _ = cast(api)
    await ask(api, creating, ada, idempotencyKey=KEY)
    api.factory.connection.execute("DELETE FROM messages")
    error = {
        "code": "NOT_FOUND",
        "field": ["input", "idempotencyKey"],
        "message": "What was created with this key is no longer there.",
    }
    assert await ask(api, creating, ada, idempotencyKey=KEY) == {"object": None, "userErrors": [error]}
    assert count(api, creating) == 0


@pytest.mark.parametrize("key", ["", "x" * 65, "a\nb", "\u200b", "   "])
async def test_a_key_is_a_line_of_1_to_64_characters(api: Api, key: str) -> None:
    (creating,) = (one for one in CREATING if one.verb == "sendMessage")
    ada, _ = cast(api)
    (error,) = (await ask(api, creating, ada, idempotencyKey=key))["userErrors"]
    assert (error["code"], error["field"]) == ("BAD_USER_INPUT", ["input", "idempotencyKey"])
    assert count(api, creating) == 0


async def test_a_retry_returns_a_scheduled_post_when_its_time_has_come(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    (creating,) = (one for one in CREATING if one.verb == "createPost")
    ada, _ = cast(api)
    time = datetime.now(UTC) + timedelta(hours=1)
    given = {"status": "SCHEDULED", "scheduledFor": time.isoformat(), "idempotencyKey": KEY}
    first = await ask(api, creating, ada, **given)
    before = count(api, creating)

    class Later(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:
            return time.astimezone(tz)

    monkeypatch.setattr(authoring, "datetime", Later)
    assert first["object"] is not None
    assert await ask(api, creating, ada, **given) == first
    refused = await ask(api, creating, ada, **given | {"idempotencyKey": f"{KEY}2"})
    message = "This must be between one minute and one year ahead."
    error = {"code": "BAD_USER_INPUT", "field": ["input", "scheduledFor"], "message": message}
    assert refused == {"object": None, "userErrors": [error]}
    assert count(api, creating) == before
    assert api.factory.scalar("SELECT count(*) FROM app.idempotency_keys") == 1


class Secret(NamedTuple):
    """A mutation that makes a secret address of a feed, which its payload shows once."""

    verb: str
    secrets: tuple[str, ...]
    given: dict[str, Any]

    @property
    def query(self) -> str:
        kind = f"{self.verb[0].upper()}{self.verb[1:]}Input"
        return (
            f"mutation ($input: {kind}!) {{ it: {self.verb}(input: $input) {{ "
            f"feed {{ id }} {' '.join(self.secrets)} userErrors {{ code field }} }} }}"
        )


SECRETS = [
    Secret("createFeedUrls", ("atomUrl", "jsonFeedUrl"), {}),
    Secret("shareFeed", ("linkToken",), {"sharing": "LINK"}),
]
EACH_SECRET = pytest.mark.parametrize("secret", SECRETS, ids=[one.verb for one in SECRETS])


async def make(api: Api, secret: Secret, viewer: int, feed: int, **more: object) -> dict[str, Any]:
    given = {**secret.given, "feedId": encode("Feed", feed), **more}
    return (await api.run(secret.query, viewer=viewer, input=given))["it"]


def tokens(api: Api) -> int:
    return api.factory.scalar("SELECT count(*) FROM app.feed_tokens")


@EACH_SECRET
async def test_a_retry_makes_no_second_secret_and_shows_none(api: Api, secret: Secret) -> None:
    ada, _ = cast(api)
    feed, other = (api.factory.insert("custom_feeds", user_id=ada, name=name) for name in ("One", "Two"))
    first = await make(api, secret, ada, feed, idempotencyKey=KEY)
    assert all(first[name] for name in secret.secrets)
    nothing = dict.fromkeys(secret.secrets)
    for _ in range(2):
        again = await make(api, secret, ada, feed, idempotencyKey=KEY)
        assert again == {"feed": {"id": encode("Feed", feed)}, **nothing, "userErrors": []}
    assert tokens(api) == 1
    refused = await make(api, secret, ada, other, idempotencyKey=KEY)
    error = {"code": "CONFLICT", "field": ["input", "idempotencyKey"]}
    assert refused == {"feed": None, **nothing, "userErrors": [error]}
    assert tokens(api) == 1
    for more in ({"idempotencyKey": f"{KEY}2"}, {}):
        made = await make(api, secret, ada, feed, **more)
        assert all(made[name] and made[name] != first[name] for name in secret.secrets)
    assert tokens(api) == 3


@EACH_SECRET
async def test_of_two_at_the_same_moment_one_gets_the_secret(api: Api, secret: Secret) -> None:
    ada, _ = cast(api)
    feed = api.factory.insert("custom_feeds", user_id=ada, name="One")
    await make(api, secret, ada, feed)
    answers = await asyncio.gather(*(make(api, secret, ada, feed, idempotencyKey=KEY) for _ in range(3)))
    assert [answer["userErrors"] for answer in answers] == [[]] * 3
    assert sum(answer[secret.secrets[0]] is not None for answer in answers) == 1
    assert tokens(api) == 2


@EACH_SECRET
async def test_a_secret_of_a_feed_that_is_gone_is_not_found_again(api: Api, secret: Secret) -> None:
    ada, ben = cast(api)
    feed = api.factory.insert("custom_feeds", user_id=ada, name="One")
    refused = await make(api, secret, ben, feed, idempotencyKey=KEY)
    assert [error["code"] for error in refused["userErrors"]] == ["NOT_FOUND"]
    assert api.factory.scalar("SELECT count(*) FROM app.idempotency_keys") == 0
    await make(api, secret, ada, feed, idempotencyKey=KEY)
    api.factory.connection.execute("DELETE FROM custom_feeds WHERE id = %s", [feed])
    gone = await make(api, secret, ada, feed, idempotencyKey=KEY)
    assert gone["userErrors"] == [{"code": "NOT_FOUND", "field": ["input", "idempotencyKey"]}]


async def test_a_retry_does_not_share_a_feed_again(api: Api) -> None:
    ada, _ = cast(api)
    feed = api.factory.insert("custom_feeds", user_id=ada, name="One")
    public = Secret("shareFeed", ("linkToken",), {"sharing": "PUBLIC"})
    await make(api, public, ada, feed, idempotencyKey=KEY)
    await make(api, Secret("shareFeed", ("linkToken",), {"sharing": "PRIVATE"}), ada, feed)
    assert (await make(api, public, ada, feed, idempotencyKey=KEY))["userErrors"] == []
    assert api.factory.scalar("SELECT sharing::text FROM custom_feeds WHERE id = %s", feed) == "private"


def test_every_mutation_with_a_key_is_tried_here() -> None:
    mutation = build_schema(SDL.read_text("utf-8")).mutation_type
    assert mutation is not None
    taking = set[str]()
    for name, field in mutation.fields.items():
        for argument in field.args.values():
            kind: object = get_named_type(argument.type)  # pyright: ignore[reportUnknownVariableType]
            if isinstance(kind, GraphQLInputObjectType) and "idempotencyKey" in kind.fields:
                taking.add(name)
    assert taking == {one.verb for one in (*CREATING, *SECRETS)}


async def test_a_retry_does_not_give_back_a_message_that_was_deleted(api: Api) -> None:
    creating = next(one for one in CREATING if one.verb == "sendMessage")
    ada, _ = cast(api)
    first = await ask(api, creating, ada, idempotencyKey=KEY)
    delete = "mutation ($id: ID!) { deleteMessage(input: {messageId: $id}) { userErrors { code } } }"
    await api.run(delete, viewer=ada, id=first["object"]["id"])
    again = await ask(api, creating, ada, idempotencyKey=KEY)
    assert again["object"] is None
    assert [(error["code"], error["field"]) for error in again["userErrors"]] == [
        ("NOT_FOUND", ["input", "idempotencyKey"])
    ]
