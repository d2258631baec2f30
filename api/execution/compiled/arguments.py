"""The arguments of a field: coerced once where they are constants, else once for each run."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeAlias

from graphql import Node, VariableNode, Visitor, visit
from graphql.execution.collect_fields import FieldDetails
from graphql.execution.values import get_argument_values

from api.execution.compiled.run import Run
from api.execution.compiled.sites import Site

Arguments: TypeAlias = dict[str, Any]
Convert: TypeAlias = Callable[[Arguments], Arguments]

# A resolver may do with its arguments what it likes, so one that could be changed is made anew for each call.
_UNCHANGEABLE = (str, int, float, bool, type(None))


def _as_they_are(arguments: Arguments) -> Arguments:
    return arguments


class FieldArguments:
    """`convert` turns the coerced arguments into what the resolver takes."""

    def __init__(self, site: Site, details: FieldDetails, convert: Convert = _as_they_are) -> None:
        self._site = site
        self._details = details
        self._convert = convert
        self._constant: Arguments | None = None
        if not site.definition.args:
            self._constant = convert({})
        elif not _has_variables(site.nodes[0]):
            with suppress(Exception):  # what cannot be coerced fails the field, each time, and not the plan
                self._constant = _if_unchangeable(convert(get_argument_values(site.definition, site.nodes[0])))

    def of(self, run: Run) -> Arguments:
        """The arguments for one call, which takes them by name and so gets a dictionary of its own."""
        if self._constant is not None:
            return self._constant
        given = get_argument_values(
            self._site.definition, self._site.nodes[0], run.variables, self._details.fragment_variable_values
        )
        return self._convert(given)


def _if_unchangeable(arguments: Arguments) -> Arguments | None:
    return arguments if all(isinstance(value, _UNCHANGEABLE) for value in arguments.values()) else None


def _has_variables(node: Node) -> bool:
    search = _VariableSearch()
    visit(node, search)
    return search.found


class _VariableSearch(Visitor):
    found = False

    def enter_selection_set(self, *_: Any) -> Any:
        return self.SKIP

    def enter_variable(self, node: VariableNode, *_: Any) -> None:
        del node
        self.found = True
