"""Limits on documents: what passes, what is refused, and that measuring is cheap."""

from typing import Any

import pytest
from graphql import GraphQLSchema, build_schema, get_introspection_query, parse

from api.execution.documents import Documents
from api.execution.limits import Limits, judge, too_many_values
from api.execution.operations import MAX_DEPTH, DocumentError

SCHEMA: GraphQLSchema = build_schema("type Query { a: Query b: Query c: Int }")
LIMITS = Limits(operations=5, depth=3, fields=10, aliases=2, root_fields=4, directives=2, fragments=4, repeats=10)


def _complaints(document: str, limits: Limits = LIMITS) -> list[str]:
    return [error.message for error in judge(parse(document), limits).errors]


@pytest.mark.parametrize(
    "document",
    [
        "{ a { a { c } } }",
        "{ c c c c }",
        "{ x: c y: c }",
        "{ c @skip(if: true) a @skip(if: true) { c } }",
        "{ a { c c } b { c c } a { c } c }",
        "{ ...F } fragment F on Query { a { a { c } } }",
        "query A { c } query B { c }",
        "{ ...Missing }",
    ],
)
def test_what_is_as_large_as_allowed_passes(document: str) -> None:
    assert _complaints(document) == []


@pytest.mark.parametrize(
    ("document", "complaint"),
    [
        ("{ a { a { a { c } } } }", "depth 4, at most 3"),
        ("{ c c c c c }", "root fields 5, at most 4"),
        ("{ x: c y: c z: c }", "aliases 3, at most 2"),
        ("{ c @skip(if: true) @include(if: true) ...F @skip(if: true) } fragment F on Query { c }", "directives 3"),
        ("{ a { c c c } b { c c c c c c } }", "fields 11, at most 10"),
        ("{ ...F } fragment F on Query { a { ...G } } fragment G on Query { a { a { c } } }", "depth 4, at most 3"),
        ("{ ...F ...F ...F } fragment F on Query { ... on Query { c c } }", "root fields 6, at most 4"),
        ("{ ...F ...F ...F } fragment F on Query { ... on Query { c } }", "fragments 6, at most 4"),
        (" ".join(f"query Q{number} {{ c }}" for number in range(6)), "operations 6, at most 5"),
        ("{ ... { ... { ... { ... { ... { c } } } } } }", "fragments 5, at most 4"),
        ("{ " + "x" * 101 + ": c }", "alias characters 101, at most 100"),
        ("{ a { ...F } } fragment F on Query { " + "x" * 101 + ": __typename }", "alias characters 101, at most 100"),
    ],
)
def test_what_is_larger_is_refused_with_the_number(document: str, complaint: str) -> None:
    (found,) = _complaints(document)
    assert complaint in found


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ("{ ...F } fragment F on Query { a { ...G } } fragment G on Query { a { ...F } }", "within itself via 'G'"),
        ("{ c } fragment F on Query { c }", "Fragment 'F' is never used"),
        ("{ c } fragment F on Query { a { ...F } }", "Cannot spread fragment 'F' within itself."),
        ("{ ...F ...F } fragment F on Query { ...F }", "Cannot spread fragment 'F' within itself."),
    ],
)
def test_invalid_fragments_are_refused_before_anything_else_is_checked(document: str, message: str) -> None:
    assert not judge(parse(document), LIMITS).has_sound_fragments
    with pytest.raises(DocumentError, match=message):
        Documents(SCHEMA, limits=LIMITS).operation(document)


@pytest.mark.parametrize(
    ("document", "repeats"),
    [
        ("{ a b c }", 0),
        ("{ c c }", 1),
        ("{ x: c x: c c }", 1),
        ("{ c c c c }", 6),
        ("{ a { c } b { c } }", 0),
        ("{ a { c } a { c } }", 2),
        ("{ a { a { c } a { c } } a { a { c } a { c } } }", 1 + 6 + 6),
        ("{ c ...F } fragment F on Query { c }", 1),
        ("{ c ...F ...F } fragment F on Query { c }", 1),
        ("{ ...F ...G } fragment F on Query { c } fragment G on Query { c }", 2),
        ("{ a { ...F } b { ...F } } fragment F on Query { c c }", 2),
        ("{ c ... on Query { c } ... { c } }", 3),
    ],
)
def test_pairs_of_equal_names_are_counted_place_by_place(document: str, repeats: int) -> None:
    assert _complaints(document, Limits(repeats=repeats)) == []
    complaint = f"The document is too large: repeats {repeats}, at most {repeats - 1}."
    assert _complaints(document, Limits(repeats=repeats - 1)) == [complaint]


def _bomb(layers: int) -> str:
    """A document that doubles with each layer of fragments."""
    spread = "{{ a {{ ...F{0} }} b {{ ...F{0} }} }}"
    nested = "".join(f"fragment F{layer} on Query {spread.format(layer + 1)}" for layer in range(layers))
    return f"{{ ...F0 }}{nested}fragment F{layers} on Query {{ c }}"


def test_nested_fragments_are_measured_by_their_text_and_not_by_their_size() -> None:
    unlimited = Limits(depth=10**6, fields=10**6)
    (found,) = _complaints(_bomb(60), unlimited)
    assert "fields over a billion" in found


def test_a_document_too_deep_to_be_measured_is_too_deep() -> None:
    first, *_ = _complaints(_bomb(2000))
    assert "depth over a billion, at most 3" in first


def test_the_defaults_let_introspection_pass() -> None:
    query = get_introspection_query(specified_by_url=True, directive_is_repeatable=True, input_value_deprecation=True)
    assert _complaints(query, Limits()) == []


def test_a_bomb_of_fragments_without_any_field_is_too_many_fragments() -> None:
    layers = "".join(f"fragment F{layer} on Query {{ ...F{layer + 1} ...F{layer + 1} }}" for layer in range(60))
    (found,) = _complaints(f"{{ ...F0 }}{layers}fragment F60 on Query {{ }}", Limits())
    assert "fragments over a billion, at most 300" in found


@pytest.mark.parametrize("document", ["{" + "c " * 1000 + "}", "#\n" * 1001 + "{ c }", "{ c " + "#\n" * 1001 + "}"])
def test_tokens_are_counted_while_they_are_read(document: str) -> None:
    with pytest.raises(DocumentError) as refused:
        Documents(SCHEMA).operation(document)
    (error,) = refused.value.errors
    assert error.extensions == {"code": "COST_LIMIT"}
    assert "more than 1000 tokens" in error.message


def test_a_text_longer_than_is_worth_reading_is_not_read() -> None:
    known = Documents(SCHEMA, limits=Limits(characters=10))
    known.operation("{ a { c }}")
    with pytest.raises(DocumentError, match="characters 11, at most 10") as refused:
        known.operation("{ a { c } }")
    assert refused.value.errors[0].extensions == {"code": "COST_LIMIT"}


GIVEN: list[tuple[dict[str, Any], int | None]] = [
    ({"all": [1, 2, 3]}, None),
    ({"all": [1, 2, 3, 4]}, 5),
    ({"all": [[1], [2]]}, 5),
    ({"all": {"a": {"b": {"c": {"d": {}}}}}}, 5),
    ({"all": [], "b": 1, "c": 1, "d": 1, "e": [1, 2]}, 5),
    ({"all": [[], "x" * 100_000]}, None),
]


@pytest.mark.parametrize(("given", "found"), GIVEN)
def test_the_values_of_variables_are_counted_with_all_that_they_hold(given: dict[str, Any], found: int | None) -> None:
    complaints = [error.message for error in too_many_values(given, Limits(values=4))]
    assert complaints == ([] if found is None else [f"The variables are too large: values {found}, at most 4."])


def test_too_many_values_are_refused_declared_or_not() -> None:
    documents = Documents(build_schema("type Query { a: Int }"), limits=Limits(values=4))
    documents.check_values({"all": [1, 2, 3]})
    with pytest.raises(DocumentError) as refused:
        documents.check_values({"all": [1, 2, 3, 4]})
    assert refused.value.errors[0].extensions == {"code": "COST_LIMIT"}


@pytest.mark.parametrize("more", [1, 100, 500, 900])
def test_variables_that_nest_too_deeply_are_refused(more: int) -> None:
    """An input may hold another of its own kind, as deep as a client likes."""
    schema = build_schema("type Query { depth(of: Nested!): Int } input Nested { inner: Nested }")
    operation = Documents(schema).operation("query ($of: Nested!) { depth(of: $of) }")
    deep: dict[str, Any] = {}
    for _ in range(MAX_DEPTH - 1):
        deep = {"inner": deep}
    assert operation.variables({"of": deep}).coerced == {"of": deep}
    for _ in range(more):
        deep = {"inner": deep}
    with pytest.raises(DocumentError, match="nested more than 100 levels deep"):
        operation.variables({"of": deep})
