"""Fields resolved by column: one call for all parents of a field.

`relation` and `computed` declare a field by a function over *columns*: it takes all parents at once and returns one
value for each, in their order. Stock execution calls it with one parent at a time, and the data loaders inside it batch
across them; an executor that works breadth first finds the function under `COLUMN` in the field's metadata and calls it
once.
"""

import inspect
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

import strawberry
from graphql import GraphQLObjectType
from strawberry import UNSET, Info, Parent
from strawberry.extensions import FieldExtension
from strawberry.permission import BasePermission, PermissionExtension

COLUMN = "column"
# In a field's metadata: whether its function asks the database; or the name of an argument, where it does so only if
# its connection was given this argument.
LOADS = "loads"
_CLASSES = "presented_classes"


class PermissionForAll(PermissionExtension):
    """Permissions that depend on the viewer and not on the object: a columnar executor checks them once for a column.

    One that has to be awaited is refused: its coroutine would be taken for a yes.
    """

    def __init__(self, permissions: list[BasePermission], **options: Any) -> None:
        for permission in permissions:
            if inspect.iscoroutinefunction(permission.has_permission):
                raise TypeError(f"{type(permission).__name__}.has_permission must not be async")
        super().__init__(permissions, **options)

    def require(self, info: Any) -> None:
        """Raise the error of the first permission that is denied."""
        for permission in self.permissions:
            if not permission.has_permission(None, info):
                permission.on_unauthorized()


ParentT = TypeVar("ParentT")
ContextT = TypeVar("ContextT")
Arguments = ParamSpec("Arguments")
Values = Sequence[object] | Awaitable[Sequence[object]]
Column = Callable[Concatenate[Sequence[ParentT], Info[ContextT, None], Arguments], Values]


def presents(*classes: type) -> Any:
    """`is_type_of` for a type whose sources are known by their class alone, so that one check of a class is enough."""

    def is_type_of(_: type, source: object, _info: object) -> bool:
        return isinstance(source, classes)

    setattr(is_type_of, _CLASSES, classes)
    return cast("Any", classmethod(is_type_of))


def presented_classes(type_: GraphQLObjectType) -> tuple[type, ...]:
    """The classes whose objects are always of this type; none where each object has to be asked about."""
    return getattr(type_.is_type_of, _CLASSES, ())


def relation(
    *,
    graphql_type: object,
    description: str,
    extensions: Sequence[FieldExtension] = (),
    directives: Sequence[object] = (),
    loads: bool | str = True,
) -> Callable[[Column[ParentT, ContextT, Arguments]], Any]:
    """Turn `field(parents, info, *, arguments)`, which promises a column, into a Strawberry field of `graphql_type`.

    Where it has nothing to wait for, it may give the column at once. `loads` is for its price, see LOADS.
    """

    def declare(column: Column[ParentT, ContextT, Arguments]) -> Any:
        async def resolver(root: Any, info: Any, **arguments: Any) -> object:
            given: Any = {name: value for name, value in arguments.items() if value is not UNSET}
            values = column([root], info, **given)  # pyright: ignore[reportCallIssue]  # GraphQL has checked them
            return (await values if isinstance(values, Awaitable) else values)[0]

        return _field(resolver, column, graphql_type, description, extensions, directives, loads=loads)

    return declare


def computed(
    *, graphql_type: object, description: str, directives: Sequence[object] = ()
) -> Callable[[Callable[[Sequence[ParentT], Info[ContextT, None]], Sequence[object]]], Any]:
    """Turn `def field(parents, info)`, which waits for nothing, into a Strawberry field of `graphql_type`."""

    def declare(column: Callable[[Sequence[ParentT], Info[ContextT, None]], Sequence[object]]) -> Any:
        def resolver(root: Any, info: Any) -> object:
            return column([root], info)[0]

        return _field(resolver, column, graphql_type, description, (), directives, loads=False)

    return declare


def _field(
    resolver: Callable[..., Any],
    column: Callable[..., Any],
    graphql_type: object,
    description: str,
    extensions: Sequence[FieldExtension],
    directives: Sequence[object] = (),
    *,
    loads: bool | str,
) -> Any:
    function = column.__func__ if isinstance(column, staticmethod) else column
    _present_as_field(resolver, function)
    return strawberry.field(
        resolver=resolver,
        graphql_type=graphql_type,
        description=description,
        extensions=list(extensions),
        directives=directives,
        metadata={COLUMN: function, LOADS: loads},
    )


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
