"""Relations resolved by column: one call for all parents of a field.

`relation` declares a field by a function over *columns*: it takes all parents at once and returns one value for each,
in their order. Stock execution calls it with one parent at a time, and the data loaders inside it batch across them; an
executor that works breadth first finds the function under `COLUMN` in the field's metadata and calls it once.
"""

import inspect
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Concatenate, ParamSpec, TypeVar

import strawberry
from strawberry import UNSET, Info, Parent
from strawberry.extensions import FieldExtension

COLUMN = "column"

ParentT = TypeVar("ParentT")
ContextT = TypeVar("ContextT")
Arguments = ParamSpec("Arguments")
Column = Callable[Concatenate[Sequence[ParentT], Info[ContextT, None], Arguments], Awaitable[Sequence[object]]]


def relation(
    *, graphql_type: object, description: str, extensions: Sequence[FieldExtension] = ()
) -> Callable[[Column[ParentT, ContextT, Arguments]], Any]:
    """Turn `async def field(parents, info, *, arguments)` into a Strawberry field of `graphql_type`."""

    def declare(column: Column[ParentT, ContextT, Arguments]) -> Any:
        async def resolver(root: Any, info: Any, **arguments: Any) -> object:
            given: Any = {name: value for name, value in arguments.items() if value is not UNSET}
            values = await column([root], info, **given)  # pyright: ignore[reportCallIssue]  # GraphQL has checked them
            return values[0]

        _present_as_field(resolver, column)
        return strawberry.field(
            resolver=resolver,
            graphql_type=graphql_type,
            description=description,
            extensions=list(extensions),
            metadata={COLUMN: column},
        )

    return declare


def _argument(parameter: inspect.Parameter) -> inspect.Parameter:
    """An argument that may be left out has no default in the schema: `first: Int` and not `first: Int = null`."""
    return parameter.replace(default=UNSET) if parameter.default is None else parameter


def _present_as_field(resolver: Callable[..., Any], column: Callable[..., Any]) -> None:
    """Give the resolver the arguments of the column function, as Strawberry reads them from a signature."""
    either = inspect.Parameter.POSITIONAL_OR_KEYWORD
    parameters = [
        inspect.Parameter("root", either, annotation=Parent[Any]),
        inspect.Parameter("info", either, annotation=Info),
        *map(_argument, list(inspect.signature(column).parameters.values())[2:]),
    ]
    resolver.__name__ = column.__name__
    resolver.__qualname__ = column.__qualname__
    resolver.__module__ = column.__module__
    resolver.__signature__ = inspect.Signature(parameters)  # pyright: ignore[reportFunctionMemberAccess]
    resolver.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
