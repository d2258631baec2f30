"""The length of a text is looked at before anything else about it, which may take as long as the text is."""

from collections.abc import Iterator
from dataclasses import fields
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from annotated_types import MaxLen
from graphql import GraphQLInputObjectType
from pydantic import AfterValidator
from pydantic.fields import FieldInfo

from api.gql.validation import Tag
from api.schema import schema

# It looks at the length by itself: what it says of a long one is what it says of anything else that is no tag.
BOUNDED = {Tag}


def _texts(hint: Any, constraints: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """For each text in a type: what is said about it, in the order in which it is checked."""
    if get_origin(hint) is Annotated:
        inner, *more = get_args(hint)
        yield from _texts(inner, (*more, *constraints) if inner is not str else tuple(more))
    elif hint is str:
        yield constraints
    else:
        for inner in get_args(hint):
            yield from _texts(inner)


def _is_length(constraint: Any) -> bool:
    return isinstance(constraint, FieldInfo) and any(isinstance(one, MaxLen) for one in constraint.metadata)


def test_every_text_of_an_input_is_bounded_first() -> None:
    unbounded: list[str] = []
    count = 0
    for name, kind in schema._schema.type_map.items():  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
        if not isinstance(kind, GraphQLInputObjectType):
            continue
        origin: Any = schema.get_type_by_name(name)
        hints = get_type_hints(origin.origin, include_extras=True)
        for field in fields(origin.origin):
            for constraints in _texts(hints[field.name]):
                count += 1
                checks = [one for one in constraints if isinstance(one, AfterValidator) or _is_length(one)]
                if not checks or not (_is_length(checks[0]) or checks[0] in BOUNDED):
                    unbounded.append(f"{name}.{field.name}")
    assert unbounded == []
    assert count > 15
