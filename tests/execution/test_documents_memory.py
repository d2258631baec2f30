"""The bound on what is remembered of documents, in bytes, against what they take with their plans and refusals."""

import gc
import tracemalloc
from collections.abc import Callable
from itertools import count, product
from pathlib import Path
from typing import Any

import pytest
from graphql import get_introspection_query, print_ast

from api.execution.compiled.executor import CompiledExecutor
from api.execution.documents import Documents
from api.execution.operations import DocumentError
from api.gql.scalars import COLUMN_ENCODERS
from api.schema import COSTS, schema

OPERATIONS = Path(__file__).parents[1] / "api" / "operations"
NODES = "followers { nodes { id username isFriend } } following { nodes { id username } }"

DOCUMENTS: dict[str, Callable[[int], str]] = {
    "a small query": lambda n: f"query Q{n} {{ viewer {{ id username }} }}",
    "the feed page": lambda n: (OPERATIONS / "feed_page.graphql").read_text(encoding="utf-8") + f"# {n}",
    "introspection": lambda n: get_introspection_query() + f"# {n}",
    "many arguments": lambda n: (
        "{" + " ".join(f'a{one}: user(username: "x{one}-{n}") {{ id }}' for one in range(45)) + "}"
    ),
    "a long list": lambda n: f"query Q{n} {{ nodes(ids: [" + '"x" ' * 900 + "]) { id } }",
    "fragments spread again and again": lambda n: (
        f"query Q{n} {{" + " ".join(f'a{one}: user(username: "x") {{ ...F }}' for one in range(40)) + "}"
        f" fragment F on User {{ {NODES} }}"
    ),
    "plans for each choice": lambda n: (
        f"query Q{n} ($a: Boolean!, $b: Boolean = true, $c: Boolean!, $d: Boolean!) {{ viewer {{ id @skip(if: $a)"
        f' username @include(if: $b) }} user(username: "x") @skip(if: $c) {{ id @skip(if: $d) {NODES} }} }}'
    ),
}
REFUSED: dict[str, Callable[[int], str]] = {
    "many unknown fields": lambda n: "{" + " ".join(f"unknown{n}_{one}" for one in range(12)) + "}",
    "far too much": lambda n: f"query Q{n} {{" + " __typename" * 60 + "}",
    "no document": lambda n: f"query Q{n} {{" + " (" * 300,
}


async def _remember(documents: Documents, executor: CompiledExecutor, text: str) -> None:
    """Read a document and make all the plans that its variables can ask for, as clients do over time."""
    try:
        operation = documents.operation(text)
    except DocumentError:
        return
    given = operation.node.variable_definitions or ()
    names = [node.variable.name.value for node in given if print_ast(node.type).startswith("Boolean")]
    for choice in product((True, False), repeat=len(names)):
        variables = operation.variables(dict(zip(names, choice, strict=True)))
        await executor.execute(operation, variables, None)  # nobody is there to answer it, so all of it fails at once


@pytest.mark.parametrize("name", [*DOCUMENTS, *REFUSED])
async def test_what_is_remembered_takes_about_as_much_as_is_allowed(name: str) -> None:
    document, max_bytes = (DOCUMENTS[name], 2_000_000) if name in DOCUMENTS else (REFUSED[name], 800_000)
    core: Any = schema._schema  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
    documents = Documents(core, costs=COSTS, max_bytes=max_bytes)
    executor = CompiledExecutor(schema, encoders=COLUMN_ENCODERS)
    numbers = count()
    await _remember(Documents(core, costs=COSTS), executor, document(next(numbers)))  # what is made but once
    gc.collect()
    tracemalloc.start()
    try:
        remembered = -1
        while len(documents) > remembered:  # until the first one is forgotten
            remembered = len(documents)
            await _remember(documents, executor, document(next(numbers)))
        gc.collect()
        taken, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert max_bytes / 2.5 < taken < max_bytes * 1.1
