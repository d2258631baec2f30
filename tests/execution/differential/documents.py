"""Random documents for a schema: aliases, fragments, directives, variables, abstract types."""

import random
import re

# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false, reportUnknownVariableType=false
from graphql import (
    GraphQLField,
    GraphQLNamedType,
    GraphQLSchema,
    get_named_type,
    is_abstract_type,
    is_leaf_type,
)

_VARIABLES = {
    "yes": "Boolean! = true",
    "no": "Boolean! = false",
    "count": "Int = 2",
    "number": "Int! = 1",
    "filter": "Filter! = {number: 5}",
    "tags": "[String!]",
    # These may be null where null may not be: what their default makes valid fails the field.
    "maybe": "Boolean = true",
    "hidden": "Boolean = false",
    "some": "Int = 1",
    "rule": "Filter = {number: 2}",
}
# Sets of values to run each document with; some do not fit the types.
VALUES: list[dict[str, object]] = [
    {},
    {"yes": False},
    {"no": True, "count": 1},
    {"yes": False, "no": True},
    {"count": None, "number": 7},
    {"filter": {"number": 4, "colour": "GREEN", "deeper": {"label": "x"}}, "tags": ["a", "b"]},
    {"number": "seven"},
    {"filter": {"number": None}},
    {"maybe": None},
    {"hidden": None, "some": None},
    {"maybe": False, "hidden": True, "rule": None},
]


class DocumentMaker:
    def __init__(self, schema: GraphQLSchema, seed: int) -> None:
        self._schema = schema
        self._random = random.Random(seed)
        self._fragments: dict[str, str] = {}
        self._aliases = 0

    def document(self) -> str:
        dice = self._random
        mutation = dice.random() < 0.1
        kind, root = ("mutation", self._schema.mutation_type) if mutation else ("query", self._schema.query_type)
        assert root is not None
        body = self._selections(root, dice.randint(1, 4))
        text = body + " ".join(self._fragments.values())
        used = [name for name in _VARIABLES if re.search(rf"\${name}\b", text)]
        declared = ", ".join(f"${name}: {_VARIABLES[name]}" for name in used)
        return f"{kind} Q{f'({declared})' if used else ''} {{ {body} }} {' '.join(self._fragments.values())}"

    def _selections(self, type_: GraphQLNamedType, depth: int) -> str:
        names = [] if not hasattr(type_, "fields") else list(getattr(type_, "fields"))  # noqa: B009
        found: list[str] = []
        for _ in range(self._random.randint(1, 6)):
            roll = self._random.random()
            if roll < 0.1 or not names:
                found.append(self._random.choice(["__typename", "kind: __typename"]))
            elif roll < 0.25 and type_ is not self._schema.query_type and type_ is not self._schema.mutation_type:
                found.append(self._fragment(type_, depth))
            else:
                name = self._random.choice(names)
                found.append(self._field(name, getattr(type_, "fields")[name], depth))  # noqa: B009
        return " ".join(piece for piece in found if piece) or "__typename"

    def _field(self, name: str, field: GraphQLField, depth: int) -> str:
        named = get_named_type(field.type)
        leaf = is_leaf_type(named)
        if not leaf and depth == 0:
            return ""
        arguments = self._arguments(field)
        self._aliases += 1
        # An alias for each, so that any two selections can be merged; none where that is tried.
        alias = f"a{self._aliases}: " if arguments or not leaf or self._random.random() < 0.2 else ""
        inner = "" if leaf else f" {{ {self._selections(named, depth - 1)} }}"
        twice = self._random.random() < 0.1 and not leaf
        text = f"{alias}{name}{arguments}{self._directive()}{inner}"
        return f"{text} {alias}{name}{arguments} {{ __typename }}" if twice else text

    def _fragment(self, type_: GraphQLNamedType, depth: int) -> str:
        candidates = [type_]
        if is_abstract_type(type_):
            candidates += list(self._schema.get_possible_types(type_))
        candidates += list(getattr(type_, "interfaces", ()))
        chosen = self._random.choice(candidates)
        if self._random.random() < 0.6:
            return f"... on {chosen.name}{self._directive()} {{ {self._selections(chosen, depth)} }}"
        name = f"F{len(self._fragments)}"
        self._fragments[name] = ""
        self._fragments[name] = f"fragment {name} on {chosen.name} {{ {self._selections(chosen, depth)} }}"
        return f"...{name}{self._directive()}"

    def _directive(self) -> str:
        if self._random.random() < 0.7:
            return ""
        directives = [
            "@include(if: $yes)",
            "@skip(if: $no)",
            "@include(if: $no)",
            "@skip(if: true)",
            "@include(if: true)",
            "@include(if: $maybe)",
            "@skip(if: $hidden)",
        ]
        return " " + self._random.choice(directives)

    def _arguments(self, field: GraphQLField) -> str:
        given: list[str] = []
        for name, argument in field.args.items():
            named = get_named_type(argument.type).name
            required = str(argument.type).endswith("!") and argument.default is None
            if not required and self._random.random() < 0.4:
                continue
            choices = {
                "Filter": [
                    '{number: 3, label: "q"}',
                    "$filter",
                    "{number: $number, colour: BLUE}",
                    "{deeper: {number: $number}}",
                    "$rule",
                    "{number: $some, deeper: {number: $some}}",
                ],
                "Int": [str(self._random.randint(0, 4)), "$number", "$some"],
                "String": ['["x", "y"]', "$tags", "[]"],
                "Boolean": ["true", "$yes", "$maybe"],
            }[named]
            given.append(f"{name}: {self._random.choice(choices)}")
        return f"({', '.join(given)})" if given else ""
