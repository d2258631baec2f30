"""From the tuples that psycopg loads to the rows that callers ask for."""

from collections.abc import Callable
from functools import lru_cache, partial
from operator import itemgetter
from typing import Any

from psycopg.rows import RowMaker

Make = RowMaker[Any]

_BARE: Callable[..., Any] = tuple.__new__  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType]


@lru_cache(maxsize=1024)
def row_maker(row: type[Any], columns: tuple[str, ...]) -> Make:
    """What turns a tuple of these columns into a `row`.

    The columns are the fields of the row by their names, in any order; a field with a default may be missing. In the
    order of the fields it is cheapest: the tuple becomes the row without a look at its values.
    """
    fields: tuple[str, ...] | None = getattr(row, "_fields", None)
    if fields is None:
        return lambda values: row(**dict(zip(columns, values, strict=True)))
    make: Make = partial(_BARE, row)
    if fields == columns:
        return make
    defaults: dict[str, Any] = getattr(row, "_field_defaults", {})
    missing = [field for field in fields if field not in columns]
    if len(set(columns)) != len(columns) or not set(columns) <= set(fields) or not set(missing) <= set(defaults):
        raise TypeError(f"{row.__name__} has the fields {', '.join(fields)}, and the columns are {', '.join(columns)}")
    rest = tuple(defaults[field] for field in missing)
    if fields == (*columns, *missing):
        return lambda values: make((*values, *rest))
    known = (*columns, *missing)
    pick = itemgetter(*(known.index(field) for field in fields))
    return lambda values: make(pick((*values, *rest)))
