"""What an attacker sends to make a server work for nothing: each is to be refused before it costs anything.

tests/e2e and tests/api hold the refusals to their codes, and `make bench-attacks` measures them.
"""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

# The body of the request with this number: no two are the same, so that nothing is known from the time before.
Attack = Callable[[int], dict[str, Any]]


def _query(selections: str) -> Attack:
    return lambda number: {"query": f"query Q{number} {{ {selections} }}"}


def _bomb(layers: int) -> Attack:
    """A few hundred bytes that unfold into two to the power of `layers` fields."""
    names = [chr(ord("A") + layer) for layer in range(layers + 1)]
    pairs = pairwise(names)
    nested = "".join(f"fragment {name} on Query{{...{inner} ...{inner}}}" for name, inner in pairs)
    return lambda number: {"query": f"query Q{number}{{...A}}{nested}fragment {names[-1]} on Query{{__typename}}"}


def _variables(query: str, **values: object) -> Attack:
    return lambda number: {"query": query.replace("NUMBER", str(number)), "variables": values}


_ITEMS = 100_000

ATTACKS: dict[str, Attack] = {
    "characters": _query('user(username: "' + "x" * 60_000 + '") { id }'),
    "tokens": _query("__typename " * 4000),
    "comments": lambda number: {"query": f"query Q{number} {{ __typename }}" + "#\n" * 2000},
    "aliases": _query(" ".join(f"a{alias}: __typename" for alias in range(300))),
    "aliases of one page": _query("viewer { " + " ".join(f"a{alias}: username" for alias in range(300)) + " }"),
    "root fields": _query("__typename " * 60),
    "depth": _query('user(username: "a") {' + " followers { nodes {" * 15 + " id" + "}}" * 15 + "}"),
    "fragment bomb": _bomb(22),
    "directives": _query("__typename" + " @skip(if: false)" * 101),
    "repeats": _query('user(username: "a") {' + " id" * 400 + "}"),
    "operations": lambda number: {"query": "".join(f"query Q{number}_{one} {{ __typename }}" for one in range(100))},
    "a huge page": _query("homeFeed(first: 2147483647) { nodes { id } }"),
    "huge pages in pages": _query(
        'user(username: "a") { followers(first: 100) { nodes { followers(first: 100) { nodes {'
        " followers(first: 100) { nodes { id } } } } } } }"
    ),
    "a huge literal list": _query("nodes(ids: [" + '"x" ' * _ITEMS + "]) { id }"),
    "a literal list as long as tokens allow": _query(
        "nodes(ids: [" + '"x" ' * 900 + "]) { ... on User { posts(first: 100) { nodes { id } } } }"
    ),
    "a huge list": _variables("query Q_NUMBER($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=["x"] * _ITEMS),
    "a huge object": _variables(
        "query Q_NUMBER($id: ID!) { node(id: $id) { id } }", id={str(key): 0 for key in range(_ITEMS // 2)}
    ),
    "lists of lists": _variables(
        "query Q_NUMBER($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=[["x"] * 300] * (_ITEMS // 300)
    ),
}

# All of them are too much by the limits on documents, variables and costs.
REFUSAL = "COST_LIMIT"
