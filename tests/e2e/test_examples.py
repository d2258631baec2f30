"""docs/examples: every document runs against the demo data, and every field of Query and Mutation is in one."""

import json
import re
import time
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import httpx
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

from tests.api.mailbox import TOKEN, token_in
from tests.cli.commands import serving
from tests.e2e.conftest import PASSWORD
from tests.servers import Server, database

PROJECT = Path(__file__).parents[2]
EXAMPLES = PROJECT / "docs" / "examples"
NAMES = sorted(path.stem for path in EXAMPLES.glob("*.graphql"))
HEAD = re.compile(r"# (?P<title>\S.*)\n(?:# .+\n)+?# Variables: .+\n# Signed in: (?P<viewer>\w+)( \(.+\))?\n(?!#)")
LOGIN = """mutation ($login: String!, $password: String!) {
  login(input: {login: $login, password: $password, asCookie: true}) { userErrors { code } } }"""
PATIENCE_SECONDS = 20


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
    def viewer(self) -> str | None:
        head = HEAD.match(self.text)
        assert head is not None
        return None if head["viewer"] == "nobody" else head["viewer"]


EVERY = {name: Example(name) for name in NAMES}


@pytest.fixture(scope="module")
def sdl() -> GraphQLSchema:
    return build_schema((PROJECT / "api" / "schema.graphql").read_text("utf-8"))


def read(part: Any) -> str:
    return part.get_content().replace("\r", "")


@dataclass
class Demo:
    address: str
    emails: Path

    def token(self, seen: set[Path], number: int) -> str:
        """The token of the first, second … new e-mail that has one; waits for it."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            new = sorted(set(self.emails.glob("*.eml")) - seen, key=lambda path: path.stat().st_mtime_ns)
            emails = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in new]
            found = [email for email in emails if (text := email.get_body(("plain",))) and TOKEN.search(read(text))]
            if len(found) >= number:
                return token_in(found[number - 1])
        raise AssertionError(f"There is no e-mail {number} with a token.")


@pytest.fixture(scope="module")
def demo(server: Server, seeded_template: str, tmp_path_factory: pytest.TempPathFactory) -> Generator[Demo]:
    """A server over the demo data, and where it puts its e-mails."""
    emails = tmp_path_factory.mktemp("emails")
    with (
        database(server, seeded_template) as name,
        serving("serve", DATABASE_URL=server.url(name), VRSS_MAIL_URL=f"file:{emails}") as (_, address),
    ):
        yield Demo(address, emails)


def filled(variables: dict[str, Any], answers: dict[str, Any], demo: Demo, seen: set[Path]) -> dict[str, Any]:
    """The variables with what a person would paste into them: from earlier answers, or from an e-mail."""

    def value(given: Any) -> Any:
        if not (isinstance(given, str) and given.startswith("PASTE ")):
            return given
        place = given.removeprefix("PASTE ")
        if place.startswith("THE TOKEN OF E-MAIL "):
            return demo.token(seen, int(place.split()[-1]))
        found: Any = answers
        for key in place.split("."):
            found = found[int(key) if key.isdigit() else key]
        return found

    return {name: value(given) for name, given in variables.items()}


def user_errors(value: Any) -> Iterator[Any]:
    for name, held in value.items():
        assert held is not None, f"{name} is null"
        if isinstance(held, dict):
            yield from held.get("userErrors", ())  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType, reportUnknownArgumentType]


@pytest.mark.parametrize("name", NAMES)
def test_an_example_says_what_it_shows_and_is_valid(name: str, sdl: GraphQLSchema) -> None:
    example = EVERY[name]
    assert HEAD.match(example.text), f"{name}.graphql must begin as docs/examples/README.md says"
    assert [error.message for error in validate(sdl, example.document)] == []
    assert all(operation.name for operation in example.operations)
    assert set(example.variables) == set[str]().union(*map(variable_names, example.operations))


@pytest.mark.parametrize("name", NAMES)
def test_an_example_answers_without_errors(name: str, demo: Demo) -> None:
    example, answers, seen = EVERY[name], dict[str, Any](), set(demo.emails.glob("*.eml"))
    with httpx.Client(base_url=demo.address, timeout=30) as browser:
        if example.viewer is not None:
            variables = {"login": example.viewer, "password": PASSWORD}
            login = browser.post("/graphql", json={"query": LOGIN, "variables": variables}).json()
            assert login["data"] == {"login": {"userErrors": []}}
        for operation in example.operations:
            assert operation.name is not None
            given = {key: value for key, value in example.variables.items() if key in variable_names(operation)}
            response = browser.post(
                "/graphql",
                json={
                    "query": example.text,
                    "operationName": operation.name.value,
                    "variables": filled(given, answers, demo, seen),
                },
            )
            answer = response.json()
            assert response.status_code == 200
            assert "errors" not in answer, answer["errors"]
            assert list(user_errors(answer["data"])) == []
            answers[operation.name.value] = answer["data"]


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
