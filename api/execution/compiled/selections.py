"""Selection sets: all columns of some parents, zipped into the rows of the response."""

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from api.execution.compiled.fields import Field
from api.execution.compiled.places import Place
from api.execution.compiled.run import FAILED, Run
from api.execution.compiled.settling import Column, Completed, all_of

# From the number of parents and their columns to the rows.
RowBuilder: TypeAlias = Callable[..., Column]


class FieldSelection:
    """The fields of one object type that a document selects. `typenames` are the keys that ask for `__typename`."""

    def __init__(self, fields: Sequence[Field], keys: Sequence[str], typename: str) -> None:
        self._fields = fields
        self._required = [index for index, field in enumerate(fields) if field.required]
        self._build = _row_builder(keys, {field.key: index for index, field in enumerate(fields)}, typename)

    def rows(self, run: Run, parents: Column, place: Place) -> Completed:
        columns: list[Any] = [field.column(run, parents, place) for field in self._fields]
        waiting = [index for index, column in enumerate(columns) if not isinstance(column, list)]
        if waiting:
            return self._rows_later(run, len(parents), columns, waiting)
        return self._built(run, len(parents), columns)

    async def _rows_later(self, run: Run, size: int, columns: list[Any], waiting: Sequence[int]) -> Column:
        for index, column in zip(waiting, await all_of(run.loop, [columns[index] for index in waiting]), strict=True):
            columns[index] = column
        return self._built(run, size, columns)

    def _built(self, run: Run, size: int, columns: Sequence[Column]) -> Column:
        rows = self._build(size, *columns)
        if run.broken:
            for index in self._required:
                for row, value in enumerate(columns[index]):
                    if value is FAILED:
                        rows[row] = FAILED
        return rows


class SerialSelection(FieldSelection):
    """The fields of a mutation: each is finished before the next one begins."""

    def rows(self, run: Run, parents: Column, place: Place) -> Completed:
        return self._one_after_the_other(run, parents, place)

    async def _one_after_the_other(self, run: Run, parents: Column, place: Place) -> Column:
        columns: list[Column] = []
        for field in self._fields:
            column = field.column(run, parents, place)
            columns.append(column if isinstance(column, list) else await column)
            if run.broken and field.required and columns[-1][0] is FAILED:
                return [FAILED]
        return self._built(run, len(parents), columns)


def _row_builder(keys: Sequence[str], columns: dict[str, int], typename: str) -> RowBuilder:
    """A function that is written for these keys: a dictionary display is the fastest way to a row.

    Nothing but names that GraphQL's grammar allows gets into its text, and those as literals.
    """
    items = ", ".join(f"{key!r}: {f'v{columns[key]}' if key in columns else repr(typename)}" for key in keys)
    names = ", ".join(f"v{index}" for index in columns.values())
    given = ", ".join(f"c{index}" for index in columns.values())
    match len(columns):
        case 0:
            loop = "_ in range(size)"
        case 1:
            loop = f"{names} in {given}"
        case _:
            loop = f"{names} in zip({given})"
    source = f"lambda size, {given}: [{{{items}}} for {loop}]"
    return eval(compile(source, f"<rows of {typename}>", "eval"))  # noqa: S307
