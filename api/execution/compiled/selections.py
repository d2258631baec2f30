"""Selection sets: all columns of some parents, zipped into the rows of the response."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, TypeAlias

from graphql import FieldNode, GraphQLError

from api.execution.compiled.fields import Field, Loading
from api.execution.compiled.positions import Positions
from api.execution.compiled.run import FAILED, Run
from api.execution.compiled.settling import Column, Completed, all_of, cancel_all

# From the number of parents and their columns to the rows.
RowBuilder: TypeAlias = Callable[..., Column]


class FieldSelection:
    """The fields of one object type that a document selects. `typenames` are the keys that ask for `__typename`."""

    def __init__(self, fields: Sequence[Field], keys: Sequence[str], typename: str) -> None:
        self._fields = fields
        self._required = [index for index, field in enumerate(fields) if field.required]
        self._build = _row_builder(keys, {field.key: index for index, field in enumerate(fields)}, typename)

    def rows(self, run: Run, parents: Column, positions: Positions) -> Completed:
        columns: list[Any] = [field.column(run, parents, positions) for field in self._fields]
        waiting = [index for index, column in enumerate(columns) if type(column) is not list]
        if waiting:
            return self._rows_later(run, len(parents), columns, waiting)
        return self._built(run, len(parents), columns)

    async def _rows_later(self, run: Run, size: int, columns: list[Any], waiting: Sequence[int]) -> Column:
        loading = [index for index in waiting if isinstance(columns[index], Loading)]
        if loading:
            await _loaded(run, columns, loading)
            waiting = [index for index in waiting if not isinstance(columns[index], list)]
        if waiting:
            found = await all_of(run.loop, [columns[index] for index in waiting])
            for index, column in zip(waiting, found, strict=True):
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


class FailingSelection:
    """Stands for fields that are unknown, since a variable is null that decides which of them are selected."""

    def __init__(self, error: GraphQLError, nodes: Sequence[FieldNode]) -> None:
        self._error = error
        self._nodes = nodes

    def rows(self, run: Run, parents: Column, positions: Positions) -> Completed:
        return [run.fail(self._error, self._nodes, positions, index, required=True) for index in range(len(parents))]


class SerialSelection(FieldSelection):
    """The fields of a mutation: each is finished before the next one begins.

    Where the operation is stopped, the field that is under way is null, and those after it are not run.
    """

    def rows(self, run: Run, parents: Column, positions: Positions) -> Completed:
        return self._one_after_the_other(run, parents, positions)

    async def _one_after_the_other(self, run: Run, parents: Column, positions: Positions) -> Column:
        columns: list[Any] = []
        for index, field in enumerate(self._fields):
            if run.stopped is not None:
                columns.append(field.not_run(run, run.stopped, positions))
                continue
            columns.append(field.column(run, parents, positions))
            if isinstance(columns[index], Loading):
                await _loaded(run, columns, [index])
            if not isinstance(columns[index], list):
                columns[index] = await columns[index]
            if run.stopped is not None:  # somewhere below this field, whose error says where
                columns[index] = [FAILED if field.required else None]
            if run.broken and field.required and columns[-1][0] is FAILED:
                return [FAILED]
        return self._built(run, len(parents), columns)


async def _loaded(run: Run, columns: list[Any], loading: Sequence[int]) -> None:
    """Wait for the columns at these indices, and complete them in one go.

    The statements that they request next are sent together, and none of them needs a task to wait in. Other awaitables
    begin at once.
    """
    futures = [columns[index].values for index in loading]
    running: list[asyncio.Future[Any]] = []
    for index, column in enumerate(columns):
        if type(column) is not list and not isinstance(column, Loading):
            columns[index] = run.loop.create_task(column)
            running.append(columns[index])
    try:
        for future in futures:
            with suppress(Exception):  # reported when the column is completed
                await future
    except BaseException:
        await cancel_all([*futures, *running])
        raise
    for index in loading:
        columns[index] = columns[index].completed(run)


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
