"""From the tuples that psycopg loads to the rows that callers ask for."""

from collections.abc import Callable
from functools import lru_cache
from itertools import repeat
from operator import itemgetter
from typing import Any

Tuples = list[tuple[Any, ...]]
Make = Callable[[Tuples], list[Any]]

_BARE: Callable[..., Any] = tuple.__new__  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType]


@lru_cache(maxsize=1024)
def row_maker(row: type[Any], columns: tuple[str, ...]) -> Make:
    """What turns tuples of these columns into a list of `row`.

    The columns are the fields of the row by their names, in any order; a field with a default may be missing. In the
    order of the fields it is cheapest: a tuple becomes a row without a look at its values.
    """
    fields: tuple[str, ...] | None = getattr(row, "_fields", None)
    if fields is None:
        return lambda tuples: [row(**dict(zip(columns, values, strict=True))) for values in tuples]
    if fields == columns:
        return lambda tuples: list(map(_BARE, repeat(row), tuples))
    defaults: dict[str, Any] = getattr(row, "_field_defaults", {})
    missing = tuple(field for field in fields if field not in columns)
    if len(set(columns)) != len(columns) or not set(columns) <= set(fields) or not set(missing) <= set(defaults):
        raise TypeError(f"{row.__name__} has the fields {', '.join(fields)}, and the columns are {', '.join(columns)}")
    rest = tuple(defaults[field] for field in missing)
    known = (*columns, *missing)
    if fields == known:
        return lambda tuples: list(map(_BARE, repeat(row), [values + rest for values in tuples]))
    pick = itemgetter(*map(known.index, fields))
    return lambda tuples: list(map(_BARE, repeat(row), [pick(values + rest) for values in tuples]))
