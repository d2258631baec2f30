"""Nobody sees what they may not, and everybody what they may: on every path of the schema, for everybody who looks."""

import os

import psycopg
import pytest

from api.gql.ids import encode
from tests.api.conftest import api_over
from tests.visibility import questions
from tests.visibility.answers import SETTINGS, WORD, Oracle
from tests.visibility.matrix import Matrix
from tests.visibility.questions import LOOK_UPS, roots_without_a_question
from tests.visibility.world.cast import token
from tests.visibility.writes import Writer

ALL = 1_000_000
SIZE = ALL if os.environ.get("VRSS_PROOF") else 2
# Who looks at the paths from each object too, and who at the objects alone. In the proof everybody looks at all.
DEEP = {"compiled": ["blocked"], "stock": []}
SHALLOW = {"compiled": ["anonymous", "friend"], "stock": ["stranger"]}


@pytest.mark.proof
@pytest.mark.parametrize("executor", ["compiled", "stock"])
async def test_everyone_sees_what_the_rules_allow_and_no_more(
    world_database: str, oracle: Oracle, executor: str, capsys: pytest.CaptureFixture[str]
) -> None:
    async with api_over(world_database, settings={**SETTINGS, "executor": executor}) as api:
        matrix = Matrix(api, oracle)
        deep, shallow = (list(oracle.viewers), []) if SIZE == ALL else (DEEP[executor], SHALLOW[executor])
        names = [*deep, *shallow]
        found = [one async for one in matrix.differences(deep=True, names=deep)] if deep else []
        found += [one async for one in matrix.differences(deep=False, names=shallow)] if shallow else []
    with capsys.disabled():
        print(
            f"\n{executor}: {len(names)} viewers of {len(oracle.things)} things: {matrix.requests} requests, "
            f"{matrix.objects} objects, {matrix.facts} facts, {len(found)} leaks"
        )
    assert found == []
    assert matrix.facts > 5000 * len(names)


@pytest.mark.proof
async def test_a_mutation_of_a_hidden_object_answers_as_for_a_missing_one(world_database: str, oracle: Oracle) -> None:
    async with api_over(world_database, settings=SETTINGS) as api:
        writer = Writer(api, oracle, SIZE)
        assert [one async for one in writer.differences()] == []
    assert writer.requests > 800


@pytest.mark.parametrize("name", ["anonymous", "stranger", "blocked"])
async def test_hidden_objects_answer_exactly_like_missing_ones(world_database: str, oracle: Oracle, name: str) -> None:
    async with api_over(world_database, settings=SETTINGS) as api:
        matrix = Matrix(api, oracle)
        for root in LOOK_UPS:
            assert len(await matrix.answers_to_nothing(name, root)) == 1, root


@pytest.mark.parametrize(("status", "code"), [("suspended", "ACCOUNT_SUSPENDED"), ("deleted", "ACCOUNT_DELETED")])
async def test_a_suspended_or_deleted_viewer_sees_only_themselves(
    world_database: str, oracle: Oracle, status: str, code: str
) -> None:
    (person,) = oracle.rows.where("users", status=status)
    own = frozenset(WORD.findall(f"{person['username']} {person['email']}"))
    async with api_over(world_database, settings=SETTINGS) as api:
        api.tokens[person["id"]] = token(person["id"])
        roots = ["viewer { id username email }", "node(id: $id) { id }", "nodes(ids: [$id]) { id }"]
        roots += ["post(id: $post) { content }", 'user(username: "nobody") { id }', "homeFeed { nodes { content } }"]
        roots += [f"viewer {{ {one.text} }}" for one in questions.asked("Viewer") if one.kind in {"edge", "part"}]
        given = {"id": encode("User", person["id"]), "post": encode("Post", 1)}
        for number, root in enumerate(roots):
            query = f"query ($id: ID!, $post: ID!) {{ {root} a: node(id: $id) {{ id }} b: post(id: $post) {{ id }} }}"
            response = await api.post({"query": query, "variables": given}, viewer=person["id"])
            assert {error["extensions"]["code"] for error in response.json()["errors"]} == {code}
            assert frozenset(WORD.findall(response.text)) == (own if number == 0 else frozenset())


def test_every_root_has_a_question() -> None:
    assert roots_without_a_question() == set()


@pytest.mark.parametrize("without", ["arguments", "edge", "part", "leaf"])
def test_what_has_no_meaning_yet_fails(monkeypatch: pytest.MonkeyPatch, without: str) -> None:
    questions.asked.cache_clear()
    asked = "Profile" if without == "part" else "Viewer"
    if without == "arguments":
        monkeypatch.setattr(questions, "OWN_ARGUMENTS", {})
    elif without == "edge":
        monkeypatch.delitem(questions.EDGES, "Viewer.muted")
    elif without == "part":
        monkeypatch.setattr(questions, "PARTS", questions.PARTS - {"ProfileMusic"})
    else:
        monkeypatch.delitem(questions.PLAIN, "Viewer")
    with pytest.raises(LookupError, match=asked):
        questions.asked(asked)
    questions.asked.cache_clear()


def test_the_world_has_everybody_in_it(world_database: str) -> None:
    with psycopg.connect(world_database) as connection:
        ((users, posts),) = connection.execute("SELECT (SELECT count(*) FROM users), (SELECT count(*) FROM posts)")
    assert (users, posts) == (12, 42)
