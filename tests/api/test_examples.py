"""docs/examples: every document runs against the demo data, and every field of Query and Mutation is in one.

What each answers, and by which statements, is recorded in tests/api/examples: a contract for each field of the roots.
`make contracts` writes them anew, to be read in the diff.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLSchema,
    OperationDefinitionNode,
    build_schema,
    parse,
    validate,
)

from tests.api.conftest import Api, api_over
from tests.api.mailbox import Mailbox, mailbox
from tests.api.recorded import assert_recorded
from tests.api.uploading import put
from tests.e2e.conftest import PASSWORD
from tests.media.samples import SAMPLES

PROJECT = Path(__file__).parents[2]
EXAMPLES = PROJECT / "docs" / "examples"
RECORDED = Path(__file__).parent / "examples"
NAMES = sorted(path.stem for path in EXAMPLES.glob("*.graphql"))
HEAD = re.compile(r"# (?P<title>\S.*)\n(?:# .+\n)+?# Variables: .+\n# Signed in: (?P<viewer>\w+)( \(.+\))?\n(?!#)")
LOGIN = """mutation ($login: String!, $password: String!) {
  login(input: {login: $login, password: $password, asCookie: true}) { userErrors { code } } }"""


def variable_names(operation: OperationDefinitionNode) -> set[str]:
    return {one.variable.name.value for one in operation.variable_definitions or ()}


@dataclass
class Example:
    name: str
    text: str = field(init=False)
    document: DocumentNode = field(init=False)

    def __post_init__(self) -> None:
        self.text = (EXAMPLES / f"{self.name}.graphql").read_text("utf-8")
        self.document = parse(self.text)

    @property
    def operations(self) -> list[OperationDefinitionNode]:
        return [one for one in self.document.definitions if isinstance(one, OperationDefinitionNode)]

    @property
    def variables(self) -> dict[str, Any]:
        file = EXAMPLES / f"{self.name}.json"
        return json.loads(file.read_text("utf-8")) if file.exists() else {}

    @property
    def reads_emails(self) -> bool:
        return any("THE TOKEN OF E-MAIL" in str(value) for value in self.variables.values())

    @property
    def viewer(self) -> str | None:
        head = HEAD.match(self.text)
        assert head is not None
        return None if head["viewer"] == "nobody" else head["viewer"]


EVERY = {name: Example(name) for name in NAMES}


@pytest.fixture(scope="module")
def sdl() -> GraphQLSchema:
    return build_schema((PROJECT / "api" / "schema.graphql").read_text("utf-8"))


def filled(variables: dict[str, Any], answers: dict[str, Any], emails: Mailbox) -> dict[str, Any]:
    """The variables with what a person would paste into them: from earlier answers, or from an e-mail."""
    found: dict[str, Any] = {}
    for name, given in variables.items():
        value: Any = given
        if isinstance(given, str) and given.startswith("PASTE "):
            place = given.removeprefix("PASTE ")
            if place.startswith("THE TOKEN OF E-MAIL "):
                value = emails.nth_token(int(place.split()[-1]))
            elif place == "A TIME TOMORROW":
                value = (datetime.now(UTC) + timedelta(days=1)).isoformat()
            else:
                value = answers
                for key in place.split("."):
                    value = value[int(key) if key.isdigit() else key]
        found[name] = value
    return found


def user_errors(value: Any) -> Iterator[Any]:
    for name, held in value.items():
        assert held is not None, f"{name} is null"
        if isinstance(held, dict):
            yield from held.get("userErrors", ())  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType, reportUnknownArgumentType]


async def send_bytes(api: Api, data: dict[str, Any]) -> None:
    """What a client does between announcing an upload and completing it."""
    upload: dict[str, Any] | None = (data.get("initiateUpload") or {"upload": None})["upload"]
    if upload is not None and "url" in upload:
        assert (await put(api, upload, SAMPLES["image/png"])).status_code == 200


@pytest.mark.parametrize("name", NAMES)
def test_an_example_says_what_it_shows_and_is_valid(name: str, sdl: GraphQLSchema) -> None:
    example = EVERY[name]
    assert HEAD.match(example.text), f"{name}.graphql must begin as docs/examples/README.md says"
    assert [error.message for error in validate(sdl, example.document)] == []
    assert all(operation.name for operation in example.operations)
    assert set(example.variables) == set[str]().union(*map(variable_names, example.operations))


_TIME = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z")
_LONGEST = 30  # days that any time lies ahead: those of an account's deletion
_SECRET = re.compile(r"[\w-]{43}")


def steady(value: Any, key: str = "") -> Any:
    """The answer without what differs from run to run: tokens, cursors, times of just now, points that come back."""
    if isinstance(value, dict):
        return {name: steady(held, name) for name, held in value.items()}  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    if isinstance(value, list):
        return [steady(held, key) for held in value]  # pyright: ignore[reportUnknownVariableType]
    if isinstance(value, str):
        return _steady_text(value, key)
    return "some" if key == "remaining" else value


def _steady_text(text: str, key: str) -> str:
    if key == "cursor" or key.endswith("Cursor"):
        return "a cursor"
    if "/media/in/" in text or "/media/f/" in text:
        return "a signed address"
    if not _TIME.fullmatch(text):
        return _SECRET.sub("a token", text)
    since = datetime.fromisoformat(text) - datetime.now(UTC)
    days = round(since / timedelta(days=1))
    drawn = abs(since - timedelta(days=days)) < timedelta(minutes=20) and abs(days) <= _LONGEST  # else of the demo data
    return f"in {days} days" if drawn else text


@pytest.mark.parametrize("name", NAMES)
async def test_an_example_answers_as_recorded(name: str, anchored_database: str, tmp_path: Path) -> None:
    """Each operation with its whole answer and the names of its statements: the contract of each root field.

    Each name stands once: whether two fields that run side by side share a statement depends on which is ready when.
    """
    example, answers, recorded = EVERY[name], dict[str, Any](), list[Any]()
    emails = mailbox(anchored_database, tmp_path)
    # Stock execution needs some statements more, since it calls a field for each object.
    async with api_over(anchored_database, settings={"executor": "compiled"}) as api:
        if example.viewer is not None:
            assert await api.run(LOGIN, login=example.viewer, password=PASSWORD) == {"login": {"userErrors": []}}
        for operation in example.operations:
            assert operation.name is not None
            given = {key: value for key, value in example.variables.items() if key in variable_names(operation)}
            variables = filled(given, answers, emails)
            body = {"query": example.text, "operationName": operation.name.value, "variables": variables}
            answer, statements = (await api.post(body)).json(), sorted(set(api.statements))
            assert "errors" not in answer, answer["errors"]
            assert list(user_errors(answer["data"])) == []
            answers[operation.name.value] = answer["data"]
            await send_bytes(api, answer["data"])
            if example.reads_emails:
                await emails.deliver()  # one after the other, so that their order is that of the operations
            recorded.append({"operation": operation.name.value, "statements": statements, **steady(answer)})
    assert_recorded(RECORDED / f"{name}.json", recorded)


@pytest.mark.parametrize("kind", ["Query", "Mutation"])
def test_every_root_field_is_in_an_example(kind: str, sdl: GraphQLSchema) -> None:
    shown = {
        selection.name.value
        for example in EVERY.values()
        for operation in example.operations
        if operation.operation.value == kind.lower()
        for selection in operation.selection_set.selections
        if isinstance(selection, FieldNode)
    }
    root = sdl.query_type if kind == "Query" else sdl.mutation_type
    assert root is not None
    missing = sorted(set(root.fields) - shown)
    assert missing == [], (
        f"No example shows {', '.join(f'{kind}.{name}' for name in missing)}: add docs/examples/NAME.graphql with its "
        "variables in NAME.json, as docs/examples/README.md says, or add the field to an example that is there."
    )


def test_the_page_lists_every_example() -> None:
    listed = re.findall(
        r"^\| \[([\w-]+)\]\(([\w-]+)\.graphql\) \| (.+) \|", (EXAMPLES / "README.md").read_text("utf-8"), re.MULTILINE
    )
    titles = {name: example.text.splitlines()[0].removeprefix("# ") for name, example in EVERY.items()}
    assert {name: title for name, _, title in listed} == titles
    assert [name for name, _, _ in listed] == [link for _, link, _ in listed] == NAMES
    assert [path.stem for path in EXAMPLES.glob("*.json") if path.stem not in NAMES] == []
