"""One operation of a document that has been found valid, and the values of its variables."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple, cast

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLNonNull,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    Undefined,
    get_variable_values,
    is_leaf_type,
)
from graphql.execution.get_variable_signature import GraphQLVariableSignature, get_variable_signature
from graphql.execution.values import VariableValues, VariableValueSource
from graphql.utilities import coerce_input_value  # pyright: ignore[reportUnknownVariableType]  # partly untyped
from graphql.utilities.coerce_input_value import coerce_default_value

from api.execution.cost import Cost

BAD_VARIABLES = "BAD_USER_INPUT"
MAX_ERRORS = 10
# graphql-core and Strawberry coerce values level by level on Python's stack, a few frames for each.
MAX_DEPTH = 100


class DocumentError(Exception):
    """The document, or the variables that came with it, cannot run."""

    def __init__(self, errors: list[GraphQLError]) -> None:
        super().__init__(errors[0].message)
        self.errors = errors


class _Variable(NamedTuple):
    """A declared variable; `absent` and `default` are what it is when it is not given."""

    name: str
    type: Any
    required: bool
    signature: GraphQLVariableSignature
    absent: VariableValueSource
    default: Any


_coerce: Any = cast("Any", coerce_input_value)
_NONE_DECLARED = VariableValues({}, {})


class Operation:
    """One operation of a valid document.

    `plan` is the executor's, to remember in what it has worked out. For each plan it calls `book`, if there is one,
    with whether it is the first; that returns whether there is room. `fields` is how many there are, with all fragments
    written out.
    """

    __slots__ = (
        "_schema",
        "_variables",
        "book",
        "cost",
        "document",
        "fields",
        "fragments",
        "kind",
        "name",
        "node",
        "plan",
        "root_fields",
    )  # fmt: skip

    def __init__(
        self,
        schema: GraphQLSchema,
        document: DocumentNode,
        node: OperationDefinitionNode,
        fragments: dict[str, FragmentDefinitionNode],
        cost: Cost,
        fields: int,
    ) -> None:
        self._schema = schema
        self.fields = fields
        self.document = document
        self.node = node
        self.kind: OperationType = node.operation
        self.name: str | None = None if node.name is None else node.name.value
        self.fragments = fragments
        self.cost = cost
        self.plan: Any = None
        self.book: Callable[[bool], bool] | None = None
        self.root_fields = frozenset(_field_names(node.selection_set, fragments))
        self._variables = _simple_variables(schema, node)

    def variables(self, given: Mapping[str, Any] | None) -> VariableValues:
        """The values of the variables, as graphql-core coerces them; else DocumentError with all that is wrong.

        Values of scalars and enums are coerced here, without looking up their types in each request; the rest, and
        the wording of every error, is graphql-core's own.
        """
        if not self.node.variable_definitions:
            return _NONE_DECLARED
        given = given or {}
        values = None if self._variables is None else _coerced(self._variables, given)
        return self._checked(given) if values is None else values

    def _checked(self, given: Mapping[str, Any]) -> VariableValues:
        if _nests_too_deeply(given):
            message = f"The variables are nested more than {MAX_DEPTH} levels deep."
            raise DocumentError([coded(GraphQLError(message), BAD_VARIABLES)])
        values = get_variable_values(self._schema, self.node.variable_definitions or (), dict(given), MAX_ERRORS)
        if isinstance(values, list):
            raise DocumentError([coded(error, BAD_VARIABLES) for error in values])
        return values


def _field_names(selections: SelectionSetNode, fragments: Mapping[str, FragmentDefinitionNode]) -> Iterator[str]:
    """The names of the fields at the root; each fragment is looked at once, and none by recursion."""
    waiting, seen = [selections], set[str]()
    while waiting:
        for node in waiting.pop().selections:
            if isinstance(node, FieldNode):
                if node.name.value != "__typename":
                    yield node.name.value
            elif not isinstance(node, FragmentSpreadNode):
                inner: Any = node
                waiting.append(inner.selection_set)
            elif node.name.value not in seen and node.name.value in fragments:
                seen.add(node.name.value)
                waiting.append(fragments[node.name.value].selection_set)


def _nests_too_deeply(given: Mapping[str, Any]) -> bool:
    level: list[Any] = [given]
    for _ in range(MAX_DEPTH + 1):
        held: list[Any] = [cast("Any", value).values() if isinstance(value, Mapping) else value for value in level]
        level = [inner for values in held for inner in values if isinstance(inner, dict | list)]
        if not level:
            return False
    return True


def _simple_variables(schema: GraphQLSchema, node: OperationDefinitionNode) -> list[_Variable] | None:
    """The declared variables if each is a scalar or an enum, which need no look at how deep their values nest."""
    variables: list[_Variable] = []
    for definition in node.variable_definitions or ():
        signature = get_variable_signature(schema, definition)
        if isinstance(signature, GraphQLError):
            return None
        type_: Any = cast("Any", signature).type
        required = isinstance(type_, GraphQLNonNull)
        if not is_leaf_type(cast("Any", type_).of_type if required else type_):
            return None
        default = coerce_default_value(signature) if signature.default else Undefined
        absent = VariableValueSource(signature)
        variables.append(_Variable(signature.name, type_, required, signature, absent, default))
    return variables


def _coerced(variables: list[_Variable], given: Mapping[str, Any]) -> VariableValues | None:
    """The values, or None when one does not fit its type."""
    sources: dict[str, VariableValueSource] = {}
    coerced: dict[str, Any] = {}
    for name, type_, required, signature, absent, default in variables:
        if name in given:
            value = _coerce(given[name], type_)
            if value is Undefined:
                return None
            sources[name] = VariableValueSource(signature, given[name])
            coerced[name] = value
        else:
            sources[name] = absent
            if default is not Undefined:
                coerced[name] = default
            elif required:
                return None
    return VariableValues(sources, coerced)


def coded(error: GraphQLError, code: str) -> GraphQLError:
    """The error with this code, unless it has one of its own."""
    error.extensions = {"code": code, **(error.extensions or {})}
    return error
