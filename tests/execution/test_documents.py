"""From text to operation: read once, remembered within bounds, refused with a code."""

from typing import Any

import pytest
from graphql import GraphQLSchema, OperationType, build_schema, get_variable_values

from api.execution.documents import Documents
from api.execution.limits import Limits
from api.execution.nul import NoNul
from api.execution.operations import DocumentError, Operation

SCHEMA: GraphQLSchema = build_schema("""
    enum Sort { NEW OLD }
    input Range { from: Int = 1, to: Int! }
    type Query { a(n: Int, f: Float, s: String, b: Boolean, i: ID, sort: Sort, range: Range, all: [Int!]): Int }
    type Mutation { write: Int }
""")


def documents(**bounds: Any) -> Documents:
    return Documents(SCHEMA, **bounds)


def _codes(error: DocumentError) -> list[object]:
    return [(one.extensions or {})["code"] for one in error.errors]


def test_a_text_is_read_once() -> None:
    known = documents()
    operation = known.operation("query A { a }")
    assert (operation.name, operation.kind, operation.plan) == ("A", OperationType.QUERY, None)
    assert known.operation("query A { a }") is operation
    assert known.operation("query A { a }", "A") is operation
    assert known.operation("query A { a } ") is not operation
    assert len(known) == 2


def test_operations_of_one_document_share_it_and_differ() -> None:
    known = documents()
    text = "query A { ...F } mutation B { write } fragment F on Query { a }"
    a, b = known.operation(text, "A"), known.operation(text, "B")
    assert (a.kind, b.kind) == (OperationType.QUERY, OperationType.MUTATION)
    assert a.document is b.document
    assert list(a.fragments) == ["F"]
    assert len(known) == 1


@pytest.mark.parametrize(
    ("text", "name", "codes"),
    [
        ("{", None, ["GRAPHQL_PARSE_FAILED"]),
        ("", None, ["GRAPHQL_PARSE_FAILED"]),
        ("{ b c }", None, ["GRAPHQL_VALIDATION_FAILED"] * 2),
        ("fragment F on Query { a }", None, ["GRAPHQL_VALIDATION_FAILED"]),
        ("query A { a } query B { a }", None, ["GRAPHQL_VALIDATION_FAILED"]),
        ("query A { a } query B { a }", "C", ["BAD_USER_INPUT"]),
        ("{ a }", "A", ["BAD_USER_INPUT"]),
        ("{ b }", "A", ["GRAPHQL_VALIDATION_FAILED"]),
    ],
)
def test_what_cannot_run_is_refused_with_its_code_each_time(text: str, name: str | None, codes: list[str]) -> None:
    known = documents()
    for _ in range(2):
        with pytest.raises(DocumentError) as refused:
            known.operation(text, name)
        assert _codes(refused.value) == codes
    assert len(known) == 1


def test_the_least_recently_used_goes_first() -> None:
    known = documents(max_remembered=2)
    first, second = known.operation("{ a }"), known.operation("{ b: a }")
    assert known.operation("{ a }") is first
    known.operation("{ c: a }")
    assert len(known) == 2
    assert known.operation("{ a }") is first
    assert known.operation("{ b: a }") is not second


def test_memory_is_bounded_by_tokens_and_text() -> None:
    known = documents(max_bytes=200_000, limits=Limits(characters=200_000))
    for number in range(100):
        known.operation(f"{{ a{number}: a }}")
    assert len(known) <= 200_000 // (12_000 + 400 * 5)
    known.operation("{ a }" + " " * 199_000)
    assert len(known) <= 1
    known.operation("{ a }")
    assert len(known) == 1


SCALARS = 'query ($n: Int!, $f: Float, $s: String = "x", $b: Boolean, $i: ID, $sort: Sort = NEW) { a(n: $n, f: $f, s: $s, b: $b, i: $i, sort: $sort) }'  # noqa: E501
OTHERS = "query ($range: Range, $all: [Int!] = [1]) { a(range: $range, all: $all) }"


def _reference(operation: Operation, given: dict[str, Any]) -> Any:
    return get_variable_values(SCHEMA, operation.node.variable_definitions or (), given, 10)


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ("{ a }", {"n": 1}),
        (SCALARS, {"n": 1}),
        (SCALARS, {"n": 1.0, "f": 2, "s": None, "b": False, "i": 7, "sort": "OLD", "other": 1}),
        (SCALARS, {"n": 2**31 - 1, "f": 1e300, "s": "", "i": "x", "sort": None}),
        (OTHERS, {}),
        (OTHERS, {"range": {"to": 3}, "all": 4}),
        (OTHERS, {"range": None, "all": [1, 2]}),
    ],
)
def test_variables_are_what_graphql_core_makes_of_them(text: str, given: dict[str, Any]) -> None:
    operation = documents().operation(text)
    found = operation.variables(given)
    expected = _reference(operation, given)
    assert found.coerced == expected.coerced
    assert list(found.sources) == list(expected.sources)
    assert [source.value for source in found.sources.values()] == [source.value for source in expected.sources.values()]


@pytest.mark.parametrize(
    ("text", "given"),
    [
        (SCALARS, None),
        (SCALARS, {"n": None}),
        (SCALARS, {"n": "1"}),
        (SCALARS, {"n": 2**31}),
        (SCALARS, {"n": 1e300}),
        (SCALARS, {"n": True, "b": 1, "s": 1}),
        (SCALARS, {"n": 1, "sort": "ALL"}),
        (SCALARS, {"n": 1, "i": 1.5}),
        (SCALARS, {"n": 1, "s": ["x"]}),
        (OTHERS, {"range": {}}),
        (OTHERS, {"all": [None, "x"]}),
    ],
)
def test_variables_that_do_not_fit_are_named_as_graphql_core_names_them(
    text: str, given: dict[str, Any] | None
) -> None:
    operation = documents().operation(text)
    with pytest.raises(DocumentError) as refused:
        operation.variables(given)
    expected = _reference(operation, given or {})
    assert [error.message for error in refused.value.errors] == [error.message for error in expected]
    assert set(_codes(refused.value)) == {"BAD_USER_INPUT"}


def test_an_operation_that_declares_no_variables_shares_the_empty_values() -> None:
    known = documents()
    assert known.operation("{ a }").variables({"a": 1}) is known.operation("{ b: a }").variables(None)


def test_text_with_nul_is_refused_wherever_it_stands() -> None:
    known = documents(rules=[NoNul])
    for text in ('{ a(s: "\\u0000") }', '{ a(s: "x\\u{000}") }', 'query ($s: String = "\\u0000") { a(s: $s) }'):
        with pytest.raises(DocumentError) as refused:
            known.operation(text)
        assert _codes(refused.value) == ["BAD_USER_INPUT"]
    known.operation('{ a(s: """\\u0000""") }')  # a block string has no such escapes
