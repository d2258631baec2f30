"""What a `Range` header asks for of a file: by the rules of HTTP, before a library's own words for its faults."""

import re

_MOST_RANGES = 100
_ONE = r"[0-9]{0,18}-[0-9]{0,18}"
_RANGES = re.compile(rf"bytes=[ \t]*({_ONE}(?:[ \t]*,[ \t]*{_ONE})*)[ \t]*", re.IGNORECASE)


class NoSuchRangeError(Exception):
    """None of the ranges is in the file."""


def satisfiable(header: str, size: int) -> str | None:
    """A header that asks for those of the ranges that the file has; None where all of it is to be sent.

    What cannot be read is ignored, as are very many ranges. NoSuchRangeError where nothing that is asked for is there.
    """
    found = _RANGES.fullmatch(header)
    if found is None or found[1].count(",") >= _MOST_RANGES:
        return None
    asked = [one.strip().partition("-")[::2] for one in found[1].split(",")]
    kept = list[str]()
    for first, last in asked:
        if not first and not last:
            return None
        if first and last and int(first) > int(last):
            return None
        if int(first) < size if first else int(last) > 0 and size > 0:
            kept.append(f"{first}-{last}")
    if not kept:
        raise NoSuchRangeError
    return f"bytes={','.join(kept)}"
