"""Descriptions: the SDL's documentation, complete and true to its directives."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    build_schema,
)

from api.gql.permissions import ALSO_SUSPENDED, REQUIRES_SIGN_IN

TYPES = {
    name: type_
    for name, type_ in build_schema((Path(__file__).parents[2] / "api" / "schema.graphql").read_text()).type_map.items()
    if type_.ast_node is not None
}


def composite() -> Iterator[GraphQLObjectType | GraphQLInterfaceType]:
    return (type_ for type_ in TYPES.values() if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType))


def fields() -> dict[str, GraphQLField]:
    return {f"{type_.name}.{name}": field for type_ in composite() for name, field in type_.fields.items()}


def text(description: str | None) -> str:
    return re.sub(r"\s+", " ", description or "")


def parts(type_: GraphQLNamedType) -> Iterator[tuple[str, str | None]]:
    """The type and whatever it is made of, with the descriptions."""
    yield type_.name, type_.description
    if isinstance(type_, GraphQLEnumType):
        yield from ((f"{type_.name}.{name}", value.description) for name, value in type_.values.items())
    elif isinstance(type_, GraphQLInputObjectType):
        yield from ((f"{type_.name}.{name}", field.description) for name, field in type_.fields.items())
    elif isinstance(type_, GraphQLObjectType | GraphQLInterfaceType):
        for name, field in type_.fields.items():
            yield f"{type_.name}.{name}", field.description
            yield from ((f"{type_.name}.{name}({one})", given.description) for one, given in field.args.items())


def test_everything_has_a_description() -> None:
    described = [part for type_ in TYPES.values() for part in parts(type_)]
    assert [name for name, description in described if not description] == []
    assert len(described) > 500


@pytest.mark.parametrize(
    ("directive", "sentence"), [("isAuthenticated", REQUIRES_SIGN_IN), ("allowsSuspended", ALSO_SUSPENDED)]
)
def test_descriptions_say_what_directives_say(directive: str, sentence: str) -> None:
    """Clients cannot introspect directives that are applied."""
    marked = {
        name
        for name, field in fields().items()
        if field.ast_node is not None and directive in {one.name.value for one in field.ast_node.directives or ()}
    }
    assert marked == {name for name, field in fields().items() if sentence in text(field.description)}
    assert len(marked) > 5


def test_fields_of_an_interface_are_described_alike_in_its_types() -> None:
    """But for lists and settings that differ by type."""
    own = {"users", "posts", "limit", "shape"}
    described = {name: text(field.description) for name, field in fields().items()}
    different = [
        f"{type_.name}.{name}"
        for type_ in composite()
        for interface in type_.interfaces
        for name in interface.fields
        if name not in own and described[f"{type_.name}.{name}"] != described[f"{interface.name}.{name}"]
    ]
    assert different == ["Viewer.id"]  # which also answers those who are suspended
