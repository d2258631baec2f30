"""The matrix: every question, by everybody who looks, against the oracle: what leaks, and what is hidden too much."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any, TypeAlias

from api.gql.errors import BadUserInputError
from api.gql.ids import decode_any, encode
from tests.visibility import questions
from tests.visibility.answers import NOBODY, WORD, as_named
from tests.visibility.asking import BATCH, Differences, batches, spread
from tests.visibility.roots import Roots
from tests.visibility.rows import Thing

Part: TypeAlias = Callable[[str], Differences]
"""A part of the matrix, for the viewer of a name: what is wrong with what they are told."""


class Matrix(Roots):
    """Asks all of it."""

    async def differences(self, *, deep: bool, names: Iterable[str] = (), first: Sequence[str] = ()) -> Differences:
        """What any viewer, or any of these, is told and should not be, or is not told and should be.

        Each part asks all of them before the next one does, since a server remembers only so many documents. Parts that
        are named in `first` come before the others, in its order.
        """
        place = {title: number for number, title in enumerate(first)}
        for _, part in sorted(self._parts(deep=deep), key=lambda one: place.get(one[0], len(place))):
            for name in names or self.oracle.viewers:
                async for found in part(name):
                    yield f"{name}: {found}"

    async def statements(self, name: str) -> dict[str, set[str]]:
        """By part, the names of the statements that it runs for a viewer."""
        ran: dict[str, set[str]] = {}
        for title, part in self._parts(deep=False):
            self.ran.clear()
            assert [one async for one in part(name)] == []
            ran[title] = set(self.ran)
        return ran

    def _parts(self, *, deep: bool) -> Iterator[tuple[str, Part]]:
        """Every field of Query, then all objects of each type, and every path from them."""
        yield "viewer", self._viewer
        yield "homeFeed", self._home
        yield "sharedFeed", self._shared_feeds
        yield "searchPosts", self._searches
        yield "searchUsers", self._searches_for_people
        yield "discover", self._discoveries
        yield "previewFeed", self._unsaved_feeds
        yield from ((f"{root.field} {root.kind}", partial(self._look_ups, root)) for root in questions.LOOK_UPS)
        yield from ((f"objects {kind}", partial(self._objects, kind)) for kind in questions.nodes())
        if deep:
            yield "paths", self._paths_of_viewer
            yield from ((f"paths {kind}", partial(self._paths_of, kind)) for kind in questions.nodes())

    async def _look_ups(self, root: questions.LookUp, name: str) -> Differences:
        """One object by each value of a field's argument. `_objects` asks for all that `node` finds."""
        things = [thing for thing in self.oracle.asked_of(name) if thing[0] == root.kind]
        for batch in batches(spread(things, 2 * BATCH) if root.field == "node" else things):
            given = {f"a{number}": self._argument(root, thing) for number, thing in enumerate(batch)}
            declared = ", ".join(f"${alias}: {root.type}" for alias in given)
            asked = " ".join(
                f"{alias}: {root.field}({root.argument}: ${alias}) {{ {questions.WHICH} }}" for alias in given
            )
            data = await self._ask(name, f"query ({declared}) {{ {asked} }}", **given)
            for alias, thing in zip(given, batch, strict=True):
                expected = thing if self.oracle.answer(name, thing) is not None else None
                for found in self._edge(name, f"Query.{root.field} of {thing}", expected, data[alias]):
                    yield found

    async def answers_to_nothing(self, name: str, root: questions.LookUp) -> set[tuple[str, tuple[str, ...]]]:
        """The different answers, with their statements, to look-ups of some hidden objects and of what never was."""
        hidden = [
            one for one in self.oracle.asked_of(name) if one[0] == root.kind and not self.oracle.answer(name, one)
        ]
        given = [self._argument(root, thing) for thing in spread(hidden, 4)]
        given.append("nobody" if root.argument == "username" else encode(as_named((root.kind, NOBODY))[0], NOBODY))
        selection = f"__typename ... on {root.kind} {{ {questions.whole(root.kind)} }}"
        viewer, answers = self.oracle.viewers[name], set[tuple[str, tuple[str, ...]]]()
        await self.api.post({"query": "{ viewer { id } }"}, viewer=viewer)  # from now on the token is known
        for value in given:
            query = f"query ($value: {root.type}) {{ {root.field}({root.argument}: $value) {{ {selection} }} }}"
            response = await self.api.post({"query": query, "variables": {"value": value}}, viewer=viewer)
            answers.add((f"{response.status_code} {response.text}", tuple(sorted(self.api.statements))))
        return answers

    def _argument(self, root: questions.LookUp, thing: Thing) -> str:
        by_name = root.argument == "username"
        return self.oracle.rows.one("users", thing[1])["username"] if by_name else encode(*as_named(thing))

    async def _viewer(self, name: str) -> Differences:
        viewer = self.oracle.viewers[name]
        data = await self._ask(name, f"{{ viewer {{ {questions.whole('Viewer')} }} rateLimit {{ limit }} }}")
        if (data["viewer"] is None) != (viewer is None):
            yield f"viewer is {data['viewer']}"
        elif viewer is not None:
            for found in self._object(name, ("Viewer", viewer), data["viewer"]):
                yield found

    async def _objects(self, kind: str, name: str) -> Differences:
        """All objects of a type, each with all its fields."""
        things = [thing for thing in self.oracle.asked_of(name) if thing[0] == kind]
        query = (
            f"query ($ids: [ID!]!) {{ nodes(ids: $ids) {{ __typename ... on {kind} {{ {questions.whole(kind)} }} }} }}"
        )
        for batch in batches(things):
            data = await self._ask(name, query, ids=[encode(*as_named(thing)) for thing in batch])
            for thing, node in zip(batch, data["nodes"], strict=True):
                for found in self._object(name, thing, node):
                    yield found

    async def _paths_of_viewer(self, name: str) -> Differences:
        """Every path of some edges from the viewer and from the home feed."""
        if self.oracle.viewers[name] is not None:
            home = f"homeFeed(first: 3) {{ nodes {{ {questions.paths('Post', 3, 2)} }} }}"
            for root in (f"viewer {{ {questions.paths('Viewer', 3, 2)} }}", home):
                async for found in self._walk(name, f"{{ {root} }}"):
                    yield found

    async def _paths_of(self, kind: str, name: str) -> Differences:
        """Every path of some edges from some objects of a type that the viewer sees."""
        seen = [thing for thing in self.oracle.things if thing[0] == kind and self.oracle.answer(name, thing)]
        if seen:
            selection = questions.paths(kind, 2, 3)
            query = f"query ($ids: [ID!]!) {{ nodes(ids: $ids) {{ ... on {kind} {{ {selection} }} }} }}"
            async for found in self._walk(name, query, ids=[encode(*as_named(thing)) for thing in spread(seen, 6)]):
                yield found

    async def _walk(self, name: str, query: str, **variables: object) -> Differences:
        """Whatever the viewer meets on it that they may not meet anywhere."""
        allowed_words, allowed_things = self.oracle.allowed(name)
        data = await self._ask(name, query, **variables)
        met = {thing for thing in map(_decoded, _ids(data)) if thing is not None}
        self.facts += len(met)
        said = set(WORD.findall(json.dumps(data)))
        if leaked := (said - allowed_words) | {str(one) for one in met - allowed_things}:
            yield f"{query[:60]} {variables} leads to {sorted(leaked)}"


def _ids(data: Any) -> Iterator[str]:
    if isinstance(data, dict):
        for name, value in data.items():  # pyright: ignore[reportUnknownVariableType]
            if isinstance(value, str) and (name == "id" or str(name).endswith("_id")):  # pyright: ignore[reportUnknownArgumentType]
                yield value
            yield from _ids(value)
    elif isinstance(data, list):
        for value in data:  # pyright: ignore[reportUnknownVariableType]
            yield from _ids(value)


def _decoded(global_id: str) -> Thing | None:
    try:
        kind, key = decode_any(global_id)
    except BadUserInputError:
        return None
    return kind, key
