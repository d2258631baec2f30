"""Enums of the schema with descriptions, none left out."""

from enum import StrEnum
from typing import TypeVar, cast

import strawberry
from strawberry.types.enum import StrawberryEnumDefinition

EnumT = TypeVar("EnumT", bound=type[StrEnum])


def described(kind: EnumT, description: str, /, *, graphql_name: str | None = None, **values: str) -> EnumT:
    """Register an enum with a description for it and for each of its values, none left out."""
    registered = strawberry.enum(kind, name=graphql_name, description=description)
    definition = cast("StrawberryEnumDefinition", vars(registered)["__strawberry_definition__"])
    for value in definition.values:
        value.description = values.pop(value.name)
    if values:
        raise LookupError(f"{kind.__name__} has no {', '.join(values)}")
    return kind
