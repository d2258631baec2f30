"""The smaller pictures of a file: which there are, and where they lie beside it."""

from collections.abc import Sequence

SIZES = (160, 480, 1280)  # the longer side in pixels
STORED = 480  # the one that rows of posts keep


def sizes_of(width: int, height: int) -> list[int]:
    """Those that a picture of this size gets: all below it and the next one, for which it is not enlarged."""
    longer = max(width, height)
    below = [size for size in SIZES if size < longer]
    return [*below, *SIZES[len(below) : len(below) + 1]]


def name_of(size: int) -> str:
    return f"t{size}.webp"


def path_of(file_url: str, made: Sequence[int], wanted: int) -> str:
    """The path of the smallest picture of those `made` that has the `wanted` size or more, else of the largest."""
    fitting = min((size for size in made if size >= wanted), default=max(made))
    return f"{file_url.rpartition('/')[0]}/{name_of(fitting)}"
