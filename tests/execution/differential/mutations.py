"""Faults to plant in the compiled executor, one at a time: a piece of its text, and what it is changed to."""

from typing import NamedTuple


class Mutation(NamedTuple):
    name: str
    file: str
    before: str
    after: str


MUTATIONS = [
    Mutation(
        "a plan forgets the variables of its directives",
        "executor.py",
        "tuple(map(variables.coerced.get, self._names)) if self._names else ()",
        "()",
    ),
    Mutation(
        "a failed field leaves its object standing",
        "selections.py",
        "rows[row] = FAILED",
        "rows[row] = None",
    ),
    Mutation(
        "a failed item leaves its list standing",
        "lists.py",
        "if run.broken and self._items.required:",
        "if False:",
    ),
    Mutation(
        "a list that may not be null is null",
        "lists.py",
        "null = FAILED if self.required else None",
        "null = None",
    ),
    Mutation(
        "an object that may be null fails what holds it",
        "objects.py",
        "[None if row is FAILED else row for row in rows]",
        "rows",
    ),
    Mutation(
        "lists are cut in the wrong places",
        "lists.py",
        "map(slice, [0, *ends], ends)",
        "map(slice, [0, *ends], [end + 1 for end in ends])",
    ),
    Mutation(
        "a path has the wrong index",
        "positions.py",
        "Step(index, None, index, self._required)",
        "Step(0, None, index, self._required)",
    ),
    Mutation(
        "a path names the wrong list",
        "positions.py",
        "return [*self._lists.steps(owner), Step(",
        "return [*self._lists.steps(0), Step(",
    ),
    Mutation(
        "the path of a sifted value is another's",
        "positions.py",
        "return self._whole.steps(self._indices[index])",
        "return self._whole.steps(index)",
    ),
    Mutation(
        "a null where there may be none is not told",
        "completers.py",
        "elif self.required:",
        "elif False:",
    ),
    Mutation(
        "an exception that is returned is a null",
        "completers.py",
        "elif kind is Kind.EXCEPTION:",
        "elif False:",
    ),
    Mutation(
        "sifted values are put back in the wrong order",
        "completers.py",
        "for index, value in zip(indices, values, strict=True):",
        "for index, value in zip(reversed(indices), values, strict=True):",
    ),
    Mutation(
        "integers of more than 32 bits pass",
        "leaves.py",
        "return not numbers or (max(numbers) <= GRAPHQL_MAX_INT and min(numbers) >= GRAPHQL_MIN_INT)",
        "return True",
    ),
    Mutation(
        "numbers that are none pass",
        "leaves.py",
        "all(value is None or math.isfinite(value) for value in values)",
        "True",
    ),
    Mutation(
        "null passes for a scalar that may not be null",
        "leaves.py",
        "{self.exact} if required else",
        "{self.exact, type(None)} if required else",
    ),
    Mutation(
        "the members of an enum are written by their values",
        "leaves.py",
        "names[member] = names[member.value]",
        "names[member] = member.value",
    ),
    Mutation(
        "arguments with variables are taken for constants",
        "arguments.py",
        "        return self._convert(given)",
        "        self._constant = self._convert(given)\n        return self._constant",
    ),
    Mutation(
        "objects are not asked whether they are of their type",
        "objects.py",
        "if self._type.is_type_of is None or",
        "if True or",
    ),
    Mutation(
        "what an object is not, it is",
        "objects.py",
        "        if verdict:\n            return value",
        "        if True:\n            return value",
    ),
    Mutation(
        "members of an interface are put back in the wrong order",
        "objects.py",
        "scattered(whole, found, part)",
        "scattered(whole, list(reversed(found)), part)",
    ),
    Mutation(
        "fields of a mutation run at the same time",
        "plan.py",
        "kind = SerialSelection if self._operation.kind is OperationType.MUTATION else FieldSelection",
        "kind = FieldSelection",
    ),
    Mutation(
        "a mutation goes on after it failed as a whole",
        "selections.py",
        "if run.broken and field.required and columns[-1][0] is FAILED:",
        "if False:",
    ),
    Mutation(
        "permissions and other extensions are passed by",
        "plan.py",
        "if len(guards) < len(declared.extensions) or schema.exception_handlers:",
        "if schema.exception_handlers:",
    ),
    Mutation(
        "nobody is asked for leave",
        "fields.py",
        "for guard in self._guards:",
        "for guard in ():",
    ),
    Mutation(
        "errors come as they happen",
        "run.py",
        "sorted(self._failures, key=_in_response_order)",
        "self._failures",
    ),
    Mutation(
        "all errors below a null are told",
        "run.py",
        "if not any(position[:length] in nulled for length in range(len(position) + 1)):",
        "if True:",
    ),
    Mutation(
        "rows lose their order of keys",
        "selections.py",
        "for key in keys)",
        "for key in sorted(keys))",
    ),
    Mutation(
        "__typename is the name of nothing",
        "selections.py",
        "else repr(typename)",
        "else repr('')",
    ),
    Mutation(
        "awaitables are left as they are",
        "kinds.py",
        'Kind.AWAITABLE if hasattr(type_, "__await__") else Kind.PLAIN',
        "Kind.PLAIN",
    ),
    Mutation(
        "what is awaited answers for another",
        "settling.py",
        "for index, outcome in zip(waiting, outcomes, strict=True):",
        "for index, outcome in zip(reversed(waiting), outcomes, strict=True):",
    ),
]
