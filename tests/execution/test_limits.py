"""Limits on documents: what passes, what is refused, and that measuring is cheap."""

import pytest
from graphql import GraphQLSchema, build_schema, get_introspection_query, parse, specified_rules, validate

from api.execution.limits import Limits, within

SCHEMA: GraphQLSchema = build_schema("type Query { a: Query b: Query c: Int }")
LIMITS = Limits(depth=3, fields=10, aliases=2, root_fields=4, directives=2)


def _complaints(document: str, limits: Limits = LIMITS) -> list[str]:
    return [error.message for error in validate(SCHEMA, parse(document), [within(limits)])]


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
    ],
)
def test_what_is_larger_is_refused_with_the_number(document: str, complaint: str) -> None:
    (found,) = _complaints(document)
    assert complaint in found


def test_fragments_that_lead_back_to_themselves_end() -> None:
    document = "{ ...F } fragment F on Query { a { ...G } } fragment G on Query { a { ...F } }"
    messages = [error.message for error in validate(SCHEMA, parse(document), [*specified_rules, within(LIMITS)])]
    assert messages == ["Cannot spread fragment 'F' within itself via 'G'."]


def _bomb(layers: int) -> str:
    """A document that doubles with each layer of fragments."""
    spread = "{{ a {{ ...F{0} }} b {{ ...F{0} }} }}"
    nested = "".join(f"fragment F{layer} on Query {spread.format(layer + 1)}" for layer in range(layers))
    return f"{{ ...F0 }}{nested}fragment F{layers} on Query {{ c }}"


def test_a_bomb_of_nested_fragments_is_measured_by_its_text_and_not_by_its_size() -> None:
    unlimited = Limits(depth=10**6, fields=10**6, aliases=0, root_fields=10, directives=0)
    (found,) = _complaints(_bomb(60), unlimited)
    assert "fields over a billion" in found


def test_a_document_too_deep_to_be_measured_is_too_deep() -> None:
    first, *_ = _complaints(_bomb(2000))
    assert "depth over a billion, at most 3" in first


def test_the_defaults_let_introspection_pass() -> None:
    query = get_introspection_query(specified_by_url=True, directive_is_repeatable=True, input_value_deprecation=True)
    assert _complaints(query, Limits()) == []
