"""From the text of a document to the operation that runs: read once, then remembered.

What is remembered is bounded in number and in memory, and what was refused is remembered as well: a client that sends
the same wrong document again and again pays for it once. No document takes more than a sixteenth of the room.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

from graphql import (
    ASTValidationRule,
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    NoFragmentCyclesRule,
    NoUnusedFragmentsRule,
    OperationDefinitionNode,
    Token,
    parse,
    specified_rules,
    validate,
)

from api.execution.cost import Cost
from api.execution.limits import CODE as COST_LIMIT
from api.execution.limits import Limits, Verdict, judge, too_long, too_many_values
from api.execution.operations import BAD_VARIABLES, MAX_ERRORS, DocumentError, Operation, coded
from api.execution.prices import CostModel

PARSE_FAILED = "GRAPHQL_PARSE_FAILED"
VALIDATION_FAILED = "GRAPHQL_VALIDATION_FAILED"

# Either refuses a document whose fragments are not sound, and both are linear.
_FRAGMENT_RULES = (NoFragmentCyclesRule, NoUnusedFragmentsRule)

# The most plans that an executor may keep for one operation: one for each choice of the booleans it is given.
MAX_PLANS = 16
# What reading a document costs: its text is parsed, and its fields, with all fragments written out, are compared with
# one another. To plan one of its operations costs the same for each field again.
CHARACTERS_PER_POINT = 20
POINTS_PER_FIELD = 50
# The part of the memory that one document may take.
_SHARE = 16
# What is remembered of a document takes, measured with tracemalloc and rounded up: something for itself, more for each
# token and each reason why it was refused, and in each plan something for each field.
_BYTES = 12_000
_BYTES_PER_TOKEN = 400
_BYTES_REFUSED = 2_000
_BYTES_PER_ERROR = 1_500
_BYTES_PER_PLANNED_FIELD = 2_500


class _Read:
    """What is remembered of a text: its operations by name, by None too if there is but one; or why there are none."""

    __slots__ = ("errors", "operations", "weight")

    def __init__(self, operations: dict[str | None, Operation], errors: list[GraphQLError], weight: int) -> None:
        self.operations = operations
        self.errors = errors
        self.weight = weight


Pay = Callable[[int], None]
"""Takes points from the caller; raises where they have too few."""


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

    def check_values(self, given: Mapping[str, object] | None) -> None:
        """DocumentError where variables hold more than is worth keeping, declared or not."""
        if given and (errors := too_many_values(given, self._limits)):
            raise DocumentError(errors)

    def operation(self, text: str, name: str | None = None, *, pay: Pay | None = None) -> Operation:
        """The operation of this name, or the only one; else DocumentError. A new document has to be paid for."""
        read = self._read.get(text)
        if read is None:
            read = self._remember(text, self._document(text, pay or _nothing))
        else:
            self._read.move_to_end(text)
        found = read.operations.get(name)
        return found if found is not None else _missing(read, name)

    def _remember(self, text: str, read: _Read) -> _Read:
        self._read[text] = read
        self._bytes += read.weight
        for operation in set(read.operations.values()):
            operation.book = partial(self._book, text, read, _BYTES_PER_PLANNED_FIELD * operation.fields)
        self._make_room()
        return read

    def _book(self, text: str, read: _Read, size: int, is_first: bool) -> bool:
        """Room for one more plan of an operation: its first has some, others while the document's share lasts."""
        if not is_first and read.weight + size > self._max_bytes // _SHARE:
            return False
        read.weight += size
        if self._read.get(text) is read:
            self._bytes += size
            self._make_room()
        return True

    def _make_room(self) -> None:
        while len(self._read) > self._max_remembered or self._bytes > self._max_bytes:
            _, forgotten = self._read.popitem(last=False)
            self._bytes -= forgotten.weight
            # A plan knows its operation: as a cycle, both would wait for a collector that hardly ever comes to the old.
            for operation in forgotten.operations.values():
                operation.plan = operation.book = None

    def _document(self, text: str, pay: Pay) -> _Read:
        if errors := too_long(text, self._limits):
            return _refused(text, errors)
        pay(len(text) // CHARACTERS_PER_POINT)
        try:
            document = parse(text, max_tokens=self._limits.tokens)
        except GraphQLError as error:
            code = COST_LIMIT if "Document contains more than" in error.message else PARSE_FAILED
            return _refused(text, [coded(error.with_traceback(None), code)])
        tokens = _tokens(document)
        verdict = judge(document, self._limits)
        if not verdict.errors:
            pay(sum(verdict.fields) * POINTS_PER_FIELD)
        if errors := verdict.errors or self._complaints(document, verdict):
            return _refused(text, [coded(error, VALIDATION_FAILED) for error in errors])
        operations = _operations(self._schema, self._costs, document, verdict.fields)
        return _Read(operations, [], len(text) + _BYTES + _BYTES_PER_TOKEN * tokens)

    def _complaints(self, document: DocumentNode, verdict: Verdict) -> list[GraphQLError]:
        """What is wrong with it. Only rules that are linear look at a document whose size is not known."""
        rules = self._rules if verdict.has_sound_fragments else _FRAGMENT_RULES
        return validate(self._schema, document, rules, MAX_ERRORS)


def _refused(text: str, errors: list[GraphQLError]) -> _Read:
    """Why it was refused, and nothing else: an error would keep the document by its nodes."""
    for error in errors:
        error.nodes = None
    return _Read({}, errors, len(text) + _BYTES_REFUSED + _BYTES_PER_ERROR * len(errors))


def _nothing(_: int) -> None:
    """Reading is free."""


def _operations(
    schema: GraphQLSchema, costs: CostModel, document: DocumentNode, fields: Sequence[int]
) -> dict[str | None, Operation]:
    fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
    nodes = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    found = [
        Operation(schema, document, node, fragments, Cost(schema, costs, node, fragments), number)
        for node, number in zip(nodes, fields, strict=True)
    ]
    operations: dict[str | None, Operation] = {operation.name: operation for operation in found}
    if len(found) == 1:
        operations[None] = found[0]
    return operations


def _missing(read: _Read, name: str | None) -> Operation:
    if read.errors:
        raise DocumentError(read.errors)
    if name is not None:
        raise DocumentError([coded(GraphQLError(f"The document has no operation named '{name}'."), BAD_VARIABLES)])
    if not read.operations:
        raise DocumentError([coded(GraphQLError("The document has no operation."), VALIDATION_FAILED)])
    nodes: Sequence[OperationDefinitionNode] = [operation.node for operation in read.operations.values()]
    several = GraphQLError("The document has several operations: name one of them in `operationName`.", nodes)
    raise DocumentError([coded(several, VALIDATION_FAILED)])


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
