"""Muted words: added, changed and deleted by their owner, and seen by nobody else."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from api.gql.ids import encode
from tests.api.conftest import Api

WORD = "id word wholeWord exceptFollowed until createdAt"
PAYLOAD = f"muteWord {{ {WORD} }} viewer {{ muteWords {{ id }} }} userErrors {{ code field message }}"
CREATE = f"mutation ($input: CreateMuteWordInput!) {{ it: createMuteWord(input: $input) {{ {PAYLOAD} }} }}"
UPDATE = f"mutation ($input: UpdateMuteWordInput!) {{ it: updateMuteWord(input: $input) {{ {PAYLOAD} }} }}"
DELETE = """mutation ($id: ID!) { it: deleteMuteWord(input: {muteWordId: $id}) {
  deletedId viewer { muteWords { id } } userErrors { code field } } }"""
MINE = f"{{ viewer {{ muteWords {{ {WORD} }} }} }}"
LATER = datetime(2031, 1, 1, tzinfo=UTC)


async def create(api: Api, viewer: int, word: str, **given: object) -> dict[str, Any]:
    return (await api.run(CREATE, viewer=viewer, input={"word": word, **given}))["it"]


async def update(api: Api, viewer: int, id_: str, **given: object) -> dict[str, Any]:
    return (await api.run(UPDATE, viewer=viewer, input={"muteWordId": id_, **given}))["it"]


async def listed(api: Api, viewer: int) -> list[dict[str, Any]]:
    return (await api.run(MINE, viewer=viewer))["viewer"]["muteWords"]


def total(api: Api) -> int:
    return api.factory.scalar("SELECT count(*) FROM app.mute_words")


async def test_words_are_listed_with_the_newest_first(api: Api) -> None:
    ada = api.factory.user("ada")
    first = await create(api, ada, "wool")
    second = await create(api, ada, "C++", wholeWord=False, exceptFollowed=True, until="2031-01-01T00:00:00Z")
    assert first["muteWord"] == {
        "id": first["muteWord"]["id"],
        "word": "wool",
        "wholeWord": True,
        "exceptFollowed": False,
        "until": None,
        "createdAt": first["muteWord"]["createdAt"],
    }
    assert second["muteWord"] == {
        "id": second["muteWord"]["id"],
        "word": "C++",
        "wholeWord": False,
        "exceptFollowed": True,
        "until": "2031-01-01T00:00:00Z",
        "createdAt": second["muteWord"]["createdAt"],
    }
    assert second["userErrors"] == []
    assert second["viewer"] == {"muteWords": [{"id": second["muteWord"]["id"]}, {"id": first["muteWord"]["id"]}]}
    assert await listed(api, ada) == [second["muteWord"], first["muteWord"]]


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ("  two \u00a0 words ", "two words"),
        ("E\u0301clair", "\u00c9clair"),
        ("\ufeffjazz\u200b", "jazz"),
        ("'; DROP TABLE users; --", "'; DROP TABLE users; --"),
        ("%_\\.*[(?", "%_\\.*[(?"),
        ("x" * 100, "x" * 100),
    ],
)
async def test_a_word_is_stored_composed_and_trimmed(api: Api, given: str, stored: str) -> None:
    ada = api.factory.user("ada")
    assert (await create(api, ada, given))["muteWord"]["word"] == stored


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"word": ""}, "word"),
        ({"word": " \u200b\u2060\ufeff "}, "word"),
        ({"word": "two\nlines"}, "word"),
        ({"word": "x\u0007"}, "word"),
        ({"word": "x" * 101}, "word"),
        ({"word": "x" * 10_000}, "word"),
        ({"word": "\u0958" * 100}, "word"),  # composed, it is two characters
        ({"word": "wool", "until": "2020-01-01T00:00:00Z"}, "until"),
        ({"word": "wool", "idempotencyKey": ""}, "idempotencyKey"),
    ],
)
async def test_a_refused_word_is_explained_and_not_stored(api: Api, given: dict[str, Any], field: str) -> None:
    ada = api.factory.user("ada")
    refused = await create(api, ada, **given)
    assert (refused["muteWord"], refused["viewer"]) == (None, None)
    assert [(error["code"], error["field"]) for error in refused["userErrors"]] == [
        ("BAD_USER_INPUT", ["input", field])
    ]
    assert total(api) == 0


async def test_a_word_is_muted_once_in_any_case(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    await create(api, ada, "Éclair")
    refused = await create(api, ada, "ÉCLAIR", wholeWord=False)
    assert refused["userErrors"] == [
        {
            "code": "CONFLICT",
            "field": ["input", "word"],
            "message": "You mute this word already, or did until a moment that is over: `updateMuteWord` changes it.",
        }
    ]
    assert (await create(api, ben, "éclair"))["userErrors"] == []
    assert total(api) == 2


async def test_an_account_mutes_a_hundred_words(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    api.factory.connection.execute(
        "INSERT INTO app.mute_words (user_id, word) SELECT %s, 'word ' || n FROM generate_series(1, 99) AS n", [ada]
    )
    both = await asyncio.gather(create(api, ada, "one more"), create(api, ada, "and one"))
    errors = [error for answer in both for error in answer["userErrors"]]
    assert errors == [
        {
            "code": "BAD_USER_INPUT",
            "field": ["input", "word"],
            "message": "You mute 100 words already, which is the most.",
        }
    ]
    assert total(api) == 100
    assert len(await listed(api, ada)) == 100
    assert (await create(api, ben, "wool"))["userErrors"] == []


def differing(words: int, length: int) -> list[str]:
    """Words of Chinese characters, each of which comes once."""
    return ["".join(chr(0x4E00 + length * n + at) for at in range(length)) for n in range(words)]


@pytest.mark.parametrize(
    ("words", "last", "message"),
    [
        ([chr(0x61 + n % 26) + "xy"[n // 26] * 99 for n in range(29)], "z" * 100, None),
        ([chr(0x61 + n % 26) + "xy"[n // 26] * 99 for n in range(30)], "z", "may have 3,000 characters in all"),
        (differing(83, 6), "龍鳳", None),
        (differing(83, 6), "龍鳳龜", "too many different"),
    ],
)
async def test_the_words_of_an_account_are_bounded_together(
    api: Api, words: list[str], last: str, message: str | None
) -> None:
    """PostgreSQL needs memory for each character times each different one, and had more than a gigabyte of words."""
    ada, ben, *_ = api.factory.cast()
    for word in words:
        api.factory.insert("app.mute_words", user_id=ada, word=word, whole_word=False)
    errors = (await create(api, ada, last, wholeWord=False))["userErrors"]
    if message is None:
        assert errors == []
    else:
        (error,) = errors
        assert (error["code"], error["field"]) == ("BAD_USER_INPUT", ["input", "word"])
        assert message in error["message"]
    api.factory.follow(ada, ben)
    post = api.factory.post(ben, type="text_long", content=" ".join(word[:-1] for word in words)[:10_000])
    found = await api.run("{ homeFeed { nodes { id } } }", viewer=ada)
    assert found["homeFeed"]["nodes"] == [{"id": encode("Post", post)}]


async def test_a_word_is_changed_field_by_field(api: Api) -> None:
    ada = api.factory.user("ada")
    word = (await create(api, ada, "wool", until=LATER.isoformat()))["muteWord"]
    for given in ({"wholeWord": False}, {"exceptFollowed": True}, {"until": None}, {}, {"wholeWord": None}):
        word |= {name: value for name, value in given.items() if value is not None or name == "until"}
        changed = await update(api, ada, word["id"], **given)
        assert changed["userErrors"] == []
        assert changed["muteWord"] == word
        assert await listed(api, ada) == [word]
    refused = await update(api, ada, word["id"], wholeWord=True, until="2020-01-01T00:00:00Z")
    assert [(error["code"], error["field"]) for error in refused["userErrors"]] == [
        ("BAD_USER_INPUT", ["input", "until"])
    ]
    assert await listed(api, ada) == [word]


async def test_a_deleted_word_is_gone_and_can_be_muted_again(api: Api) -> None:
    ada = api.factory.user("ada")
    kept = (await create(api, ada, "ink"))["muteWord"]["id"]
    word = (await create(api, ada, "wool"))["muteWord"]["id"]
    assert (await api.run(DELETE, viewer=ada, id=word))["it"] == {
        "deletedId": word,
        "viewer": {"muteWords": [{"id": kept}]},
        "userErrors": [],
    }
    again = (await api.run(DELETE, viewer=ada, id=word))["it"]
    assert again["userErrors"] == [{"code": "NOT_FOUND", "field": ["input", "muteWordId"]}]
    assert (await create(api, ada, "wool"))["userErrors"] == []


async def test_a_word_is_a_node_for_its_owner_alone(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    word = (await create(api, ada, "wool"))["muteWord"]
    query = f"query ($id: ID!) {{ node(id: $id) {{ ... on MuteWord {{ {WORD} }} }} }}"
    assert await api.run(query, viewer=ada, id=word["id"]) == {"node": word}
    for viewer in (ben, None):
        assert await api.run(query, viewer=viewer, id=word["id"]) == {"node": None}
    assert await listed(api, ben) == []


async def test_words_need_a_sign_in_and_an_id_of_their_kind(api: Api) -> None:
    ada = api.factory.user("ada")
    error = await api.fail(CREATE, input={"word": "wool"})
    assert error["extensions"]["code"] == "UNAUTHENTICATED"
    error = await api.fail(DELETE, viewer=ada, id=encode("Post", 1))
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert total(api) == 0


async def test_a_word_that_has_stopped_stays_listed(api: Api) -> None:
    ada = api.factory.user("ada")
    past = datetime.now(UTC) - timedelta(days=1)
    api.factory.insert("app.mute_words", user_id=ada, word="wool", until=past)
    assert [one["word"] for one in await listed(api, ada)] == ["wool"]
    assert [error["code"] for error in (await create(api, ada, "Wool"))["userErrors"]] == ["CONFLICT"]
