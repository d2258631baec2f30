"""Asks the API, and compares an object and a list with what the oracle says of them."""

import json
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias, cast

from api.gql.ids import decode_any
from tests.api.conftest import Api
from tests.visibility import questions
from tests.visibility.answers import WORD, FailedError, Oracle
from tests.visibility.rows import Thing
from tests.visibility.world.cast import token

BATCH = 60
Differences: TypeAlias = AsyncIterator[str]


@dataclass
class Asking:
    """Asks, compares, and counts what was compared."""

    api: Api
    oracle: Oracle
    ran: set[str] = field(default_factory=set[str])
    requests: int = 0
    objects: int = 0
    facts: int = 0

    def __post_init__(self) -> None:
        self.api.tokens |= {viewer: token(viewer) for viewer in self.oracle.viewers.values() if viewer is not None}

    async def _ask(self, name: str, query: str, **variables: object) -> Any:
        self.requests += 1
        body = {"query": query, "variables": variables}
        response = await self.api.post(body, viewer=self.oracle.viewers[name])
        self.ran.update(self.api.statements)
        answer = response.json()
        if "errors" in answer:
            raise FailedError(answer["errors"])
        return answer["data"]

    def _object(self, name: str, thing: Thing, node: dict[str, Any] | None) -> Iterator[str]:
        self.objects += 1
        answer = self.oracle.answer(name, thing)
        if (node is None) != (answer is None):
            yield f"{thing} is {'hidden' if node is None else 'shown'}"
        if node is None or answer is None:
            return
        told: list[Any] = []
        for one in questions.asked(thing[0]):
            self.facts += 1
            found = node[one.alias]
            if one.kind == "edge":
                yield from self._edge(name, f"{thing} {one.name}({one.page})", answer.edges[one.name], found)
            elif one.kind == "value":
                if found != answer.values[one.name]:
                    yield f"{thing} {one.name} is {found}, not {answer.values[one.name]}"
            else:
                told.append(found)
        said = frozenset(WORD.findall(json.dumps(told)))
        if said != answer.words:
            yield f"{thing} says {sorted(said - answer.words)} and keeps {sorted(answer.words - said)} to itself"

    def _edge(self, name: str, place: str, expected: Thing | list[Thing] | None, found: Any) -> Iterator[str]:
        if isinstance(expected, list) and isinstance(found, dict):
            page = cast("dict[str, Any]", found)
            more = len(expected) > 1
            if place.endswith("(first: 1)"):
                expected, rest = expected[:1], (more, False)
            elif place.endswith("(last: 1)"):
                expected, rest = expected[-1:], (False, more)
            else:
                rest = (False, False)
            assert [edge["node"] for edge in page["edges"]] == page["nodes"]
            if (page["pageInfo"]["hasNextPage"], page["pageInfo"]["hasPreviousPage"]) != rest:
                yield f"{place} has {page['pageInfo']}"
            found = page["nodes"]
        nodes = cast("list[dict[str, Any]]", found if isinstance(found, list) else [] if found is None else [found])
        things = [thing_of(one) for one in nodes]
        self.facts += max(len(things), 1)
        if things != (expected if isinstance(expected, list) else [] if expected is None else [expected]):
            yield f"{place} is {things}, not {expected}"
            return
        for thing, node in zip(things, nodes, strict=True):
            answer = self.oracle.answer(name, thing)
            assert answer is not None, thing
            if leaked := set(WORD.findall(json.dumps(node))) - answer.words:
                yield f"{place} says {leaked}"


def batches(things: list[Thing]) -> Iterator[list[Thing]]:
    return (things[start : start + BATCH] for start in range(0, len(things), BATCH))


def spread(things: Sequence[Thing], size: int) -> list[Thing]:
    """Some of these, from all over."""
    return list(things[:: max(1, len(things) // size)][:size])


def thing_of(node: dict[str, Any]) -> Thing:
    return node["__typename"], decode_any(node["id"])[1]
