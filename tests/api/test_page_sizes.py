"""A page of a hundred runs the statements that a page of one runs, each as often: whatever is asked of its nodes.

Every connection of the schema is asked, and of each node every field that needs no argument: what the viewer did with
it, whose it is, and the lists that it has.
"""

from collections import Counter
from collections.abc import AsyncGenerator
from typing import TypeAlias

import pytest
from graphql import GraphQLInterfaceType, GraphQLNamedType, GraphQLObjectType, is_leaf_type, is_required_argument

from tests.api.conftest import api_over
from tests.api.connected import SHOWN
from tests.api.connections import ORDERS, World, named, names, types
from tests.servers import Server, database

Composite: TypeAlias = GraphQLObjectType | GraphQLInterfaceType


@pytest.fixture(scope="module")
async def world(server: Server, empty_template: str) -> AsyncGenerator[World]:
    with database(server, empty_template) as name:
        async with api_over(server.url(name), settings={"max_cost": 1_000_000, "rate_limit": 0}) as api:
            yield World(api)


def _fields(type_: Composite) -> dict[str, GraphQLNamedType]:
    """What those lead to that need no argument."""
    return {
        name: named(field)
        for name, field in type_.fields.items()
        if not any(map(is_required_argument, field.args.values()))
    }


def _leaves(type_: Composite) -> str:
    return " ".join(["__typename", *(name for name, to in _fields(type_).items() if is_leaf_type(to))])


def _everything(type_: Composite) -> str:
    """All fields of an object: of what it leads to, all that are no objects again, and of its lists two of those."""
    selected = [_leaves(type_)]
    for name, to in _fields(type_).items():
        if isinstance(to, GraphQLObjectType) and to.name.endswith("Connection"):
            selected.append(f"{name}(first: 2) {{ nodes {{ {_leaves(_node(to))} }} pageInfo {{ hasNextPage }} }}")
        elif isinstance(to, GraphQLObjectType | GraphQLInterfaceType):
            selected.append(f"{name} {{ {_leaves(to)} }}")
    return " ".join(selected)


def _node(connection: GraphQLObjectType) -> Composite:
    found = named(connection.fields["nodes"])
    assert isinstance(found, GraphQLObjectType | GraphQLInterfaceType)
    return found


@pytest.mark.parametrize("name", [*names(), *ORDERS])
async def test_the_statements_of_a_page_do_not_depend_on_its_size(world: World, name: str) -> None:
    before, field = world.connections[name].path.split("LIST")
    field, _, rest = field.partition(" ")
    field = f"{field[:-1]}, PAGE)" if field.endswith(")") else f"{field}(PAGE)"
    node = _everything(_node(types()[name.partition(" ")[0]]))
    document = f"{{ {before} {field} {{ edges {{ cursor node {{ {node} }} }} pageInfo {{ hasNextPage }} }} {rest} }}"
    ran: dict[int, Counter[str]] = {}
    for size in (1, 100):
        found = await world.api.run(document.replace("PAGE", f"first: {size}"), viewer=world.ada)
        ran[size] = Counter(world.api.statements)
        while "edges" not in found:
            (found,) = found.values()
        assert len(found["edges"]) == min(size, len(SHOWN))
    assert ran[1] == ran[100]
