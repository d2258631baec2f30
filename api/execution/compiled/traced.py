"""Spans around fields: one for each call of a field's function over a column, never one for each value."""

from contextlib import suppress
from typing import Any

from api.execution.compiled.fields import Field, Loading
from api.execution.compiled.positions import Positions
from api.execution.compiled.run import Run
from api.execution.compiled.settling import Column, Completed
from api.execution.tracing import Tracer


class TracedField(Field):
    """Another field, in a span from its call until its column is complete, with everything below it."""

    def __init__(self, field: Field, tracer: Tracer) -> None:  # pyright: ignore[reportMissingSuperCall]  # it has all
        self.key = field.key
        self.required = field.required
        self.site = field.site
        self.step = field.step
        self._field = field
        self._tracer = tracer

    def column(self, run: Run, parents: Column, positions: Positions) -> Completed:
        return self._spanned(run, parents, positions)

    async def _spanned(self, run: Run, parents: Column, positions: Positions) -> list[Any]:
        with self._tracer.span(self.site.coordinate, {"graphql.field.parents": len(parents)}):
            completed = self._field.column(run, parents, positions)
            if isinstance(completed, Loading):
                with suppress(Exception):  # reported when the column is completed
                    await completed.values
                completed = completed.completed(run)
            return completed if isinstance(completed, list) else await completed
