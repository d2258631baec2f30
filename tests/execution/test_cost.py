"""What operations cost: asked for and answered, through pages, lists, fragments and aliases."""

from itertools import islice, permutations, product
from random import Random
from typing import Any

import pytest
from graphql import (
    FragmentDefinitionNode,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    build_schema,
    get_introspection_query,
    get_named_type,
    is_leaf_type,
    is_required_argument,
    parse,
)

from api.execution.cost import Cost
from api.execution.documents import Documents
from api.execution.prices import CostModel
from api.gql.ids import encode
from api.schema import COSTS
from api.schema import schema as vrss
from tests.api.conftest import api_over
from tests.execution.costing import MODEL, SCHEMA, cost


@pytest.mark.parametrize(
    ("text", "requested"),
    [
        ("{ ok __typename }", 1 + 1),
        ("{ user { id } }", 1 + 1),
        ("{ feed { total pageInfo { hasNextPage } } }", 1 + 2),
        ("{ feed(first: 3) { edges { cursor node { id } } } }", 1 + 3 * 2),
        ("{ feed(first: 3) { edges { __typename } } }", 1 + 3),
        ("{ feed(first: 3) { edges { __typename node { id } } } }", 1 + 3),
        ("{ feed(first: 3) { nodes { id x: id y: id text z: text } } }", 1 + 3 * (3 + 20)),
        ("{ feed { nodes { id } } }", 1 + 20),
        ("{ feed(first: 3) { nodes { id } } }", 1 + 3),
        ("{ feed(last: 3) { edges { node { id author { id } } } } }", 1 + 3 * 2),
        ("{ feed(first: 3) { nodes { id } edges { node { id } } } }", 1 + 3 + 3),
        ("{ feed(first: 3) { nodes { tags media { url } } } }", 1 + 3 * (4 + 4)),
        ("{ feed(first: 3) { nodes { grid { url } } } }", 1 + 3 * (1 + 2)),
        ("{ feed(first: 3) { nodes { heavy { url } } } }", 1 + 3 * (1 + 51)),
        ("{ feed(first: 3) { nodes { comments(first: 5) { nodes { id } } } } }", 1 + 3 * (1 + 5)),
        ("{ user { posts { nodes { id } } } }", 1 + 1 + 7),
        ('{ nodes(ids: ["a", "b"]) { id } }', 1 + 2 + 2),
        ("{ node { ... on Post { a: id b: id } ... on User { c: id d: id e: id } id } }", 1 + 1 + 3),
        ("{ a: user { id } b: user { id } }", 1 + 2),
        ("{ user { id } user { id best { id } } }", 1 + 2),
        ("{ ...F ...F user { id } } fragment F on Query { user { best { id } } }", 1 + 2),
        ("{ node { id ... on Post { author { id } } ... on User { best { id } } } }", 1 + 1 + 1 + 1),
        ("{ any { ... on Post { x: author { id } } ... on User { x: best { id } } } }", 1 + 1 + 1),
        ("mutation { write { post { id } } other }", 1 + 10 + 10 + 1 + 1 + 1),
        ("{ __schema { types { name } } }", 1 + 100),
    ],
)
def test_each_field_of_each_object_costs_one(text: str, requested: int) -> None:
    assert cost(text).requested({}) == requested


@pytest.mark.parametrize(
    ("variables", "requested"),
    [
        ({}, 1 + 20 * (1 + 20)),
        ({"n": None, "last": None, "m": None}, 1 + 20 * (1 + 20)),
        ({"n": 2, "m": 3}, 1 + 2 * (1 + 3)),
        ({"last": 2, "m": 3}, 1 + 2 * (1 + 3)),
        ({"n": 0, "m": 3}, 1),
        ({"n": -5, "m": 3}, 1),
        ({"n": 2**31 - 1, "m": 2**31 - 1}, 1 + (2**31 - 1) * 2**31),
    ],
)
def test_variables_say_how_much_is_asked_for(variables: dict[str, Any], requested: int) -> None:
    text = """query ($n: Int, $last: Int, $m: Int) {
      feed(first: $n, last: $last) { nodes { comments(first: $m) { nodes { id } } } } }"""
    assert cost(text).requested(variables) == requested


def test_a_default_of_a_variable_counts() -> None:
    operation = Documents(SCHEMA, costs=MODEL).operation("query ($n: Int = 3) { feed(first: $n) { nodes { id } } }")
    assert operation.cost.requested(operation.variables({}).coerced) == 1 + 3
    assert operation.cost.requested(operation.variables({"n": None}).coerced) == 1 + 20


def test_of_types_that_share_a_name_the_one_that_asks_for_more_counts() -> None:
    text = """query ($n: Int) { node {
      ... on User { x: posts(first: $n) { nodes { id } } }
      ... on Post { x: comments(first: 2) { nodes { id } } } } }"""
    assert cost(text).requested({"n": 1}) == 1 + 1 + 2
    assert cost(text).requested({"n": 9}) == 1 + 1 + 9


def test_a_list_of_ids_counts_as_many_as_it_holds() -> None:
    text = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    assert cost(text).requested({"ids": ["a"] * 30}) == 1 + 30 + 30
    below = "{ ... on User { posts(first: 100) { nodes { id text } } } }"
    asked = cost(f"query ($ids: [ID!]!) {{ nodes(ids: $ids) {below} }}").requested({"ids": ["a"]})
    assert cost(f'{{ nodes(ids: ["a"]) {below} }}').requested({}) == asked
    assert cost(f'{{ nodes(ids: "a") {below} }}').requested({}) == asked - 1  # is a list of one, without its item


def test_a_page_of_a_feed_is_paid_for_by_each_feed() -> None:
    """Each takes a statement of its own, which a page of all other parents does not."""
    text = "query ($ids: [ID!]!) { nodes(ids: $ids) { ... on FeedSection { posts(last: 1) { nodes { id } } } } }"
    documents = Documents(vrss._schema, costs=COSTS)  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
    one, ten = (documents.operation(text).cost.requested({"ids": ["a"] * number}) for number in (1, 10))
    assert ten - one == 9 * (50 + 3)


def test_a_bomb_of_fragments_is_counted_as_it_is_merged() -> None:
    layers = "".join(f"fragment F{n} on User {{ best {{ author {{ ...F{n + 1} }} }} }}" for n in range(8))
    assert cost(f"{{ user {{ ...F0 }} }} {layers} fragment F8 on User {{ id }}").requested({}) == 1 + 1 + 16


def test_introspection_has_a_price_of_its_own() -> None:
    assert cost(get_introspection_query()).requested({}) == 101


class Asked(dict[str, FragmentDefinitionNode]):
    """The fragments of a document, which count how often they are looked at."""

    times = 0

    def __getitem__(self, name: str) -> FragmentDefinitionNode:
        self.times += 1
        return super().__getitem__(name)


def test_a_fragment_is_read_once_per_position_however_often_it_is_spread() -> None:
    layers = "".join(f"fragment F{n} on Query {{ ...F{n + 1} ...F{n + 1} }}" for n in range(10))
    node, *nodes = parse(f"{{ ...F0 }} {layers} fragment F10 on Query {{ user {{ id }} }}").definitions
    assert isinstance(node, OperationDefinitionNode)
    fragments = Asked({one.name.value: one for one in nodes if isinstance(one, FragmentDefinitionNode)})
    assert Cost(SCHEMA, MODEL, node, fragments).requested({}) == 1 + 1
    assert fragments.times == 11


def test_the_items_of_lists_that_are_given_are_paid_for_wherever_they_stand() -> None:
    schema = build_schema("input I { all: [[Int]] one: I } type Query { a(i: I, all: [Int], n: Int): Int }")
    documents = Documents(schema, costs=CostModel(operation=0, statement=0))
    literal = documents.operation("{ a(i: {all: [[1, 2], [3]], one: {all: [[4]]}}, all: [5, 6, 7]) }").cost
    assert literal.requested({}) == literal.actual(None, {}) == (2 + 3) + (1 + 1) + 3 + 1
    variable = documents.operation("query ($i: I, $all: [Int]) { a(i: $i, all: $all) }").cost
    given = {"i": {"all": [[1, 2], [3]], "one": {"all": [[4]]}}, "all": [5, 6, 7]}
    assert variable.requested(given) == variable.actual(None, given) == (2 + 3) + (1 + 1) + 3 + 1


@pytest.mark.parametrize(
    ("page", "flags", "variables", "pages"),
    [
        ("first: 5", "hasNextPage hasPreviousPage", {}, 1),
        ("first: 5, after: $a, before: $b", "hasNextPage hasPreviousPage", {}, 1),
        ("first: 5, after: $a, before: null", "hasNextPage hasPreviousPage", {"a": None, "b": "x"}, 1),
        ("first: 5, after: $a, before: $b", "startCursor endCursor", {"a": "x", "b": "x"}, 1),
        ("first: 5, after: $a, before: $b", "hasNextPage", {"a": "x"}, 1),
        ("first: 5, after: $a, before: $b", "hasPreviousPage", {"a": "x"}, 2),
        ("first: 5, after: $a, before: $b", "hasNextPage hasPreviousPage", {"a": "x", "b": "x"}, 3),
        ('first: 5, after: "x", before: "x"', "hasNextPage hasPreviousPage", {}, 3),
        ('last: 5, before: "x"', "...F ...F", {}, 2),
    ],
)
def test_a_flag_that_has_to_look_beyond_a_cursor_costs_a_page(
    page: str, flags: str, variables: dict[str, Any], pages: int
) -> None:
    declared = ", ".join(f"${name}: String" for name in "ab" if f"${name}" in page)
    text = f"query {f'({declared})' if declared else ''} {{ homeFeed({page}) {{ pageInfo {{ {flags} }} }} }}"
    if "...F" in flags:
        text += " fragment F on PageInfo { hasNextPage }"
    core: GraphQLSchema = vrss._schema  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
    cost = Documents(core, costs=COSTS).operation(text).cost
    leaves = len(set(flags.split()))
    assert cost.requested(variables) == COSTS.operation + pages * COSTS.page + leaves
    answer = {"homeFeed": {"pageInfo": dict.fromkeys(flags.split(), True)}}
    assert cost.actual(answer, variables) == cost.requested(variables)


def _selected(type_: GraphQLObjectType) -> dict[str, dict[str, str]]:
    """By the type that a key may answer with, the leaves of an object type without arguments that have to be given."""
    found: dict[str, dict[str, str]] = {"ID!": {"id": "id"}, "String!": {"__typename": "__typename"}}
    for name, field in type_.fields.items():
        if is_leaf_type(get_named_type(field.type)) and not any(map(is_required_argument, field.args.values())):
            found.setdefault(str(field.type), {})[name] = name
    return found


def test_types_that_exclude_each_other_answer_under_one_key_in_any_order() -> None:
    documents = Documents(vrss._schema, costs=COSTS)  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
    node = vrss._schema.type_map["Node"]  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
    assert isinstance(node, GraphQLInterfaceType)
    nodes = {one.name: _selected(one) for one in vrss._schema.get_possible_types(node)}  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
    pairs = [
        (f"... on {one} {{ x: {mine} }}", f"... on {other} {{ x: {theirs} }}")
        for one, other in permutations(nodes, 2)
        for kind in nodes[one].keys() & nodes[other].keys()
        for mine, theirs in islice(product(nodes[one][kind], nodes[other][kind]), 4)
    ]
    for pair in Random(1).sample(sorted(pairs), 400):
        both, first, second = (
            documents.operation(f'{{ nodes(ids: ["a"]) {{ {text} }} }}').cost.requested({})
            for text in (" ".join(pair), *pair)
        )
        assert both == max(first, second), pair


@pytest.mark.parametrize("executor", ["compiled", "stock"])
async def test_one_key_answers_with_what_each_type_has_there(empty_database: str, executor: str) -> None:
    async with api_over(empty_database, settings={"executor": executor}) as api:
        ada = api.factory.user("ada")
        ids = [encode("Post", api.factory.post(ada, title="Hello")), encode("User", ada)]
        query = """query ($ids: [ID!]!) { nodes(ids: $ids) {
          ... on Post { text: title name: __typename } ... on User { name: username }
          ... on Comment { text: content } } }"""
        found = (await api.run(query, viewer=ada, ids=ids))["nodes"]
    assert found == [{"text": "Hello", "name": "Post"}, {"name": "ada"}]
