"""From the text of a document to the operation that runs: read once, then remembered.

What is remembered is bounded in number and in memory, and what was refused is remembered as well: a client that sends
the same wrong document again and again pays for it once.
"""

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, cast

from graphql import (
    ASTValidationRule,
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLBoolean,
    GraphQLError,
    GraphQLNonNull,
    GraphQLSchema,
    NamedTypeNode,
    NoFragmentCyclesRule,
    NoUnusedFragmentsRule,
    OperationDefinitionNode,
    OperationType,
    Token,
    TypeNode,
    Undefined,
    get_variable_values,
    is_leaf_type,
    parse,
    specified_rules,
    validate,
)
from graphql.execution.get_variable_signature import GraphQLVariableSignature, get_variable_signature
from graphql.execution.values import VariableValues, VariableValueSource
from graphql.utilities import coerce_input_value  # pyright: ignore[reportUnknownVariableType]  # partly untyped
from graphql.utilities.coerce_input_value import coerce_default_value

from api.execution.cost import Cost, CostModel
from api.execution.limits import CODE as COST_LIMIT
from api.execution.limits import Limits, Verdict, judge, too_long, too_many_values

PARSE_FAILED = "GRAPHQL_PARSE_FAILED"
VALIDATION_FAILED = "GRAPHQL_VALIDATION_FAILED"
BAD_VARIABLES = "BAD_USER_INPUT"

# Either refuses a document whose fragments are not sound, and both are linear.
_FRAGMENT_RULES = (NoFragmentCyclesRule, NoUnusedFragmentsRule)

_MAX_ERRORS = 10
# The most plans that an executor may keep for one operation: one for each choice of the booleans it is given.
MAX_PLANS = 16
# What is remembered of a document takes, measured with tracemalloc and rounded up: something for itself, more for each
# token and each reason why it was refused, and in each plan something for each field.
_BYTES = 12_000
_BYTES_PER_TOKEN = 400
_BYTES_REFUSED = 2_000
_BYTES_PER_ERROR = 1_500
_BYTES_PER_PLANNED_FIELD = 2_500


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
    """One operation of a valid document. `plan` is the executor's, to remember in what it has worked out."""

    __slots__ = ("_limits", "_schema", "_variables", "cost", "document", "fragments", "kind", "name", "node", "plan")

    def __init__(
        self,
        schema: GraphQLSchema,
        document: DocumentNode,
        node: OperationDefinitionNode,
        fragments: dict[str, FragmentDefinitionNode],
        cost: Cost,
        limits: Limits,
    ) -> None:
        self._schema = schema
        self._limits = limits
        self.document = document
        self.node = node
        self.kind: OperationType = node.operation
        self.name: str | None = None if node.name is None else node.name.value
        self.fragments = fragments
        self.cost = cost
        self.plan: Any = None
        self._variables = _simple_variables(schema, node)

    def variables(self, given: Mapping[str, Any] | None) -> VariableValues:
        """The values of the variables, as graphql-core coerces them; else DocumentError with all that is wrong.

        Values of scalars and enums are coerced here, without looking up their types in each request; the rest, and
        the wording of every error, is graphql-core's own.
        """
        if not self.node.variable_definitions:
            return _NONE_DECLARED
        given = given or {}
        if errors := too_many_values(given, self.node, self._limits):
            raise DocumentError(errors)
        values = None if self._variables is None else _coerced(self._variables, given)
        return self._checked(given) if values is None else values

    def _checked(self, given: Mapping[str, Any]) -> VariableValues:
        values = get_variable_values(self._schema, self.node.variable_definitions or (), dict(given), _MAX_ERRORS)
        if isinstance(values, list):
            raise DocumentError([_coded(error, BAD_VARIABLES) for error in values])
        return values


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


class _Read(NamedTuple):
    """What is remembered of a text: its operations by name, by None too if there is but one; or why there are none."""

    operations: dict[str | None, Operation]
    errors: list[GraphQLError]
    weight: int


class Documents:
    """The documents of a schema, least recently used first out."""

    def __init__(
        self,
        schema: GraphQLSchema,
        *,
        rules: Iterable[type[ASTValidationRule]] = (),
        limits: Limits | None = None,
        costs: CostModel | None = None,
        max_remembered: int = 2000,
        max_bytes: int = 64 * 1024 * 1024,
    ) -> None:
        """`rules` come in addition to those of the specification. `max_bytes` is an estimate of memory."""
        self._schema = schema
        self._rules = (*specified_rules, *rules)
        self._limits = limits or Limits()
        self._costs = costs or CostModel()
        self._max_remembered = max_remembered
        self._max_bytes = max_bytes
        self._read: OrderedDict[str, _Read] = OrderedDict()
        self._bytes = 0

    def __len__(self) -> int:
        return len(self._read)

    def knows(self, text: str) -> bool:
        """Whether the document has been read, so that it costs nothing to look at."""
        return text in self._read

    def operation(self, text: str, name: str | None = None) -> Operation:
        """The operation of this name, or the only one; else DocumentError."""
        read = self._read.get(text)
        if read is None:
            read = self._remember(text, self._document(text))
        else:
            self._read.move_to_end(text)
        found = read.operations.get(name)
        return found if found is not None else _missing(read, name)

    def _remember(self, text: str, read: _Read) -> _Read:
        self._read[text] = read
        self._bytes += read.weight
        while len(self._read) > self._max_remembered or self._bytes > self._max_bytes:
            _, forgotten = self._read.popitem(last=False)
            self._bytes -= forgotten.weight
            # A plan knows its operation: as a cycle, both would wait for a collector that hardly ever comes to the old.
            for operation in forgotten.operations.values():
                operation.plan = None
        return read

    def _document(self, text: str) -> _Read:
        if errors := too_long(text, self._limits):
            return _refused(text, errors)
        try:
            document = parse(text, max_tokens=self._limits.tokens)
        except GraphQLError as error:
            code = COST_LIMIT if "Document contains more than" in error.message else PARSE_FAILED
            return _refused(text, [_coded(error.with_traceback(None), code)])
        tokens = _tokens(document)
        verdict = judge(document, self._limits)
        if errors := verdict.errors or self._complaints(document, verdict):
            return _refused(text, [_coded(error, VALIDATION_FAILED) for error in errors])
        operations = _operations(self._schema, self._costs, self._limits, document)
        planned = verdict.fields * max(map(_plans, operations.values()), default=0)
        weight = len(text) + _BYTES + _BYTES_PER_TOKEN * tokens + _BYTES_PER_PLANNED_FIELD * planned
        return _Read(operations, [], weight)

    def _complaints(self, document: DocumentNode, verdict: Verdict) -> list[GraphQLError]:
        """What is wrong with it. Only rules that are linear look at a document whose size is not known."""
        rules = self._rules if verdict.has_sound_fragments else _FRAGMENT_RULES
        return validate(self._schema, document, rules, _MAX_ERRORS)


def _refused(text: str, errors: list[GraphQLError]) -> _Read:
    """Why it was refused, and nothing else: an error would keep the document by its nodes."""
    for error in errors:
        error.nodes = None
    return _Read({}, errors, len(text) + _BYTES_REFUSED + _BYTES_PER_ERROR * len(errors))


def _plans(operation: Operation) -> int:
    """How many plans it may come to have: nothing but booleans decides what is left out."""
    given = operation.node.variable_definitions or ()
    booleans = sum(_named(one.type) == GraphQLBoolean.name for one in given)
    return min(2**booleans, MAX_PLANS)


def _named(type_: TypeNode) -> str:
    while not isinstance(type_, NamedTypeNode):
        type_ = cast("Any", type_).type
    return type_.name.value


def _operations(
    schema: GraphQLSchema, costs: CostModel, limits: Limits, document: DocumentNode
) -> dict[str | None, Operation]:
    fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
    nodes = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    found = [
        Operation(schema, document, node, fragments, Cost(schema, costs, node, fragments), limits) for node in nodes
    ]
    operations: dict[str | None, Operation] = {operation.name: operation for operation in found}
    if len(found) == 1:
        operations[None] = found[0]
    return operations


def _missing(read: _Read, name: str | None) -> Operation:
    if read.errors:
        raise DocumentError(read.errors)
    if name is not None:
        raise DocumentError([_coded(GraphQLError(f"The document has no operation named '{name}'."), BAD_VARIABLES)])
    if not read.operations:
        raise DocumentError([_coded(GraphQLError("The document has no operation."), VALIDATION_FAILED)])
    nodes: Sequence[OperationDefinitionNode] = [operation.node for operation in read.operations.values()]
    several = GraphQLError("The document has several operations: name one of them in `operationName`.", nodes)
    raise DocumentError([_coded(several, VALIDATION_FAILED)])


def _coded(error: GraphQLError, code: str) -> GraphQLError:
    """The error with this code, unless it has one of its own."""
    error.extensions = {"code": code, **(error.extensions or {})}
    return error


def _tokens(document: DocumentNode) -> int:
    """How many they are. They are taken apart, for nobody reads on from one.

    As a chain that knows its way back they would keep the document alive when it is forgotten.
    """
    number = 0
    token: Token | None = None if document.loc is None else document.loc.start_token
    while token is not None:
        number += 1
        following = token.next
        token.prev = token.next = None
        token = following
    return number
